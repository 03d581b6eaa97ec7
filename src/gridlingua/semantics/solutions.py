"""Graph → rows: the ways in which a graph instantiates a pattern (the solutions of a basic graph pattern, SPARQL 18.3).

The inverse of ``patterns.instantiate`` for graphs that rows mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from gridlingua.errors import MessageError
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.rows import Row, Rows, distinct, join, values_of
from gridlingua.semantics.terms import Term

_MOST_ROWS: Final = 1_000_000

Fits = Callable[[str, Term], bool]
"""Whether a variable may take a term."""


def solutions(pattern: Pattern, graph: Iterable[Triple], fits: Fits | None = None) -> Rows:
    """Every row that the pattern's variables take in a graph, all of them bound; none when some triple of the pattern
    has no place in it. What multiplies the rows least is joined first, so a graph that rows mean costs what they do.

    Raises MessageError when there are more than a million on the way.
    """
    found = candidates(pattern, graph)
    if fits:
        found = [[row for row in rows if all(fits(name, term) for name, term in row.items())] for rows in found]
    waiting = sorted(found, key=len)
    if not waiting or not waiting[0]:
        return []
    rows, factors = waiting.pop(0), _Factors()
    while waiting and rows:
        bound = frozenset(rows[0])
        chosen = min(waiting, key=lambda one: (not one[0].keys() & bound, factors.of(one, bound), len(one)))
        if len(rows) * factors.of(chosen, bound) > _MOST_ROWS:
            raise MessageError(f"the graph fits the pattern in more than {_MOST_ROWS:,} ways")
        waiting = [one for one in waiting if one is not chosen]
        rows = join(rows, chosen)
    return distinct({name: row[name] for name in pattern.variables} for row in rows)


class _Factors:
    """How many rows of a table meet one that binds some of its variables, on average."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, frozenset[str]], float] = {}

    def of(self, table: Rows, bound: frozenset[str]) -> float:
        shared = bound & frozenset(table[0])
        known = self._known.get((id(table), shared))
        if known is None:
            values = values_of(sorted(shared))
            known = self._known[id(table), shared] = len(table) / len({values(row) for row in table})
        return known


def candidates(pattern: Pattern, graph: Iterable[Triple]) -> list[Rows]:
    """For every triple of a pattern what its variables take in the triples of a graph that fit it by themselves."""
    by_predicate: dict[str, list[Triple]] = defaultdict(list)
    everything: list[Triple] = []
    for triple in graph:
        by_predicate[triple[1]].append(triple)
        everything.append(triple)
    return [
        [
            row
            for there in (everything if wanted[1].startswith("?") else by_predicate.get(wanted[1], ()))
            if (row := _fitting(wanted, there)) is not None
        ]
        for wanted in pattern.triples
    ]


def unsaid(pattern: Pattern, rows: Sequence[Row], graph: Iterable[Triple]) -> list[Triple]:
    """The triples of a graph that no row says under a pattern."""
    said = {
        tuple(row[node[1:]] if node.startswith("?") else node for node in triple)
        for triple in pattern.triples
        for row in rows
    }
    return [triple for triple in graph if triple not in said]


def _fitting(wanted: Triple, there: Triple) -> Row | None:
    row: Row = {}
    for node, term in zip(wanted, there, strict=True):
        if node.startswith("?"):
            if row.setdefault(node[1:], term) != term:
                return None
        elif node != term:
            return None
    return row
