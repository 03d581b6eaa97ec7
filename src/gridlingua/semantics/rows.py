"""Rows: what a graph pattern's variables stand for.

A row maps variable names (without ``?``) to terms; rows are a binding set. Both are plain dicts and lists, the very
JSON that a knowledge engine carries.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter

from gridlingua.semantics.terms import Term

Row = dict[str, Term]
Rows = list[Row]


def values_of(names: Sequence[str]) -> Callable[[Row], tuple[Term, ...]]:
    """A function that takes the values of these names, in this order, out of a row; it raises KeyError if one has
    none."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        name = names[0]
        return lambda row: (row[name],)
    return lambda _: ()


def distinct(rows: Iterable[Row]) -> Rows:
    """The rows without repetition, in order of first appearance."""
    given = list(rows)
    if len(given) < 2:
        return given
    found: dict[Hashable, Row] = {}
    size, values = len(given[0]), values_of(tuple(given[0]))
    for row in given:
        try:  # most binding sets bind the same names in every row
            found.setdefault(values(row) if len(row) == size else frozenset(row.items()), row)
        except KeyError:
            found.setdefault(frozenset(row.items()), row)
    return list(found.values())


def project(rows: Iterable[Row], variables: Iterable[str]) -> Rows:
    """The distinct rows over some of their variables."""
    wanted = tuple(variables)
    return distinct({name: row[name] for name in wanted if name in row} for row in rows)


def join(left: Sequence[Row], right: Sequence[Row]) -> Rows:
    """The natural join: every pair that agrees on the variables shared, merged (a hash join on those)."""
    if not left or not right:
        return []
    shared = tuple(sorted(left[0].keys() & right[0].keys()))
    by_key: dict[tuple[Term, ...], Rows] = {}
    for row in right:
        by_key.setdefault(tuple(row[name] for name in shared), []).append(row)
    return [{**other, **row} for row in left for other in by_key.get(tuple(row[name] for name in shared), ())]
