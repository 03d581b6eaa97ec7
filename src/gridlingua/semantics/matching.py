"""How one graph pattern covers another (knowledge engine contract 4.2).

Two triples match if at every position a variable stands on either side or the constants are equal. Triple matches
belong together if nodes correspond one to one: a node of one pattern meets only one node of the other, constants
included; only inside a single triple may it meet two (``?s p ?s`` against ``?x p ?y``), and the rows decide.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.rows import Row, Rows, values_of
from gridlingua.semantics.search import (
    PAIRS_LIMIT,
    Pair,
    Steps,
    TooInterchangeableError,
    cliques,
    friends_of,
    is_variable,
    links_of,
    search,
)
from gridlingua.semantics.terms import Term

Key = Callable[[Term], Hashable]
"""What two terms must share to count as equal: ``str`` for the same term, a value for the same value."""


@dataclass(frozen=True)
class Match:
    """One way in which triples of ``source`` stand for triples of ``target``.

    ``triples`` pairs their positions: (index in the target, index in the source). A match may cover a part of the
    target; ``matches`` yields those that cover all of it.
    """

    target: Pattern
    source: Pattern
    triples: tuple[tuple[int, int], ...]
    key: Key = field(default=str, compare=False, repr=False)

    @cached_property
    def nodes(self) -> tuple[Pair, ...]:
        """The corresponding nodes (target, source), variables written ``?x``, in the order of the target."""
        theirs = self.source.triples
        ours = self.target.triples
        return tuple(dict.fromkeys(pair for t, s in self.triples for pair in zip(ours[t], theirs[s], strict=True)))

    def part(self, triples: Iterable[tuple[int, int]]) -> Match:
        """The match of some of its triples."""
        return Match(self.target, self.source, tuple(triples), self.key)

    def is_demanding(self, triple: tuple[int, int]) -> bool:
        """Whether not every row of the source stands for a triple: the target has a constant, or one variable, where
        the source has a variable, or two."""
        links = links_of(self.target.triples[triple[0]], self.source.triples[triple[1]])
        return any(not is_variable(a) for a, _ in links) or len({a for a, _ in links}) < len({b for _, b in links})

    def to_source(self, rows: Iterable[Row]) -> Rows:
        """The target's rows as restrictions on the source, in the source's variable names, without repetition.

        Constants of the target become bindings; a row that contradicts a constant of the source is dropped. Rows may
        be partial; the unrestricted row ``{}`` stays one. No rows in, no rows out.
        """
        return self._translate(rows, self.nodes, partial=True)

    def to_target(self, rows: Iterable[Row]) -> Rows:
        """The source's rows in the target's variable names, without repetition.

        Constants of the source become bindings; a row that contradicts a constant of the target, or leaves a variable
        of the match unbound, is dropped.
        """
        return self._translate(rows, tuple((s, t) for t, s in self.nodes), partial=False)

    def _translate(self, rows: Iterable[Row], pairs: Sequence[Pair], *, partial: bool) -> Rows:
        renames = [(a[1:], b[1:]) for a, b in pairs if is_variable(a) and is_variable(b)]
        fixed = [(b[1:], a) for a, b in pairs if not is_variable(a) and is_variable(b)]
        demands = [(a[1:], self.key(b)) for a, b in pairs if is_variable(a) and not is_variable(b)]
        found: dict[tuple[Term | None, ...], Row] = {}
        names = tuple(dict.fromkeys([name for _, name in renames] + [name for name, _ in fixed]))
        unique = len(names) == len(renames) + len(fixed)
        if unique and not partial:
            fitting = [row for row in rows if self._meets(row, demands, partial)] if demands else rows
            return _rename_all(fitting, renames, fixed)
        for row in rows:
            if demands and not self._meets(row, demands, partial):
                continue
            new = _rename(row, renames, fixed) if unique else self._merge(row, renames, fixed)
            if new is not None and (partial or len(new) == len(names)):
                found.setdefault(tuple(map(new.get, names)), new)
        return list(found.values())

    def _meets(self, row: Row, demands: Sequence[tuple[str, Hashable]], partial: bool) -> bool:
        return all(self.key(row[name]) == value if name in row else partial for name, value in demands)

    def _merge(self, row: Row, renames: Sequence[Pair], fixed: Sequence[Pair]) -> Row | None:
        new: Row = {}
        for name, term in [*fixed, *((name, row[old]) for old, name in renames if old in row)]:
            if self.key(new.setdefault(name, term)) != self.key(term):
                return None
        return new


def _rename(row: Row, renames: Sequence[Pair], fixed: Sequence[Pair]) -> Row:
    new = {name: row[old] for old, name in renames if old in row}
    new.update(fixed)
    return new


def _rename_all(rows: Iterable[Row], renames: Sequence[Pair], fixed: Sequence[Pair]) -> Rows:
    """Rows under new names, without repetition; one that leaves an old name open is dropped. Answers are long: the
    values go from row to row without a look at each."""
    values_in, names, constants = values_of([old for old, _ in renames]), [name for _, name in renames], dict(fixed)
    found: dict[tuple[Term, ...], None] = {}
    for row in rows:
        try:
            found[values_in(row)] = None
        except KeyError:
            continue
    return [dict(zip(names, values, strict=True)) | constants for values in found]


def matches(target: Pattern, source: Pattern, key: Key = str) -> Iterator[Match]:
    """Every way in which ``source`` alone covers all triples of ``target``; it may have more of its own.

    The search takes the triple with the fewest candidates left first, so it fails early; patterns with many
    interchangeable triples have factorially many matches: take as many as you need. Raises TooInterchangeableError
    after so many steps without one.
    """
    candidates = candidate_triples(target, source, key)
    if all(candidates):
        for chosen in search(target.triples, source.triples, candidates, {}, {}, Steps()):
            yield Match(target, source, tuple(sorted(chosen)), key)


def candidate_triples(target: Pattern, source: Pattern, key: Key = str) -> list[list[int]]:
    """For every triple of the target the positions of the source's triples that match it by themselves."""
    by_predicate: dict[Hashable, list[int]] = {}
    for position, (_, predicate, _) in enumerate(source.triples):
        by_predicate.setdefault(None if is_variable(predicate) else key(predicate), []).append(position)

    def found(triple: Triple) -> list[int]:
        if is_variable(triple[1]):
            positions: Iterable[int] = range(len(source.triples))
        else:
            positions = by_predicate.get(key(triple[1]), []) + by_predicate.get(None, [])
        return [position for position in positions if _triple_matches(triple, source.triples[position], key)]

    return [found(triple) for triple in target.triples]


