"""The rows of a goal, from the rows that its sources brought: a join over the triples, not over combinations.

Sources are combined triple by triple (contract 4.3, 4.4). A state holds values for the variables met so far and, for
every source, which of its rows can still stand behind what it was used for; states that say the same are one. So the
cost grows with the rows, and not with (sources) to the power of (triples).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gridlingua.engine.errors import TooManyCombinationsError
from gridlingua.engine.reasoning.covering import Goal
from gridlingua.engine.reasoning.tables import Compatibility, Table
from gridlingua.semantics.matching import Key
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows, distinct
from gridlingua.semantics.terms import Term

Values = tuple[Term, ...]
Ids = frozenset[int] | None
"""Rows of a source, by number; None: all of them."""

Use = tuple[int, Ids]
"""One use of a source: the ways (a bit set) and the rows that it may still be."""

Uses = tuple[tuple[Use, ...], ...]
"""For every source its uses so far; empty when no later triple depends on it."""

_RIVALS: Final = 64
STATES_LIMIT: Final = 50_000
"""How many combinations of rows a join may hold, or four for each row that was brought."""


def solve(goal: Goal, rows: Mapping[str, Rows], key: Key, anchor: str = "") -> Rows:
    """Complete rows over the goal's pattern, without repetition; ``rows`` by name of rule, in the rules' variables.
    Raises TooManyCombinationsError.

    What the source named ``anchor`` says limits the others: their rows must contradict not every row of it.
    """
    if len(goal.sources) == 1 and not goal.together and len(goal.sources[0].ways) == 1:
        return goal.sources[0].ways[0].to_target(rows.get(goal.sources[0].rule.name, ()))
    tables = _tables(goal, rows, key, anchor)
    if not goal.together:
        everything = (1 << len(goal.pattern.triples)) - 1
        return distinct(
            row
            for table in tables
            for row, covers in zip(table.rows, table.covers, strict=True)
            if covers == everything
        )
    blocks = _blocks(goal, tables)
    if blocks is None:
        return []
    return _Join(tables, blocks, key, goal.reuse).rows()


def _tables(goal: Goal, rows: Mapping[str, Rows], key: Key, anchor: str) -> list[Table]:
    tables = [Table.of(source, rows[source.rule.name]) for source in goal.sources if rows.get(source.rule.name)]
    known = [row for source in goal.sources if source.rule.name == anchor for row in goal.least(source, rows[anchor])]
    if not known:
        return tables
    fits = Compatibility(known, key)
    return [table if table.source.rule.name == anchor else table.filtered(fits) for table in tables]


@dataclass(frozen=True, eq=False)
class _Block:
    """Triples (a bit set) that the same ways of one source bring; or one triple that several bring."""

    triples: int
    variables: tuple[str, ...]
    offers: tuple[tuple[int, int], ...]
    """Sources (by number) and their ways (a bit set)."""


def _blocks(goal: Goal, tables: Sequence[Table]) -> list[_Block] | None:
    """The blocks in an order in which neighbours share variables; None if a triple is brought by nobody."""
    found: dict[Hashable, tuple[list[int], tuple[tuple[int, int], ...]]] = {}
    for position in range(len(goal.pattern.triples)):
        offers = tuple(
            (n, ways)
            for n, table in enumerate(tables)
            if table.rows
            for ways in table.bringing(position, apart=goal.reuse)
        )
        if not offers:
            return None
        positions, _ = found.setdefault(offers if len(offers) == 1 else (position, offers), ([], offers))
        positions.append(position)
    return _connected([_block(goal.pattern, positions, offers) for positions, offers in found.values()], tables)


def _block(pattern: Pattern, positions: Sequence[int], offers: tuple[tuple[int, int], ...]) -> _Block:
    names = dict.fromkeys(name for position in positions for name in _variables(pattern, position))
    return _Block(sum(1 << position for position in positions), tuple(names), offers)


def _variables(pattern: Pattern, position: int) -> list[str]:
    return [node[1:] for node in pattern.triples[position] if node[0] == "?"]


def _connected(blocks: list[_Block], tables: Sequence[Table]) -> list[_Block]:
    """The smallest block first, then always one that shares most with what is known."""
    known: set[str] = set()
    order = []
    while blocks:
        best = min(blocks, key=lambda one: (-len(known.intersection(one.variables)), _size(one, tables)))
        blocks.remove(best)
        order.append(best)
        known.update(best.variables)
    return order


def _size(block: _Block, tables: Sequence[Table]) -> int:
    return sum(len(tables[n].rows) for n, _ in block.offers)


class _Join:
    """One join under way."""

    def __init__(self, tables: Sequence[Table], blocks: Sequence[_Block], key: Key, reuse: bool) -> None:
        self._tables = tables
        self._blocks = blocks
        self._key = key
        self._reuse = reuse
        self._limit = max(STATES_LIMIT, 4 * sum(len(table.rows) for table in tables))
        self._keys: dict[Term, Hashable] = {}

    def rows(self) -> Rows:
        names: list[str] = []
        all_ways = [((1 << len(table.source.ways)) - 1, None) for table in self._tables]
        states: dict[Values, set[Uses]] = {(): {tuple((use,) for use in all_ways)}}
        for number, block in enumerate(self._blocks):
            later = {n for rest in self._blocks[number + 1 :] for n, _ in rest.offers}
            states = self._step(states, block, names, later)
            names += [name for name in block.variables if name not in names]
        return [dict(zip(names, values, strict=True)) for values in states]

    def _step(
        self, states: Mapping[Values, Iterable[Uses]], block: _Block, names: Sequence[str], later: set[int]
    ) -> dict[Values, set[Uses]]:
        shared = [name for name in block.variables if name in names]
        new = [name for name in block.variables if name not in names]
        places = [names.index(name) for name in shared]
        offers = [(n, ways, self._index(self._tables[n], ways, block, shared, new)) for n, ways in block.offers]
        found: dict[Values, set[Uses]] = {}
        for values, alternatives in states.items():
            wanted = tuple(self._key_of(values[place]) for place in places)
            for n, ways, index in offers:
                for spelled, added, ids in index.get(wanted, ()):
                    after = {
                        self._kept(used, later) for uses in alternatives for used in self._used(uses, n, ways, ids)
                    }
                    if after:
                        found.setdefault((*_respelled(values, places, spelled), *added), set()).update(after)
        best = {values: _best(alternatives) for values, alternatives in found.items()}
        if sum(map(len, best.values())) > self._limit:
            raise TooManyCombinationsError(self._limit)
        return best

    def _index(
        self, table: Table, ways: int, block: _Block, shared: Sequence[str], new: Sequence[str]
    ) -> dict[tuple[Hashable, ...], list[tuple[Values, Values, Ids]]]:
        """A source's rows by what is known of them already: how they spell it, what they add, and which rows."""
        found: dict[tuple[Hashable, ...], dict[tuple[Values, Values], list[int]]] = {}
        for place, row in enumerate(table.rows):
            if ways >> table.ways[place] & 1 and not block.triples & ~table.covers[place]:
                spelled = tuple([row[name] for name in shared])
                group = found.setdefault(tuple(map(self._key_of, spelled)), {})
                group.setdefault((spelled, tuple([row[name] for name in new])), []).append(place)
        everything = len(table.rows)
        return {
            known: [(*values, None if len(ids) == everything else frozenset(ids)) for values, ids in groups.items()]
            for known, groups in found.items()
        }

    def _used(self, uses: Uses, number: int, ways: int, ids: Ids) -> Iterable[Uses]:
        """The uses after a source brought one more block; none if no row of it can."""
        mine = uses[number]
        fitting = [place for place, (left, _) in enumerate(mine) if left & ways]
        if not fitting and self._reuse:
            yield (*uses[:number], tuple(sorted((*mine, (ways, ids)), key=_order)), *uses[number + 1 :])
        for place in fitting:
            left, before = mine[place]
            rows = _both(before, ids)
            if rows is None or rows:
                yield (*uses[:number], (*mine[:place], (left & ways, rows), *mine[place + 1 :]), *uses[number + 1 :])

    def _kept(self, uses: Uses, later: set[int]) -> Uses:
        return uses if len(later) == len(uses) else tuple(use if n in later else () for n, use in enumerate(uses))

    def _key_of(self, term: Term) -> Hashable:
        found = self._keys.get(term)
        if found is None:
            found = self._keys[term] = self._key(term)
        return found


def _respelled(values: Values, places: Sequence[int], spelled: Values) -> Values:
    """Values that are equal may be written in several ways; the last writer's is kept."""
    if all(values[place] == term for place, term in zip(places, spelled, strict=True)):
        return values
    new = list(values)
    for place, term in zip(places, spelled, strict=True):
        new[place] = term
    return tuple(new)


def _order(use: Use) -> tuple[int, int]:
    ways, ids = use
    return ways, -1 if ids is None else len(ids)


def _both(one: Ids, other: Ids) -> Ids:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _best(alternatives: set[Uses]) -> set[Uses]:
    """Without those that allow nothing that another one does not allow."""
    if not 1 < len(alternatives) <= _RIVALS:
        return alternatives
    return {one for one in alternatives if not any(other != one and _includes(other, one) for other in alternatives)}


def _includes(one: Uses, other: Uses) -> bool:
    return all(
        len(mine) == len(theirs) and all(_wider(a, b) for a, b in zip(mine, theirs, strict=True))
        for mine, theirs in zip(one, other, strict=True)
    )


def _wider(one: Use, other: Use) -> bool:
    (ways, rows), (other_ways, other_rows) = one, other
    return ways == other_ways and (rows is None or (other_rows is not None and rows >= other_rows))
