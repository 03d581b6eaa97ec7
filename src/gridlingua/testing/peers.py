"""The parties at the other end, written in a line of a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from gridlingua.engine.bindings import Restriction, canonical_rows, value_key
from gridlingua.engine.errors import AnswerError, EngineError, TermError
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.protocol import Interaction, KnowledgeBase, Request, Result, failure_text
from gridlingua.errors import RemoteError
from gridlingua.semantics.patterns import Pattern, parse_file
from gridlingua.semantics.rows import Row, Rows
from gridlingua.testing.fake_network import FakeNetwork


@dataclass(frozen=True)
class Silence:
    """Never an answer: the deadline passes, at once as soon as nobody else has anything to say."""


@dataclass(frozen=True)
class Nonsense:
    """An answer that is none, sent as it is: incomplete rows, what is no term, anything."""

    rows: Any


@dataclass(frozen=True)
class Refusal:
    """No, with an HTTP status and a reason."""

    status: int
    reason: str


SILENCE: Final = Silence()

Script = Sequence[Row] | Callable[[Request], Any] | Silence | Nonsense | Refusal
"""What a party says: rows in any spelling of SPARQL, of which it sends those that fit what it was asked; a function of
the request to rows, which are sent as they are, or to one of the others (what it raises is told as by any engine); or
one of the others."""


@dataclass
class Peer:
    """A party on a fake network. ``received`` are the requests that came for it, in order."""

    network: FakeNetwork
    id: str
    prefixes: dict[str, str] = field(default_factory=dict)
    received: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._scripts: dict[str, tuple[Interaction, Script]] = {}
        self.network.join(KnowledgeBase(self.id, self.id.split("/")[2], "a party of a test"))
        self._listen()

    def answers(self, pattern: Pattern | str, rows: Script) -> Peer:
        """Answer a pattern with ``rows``; those that do not fit what is asked are left out."""
        return self._serve(Interaction(self._name("answer"), "answer", self._pattern(pattern)), rows)

    def reacts(self, argument: Pattern | str, result: Pattern | str | None = None, rows: Script = ()) -> Peer:
        """React to a post with ``rows`` over ``result``; with none when nothing comes back."""
        returned = None if result is None else self._pattern(result)
        return self._serve(Interaction(self._name("react"), "react", self._pattern(argument), returned), rows)

    def asks(self, pattern: Pattern | str, rows: Sequence[Row] = (), recipients: Sequence[str] = ()) -> Result:
        """Ask everybody, or the recipients; who is tested answers with its own handler meanwhile."""
        interaction = self._add(Interaction(self._name("ask"), "ask", self._pattern(pattern)))
        return self.network.wait_for(self.network.ask(self.id, interaction, rows, recipients))

    def posts(
        self,
        argument: Pattern | str,
        rows: Sequence[Row],
        result: Pattern | str | None = None,
        recipients: Sequence[str] = (),
    ) -> Result:
        """Post rows; the result's are over ``result``."""
        returned = None if result is None else self._pattern(result)
        interaction = self._add(Interaction(self._name("post"), "post", self._pattern(argument), returned))
        return self.network.wait_for(self.network.post(self.id, interaction, rows, recipients))

    def leave(self) -> None:
        """Go off the network; a second call does nothing."""
        if any(one.id == self.id for one in self.network.knowledge_bases()):
            self.network.leave(self.id)

    def _name(self, kind: str) -> str:
        return f"{kind}-{len(self.network.interactions(self.id)) + 1}"

    def _pattern(self, pattern: Pattern | str) -> Pattern:
        return pattern if isinstance(pattern, Pattern) else parse_file(pattern, self.prefixes)

    def _add(self, interaction: Interaction) -> str:
        return self.network.add(self.id, interaction)

    def _serve(self, interaction: Interaction, script: Script) -> Peer:
        known = canonical_rows(script) if isinstance(script, Sequence) else script
        self._scripts[self._add(interaction)] = (interaction, known)
        return self

    def _listen(self) -> None:
        self.network.poll(self.id).add_done_callback(self._brought)

    def _brought(self, poll: Future[Parcel]) -> None:
        if poll.exception() is None:  # it left otherwise
            self._listen()
            self.network.clockwork.submit(lambda: self._say(poll.result()))

    def _say(self, parcel: Parcel) -> None:
        interaction, script = self._scripts[parcel.interaction_id]
        deadline = (parcel.deadline or self.network.clockwork.now() + 3600) - self.network.clockwork.skipped
        request = Request(interaction, parcel.rows, parcel.requester, deadline)
        self.received.append(request)
        try:
            self._send(parcel, _said(script, request))
        except Exception as error:
            self._refuse(parcel, error)

    def _send(self, parcel: Parcel, said: Any) -> None:
        match said:
            case Silence():
                self._wait_out(parcel)
            case Refusal(status, reason):
                self._refuse(parcel, EngineError(reason, status=status))
            case Nonsense(rows):
                self._answer(parcel, rows)
            case _:
                self._answer(parcel, said)

    def _answer(self, parcel: Parcel, rows: Any) -> None:
        try:
            self.network.answer(self.id, parcel.interaction_id, parcel.number, rows)
        except (TermError, AnswerError):
            pass  # the asker has been told
        except (RemoteError, TypeError, AttributeError):  # as by a runtime: whoever sent it is told, nobody else
            self._wait_out(parcel)

    def _wait_out(self, parcel: Parcel) -> None:
        if parcel.deadline is not None:
            self.network.clockwork.skip(parcel.deadline)

    def _refuse(self, parcel: Parcel, error: Exception) -> None:
        self.network.answer(self.id, parcel.interaction_id, parcel.number, error=failure_text(error))


def _said(script: Script, request: Request) -> Any:
    if callable(script):
        return script(request)
    return _fitting(script, request) if isinstance(script, Sequence) else script


def _fitting(rows: Sequence[Row], request: Request) -> Rows:
    """The rows that may be sent: they agree with one that was asked for."""
    one = request.interaction
    pattern = one.pattern if one.kind == "answer" else one.result
    shared = frozenset(one.pattern.variables) & frozenset(pattern.variables if pattern else ())
    asked = [{name: row[name] for name in row.keys() & shared} for row in request.rows]
    return Restriction.of(asked, value_key).filter(rows) if asked else list(rows)
