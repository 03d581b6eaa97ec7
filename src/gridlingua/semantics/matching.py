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
from typing import Final

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.rows import Row, Rows, values_of
from gridlingua.semantics.terms import Term

Key = Callable[[Term], Hashable]
"""What two terms must share to count as equal: ``str`` for the same term, a value for the same value."""

Pair = tuple[str, str]
"""A node of the target and the node of the source that it corresponds to."""


STEPS_LIMIT: Final = 5_000
PAIRS_LIMIT: Final = 400
"""What a comparison may cost: interchangeable triples have factorially many matches, and as many that just fail."""


class TooInterchangeableError(GridlinguaError):
    """Two patterns correspond in so many ways, or nearly, that to look for them all would never end."""


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
        links = _links(self.target.triples[triple[0]], self.source.triples[triple[1]])
        return any(not _is_variable(a) for a, _ in links) or len({a for a, _ in links}) < len({b for _, b in links})

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
        renames = [(a[1:], b[1:]) for a, b in pairs if _is_variable(a) and _is_variable(b)]
        fixed = [(b[1:], a) for a, b in pairs if not _is_variable(a) and _is_variable(b)]
        demands = [(a[1:], self.key(b)) for a, b in pairs if _is_variable(a) and not _is_variable(b)]
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


def _is_variable(node: str) -> bool:
    return node.startswith("?")


def matches(target: Pattern, source: Pattern, key: Key = str) -> Iterator[Match]:
    """Every way in which ``source`` alone covers all triples of ``target``; it may have more of its own.

    The search takes the triple with the fewest candidates left first, so it fails early; patterns with many
    interchangeable triples have factorially many matches: take as many as you need. Raises TooInterchangeableError
    after so many steps without one.
    """
    candidates = candidate_triples(target, source, key)
    if all(candidates):
        for chosen in _search(target.triples, source.triples, candidates, {}, {}, _Steps()):
            yield Match(target, source, tuple(sorted(chosen)), key)


def candidate_triples(target: Pattern, source: Pattern, key: Key = str) -> list[list[int]]:
    """For every triple of the target the positions of the source's triples that match it by themselves."""
    by_predicate: dict[Hashable, list[int]] = {}
    for position, (_, predicate, _) in enumerate(source.triples):
        by_predicate.setdefault(None if _is_variable(predicate) else key(predicate), []).append(position)

    def found(triple: Triple) -> list[int]:
        if _is_variable(triple[1]):
            positions: Iterable[int] = range(len(source.triples))
        else:
            positions = by_predicate.get(key(triple[1]), []) + by_predicate.get(None, [])
        return [position for position in positions if _triple_matches(triple, source.triples[position], key)]

    return [found(triple) for triple in target.triples]


def _triple_matches(target: Triple, source: Triple, key: Key) -> bool:
    return all(a == b or a[0] == "?" or b[0] == "?" or key(a) == key(b) for a, b in zip(target, source, strict=True))


class _Steps:
    """Counts the steps since the last find."""

    def __init__(self) -> None:
        self._left = STEPS_LIMIT

    def step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooInterchangeableError("two patterns have too many triples that could stand for each other")

    def found(self) -> None:
        self._left = STEPS_LIMIT


def _search(
    target: Sequence[Triple],
    source: Sequence[Triple],
    candidates: Sequence[Sequence[int]],
    there: dict[str, str],
    back: dict[str, str],
    steps: _Steps,
) -> Iterator[list[tuple[int, int]]]:
    """Choose a source triple for every target triple that still has candidates; ``there`` and ``back`` say which
    node corresponds to which so far (None of them: the node met two, inside one triple)."""
    open_triples = {index: options for index, options in enumerate(candidates) if options}
    steps.step()
    if not open_triples:
        steps.found()
        yield []
        return
    index = min(open_triples, key=lambda position: len(open_triples[position]))
    for choice in open_triples[index]:
        pairs = _links(target[index], source[choice])
        now_there, now_back = _extended(there, pairs), _extended(back, [(b, a) for a, b in pairs])
        rest = _narrowed(target, source, open_triples, (index, choice), now_there, now_back)
        if rest is not None:
            for chosen in _search(target, source, rest, now_there, now_back, steps):
                yield [(index, choice), *chosen]


