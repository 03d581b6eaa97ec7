"""Who is on a network, what they registered, and who serves whom: bookkeeping without messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gridlingua.engine.compat import Compat
from gridlingua.engine.entries import Entry
from gridlingua.engine.errors import (
    IdInUseError,
    RegistrationError,
    SuspendedError,
    UnknownInteractionError,
    UnknownKnowledgeBaseError,
)
from gridlingua.engine.mailbox import Mailbox
from gridlingua.engine.protocol import Interaction, KnowledgeBase
from gridlingua.engine.reasoning.meta import meta_rule
from gridlingua.engine.reasoning.planning import Plan, plan_ask, plan_post
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.engine.reasoning.scope import Directory, Scope
from gridlingua.engine.registration import check_interaction, check_knowledge_base
from gridlingua.engine.round import Round

PLANS_LIMIT: Final = 1_000
"""How many are kept: whoever asks names the recipients, and could make up any number of them."""

GAPS_LEVEL: Final = 5
"""Asks that want to know what is missing look at everything that could help (contract 4.3)."""


@dataclass
class Member:
    """A knowledge base on the network. ``expires``, in the seconds of the network's timers, counts when it has a
    lease."""

    knowledge_base: KnowledgeBase
    mailbox: Mailbox
    expires: float
    entries: dict[str, Entry] = field(default_factory=dict)
    rounds: set[Round] = field(default_factory=set)
    knowledge: tuple[Rule, ...] = ()

    def entry(self, interaction_id: str) -> Entry:
        """Raises UnknownInteractionError."""
        entry = self.entries.get(interaction_id)
        if entry is None:
            raise UnknownInteractionError(interaction_id)
        return entry

    def renew(self, now: float) -> None:
        """Let the lease begin anew."""
        self.expires = now + (self.knowledge_base.lease or 0)


class Roster:
    """The members of a network, found by id, and their interactions, found by pattern. Thread-safe.

    ``shortest_lease`` in seconds; ``knowledge`` is what everybody knows who learns nothing else; ``now`` is the time.
    """

    def __init__(
        self, shortest_lease: int, compat: Compat, knowledge: tuple[Rule, ...], now: Callable[[], float]
    ) -> None:
        self._now = now
        self._knowledge = knowledge
        self._shortest_lease = shortest_lease
        self._compat = compat
        self._lock = threading.RLock()
        self._members: dict[str, Member] = {}
        self._suspended: set[str] = set()
        self._directory = Directory(compat.key)
        self._plans: dict[tuple[str, frozenset[str]], Plan] = {}
        self._version = 0

    def join(self, knowledge_base: KnowledgeBase) -> None:
        """Raises RegistrationError, IdInUseError."""
        check_knowledge_base(knowledge_base, self._shortest_lease, self._compat)
        member = Member(knowledge_base, Mailbox(knowledge_base.id), 0, knowledge=self._knowledge)
        member.renew(self._now())
        with self._lock:
            if knowledge_base.id in self._members:
                raise IdInUseError
            self._suspended.discard(knowledge_base.id)
            self._members[knowledge_base.id] = member
            self._changed()

    def suspend(self, knowledge_base_id: str) -> None:
        """Tell whoever next speaks for it why it is not there; it must leave as well."""
        self._suspended.add(knowledge_base_id)

    def leave(self, knowledge_base_id: str) -> Member:
        """Returns who left, for the farewells. Raises UnknownKnowledgeBaseError."""
        with self._lock:
            member = self.member(knowledge_base_id)
            for interaction_id in list(member.entries):
                self.remove(knowledge_base_id, interaction_id)
            self._changed()
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
            self._changed()
            if interaction.is_reactive:
                self._directory.add(entry)
        return entry

    def remove(self, knowledge_base_id: str, interaction_id: str) -> None:
        """Raises UnknownKnowledgeBaseError, UnknownInteractionError."""
        with self._lock:
            member = self.member(knowledge_base_id)
            entry = member.entry(interaction_id)
            del member.entries[interaction_id]
            self._changed()
            if entry.interaction.is_reactive:
                self._directory.remove(entry)

    def member(self, knowledge_base_id: str) -> Member:
        """Raises UnknownKnowledgeBaseError; SuspendedError the first time after it was suspended."""
        member = self._members.get(knowledge_base_id)
        if member is not None:
            return member
        if knowledge_base_id in self._suspended:
            self._suspended.discard(knowledge_base_id)
            raise SuspendedError(knowledge_base_id)
        raise UnknownKnowledgeBaseError(knowledge_base_id)

    def find(self, knowledge_base_id: str) -> Member | None:
        """As ``member``, for the network itself: nobody is told why it is not there."""
        return self._members.get(knowledge_base_id)

    def members(self) -> tuple[Member, ...]:
        with self._lock:
            return tuple(self._members.values())

    def entries(self, knowledge_base_id: str) -> tuple[Entry, ...]:
        """Raises UnknownKnowledgeBaseError."""
        with self._lock:
            return tuple(self.member(knowledge_base_id).entries.values())

    def learn(self, knowledge_base_id: str, knowledge: tuple[Rule, ...]) -> None:
        """Replace what a knowledge base knows of its domain. Raises UnknownKnowledgeBaseError."""
        with self._lock:
            self.member(knowledge_base_id).knowledge = knowledge
            self._changed()

    def plan(self, entry: Entry, recipients: frozenset[str]) -> Plan:
        """Whom an ask or post interaction would contact; kept until somebody joins, registers, learns or leaves.

        To find out may take long and stops nobody else. Raises UnknownKnowledgeBaseError.
        """
        with self._lock:
            found = self._plans.get((entry.id, recipients))
            if found is not None:
                return found
            version = self._version
            member = self.member(entry.knowledge_base)
            own = [*member.knowledge, *(self._about_others(member) if entry.interaction.include_meta else ())]
        made = self._planned(
            entry, member.knowledge_base.reasoner_level, Scope(self._directory, entry, recipients, own)
        )
        with self._lock:
            if version == self._version and member.entries.get(entry.id) is entry:
                while len(self._plans) >= PLANS_LIMIT:
                    del self._plans[next(iter(self._plans))]
                self._plans[entry.id, recipients] = made
        return made

    def is_planned(self, interaction_id: str, recipients: frozenset[str]) -> bool:
        """Whether ``plan`` need not think."""
        return (interaction_id, recipients) in self._plans

    def _planned(self, entry: Entry, level: int, scope: Scope) -> Plan:
        interaction, compat = entry.interaction, self._compat
        if interaction.kind == "post":
            return plan_post(interaction, scope, level, compat.key, answers_complete=compat.answers_complete_posts)
        return plan_ask(interaction, scope, GAPS_LEVEL if interaction.gaps_enabled else level, compat.key)

    def _changed(self) -> None:
        self._plans.clear()
        self._version += 1

    def _about_others(self, member: Member) -> list[Rule]:
        """What the network tells a member of the others."""
        return [
            meta_rule(other.knowledge_base, tuple(other.entries.values()))
            for other in self._members.values()
            if other is not member
        ]
