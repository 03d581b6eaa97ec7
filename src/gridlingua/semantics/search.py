"""The search for the ways in which two graph patterns correspond (knowledge engine contract 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.patterns import Triple

Pair = tuple[str, str]
"""A node of the target and the node of the source that it corresponds to."""

STEPS_LIMIT: Final = 5_000
PAIRS_LIMIT: Final = 400
"""What a comparison may cost: interchangeable triples have factorially many matches, and as many that just fail."""


class TooInterchangeableError(GridlinguaError):
    """Two patterns correspond in so many ways, or nearly, that to look for them all would never end."""


class Steps:
    """Counts the steps since the last find."""

    def __init__(self) -> None:
        self._left = STEPS_LIMIT

    def step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooInterchangeableError("two patterns have too many triples that could stand for each other")

    def found(self) -> None:
        self._left = STEPS_LIMIT


def search(
    target: Sequence[Triple],
    source: Sequence[Triple],
    candidates: Sequence[Sequence[int]],
    there: dict[str, str],
    back: dict[str, str],
    steps: Steps,
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
        pairs = links_of(target[index], source[choice])
        now_there, now_back = _extended(there, pairs), _extended(back, [(b, a) for a, b in pairs])
        rest = _narrowed(target, source, open_triples, (index, choice), now_there, now_back)
        if rest is not None:
            for chosen in search(target, source, rest, now_there, now_back, steps):
                yield [(index, choice), *chosen]


def is_variable(node: str) -> bool:
    return node.startswith("?")


def links_of(target: Triple, source: Triple) -> tuple[Pair, ...]:
    """The corresponding nodes of two triples; equal constants correspond to each other and bind nothing else."""
    return tuple((a, b) for a, b in zip(target, source, strict=True) if is_variable(a) or is_variable(b))


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
        return all(there.get(a, b) == b and back.get(b, a) == a for a, b in links_of(ours, theirs))

    rest: list[Sequence[int]] = [()] * len(target)
    for index, options in open_triples.items():
        if index == taken[0]:
            continue
        left = [one for one in options if one != taken[1] and fits(target[index], source[one])]
        if not left:
            return None
        rest[index] = left
    return rest


def friends_of(target: Sequence[Triple], source: Sequence[Triple], pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    """For every triple match the others that it belongs together with."""
    maps = []
    for t, s in pairs:
        links = links_of(target[t], source[s])
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


def cliques(
    chosen: set[int], open_: set[int], done: set[int], friends: Sequence[set[int]], steps: Steps
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
        yield from cliques(chosen | {one}, open_ & friends[one], done & friends[one], friends, steps)
        open_, done = open_ - {one}, done | {one}
