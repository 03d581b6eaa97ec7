"""The adapter: one party's exchanges on the network, from nothing but the catalogue (DESIGN.md 1)."""

from __future__ import annotations

import logging
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from gridlingua.adapter.attribution import by_responder
from gridlingua.adapter.bridge import Bridge
from gridlingua.adapter.interactions import interaction
from gridlingua.adapter.settings import AdapterSettings
from gridlingua.catalogue import (
    Catalogue,
    Exchange,
    Translation,
    reply_message,
    reply_rows,
    request_message,
    request_rows,
)
from gridlingua.engine import Engine, KnowledgeBase, Request, Result, State
from gridlingua.engine.bindings import value_key
from gridlingua.errors import GridlinguaError, MessageError, RemoteError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.rows import Row, Rows

_log = logging.getLogger(__name__)

_MOST_QUESTIONS = 100  # each may be a call of the party's service


@dataclass
class Reply:
    """What one responder replied, or why it did not."""

    party: str
    translation: Translation | None = None
    error: RemoteError | None = None


@dataclass
class Outcome:
    """An exchange as its initiator sees it: what was sent, and each responder's reply."""

    sent: Translation
    replies: list[Reply] = field(default_factory=list)
    network_milliseconds: float = 0.0

    def only(self) -> Translation:
        """The one reply of an exchange with one responder; raises what failed."""
        reply = self.replies[0]
        if reply.error:
            raise reply.error
        assert reply.translation is not None  # a reply has one or the other
        return reply.translation


