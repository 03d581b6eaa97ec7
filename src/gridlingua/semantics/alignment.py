"""Two graph patterns side by side: which triple stands beside which, whether they match or not.

``matches`` knows only patterns that cover each other. Here the best that two patterns can do is found, also in other
words: a constant may be written for another one, and a triple may be turned round where a property has an inverse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from gridlingua.semantics.matching import Key, candidate_triples, matches
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.search import PAIRS_LIMIT, Pair, TooInterchangeableError, friends_of, is_variable, links_of
from gridlingua.semantics.terms import RDF_TYPE, Term

Positions = tuple[int, int]
"""The position of a triple in the left pattern and of one in the right."""

_STARTS: Final = 40


@dataclass(frozen=True)
class Words:
    """What to write in a pattern so that another one reads it: ``constants`` for constants, and ``inverses`` for
    predicates whose subject and object then trade places."""

    constants: Mapping[Term, Term] = field(default_factory=dict)
    inverses: Mapping[Term, Term] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.constants or self.inverses)

    def put_into(self, pattern: Pattern) -> Pattern:
        """The pattern in these words; every triple keeps its position."""
        return Pattern(tuple(self._put(triple) for triple in pattern.triples), pattern.prefixes)

    def _put(self, triple: Triple) -> Triple:
        subject, predicate, value = (self.constants.get(node, node) for node in triple)
        if turned := self.inverses.get(triple[1]):
            return value, turned, subject
        return subject, predicate, value


@dataclass(frozen=True)
class Alignment:
    """Two patterns triple by triple; ``said`` is the right one in the words of the left.

    ``together`` correspond and fit one another. ``apart`` would correspond but for a node that stands for two, or two
    for one. ``differing`` stand beside each other, and a constant differs. Nothing stands beside the triples at
    ``left_alone`` and ``right_alone``.
    """

    left: Pattern
    right: Pattern
    said: Pattern
    together: tuple[Positions, ...]
    apart: tuple[Positions, ...] = ()
    differing: tuple[Positions, ...] = ()
    words: Words = field(default_factory=Words)

    def beside(self, position: int) -> Triple:
        """A triple of the right in its own words, turned round where ``said`` turns it."""
        subject, predicate, value = self.right.triples[position]
        return (value, predicate, subject) if predicate in self.words.inverses else (subject, predicate, value)

    @cached_property
    def nodes(self) -> dict[str, str]:
        """Which node of the right stands for a variable, or for a constant in its place, of the left; in order."""
        return dict(_links(self.left, self.said, self.together))

    @property
    def left_alone(self) -> tuple[int, ...]:
        return self._alone(0, self.left)

    @property
    def right_alone(self) -> tuple[int, ...]:
        return self._alone(1, self.right)

    @property
    def is_whole(self) -> bool:
        """Whether every triple of both corresponds to one of the other."""
        return len(self.together) == len(self.left.triples) == len(self.right.triples)

    def _alone(self, side: int, pattern: Pattern) -> tuple[int, ...]:
        paired = {pair[side] for pair in (*self.together, *self.apart, *self.differing)}
        return tuple(position for position in range(len(pattern.triples)) if position not in paired)


def align(left: Pattern, right: Pattern, words: Words | None = None, key: Key = str) -> Alignment:
    """The best alignment there is; where triples are interchangeable, one of the best. ``words`` are put into the
    right pattern first."""
    said = words.put_into(right) if words else right
    together = _whole(left, said, key) or _largest(left, said, key)
    apart, differing = _beside(left, said, together, key)
    return Alignment(left, right, said, together, apart, differing, words or Words())


def _links(left: Pattern, right: Pattern, pairs: Collection[Positions]) -> Iterator[Pair]:
    for t, s in sorted(pairs):
        yield from links_of(left.triples[t], right.triples[s])


def _whole(left: Pattern, right: Pattern, key: Key) -> tuple[Positions, ...]:
    """The alignment of patterns one of which covers the other; nothing otherwise."""
    with suppress(TooInterchangeableError):
        if found := next(matches(left, right, key), None):
            return found.triples
    with suppress(TooInterchangeableError):
        if found := next(matches(right, left, key), None):
            return tuple(sorted((s, t) for t, s in found.triples))
    return ()


def _largest(left: Pattern, right: Pattern, key: Key) -> tuple[Positions, ...]:
    """A set of triple pairs that fit one another, grown from many starts: as large as any that was found."""
    pairs = [(t, s) for t, found in enumerate(candidate_triples(left, right, key)) for s in found]
    weights = {pair: _constants_in_common(left.triples[pair[0]], right.triples[pair[1]], key) for pair in pairs}
    pairs = sorted(pairs, key=lambda pair: (-weights[pair], pair))[:PAIRS_LIMIT]
    friends = friends_of(left.triples, right.triples, pairs)
    grown = (_grown(start, pairs, friends, left, right, weights) for start in range(min(len(pairs), _STARTS)))
    best = max(grown, key=lambda found: (len(found), sum(weights[one] for one in found)), default=())
    return tuple(sorted(best))


def _constants_in_common(left: Triple, right: Triple, key: Key) -> int:
    return sum(not is_variable(a) and not is_variable(b) and key(a) == key(b) for a, b in zip(left, right, strict=True))


def _grown(
    start: int,
    pairs: Sequence[Positions],
    friends: Sequence[set[int]],
    left: Pattern,
    right: Pattern,
    weights: Mapping[Positions, int],
) -> tuple[Positions, ...]:
    """Take what hangs together with what was taken, and of that what leaves most open."""
    chosen, open_ = [start], set(friends[start])
    known = set(_links(left, right, [pairs[start]]))
    while open_:

        def gain(one: int) -> tuple[int, int, int, int]:
            links = links_of(left.triples[pairs[one][0]], right.triples[pairs[one][1]])
            return (
                sum(link in known for link in links),
                weights[pairs[one]],
                len(friends[one] & open_),  # noqa: B023
                -one,
            )

        best = max(open_, key=gain)
        chosen.append(best)
        known.update(_links(left, right, [pairs[best]]))
        open_ &= friends[best]
    return tuple(pairs[one] for one in chosen)


def _beside(
    left: Pattern, right: Pattern, together: Sequence[Positions], key: Key
) -> tuple[tuple[Positions, ...], tuple[Positions, ...]]:
    """Of the triples that correspond to nothing, those that stand beside each other: apart, and differing."""
    links = tuple(_links(left, right, together))
    there, back = dict(links), {b: a for a, b in links}
    open_left = [t for t in range(len(left.triples)) if t not in {pair[0] for pair in together}]
    open_right = [s for s in range(len(right.triples)) if s not in {pair[1] for pair in together}]
    scored = [
        (score, (t, s))
        for t in open_left
        for s in open_right
        if (score := _nearness(left.triples[t], right.triples[s], there, back, key))
    ]
    apart: list[Positions] = []
    differing: list[Positions] = []
    for _, (t, s) in sorted(scored, key=lambda one: (-one[0], one[1])):
        if t in open_left and s in open_right:
            open_left.remove(t)
            open_right.remove(s)
            alike = any(candidate_triples(Pattern((left.triples[t],)), Pattern((right.triples[s],)), key))
            (apart if alike else differing).append((t, s))
    return tuple(sorted(apart)), tuple(sorted(differing))


def _nearness(left: Triple, right: Triple, there: Mapping[str, str], back: Mapping[str, str], key: Key) -> int:
    """How surely two triples stand beside each other, 0: not at all."""
    subject, predicate, value = (_meets(a, b, there, back, key) for a, b in zip(left, right, strict=True))
    if predicate == 2:
        if key(left[1]) == key(RDF_TYPE) and subject < 2 and there:  # everything is of some class
            return 0
        return 1 + 2 * subject + value if subject or value else 0
    if subject < 2 or is_variable(left[1]) or is_variable(right[1]):
        return 0
    return 2 if value == 2 else int(value == 1 and left[2] == right[2])  # authors call alike what is alike


def _meets(left: str, right: str, there: Mapping[str, str], back: Mapping[str, str], key: Key) -> int:
    """2: the same constant, or nodes that stand for each other; 1: nodes that stand for nothing so far; 0 otherwise."""
    if not is_variable(left) and not is_variable(right):
        return 2 if key(left) == key(right) else 0
    if left in there or right in back:
        return 2 if there.get(left) == right else 0
    return 1
