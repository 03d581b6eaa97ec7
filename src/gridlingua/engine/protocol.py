"""What connects knowledge bases, seen from one of them: words, and one small synchronous protocol.

Two implementations pass one test suite: ``EmbeddedEngine`` (in process) and ``RemoteEngine`` (any runtime that speaks
the KE REST API, ours or TNO's).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from gridlingua.errors import MessageError, RemoteError
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows

Kind = Literal["ask", "answer", "post", "react"]
INFORM: Final = "https://w3id.org/knowledge-engine/InformPurpose"
TYPES: Final[dict[Kind, str]] = {
    "ask": "AskKnowledgeInteraction",
    "answer": "AnswerKnowledgeInteraction",
    "post": "PostKnowledgeInteraction",
    "react": "ReactKnowledgeInteraction",
}
"""What the KE REST API calls the kinds."""
KINDS: Final[dict[str, Kind]] = {name: kind for kind, name in TYPES.items()}

_PHRASES: Final = {422: "Unprocessable Content"}  # http.HTTPStatus says "Entity" until Python 3.13
_FAILURE: Final = re.compile(r"(?:^|ANSWERing: |REACTing: )([45]\d\d) [A-Z][A-Za-z' -]*: (.*)", re.DOTALL)


@dataclass(frozen=True)
class KnowledgeBase:
    """A party on the network. ``id`` is an absolute IRI; name and description are for people and must not be empty.

    ``lease`` in seconds (30 to 3600): how long the network keeps it without hearing from it; None: for ever. Engines
    renew it by themselves. ``reasoner_level`` 1 to 5 as in contract 4.3.
    """

    id: str
    name: str
    description: str
    reasoner_level: int = 1
    lease: int | None = None


@dataclass(frozen=True)
class Interaction:
    """What a knowledge base asks, answers, posts or reacts to.

    ``name`` is of ``[A-Za-z0-9-]*`` and unique in its knowledge base; its id on the network is
    ``<knowledge base id>/interaction/<name>``. ``pattern`` is the graph pattern (ask, answer) or the argument (post,
    react); ``result`` only for post and react, None when nothing comes back. Purposes are IRIs (contract 4.7).
    """

    name: str
    kind: Kind
    pattern: Pattern
    result: Pattern | None = None
    required: tuple[str, ...] = (INFORM,)
    satisfied: tuple[str, ...] = (INFORM,)
    gaps_enabled: bool = False
    include_meta: bool = False

    @property
    def is_reactive(self) -> bool:
        """Whether others contact it, so that a handler must answer."""
        return self.kind in ("answer", "react")


@dataclass(frozen=True)
class Request:
    """What another knowledge base wants of one of our answer or react interactions.

    ``rows`` are in the variable names of ``interaction.pattern``. For an answer they restrict: every row returned must
    extend one of them, ``[{}]`` restricts nothing, and ``[]`` means that no restriction is known. For a react they are
    the complete arguments. ``requester`` is the id of the other knowledge base, as it claims. After ``deadline``
    (``time.monotonic()`` seconds) nobody waits for the answer any more.
    """

    interaction: Interaction
    rows: Rows
    requester: str
    deadline: float

    def remaining(self) -> float:
        """Seconds until the deadline, 0 when it has passed."""
        return max(0.0, self.deadline - time.monotonic())


Handler = Callable[[Request], Rows]
"""Answers a request with complete rows over ``interaction.pattern`` (answer) or ``interaction.result`` (react; ``[]``
when it has none). What it raises becomes a FAILED exchange at the other side, with ``failure_text`` as its message."""


@dataclass(frozen=True)
class Exchange:
    """What one contacted knowledge base did in an ask or a post (contract 1.10).

    ``interaction`` is the full id of its interaction. ``rows`` are the rows it answered (ask) or was given (post),
    ``result_rows`` what it reacted with (post); all in **its** variable names, ``[]`` when it failed (the rows given
    in a post stay). ``message`` says why it failed. Times have a zone (UTC).
    """

    knowledge_base: str
    interaction: str
    status: Literal["SUCCEEDED", "FAILED"]
    rows: Rows
    result_rows: Rows
    message: str
    started: datetime
    ended: datetime

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"

    def error(self) -> RemoteError | None:
        """Why it failed, naming the party, with the HTTP status that says it best; None if it succeeded.

        4xx: it refused. 503: it left while we waited. 504: it did not answer in time. 502: its answer was worthless.
        Else the 5xx that it reported.
        """
        if self.succeeded:
            return None
        if found := _FAILURE.search(self.message):
            status, message = int(found[1]), found[2]
        else:
            status = _breakdown(self.message)
            message = "it did not answer in time" if status == HTTPStatus.GATEWAY_TIMEOUT else self.message
        return RemoteError(
            f"{self.knowledge_base}: {message}",
            party=self.knowledge_base,
            status=status,
            retry=status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT),
        )


def _breakdown(message: str) -> int:
    if "TimeoutException" in message:
        return HTTPStatus.GATEWAY_TIMEOUT
    if "will no longer respond" in message or "queue is full" in message:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_GATEWAY


@dataclass(frozen=True)
class Result:
    """What an ask or post brought: ``rows`` in our own variable names, every one complete and none twice, and who
    took part. No exchanges means that nobody on the network matches.

    ``gaps``, for an ask that wants to know them (None otherwise): what somebody would have to bring so that it could
    be answered. Each is an alternative, the triples of one are needed together, as ``?s <predicate> ?o``; none when
    nothing lacks.
    """

    rows: Rows
    exchanges: tuple[Exchange, ...]
    gaps: tuple[tuple[str, ...], ...] | None = None

    @property
    def failures(self) -> tuple[Exchange, ...]:
        return tuple(exchange for exchange in self.exchanges if not exchange.succeeded)


@dataclass(frozen=True)
class State:
    """How an engine is doing, for people and dashboards.

    ``status``: ``connected`` (all is well), ``degraded`` (the engine cannot be reached or answers nonsense; ``reason``
    and ``since`` tell), ``reregistering`` (it is there and has forgotten us). ``counters``: how often since the start,
    by name (``polls``, ``requests``, ``answers``, ``failures``, ``late``, ``errors``, ``registrations``, ``asks``,
    ``posts``).
    """

    status: Literal["connected", "degraded", "reregistering"]
    since: datetime
    reason: str = ""
    counters: dict[str, int] = field(default_factory=dict)


class Engine(Protocol):
    """One party's way onto the network. Thread-safe; closing it takes its knowledge bases off the network."""

    @property
    def state(self) -> State: ...

    def register(self, knowledge_base: KnowledgeBase, interactions: Sequence[Interaction]) -> None:
        """Put a knowledge base with all its interactions on the network.

        Raises RemoteError (status 400) when the network refuses it. A remote engine that is not there is no error:
        registration goes on in the background, and ``state`` tells.
        """

    def handle(self, knowledge_base_id: str, handler: Handler) -> None:
        """Let ``handler`` answer what comes for a registered knowledge base, on threads of a pool. Until then requests
        wait."""

    def learn(self, knowledge_base_id: str, rules: str) -> None:
        """Give a registered knowledge base domain knowledge for its asks and posts: Jena rule text (contract 5.1) that
        replaces what it had. Raises RemoteError (status 400) with the line of what does not read."""

    def ask(
        self,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Result:
        """Ask with the ask interaction ``name``: complete rows over its pattern that extend one of ``rows`` (``[]`` or
        ``[{}]``: no restriction). ``recipients`` are knowledge base ids, everybody when empty. ``timeout`` in seconds
        for the whole call.

        Raises RemoteError when the engine itself fails; a party that fails is in the result's exchanges. Raises
        MessageError for rows that hold no terms.
        """

    def post(
        self,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Result:
        """Post rows with the post interaction ``name``; the result's rows are over its result pattern, ``[]`` when it
        has none. Rows must bind every variable of its pattern (MessageError otherwise). Else as ``ask``."""

    def close(self) -> None:
        """Leave the network; no thread stays behind. A second call does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def failure_text(error: Exception) -> str:
    """What the other side is told when a handler raises: ``<status> <reason phrase>: <message>``.

    A MessageError is a 422, a RemoteError has its own status, anything else is a 500. Reads well at any peer;
    ``Exchange.error`` reads it back.
    """
    status = 500
    if isinstance(error, MessageError):
        status = 422
    elif isinstance(error, RemoteError):
        status = error.status
    return f"{status} {_phrase(status)}: {str(error) or 'no reason was given'}"


def _phrase(status: int) -> str:
    try:
        return _PHRASES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Error"