class Adapter:
    """Registers one party's exchanges with an engine, initiates those it hosts, answers the others at its services.

    Takes over the engine: closing the adapter closes it.
    """

    def __init__(self, catalogue: Catalogue, engine: Engine, settings: AdapterSettings) -> None:
        exchanges = catalogue.of_party(settings.party)
        if not exchanges:
            parties = sorted(
                {party for one in catalogue.exchanges.values() for party in (one.initiator, one.responder)}
            )
            raise GridlinguaError(f"no exchange has a party {settings.party!r}; there are {', '.join(parties)}")
        for one in exchanges:
            if one.initiator == settings.party and settings.profile not in one.profiles:
                known = ", ".join(one.profiles)
                raise GridlinguaError(f"{one.id} has no profile {settings.profile!r}; there are {known}")
        names = {one.service for one in catalogue.exchanges.values()} | {"*"}
        if unknown := settings.services.keys() - names:
            raise GridlinguaError(f"no exchange has a service {min(unknown)!r}; there are {', '.join(sorted(names))}")
        self.settings = settings
        self.initiated = [one for one in exchanges if one.initiator == settings.party]
        self.answered = [one for one in exchanges if one.responder == settings.party]
        self._engine = engine
        self._started = False
        self._bridge = Bridge(settings)
        self._minter = settings.minter()
        self._by_interaction = {
            one.interaction_name(profile): (one, profile) for one in self.answered for profile in one.profiles
        }

    @property
    def state(self) -> State:
        """How the engine is doing."""
        return self._engine.state

    def start(self) -> None:
        """Register, once; raises RemoteError when the network refuses."""
        if self._started:
            return
        self._started = True
        settings = self.settings
        knowledge_base = KnowledgeBase(
            settings.knowledge_base, settings.name, f"gridlingua adapter of {settings.name}", lease=settings.lease
        )
        initiated = (interaction(one, settings.profile, answering=False) for one in self.initiated)
        answered = (interaction(one, profile, answering=True) for one in self.answered for profile in one.profiles)
        self._engine.register(knowledge_base, [*initiated, *answered])
        for service in sorted({one.service for one in self.answered if settings.base_url(one.service) is None}):
            _log.warning("no base URL for the %s service: what is asked of it is refused", service)
        if self.answered:
            self._engine.handle(settings.knowledge_base, self.answer)

    def close(self) -> None:
        """Leave the network."""
        self._engine.close()
        self._bridge.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The initiator's side

    def initiate(self, exchange: Exchange, message: Json, recipients: Sequence[str] = ()) -> Outcome:
        """Carry a request to ``recipients`` (the configured responders when empty) and bring their replies.

        Raises MessageError for a message that may not be sent, or a recipient that is none of the configured
        responders; RemoteError when the engine fails or nobody answers. Responders that fail are in the outcome.
        """
        settings = self.settings
        recipients = self._addressed(exchange, recipients)
        sent = request_rows(exchange, message, self._minter)
        carry = self._engine.ask if exchange.kind == "ask" else self._engine.post
        started = time.perf_counter()
        result = carry(
            settings.knowledge_base,
            exchange.interaction_name(settings.profile),
            sent.rows,
            recipients=recipients,
            timeout=settings.deadline,
        )
        outcome = Outcome(sent, network_milliseconds=(time.perf_counter() - started) * 1000)
        outcome.replies = self._replies(exchange, result, sent.rows, recipients)
        _log.info("%s initiated, %d rows, %d replies", exchange.id, len(sent.rows), len(outcome.replies))
        return outcome

    def _addressed(self, exchange: Exchange, recipients: Sequence[str]) -> Sequence[str]:
        known = self.settings.responders
        if known and (strange := [one for one in recipients if one not in known]):
            message = f"{strange[0]} is none of the responders configured here; there are {', '.join(known)}"
            raise MessageError(message, exchange=exchange.id)
        return recipients or known

    def _replies(self, exchange: Exchange, result: Result, request: Rows, recipients: Sequence[str]) -> list[Reply]:
        replies = [
            self._reply(exchange, contact.knowledge_base, rows, request)
            for contact, rows in by_responder(result, exchange.kind)
        ]
        replies += [Reply(one.knowledge_base, error=one.error()) for one in result.failures]
        silent = set(recipients) - {reply.party for reply in replies}
        replies += [Reply(party, error=self._absent(exchange, party)) for party in sorted(silent)]
        if not replies:
            raise self._absent(exchange, "")
        return sorted(replies, key=lambda reply: reply.party)

    def _absent(self, exchange: Exchange, party: str) -> RemoteError:
        what = f"{exchange.id} in the {self.settings.profile} profile"
        text = f"{party} is not on the network, or does not answer {what}" if party else f"nobody answers {what}"
        return RemoteError(text, party=party, status=503, retry=True)

    def _reply(self, exchange: Exchange, party: str, rows: Sequence[Row], request: Rows) -> Reply:
        try:
            return Reply(party, reply_message(exchange, rows, request, self.settings.profile, self._minter))
        except MessageError as error:
            _log.warning("%s: the answer of %s is refused: %s", exchange.id, party, error)
            return Reply(party, error=RemoteError(f"{party}: its answer is refused: {error}", party=party, status=502))

    # The responder's side

    def answer(self, request: Request) -> Rows:
        """The rows that answer a request from the network: judged, replayed at the party's service, judged again.

        Raises MessageError when the request may not be answered, RemoteError when the service refuses or fails.
        """
        exchange, profile = self._by_interaction[request.interaction.name]
        complete = [row for row in request.rows if exchange.request.fields.keys() <= row.keys()]
        if exchange.kind != "ask" or not complete:
            asked = self._understood(exchange, profile, complete or _nearest(exchange, request.rows))
            return self._told(exchange, profile, asked, self._replied(exchange, asked, request), request)
        if len(complete) > _MOST_QUESTIONS:
            raise MessageError(
                f"{len(complete)} questions in one ask; at most {_MOST_QUESTIONS} are answered", exchange=exchange.id
            )
        found: Rows = []
        replies: dict[Hashable, Json] = {}
        for row, asked in self._questions(exchange, profile, complete, request.requester):
            meaning = _meaning(exchange, row)
            if meaning not in replies:
                replies[meaning] = self._replied(exchange, asked, request)
            found += _restricted(row, self._told(exchange, profile, asked, replies[meaning], request))
        return found

    def _questions(self, exchange: Exchange, profile: str, rows: Rows, requester: str) -> list[tuple[Row, Translation]]:
        """Each row that is a request, with what it says. From reasoner level 2 a network also asks with rows in which
        it took one variable for another (contract 4.4): those are left out as long as one row is a request."""
        understood: list[tuple[Row, Translation]] = []
        refusals: list[MessageError] = []
        for row in rows:
            try:
                understood.append((row, self._understood(exchange, profile, [row])))
            except MessageError as refusal:
                refusals.append(refusal)
        if not understood:
            raise refusals[0]
        for one in refusals:
            _log.info("%s: a row of %s is left out: %s", exchange.id, requester, one)
        return understood

    def _understood(self, exchange: Exchange, profile: str, rows: Rows) -> Translation:
        return request_message(exchange, rows, profile, self._minter)

    def _replied(self, exchange: Exchange, asked: Translation, request: Request) -> Json:
        return self._bridge.call(exchange, asked.message, request.requester, request.remaining())

    def _told(self, exchange: Exchange, profile: str, asked: Translation, message: Json, request: Request) -> Rows:
        try:
            told = reply_rows(exchange, message, asked.rows, profile, self._minter)
        except MessageError as error:
            _log.error("%s: the reply of the service may not be sent: %s", exchange.id, error)
            raise RemoteError(
                f"the {exchange.service} service replied what may not be sent: {error}", status=502
            ) from None
        _log.info("%s answered for %s, %d rows", exchange.id, request.requester, len(told.rows))
        return told.rows


def _meaning(exchange: Exchange, row: Row) -> Hashable:
    """What rows of an ask share that say the same request; what the reply repeats must be spelt the same as well."""
    repeated = exchange.reply.fields
    return tuple(
        row[name] if name in repeated else one.converter.identity(row[name])
        for name, one in exchange.request.fields.items()
    )


def _restricted(row: Row, told: Rows) -> Rows:
    """What a peer binds beyond the request restricts the answer, by value; it comes back as the peer wrote it."""
    return [
        {**one, **row}
        for one in told
        if all(term == one[name] or value_key(term) == value_key(one[name]) for name, term in row.items())
    ]


def _nearest(exchange: Exchange, rows: Rows) -> Rows:
    """For an ask the one row that says most of a request, if any: what it lacks is what the peer is told."""
    if exchange.kind != "ask" or not rows:
        return rows
    return [max(rows, key=lambda row: len(exchange.request.fields.keys() & row.keys()))]
