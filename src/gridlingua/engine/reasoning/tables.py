"""What a source brought, in the variables of the goal that it serves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from gridlingua.engine.reasoning.covering import Source
from gridlingua.semantics.matching import Key, Match
from gridlingua.semantics.rows import Row, Rows


@dataclass(frozen=True, eq=False)
class Table:
    """A source's rows in the goal's variables, once for every way.

    ``rows[n]`` came in the way ``ways[n]`` and stands for the triples ``covers[n]`` (a bit set).
    """

    source: Source
    rows: Rows
    ways: Sequence[int]
    covers: Sequence[int]

    @classmethod
    def of(cls, source: Source, rows: Rows) -> Table:
        found = [(row, n, covers) for n, way in enumerate(source.ways) for row, covers in _translated(way, rows)]
        return cls(source, [row for row, _, _ in found], [n for _, n, _ in found], [bits for _, _, bits in found])

    def filtered(self, fits: Callable[[Row], bool]) -> Table:
        kept = [n for n, row in enumerate(self.rows) if fits(row)]
        rows, ways, covers = ([column[n] for n in kept] for column in (self.rows, self.ways, self.covers))
        return Table(self.source, rows, ways, covers)  # type: ignore[arg-type]

    def bringing(self, triple: int, *, apart: bool) -> tuple[int, ...]:
        """The ways that bring a triple, as a bit set; ``apart``: one for each triple of the source that may be it."""
        found: dict[int, int] = {}
        for n, way in enumerate(self.source.ways):
            for target, one in way.triples:
                if target == triple:
                    name = one if apart else 0
                    found[name] = found.get(name, 0) | 1 << n
        return tuple(found.values())


def _translated(way: Match, rows: Rows) -> Iterator[tuple[Row, int]]:
    """Rows in the target's variables, and the triples that each stands for: a row that a constant contradicts may
    still stand for the rest, if there is any."""
    demanding = [(pair, way.part([pair])) for pair in way.triples if way.is_demanding(pair)]
    groups: dict[tuple[tuple[int, int], ...], Rows] = {}
    for row in rows:
        failing = tuple(pair for pair, part in demanding if not part.to_target([row]))
        groups.setdefault(failing, []).append(row)
    for failing, members in groups.items():
        part = way.part([pair for pair in way.triples if pair not in failing])
        bits = sum(1 << target for target, _ in part.triples)
        for row in part.to_target(members) if bits else ():
            yield row, bits


class Compatibility:
    """Whether a row agrees, on the variables they share, with at least one of some rows."""

    def __init__(self, rows: Iterable[Row], key: Key) -> None:
        self._key = key
        self._groups: dict[frozenset[str], Rows] = {}
        for row in rows:
            self._groups.setdefault(frozenset(row), []).append(row)
        self._indexes: dict[tuple[frozenset[str], tuple[str, ...]], set[tuple[Hashable, ...]]] = {}

    def __call__(self, row: Row) -> bool:
        return any(self._agrees(row, names, members) for names, members in self._groups.items())

    def _agrees(self, row: Row, names: frozenset[str], members: Rows) -> bool:
        shared = tuple(sorted(names & row.keys()))
        known = self._indexes.get((names, shared))
        if known is None:
            known = {tuple([self._key(member[name]) for name in shared]) for member in members}
            self._indexes[names, shared] = known
        return tuple([self._key(row[name]) for name in shared]) in known
