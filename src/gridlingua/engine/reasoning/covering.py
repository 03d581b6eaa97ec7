"""Which rules bring the triples of a pattern, at which reasoner level (contract 4.2, 4.3): structure, no rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice
from typing import Final

from gridlingua.engine.reasoning.rules import Rule
from gridlingua.semantics.matching import Key, Match, matches, partial_matches
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows, distinct
from gridlingua.semantics.search import TooInterchangeableError

WAYS_LIMIT: Final = 1000
_PARTS_LIMIT: Final = 6
_STATES_LIMIT: Final = 1000


@dataclass(frozen=True, eq=False)
class Source:
    """A rule, and every way in which its head stands for triples of a goal; no way is a part of another.

    ``is_hopeless``: there are too many ways to use any, or to find out.
    """

    rule: Rule
    ways: tuple[Match, ...]
    is_hopeless: bool = False


@dataclass(frozen=True, eq=False)
class Goal:
    """A pattern whose triples are wanted, and the rules that bring them.

    ``together``: the sources' triples are joined, so that each may bring a part; otherwise each brings all and the
    rows are united. ``reuse``: one source may stand for several parts that do not fit one another (level 3 and up).
    ``fragments``: every part of a way is a way of its own (level 5).
    """

    pattern: Pattern
    sources: tuple[Source, ...]
    together: bool = False
    reuse: bool = False
    fragments: bool = False

    @cached_property
    def providers(self) -> Counter[int]:
        """How many sources bring each triple, by its position; where a source may be used again: in how many ways."""
        return Counter(
            t
            for source in self.sources
            for t, _ in {(t, s if self.reuse else 0) for way in source.ways for t, s in way.triples}
        )

    def restrictions(self, source: Source, rows: Rows) -> Rows:
        """What rows over the pattern mean for a source, in the names of its head: what it may be asked for.

        Where others bring some of the triples too, a source may be used without them, and is restricted less.
        """
        return distinct(row for part in self._translations[source] for row in part.to_source(rows))

    def least(self, source: Source, rows: Rows) -> Rows:
        """Rows of a source in the variables of the pattern, as little of them as it can be used for."""
        return distinct(row for way in source.ways for part in self._least(way) for row in part.to_target(rows))

    @cached_property
    def _translations(self) -> dict[Source, list[Match]]:
        """For every source the parts of its ways that restrict it; those that translate alike are one."""
        return {
            source: list({frozenset(part.nodes): part for way in source.ways for part in self._parts(way)}.values())
            for source in self.sources
        }

    def _parts(self, way: Match) -> Iterator[Match]:
        yield way
        fixed, optional = self._fixed(way)
        if len(optional) > _PARTS_LIMIT:  # the least parts restrict least, and so cover what those between would add
            yield from self._least(way)
            return
        for size in range(len(optional)):
            for chosen in combinations(optional, size):
                if fixed or chosen:
                    yield way.part(sorted((*fixed, *chosen)))

    def _least(self, way: Match) -> Iterator[Match]:
        fixed, optional = self._fixed(way)
        if fixed:
            yield way.part(fixed)
        else:
            yield from (way.part([pair]) for pair in optional)

    def _fixed(self, way: Match) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The triples that only this source brings, and those that others bring too."""
        optional = [pair for pair in way.triples if self.together and (self.fragments or self.providers[pair[0]] > 1)]
        return [pair for pair in way.triples if pair not in optional], optional


def cover(pattern: Pattern, candidates: Iterable[Rule], level: int, key: Key, *, partly: bool = False) -> Goal:
    """The goal of a pattern at a reasoner level; without sources if the candidates cannot bring all of it.

    ``partly``: whoever brings any triple is a source, even if no complete row can come of it (level 4 and up).
    """
    rules = [rule for rule in candidates if rule.head is not None]
    if level == 1:
        return alone(pattern, rules, key)
    found = _sources(pattern, rules, key, whole=False)
    hopeless = tuple(source for source in found if source.is_hopeless)
    sources = tuple(source for source in found if not source.is_hopeless)
    if not partly and level < 4:
        sources = _complete(pattern, sources, once=level == 2)
    reuse = level > 2
    whole = len(sources) == 1 and all(len(way.triples) == len(pattern.triples) for way in sources[0].ways)
    together = not whole or (reuse and len(sources[0].ways) > 1)
    return Goal(pattern, sources + hopeless, together, reuse, fragments=level == 5)


