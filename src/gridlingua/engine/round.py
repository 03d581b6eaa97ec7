"""One ask or post under way: its letters, and the result when the last of them has its outcome."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from gridlingua.engine.bindings import short_form
from gridlingua.engine.entries import Entry
from gridlingua.engine.mailbox import Letter, Outcome
from gridlingua.engine.protocol import Exchange, Result
from gridlingua.engine.reasoning.gaps import find_gaps
from gridlingua.engine.reasoning.planning import Step
from gridlingua.engine.reasoning.run import FIRINGS_LIMIT, Run
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows

Dispatch = Callable[[Step, Letter], None]
Task = Callable[[], None]


def _at_once(task: Task) -> None:
    task()


class Round:
    """Carries out a run. No thread waits: whoever brings an outcome takes the next steps, the last makes the result.

    Where answers must be joined, which may take long, that is done with ``apart`` instead.
    """

    def __init__(self, initiator: Entry, run: Run, dispatch: Dispatch, apart: Callable[[Task], None]) -> None:
        self._initiator = initiator
        self._run = run
        self._dispatch = dispatch
        self._apart = apart if run.plan.joins else _at_once
        self._sent: list[tuple[Entry, Letter]] = []
        self._lock = threading.Lock()
        self._cancelled = False
        self.result: Future[Result] = Future()
        self.result.set_running_or_notify_cancel()

    def start(self) -> None:
        """Send what can be sent; the result comes by itself."""
        self._advance()

    def cancel(self) -> None:
        """The initiator left: every letter that is open fails, and so does every later one."""
        with self._lock:
            self._cancelled = True
            letters = [letter for _, letter in self._sent]
        for letter in letters:
            letter.cancel()

    def _advance(self, ended: str = "", rows: Rows | None = None) -> None:
        try:
            with self._lock:
                if rows is not None:
                    self._run.ended(ended, rows)
                letters = [(step, self._letter(step, given)) for step, given in self._run.due()]
                complete = self._run.is_complete
            for step, letter in letters:
                self._send(step, letter)
            if complete:
                self.result.set_result(self._collect())
        except Exception as error:  # whoever waits must hear of it, whatever it is
            if not self.result.done():
                self.result.set_exception(error)

    def _letter(self, step: Step, rows: Rows) -> Letter:
        entry = step.rule.entry
        assert entry is not None
        letter = Letter(entry.id, entry.interaction, rows, self._initiator.knowledge_base)
        self._sent.append((entry, letter))
        return letter

    def _send(self, step: Step, letter: Letter) -> None:
        def ended(outcome: Future[Outcome]) -> None:
            self._apart(lambda: self._advance(step.rule.name, outcome.result().rows))

        letter.outcome.add_done_callback(ended)
        if step.rule.compute is not None:
            letter.succeed(step.rule.compute(letter.rows))
        elif self._cancelled:
            letter.cancel()
        else:
            self._dispatch(step, letter)

    def _collect(self) -> Result:
        serving = "answer" if self._initiator.interaction.kind == "ask" else "react"
        exchanges = tuple(
            _cut_off(exchange) if entry.id in self._run.cut_off else exchange
            for entry, letter in self._sent
            for exchange in [_exchange(entry, letter, letter.outcome.result())]
            if entry.interaction.kind == serving or entry.id in self._run.cut_off
        )
        rows = self._run.result()
        return Result(rows, exchanges, self._gaps(rows))

    def _gaps(self, rows: Rows) -> tuple[tuple[str, ...], ...] | None:
        """What an empty result lacks, for those who want to know."""
        if self._initiator.interaction.kind != "ask" or not self._initiator.interaction.gaps_enabled:
            return None
        gaps = () if rows else find_gaps(self._run.plan)
        return tuple(tuple(short_form(Pattern((triple,))).removesuffix(" . ") for triple in gap) for gap in gaps)


def _cut_off(exchange: Exchange) -> Exchange:
    message = f"It was used {FIRINGS_LIMIT} times and would go on for ever: what it brings is what it takes."
    return replace(exchange, status="FAILED", message=message)


def _exchange(entry: Entry, letter: Letter, outcome: Outcome) -> Exchange:
    reacts = entry.interaction.kind == "react"
    return Exchange(
        knowledge_base=entry.knowledge_base,
        interaction=entry.id,
        status="FAILED" if outcome.failure else "SUCCEEDED",
        rows=letter.rows if reacts else outcome.sent,
        result_rows=outcome.sent if reacts else [],
        message=outcome.failure,
        started=letter.started,
        ended=outcome.ended,
    )
