"""The adapter: one party's exchanges on the network, from nothing but the catalogue (DESIGN.md 1)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from gridlingua.adapter.initiator import Initiator, Outcome
from gridlingua.adapter.interactions import interaction
from gridlingua.adapter.responder import Responder
from gridlingua.adapter.settings import AdapterSettings
from gridlingua.catalogue import Catalogue, Exchange
from gridlingua.engine import Engine, KnowledgeBase, State
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Json

_log = logging.getLogger(__name__)


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
        known = sorted({profile for one in exchanges for profile in one.profiles})
        if strange := [profile for profile in settings.profiles if profile not in known]:
            raise GridlinguaError(
                f"no exchange of {settings.party} has a profile {strange[0]!r}; there are {', '.join(known)}"
            )
        spoken = [one for one in exchanges if settings.spoken(one)]
        if left_out := [one.id for one in exchanges if not settings.spoken(one)]:
            _log.warning(
                "left out, as they have no %s profile: %s", " or ".join(settings.profiles), ", ".join(left_out)
            )
        names = {one.service for one in catalogue.exchanges.values()} | {"*"}
        if unknown := settings.services.keys() - names:
            raise GridlinguaError(f"no exchange has a service {min(unknown)!r}; there are {', '.join(sorted(names))}")
        self.settings = settings
        self.initiated = [one for one in spoken if one.initiator == settings.party]
        self.answered = [one for one in spoken if one.responder == settings.party]
        self._engine = engine
        self._started = False
        self._initiator = Initiator(engine, settings)
        self._responder = Responder(self.answered, settings)

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
        registered = [
            interaction(one, profile, answering=answering)
            for exchanges, answering in ((self.initiated, False), (self.answered, True))
            for one in exchanges
            for profile in settings.spoken(one)
        ]
        self._engine.register(knowledge_base, registered)
        for service in sorted({one.service for one in self.answered if settings.base_url(one.service) is None}):
            _log.warning("no base URL for the %s service: what is asked of it is refused", service)
        if self.answered:
            self._engine.handle(settings.knowledge_base, self._responder.answer)

    def close(self) -> None:
        """Leave the network."""
        self._engine.close()
        self._responder.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def initiate(self, exchange: Exchange, message: Json, recipients: Sequence[str] = ()) -> Outcome:
        """Carry a request to ``recipients`` (the configured responders when empty) and bring their replies.

        Raises MessageError for a message that may not be sent, or a recipient that is none of the configured
        responders; RemoteError when the engine fails or nobody answers. Responders that fail are in the outcome.
        """
        return self._initiator.initiate(exchange, message, recipients)
