"""Who would serve an ask or a post, and if nobody, why not: pure functions over what is registered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from gridlingua.engine.bindings import value_key
from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import Kind, KnowledgeBase
from gridlingua.engine.purposes import compatible
from gridlingua.engine.reasoning.covering import is_covered
from gridlingua.engine.reasoning.planning import Plan, plan_ask, plan_post
from gridlingua.engine.reasoning.scope import Directory, Scope
from gridlingua.semantics.matching import candidate_triples, partial_matches
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.terms import RDF_TYPE

LEVELS: Final = (1, 2, 3)
"""From 4 on a runtime also contacts who cannot help to a complete answer."""
_SERVES: Final[dict[Kind, Kind]] = {"ask": "answer", "post": "react"}
_CLOSEST: Final = 3
_TRIES: Final = 100


@dataclass(frozen=True)
class Participant:
    """A knowledge base on the network and what it registered; ``trouble`` says what of that cannot be told."""

    knowledge_base: KnowledgeBase
    entries: tuple[Entry, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Lack:
    """Why an interaction of the right kind does not serve another alone.

    For an ask, ``wanted`` are the triples asked for; for a post, those that the react needs. ``missing`` of them have
    no counterpart on the other side; ``differing`` have one there, beside them, but for a constant; ``apart`` have one
    that does not fit the others: a variable or constant here stands for two there, or two for one. ``purposes``: the
    communicative acts do not fit.
    """

    entry: Entry
    wanted: tuple[Triple, ...]
    missing: tuple[Triple, ...] = ()
    differing: tuple[tuple[Triple, Triple], ...] = ()
    apart: tuple[Triple, ...] = ()
    purposes: bool = False

    @property
    def covered(self) -> int:
        """How many of the triples have counterparts that fit one another."""
        return len(self.wanted) - len(self.missing) - len(self.differing) - len(self.apart)

    @property
    def nearness(self) -> float:
        """Between 0 and 1. That something is of another class says nothing by itself; everything is of some class."""
        telling = [ours for ours, _ in self.differing if ours[1] != RDF_TYPE]
        return (self.covered + len(telling) / 2) / len(self.wanted)


@dataclass(frozen=True)
class Prospect:
    """What would come of an ask or a post: the lowest level at which it is served and by whom, or why it is not.

    ``level`` is None when nobody serves it at any. Unless somebody does alone, at level 1, ``absent`` are triples that
    nobody has and ``lacks`` say how near the nearest come, nearest first; none of either: there is nobody of the right
    kind.
    """

    initiator: Entry
    level: int | None
    servers: tuple[Entry, ...] = ()
    absent: tuple[Triple, ...] = ()
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class Standing:
    """An ask or post that is on the network, the level its knowledge base reasons at, and who serves it there.

    ``together``: none of them could alone.
    """

    entry: Entry
    level: int
    servers: tuple[Entry, ...]
    together: bool = False


class Overview:
    """Everything that is registered on a network, and what an engine would do with it; without domain knowledge,
    which nobody can see from outside."""

    def __init__(self, participants: Iterable[Participant]) -> None:
        self.participants = tuple(participants)
        self._entries = tuple(entry for one in self.participants for entry in one.entries)
        self._directory = Directory(value_key)
        for entry in self._entries:
            if entry.interaction.is_reactive:
                self._directory.add(entry)

    def who_serves(self, initiator: Entry, level: int) -> tuple[Entry, ...]:
        """The interactions that an ask or a post would be served by at a reasoner level (contract 4.3); nobody when a
        triple that is asked for would stay open. Its own knowledge base does not count."""
        plan = self._plan(initiator, level)
        live = _live(plan)
        if initiator.interaction.kind == "ask":
            used = live if plan.goal and is_covered(plan.goal, live) else frozenset()
        else:
            reacting = [name for name in live if plan.steps[name].goal is not None]
            used = live.intersection([*reacting, *(need for name in reacting for need in plan.needs(name))])
        found = (plan.steps[name].rule.entry for name in used)
        return tuple(sorted((one for one in found if one), key=lambda one: one.id))

    def brings_result(self, post: Entry, level: int) -> bool:
        """Whether what others react with would fill the result pattern of a post."""
        plan = self._plan(post, level)
        return plan.goal is not None and bool(plan.goal.sources) and is_covered(plan.goal, _live(plan))

    def _plan(self, initiator: Entry, level: int) -> Plan:
        scope = Scope(self._directory, initiator, frozenset(), ())
        plan_of = plan_ask if initiator.interaction.kind == "ask" else plan_post
        return plan_of(initiator.interaction, scope, min(level, LEVELS[-1]), value_key)

    def prospect(self, initiator: Entry) -> Prospect:
        """What would come of an ask or a post, whatever its level."""
        found = ((level, servers) for level in LEVELS if (servers := self.who_serves(initiator, level)))
        level, servers = next(found, (None, ()))
        if level == 1:
            return Prospect(initiator, level, servers)
        near = self._candidates(initiator)
        lacks = [one for one in (lack(initiator, entry) for entry in near) if one.nearness]
        lacks.sort(key=lambda one: (-one.nearness, one.purposes, one.entry.id))
        return Prospect(initiator, level, servers, _absent(initiator, near), tuple(lacks[:_CLOSEST]))

    def standings(self) -> tuple[Standing, ...]:
        """Every ask and post on the network with its servers."""
        return tuple(
            self._standing(entry, one.knowledge_base.reasoner_level)
            for one in self.participants
            for entry in one.entries
            if entry.interaction.kind in _SERVES
        )

    def who_asks(self, server: Entry) -> tuple[Entry, ...]:
        """The asks or posts that an answer or react interaction would serve, each at its own level."""
        ours = Participant(KnowledgeBase(server.knowledge_base, "", ""), (server,))
        others = (one for one in self.participants if one.knowledge_base.id != server.knowledge_base)
        return tuple(one.entry for one in Overview((*others, ours)).standings() if server in one.servers)

    def _standing(self, entry: Entry, level: int) -> Standing:
        servers = self.who_serves(entry, level)
        return Standing(entry, level, servers, together=bool(servers) and not self.who_serves(entry, 1))

    def _candidates(self, initiator: Entry) -> list[Entry]:
        kind, own = _SERVES[initiator.interaction.kind], initiator.knowledge_base
        return [one for one in self._entries if one.interaction.kind == kind and one.knowledge_base != own]


def _live(plan: Plan) -> frozenset[str]:
    """The steps that can come about: each triple that they need is brought by one that can."""
    live: set[str] = set()
    while fresh := {
        name
        for name, step in plan.steps.items()
        if name not in live and (step.goal is None or is_covered(step.goal, live))
    }:
        live |= fresh
    return frozenset(live)


def lack(initiator: Entry, entry: Entry) -> Lack:
    """What keeps an interaction of the right kind from serving another alone; of what serves, nothing is lacking."""
    ours, theirs = initiator.interaction, entry.interaction
    wanted, there = (ours.pattern, theirs.pattern) if ours.kind == "ask" else (theirs.pattern, ours.pattern)
    paired = dict(_best(wanted, there))
    free = [triple for position, triple in enumerate(there.triples) if position not in paired.values()]
    apart, differing, missing = [], [], []
    for position, triple in enumerate(wanted.triples):
        if position in paired:
            continue
        if _counterpart(triple, free):
            apart.append(triple)
        elif near := next((one for one in free if value_key(one[1]) == value_key(triple[1])), None):
            free.remove(near)
            differing.append((triple, near))
        else:
            missing.append(triple)
    return Lack(
        entry,
        wanted.triples,
        missing=tuple(missing),
        differing=tuple(differing),
        apart=tuple(apart),
        purposes=not compatible(ours, theirs),
    )


def _best(wanted: Pattern, there: Pattern) -> tuple[tuple[int, int], ...]:
    """The positions of the triples that go together, as many as there are in one of the first matches."""
    found = islice(partial_matches(wanted, there, value_key), _TRIES)
    return max((match.triples for match in found), key=len, default=())


def _counterpart(triple: Triple, others: Sequence[Triple]) -> bool:
    return any(candidate_triples(Pattern((triple,)), Pattern(tuple(others)), value_key))


def _absent(initiator: Entry, others: Sequence[Entry]) -> tuple[Triple, ...]:
    """The triples of an ask or a post that no other pattern has."""
    absent: Collection[Triple] = initiator.interaction.pattern.triples
    for one in others:
        absent = [
            triple
            for triple in _without_counterpart(initiator.interaction.pattern, one.interaction.pattern)
            if triple in absent
        ]
    return tuple(absent) if others else ()


def _without_counterpart(pattern: Pattern, other: Pattern) -> tuple[Triple, ...]:
    found = candidate_triples(pattern, other, value_key)
    return tuple(triple for triple, candidates in zip(pattern.triples, found, strict=True) if not candidates)
