"""Who can contribute what to an ask or a post: pure functions over patterns.

Level 1 of contract 4.3: one interaction alone covers the whole pattern. A plan is kept while the network does not
change; it says whom to contact, not with which rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from gridlingua.engine.bindings import Restriction
from gridlingua.engine.protocol import Interaction
from gridlingua.engine.purposes import compatible
from gridlingua.semantics.matching import Key, Match, matches
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows, distinct

WAYS_LIMIT: Final = 1000


@dataclass(frozen=True)
class Entry:
    """An interaction on the network: its full id, the knowledge base that registered it, and whether that
    gave it its name (the network otherwise)."""

    id: str
    knowledge_base: str
    interaction: Interaction
    named: bool = True


@dataclass(frozen=True)
class Contact:
    """An interaction to contact, and every way in which it serves the initiator's pattern.

    ``ways`` match the initiator's pattern with the other's; ``results`` (post only) the result patterns.
    """

    entry: Entry
    ways: tuple[Match, ...]
    results: tuple[Match, ...] = ()

    @property
    def refusal(self) -> str:
        """Why it cannot be contacted after all; empty if it can."""
        if max(len(self.ways), len(self.results)) <= WAYS_LIMIT:
            return ""
        return (
            f"The pattern of {self.entry.id} corresponds to the initiator's in more than {WAYS_LIMIT} ways: "
            "its triples are interchangeable, give them something that tells them apart."
        )

    def incoming(self, rows: Rows) -> Rows:
        """What the other is sent, in its own names. An answer may be sent ``[]``: nothing that it offers was asked
        for; a react gets complete rows only."""
        found = distinct(row for way in self.ways for row in way.to_source(rows))
        if self.entry.interaction.kind == "answer":
            return found
        wanted = frozenset(self.entry.interaction.pattern.variables)
        return [row for row in found if row.keys() == wanted]

    def outgoing(self, rows: Rows) -> Rows:
        """What the initiator makes of the rows that came back."""
        return [row for way in (self.results or self.ways_back) for row in way.to_target(rows)]

    @property
    def ways_back(self) -> tuple[Match, ...]:
        return self.ways if self.entry.interaction.kind == "answer" else ()


def plan(initiator: Entry, candidates: Iterable[Entry], key: Key) -> tuple[Contact, ...]:
    """The contacts of an ask or a post among candidates of the right kind; a knowledge base never serves itself."""
    return tuple(
        contact
        for entry in candidates
        if entry.knowledge_base != initiator.knowledge_base and compatible(initiator.interaction, entry.interaction)
        if (contact := _contact(initiator.interaction, entry, key)) is not None
    )


def _contact(initiator: Interaction, entry: Entry, key: Key) -> Contact | None:
    other = entry.interaction
    if initiator.kind == "post" and len(set(other.pattern.triples)) != len(set(initiator.pattern.triples)):
        return None
    ways = _ways(initiator.pattern, other.pattern, key)
    if not ways:
        return None
    if initiator.kind == "ask" or initiator.result is None or other.result is None:
        return Contact(entry, ways)
    return Contact(entry, ways, _ways(initiator.result, other.result, key))


def _ways(target: Pattern, source: Pattern, key: Key) -> tuple[Match, ...]:
    """All matches, or one more than the limit: patterns of interchangeable triples have n! of them."""
    return tuple(islice(matches(target, source, key), WAYS_LIMIT + 1))


def combine(rows: Iterable[Row], asked: Sequence[Row] | None, key: Key) -> Rows:
    """The rows of an answer as the initiator gets them: none twice, and for an ask only those that were asked for."""
    found = distinct(rows)
    return found if asked is None else Restriction.of(asked, key).filter(found)