def _links(target: Triple, source: Triple) -> tuple[Pair, ...]:
    """The corresponding nodes of two triples; equal constants correspond to each other and bind nothing else."""
    return tuple((a, b) for a, b in zip(target, source, strict=True) if _is_variable(a) or _is_variable(b))


def _extended(known: dict[str, str], pairs: Iterable[Pair]) -> dict[str, str]:
    """What is known and the pairs of one triple; a node that meets two inside it can meet nothing else: ``""``."""
    new: dict[str, str] = {}
    for node, other in pairs:
        new[node] = other if new.get(node, other) == other else ""
    return known | new


def _narrowed(
    target: Sequence[Triple],
    source: Sequence[Triple],
    open_triples: dict[int, Sequence[int]],
    taken: tuple[int, int],
    there: dict[str, str],
    back: dict[str, str],
) -> list[Sequence[int]] | None:
    """The candidates that still fit after a choice; None if some triple has none left."""

    def fits(ours: Triple, theirs: Triple) -> bool:
        return all(there.get(a, b) == b and back.get(b, a) == a for a, b in _links(ours, theirs))

    rest: list[Sequence[int]] = [()] * len(target)
    for index, options in open_triples.items():
        if index == taken[0]:
            continue
        left = [one for one in options if one != taken[1] and fits(target[index], source[one])]
        if not left:
            return None
        rest[index] = left
    return rest


def partial_matches(target: Pattern, source: Pattern, key: Key = str) -> Iterator[Match]:
    """Every way in which ``source`` stands for some triples of ``target`` and could not stand for more.

    These are the maximal sets of triple matches that belong together; ``matches`` yields those that cover everything.
    Raises TooInterchangeableError after so many steps without one.
    """
    pairs = [(t, s) for t, found in enumerate(candidate_triples(target, source, key)) for s in found]
    if len(pairs) > PAIRS_LIMIT:
        raise TooInterchangeableError("two patterns have too many triples that could stand for each other")
    friends = _friends(target.triples, source.triples, pairs)
    for clique in _cliques(set(), set(range(len(pairs))), set(), friends, _Steps()):
        yield Match(target, source, tuple(sorted(pairs[one] for one in clique)), key)


def _friends(target: Sequence[Triple], source: Sequence[Triple], pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    """For every triple match the others that it belongs together with."""
    maps = []
    for t, s in pairs:
        links = _links(target[t], source[s])
        maps.append((_extended({}, links), _extended({}, [(b, a) for a, b in links])))
    friends: list[set[int]] = [set() for _ in pairs]
    for one, (t, s) in enumerate(pairs):
        for other in range(one):
            if t != pairs[other][0] and s != pairs[other][1] and _agree(maps[one], maps[other]):
                friends[one].add(other)
                friends[other].add(one)
    return friends


_Maps = tuple[dict[str, str], dict[str, str]]


def _agree(one: _Maps, other: _Maps) -> bool:
    return all(
        ours[node] == theirs[node] != ""
        for ours, theirs in zip(one, other, strict=True)
        for node in ours.keys() & theirs
    )


def _cliques(
    chosen: set[int], open_: set[int], done: set[int], friends: Sequence[set[int]], steps: _Steps
) -> Iterator[set[int]]:
    """The maximal cliques (Bron and Kerbosch, with a pivot)."""
    steps.step()
    if not open_:
        if not done and chosen:
            steps.found()
            yield chosen
        return
    pivot = max(open_ | done, key=lambda one: len(friends[one] & open_))
    for one in sorted(open_ - friends[pivot]):
        yield from _cliques(chosen | {one}, open_ & friends[one], done & friends[one], friends, steps)
        open_, done = open_ - {one}, done | {one}


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


def is_ambiguous(pattern: Pattern) -> bool:
    """Whether the pattern matches itself in more than one way."""
    return bool(symmetry(pattern))
