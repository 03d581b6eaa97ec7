"""Who is on a network, what they registered, and who serves whom: bookkeeping without messages."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

from gridlingua.engine.errors import IdInUseError, RegistrationError, UnknownInteractionError, UnknownKnowledgeBaseError
from gridlingua.engine.index import PatternIndex
from gridlingua.engine.mailbox import Mailbox
from gridlingua.engine.planning import Contact, Entry, plan
from gridlingua.engine.protocol import Interaction, Kind, KnowledgeBase
from gridlingua.engine.registration import check_interaction, check_knowledge_base
from gridlingua.engine.round import Round
from gridlingua.semantics.matching import Key

_SERVES: Final[dict[Kind, Kind]] = {"ask": "answer", "post": "react"}


@dataclass
class Member:
    """A knowledge base on the network. ``expires``, in ``time.monotonic()`` seconds, counts when it has a lease."""

    knowledge_base: KnowledgeBase
    mailbox: Mailbox
    expires: float
    entries: dict[str, Entry] = field(default_factory=dict)
    rounds: set[Round] = field(default_factory=set)

    def entry(self, interaction_id: str) -> Entry:
        """Raises UnknownInteractionError."""
        entry = self.entries.get(interaction_id)
        if entry is None:
            raise UnknownInteractionError(interaction_id)
        return entry

    def renew(self) -> None:
        """Let the lease begin anew."""
        self.expires = time.monotonic() + (self.knowledge_base.lease or 0)


class Roster:
    """The members of a network, found by id, and their interactions, found by pattern. Thread-safe.

    ``shortest_lease`` in seconds; ``key`` says which constants of patterns are equal.
    """

    def __init__(self, shortest_lease: int, key: Key) -> None:
        self._shortest_lease = shortest_lease
        self._key = key
        self._lock = threading.RLock()
        self._members: dict[str, Member] = {}
        self._servers: dict[str, Entry] = {}
        self._indexes = {kind: PatternIndex(key) for kind in _SERVES.values()}
        self._plans: dict[str, tuple[Contact, ...]] = {}

    def join(self, knowledge_base: KnowledgeBase) -> None:
        """Raises RegistrationError, IdInUseError."""
        check_knowledge_base(knowledge_base, self._shortest_lease)
        member = Member(knowledge_base, Mailbox(knowledge_base.id), 0)
        member.renew()
        with self._lock:
            if knowledge_base.id in self._members:
                raise IdInUseError
            self._members[knowledge_base.id] = member

    def leave(self, knowledge_base_id: str) -> Member:
        """Returns who left, for the farewells. Raises UnknownKnowledgeBaseError."""
        with self._lock:
            member = self.member(knowledge_base_id)
            for interaction_id in list(member.entries):
                self.remove(knowledge_base_id, interaction_id)
            return self._members.pop(knowledge_base_id)

    def add(self, knowledge_base_id: str, interaction: Interaction, *, named: bool) -> Entry:
        """Raises RegistrationError, UnknownKnowledgeBaseError."""
        check_interaction(interaction)
        entry = Entry(f"{knowledge_base_id}/interaction/{interaction.name}", knowledge_base_id, interaction, named)
        with self._lock:
            member = self.member(knowledge_base_id)
            if entry.id in member.entries:
                raise RegistrationError(
                    f"The Knowledge Interaction with URI '{entry.id}' should not be already registered."
                )
            member.entries[entry.id] = entry
            self._plans.clear()
            if interaction.is_reactive:
                self._servers[entry.id] = entry
                self._indexes[interaction.kind].add(entry.id, interaction.pattern)
        return entry

    def remove(self, knowledge_base_id: str, interaction_id: str) -> None:
        """Raises UnknownKnowledgeBaseError, UnknownInteractionError."""
        with self._lock:
            member = self.member(knowledge_base_id)
            entry = member.entry(interaction_id)
            del member.entries[interaction_id]
            self._plans.clear()
            if self._servers.pop(interaction_id, None):
                self._indexes[entry.interaction.kind].remove(entry.id, entry.interaction.pattern)

    def member(self, knowledge_base_id: str) -> Member:
        """Raises UnknownKnowledgeBaseError."""
        member = self._members.get(knowledge_base_id)
        if member is None:
            raise UnknownKnowledgeBaseError(knowledge_base_id)
        return member

    def members(self) -> tuple[Member, ...]:
        with self._lock:
            return tuple(self._members.values())

    def entries(self, knowledge_base_id: str) -> tuple[Entry, ...]:
        """Raises UnknownKnowledgeBaseError."""
        with self._lock:
            return tuple(self.member(knowledge_base_id).entries.values())

    def contacts(self, entry: Entry) -> tuple[Contact, ...]:
        """Whom an ask or post interaction would contact; kept until somebody registers or leaves."""
        with self._lock:
            found = self._plans.get(entry.id)
            if found is None:
                names = self._indexes[_SERVES[entry.interaction.kind]].covering(entry.interaction.pattern)
                found = self._plans[entry.id] = plan(entry, (self._servers[name] for name in sorted(names)), self._key)
            return found
