"""One ask or post under way: its letters, and the result when the last of them has its outcome."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from gridlingua.engine.mailbox import Letter, Outcome
from gridlingua.engine.planning import Contact, Entry, combine
from gridlingua.engine.protocol import Exchange, Result
from gridlingua.semantics.matching import Key
from gridlingua.semantics.rows import Rows


class Round:
    """Collects the outcomes of the letters of one ask or post. No thread waits: the last outcome makes the result."""

    def __init__(self, initiator: Entry, rows: Rows, sent: Sequence[tuple[Contact, Letter]], key: Key) -> None:
        self._initiator = initiator
        self._rows = rows
        self._sent = tuple(sent)
        self._key = key
        self._open = len(self._sent)
        self._lock = threading.Lock()
        self.result: Future[Result] = Future()
        self.result.set_running_or_notify_cancel()

    def start(self, dispatch: Callable[[Contact, Letter], None]) -> None:
        """Send every letter; the result comes by itself."""
        if not self._sent:
            self.result.set_result(Result([], ()))
        for contact, letter in self._sent:
            letter.outcome.add_done_callback(self._one_ended)
            dispatch(contact, letter)

    def cancel(self) -> None:
        """The initiator left: every letter that is still open fails."""
        for _, letter in self._sent:
            letter.cancel()

    def _one_ended(self, _outcome: Future[Outcome]) -> None:
        with self._lock:
            self._open -= 1
            if self._open:
                return
        try:
            self.result.set_result(self._collect())
        except Exception as error:  # whoever waits must hear of it, whatever it is
            self.result.set_exception(error)

    def _collect(self) -> Result:
        outcomes = [(contact, letter, letter.outcome.result()) for contact, letter in self._sent]
        back = [row for contact, _, outcome in outcomes for row in contact.outgoing(outcome.rows)]
        asked = self._rows if self._initiator.interaction.kind == "ask" else None
        exchanges = tuple(_exchange(contact.entry, letter, outcome) for contact, letter, outcome in outcomes)
        return Result(combine(back, asked, self._key), exchanges)


def _exchange(entry: Entry, letter: Letter, outcome: Outcome) -> Exchange:
    reacts = entry.interaction.kind == "react"
    return Exchange(
        knowledge_base=entry.knowledge_base,
        interaction=entry.id,
        status="FAILED" if outcome.failure else "SUCCEEDED",
        rows=letter.rows if reacts else outcome.rows,
        result_rows=outcome.rows if reacts else [],
        message=outcome.failure,
        started=letter.started,
        ended=outcome.ended,
    )