def alone(pattern: Pattern, candidates: Iterable[Rule], key: Key) -> Goal:
    """The goal with only those sources that bring the whole pattern by themselves."""
    return Goal(pattern, _sources(pattern, candidates, key, whole=True))


def is_covered(goal: Goal, names: Collection[str]) -> bool:
    """Whether those sources of a goal that are named bring all its triples."""
    sources = [source for source in goal.sources if source.rule.name in names and source.ways]
    if goal.together:
        return bool(_complete(goal.pattern, sources, once=not goal.reuse))
    return any(len(way.triples) == len(goal.pattern.triples) for source in sources for way in source.ways)


def _sources(pattern: Pattern, rules: Iterable[Rule], key: Key, *, whole: bool) -> tuple[Source, ...]:
    found = (_source(pattern, rule, rule.head, key, whole=whole) for rule in rules if rule.head is not None)
    return tuple(source for source in found if source.ways or source.is_hopeless)


def _source(pattern: Pattern, rule: Rule, head: Pattern, key: Key, *, whole: bool) -> Source:
    """Where parts correspond in too many ways, those that cover everything do."""
    if not whole and (parts := _ways(partial_matches(pattern, head, key))) is not None:
        return Source(rule, parts)
    wholes = _ways(matches(pattern, head, key))
    return Source(rule, (), is_hopeless=True) if wholes is None else Source(rule, wholes)


def _ways(found: Iterator[Match]) -> tuple[Match, ...] | None:
    """All of them; None if there are too many."""
    try:
        ways = tuple(islice(found, WAYS_LIMIT + 1))
    except TooInterchangeableError:
        return None
    return ways if len(ways) <= WAYS_LIMIT else None


def _complete(pattern: Pattern, sources: Sequence[Source], *, once: bool) -> tuple[Source, ...]:
    """The sources that take part in a combination that brings every triple."""
    if once:
        sources = _indispensable(sources)
    offers = [
        [(source, bits) for source in sources if (bits := _bits(source, triple))]
        for triple in range(len(pattern.triples))
    ]
    if not all(offers):
        return ()
    bound = [source for source in sources if once and len(source.ways) > 1]
    if not bound:
        return tuple(sources)
    return _taking_part(offers, sources, bound)


def _indispensable(sources: Sequence[Source]) -> Sequence[Source]:
    """The sources with only those ways that bring whatever nobody else brings: each is used in one way."""
    while True:
        brought = {source: {t for way in source.ways for t, _ in way.triples} for source in sources}
        several = Counter(t for triples in brought.values() for t in triples)
        left = []
        for source in sources:
            alone = {t for t in brought[source] if several[t] == 1}
            ways = tuple(way for way in source.ways if alone <= {t for t, _ in way.triples})
            if ways:
                left.append(Source(source.rule, ways))
        if sum(len(source.ways) for source in left) == sum(len(source.ways) for source in sources):
            return left
        sources = left


def _bits(source: Source, triple: int) -> int:
    """Which of a source's ways bring a triple, as a bit set."""
    return sum(1 << n for n, way in enumerate(source.ways) if any(t == triple for t, _ in way.triples))


_State = tuple[int, ...]


def _taking_part(
    offers: Sequence[Sequence[tuple[Source, int]]], sources: Sequence[Source], bound: Sequence[Source]
) -> tuple[Source, ...]:
    """Walk over the triples: a source that was taken one way cannot be taken another way later."""
    places = {source.rule.name: n for n, source in enumerate(bound)}
    layers: list[dict[_State, list[tuple[_State, Source]]]] = [{tuple((1 << len(one.ways)) - 1 for one in bound): []}]
    for offer in offers:
        layer: dict[_State, list[tuple[_State, Source]]] = {}
        for state in layers[-1]:
            for source, bits in offer:
                after = _taken(state, places.get(source.rule.name), bits)
                if after is not None:
                    layer.setdefault(after, []).append((state, source))
            if len(layer) > _STATES_LIMIT:
                return tuple(sources)
        layers.append(layer)
    used: set[str] = set()
    alive = set(layers[-1])
    for layer in reversed(layers[1:]):
        steps = [step for state in alive for step in layer[state]]
        used |= {source.rule.name for _, source in steps}
        alive = {state for state, _ in steps}
    return tuple(source for source in sources if source.rule.name in used)


def _taken(state: _State, place: int | None, bits: int) -> _State | None:
    if place is None:
        return state
    left = state[place] & bits
    return (*state[:place], left, *state[place + 1 :]) if left else None