def _triple_matches(target: Triple, source: Triple, key: Key) -> bool:
    return all(a == b or a[0] == "?" or b[0] == "?" or key(a) == key(b) for a, b in zip(target, source, strict=True))


def partial_matches(target: Pattern, source: Pattern, key: Key = str) -> Iterator[Match]:
    """Every way in which ``source`` stands for some triples of ``target`` and could not stand for more.

    These are the maximal sets of triple matches that belong together; ``matches`` yields those that cover everything.
    Raises TooInterchangeableError after so many steps without one.
    """
    pairs = [(t, s) for t, found in enumerate(candidate_triples(target, source, key)) for s in found]
    if len(pairs) > PAIRS_LIMIT:
        raise TooInterchangeableError("two patterns have too many triples that could stand for each other")
    friends = friends_of(target.triples, source.triples, pairs)
    for clique in cliques(set(), set(range(len(pairs))), set(), friends, Steps()):
        yield Match(target, source, tuple(sorted(pairs[one] for one in clique)), key)


def symmetry(pattern: Pattern) -> dict[str, str]:
    """The nodes that another match of the pattern on itself puts in each other's place; empty if there is none.

    Who asks with a symmetric pattern cannot tell which variable a peer meant: its own pattern comes back twice, with
    these values exchanged.
    """
    with contextlib.suppress(TooInterchangeableError):
        for match in islice(matches(pattern, pattern), 2):
            moved = {target: source for target, source in match.nodes if target != source}
            if moved:
                return moved
    return {}
