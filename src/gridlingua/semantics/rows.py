"""Rows: what a graph pattern's variables stand for.

A row maps variable names (without ``?``) to terms; rows are a binding set. Both are plain dicts and lists, the very
JSON that a knowledge engine carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gridlingua.semantics.terms import Term

Row = dict[str, Term]
Rows = list[Row]


def distinct(rows: Iterable[Row]) -> Rows:
    """The rows without repetition, in order of first appearance."""
    return list({frozenset(row.items()): row for row in rows}.values())


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
