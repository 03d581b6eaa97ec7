"""How many combinations of triples a stock knowledge engine compares at reasoner level 2, of a pattern and its like.

It goes through the triples of the pattern in no certain order and keeps every way in which those so far correspond to
triples of the other party's pattern. Of an ask it keeps only ways that cover all triples so far; of what is posted, and
of the pattern of its results, also every part of a way: twice as many with every triple, look-alikes or not.

The numbers are estimates: some walks through the tree of choices, each weighed by how many choices it had (D. E. Knuth,
Estimating the efficiency of backtrack programs, 1975). They are the same in every run.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from random import Random
from typing import Final

from gridlingua.semantics.matching import candidate_triples
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.search import links_of

_WALKS: Final = 24

_Choice = tuple[tuple[str, str], ...]
"""The nodes that correspond when one triple stands for another."""


def combinations(pattern: Pattern, *, parts: bool, enough: float) -> float:
    """About how many ways are kept at once; with ``parts`` as of a post. What is surely not above ``enough`` is not
    worked out more closely: the number is then a bound."""
    choices = _choices(pattern)
    most = math.prod(len(one) + parts for one in choices)
    least = 2.0 ** len(choices) if parts else 1.0
    if most <= enough:
        return float(most)
    return least if least > enough else _estimate(choices, parts)


def look_alikes(pattern: Pattern) -> list[tuple[Triple, int]]:
    """The triples that several stand for, one of each kind, with how many they are; most first."""
    kinds = Counter(_kind(triple) for triple in pattern.triples)
    return [(kind, number) for kind, number in kinds.most_common() if number > 1]


def _kind(triple: Triple) -> Triple:
    s, p, o = ("?" if node.startswith("?") else node for node in triple)
    return s, p, o


def _choices(pattern: Pattern) -> list[list[_Choice]]:
    triples = pattern.triples
    found = candidate_triples(pattern, pattern)
    return [[links_of(triples[at], triples[one]) for one in others] for at, others in enumerate(found)]


def _estimate(choices: Sequence[Sequence[_Choice]], parts: bool) -> float:
    random = Random(0)
    walks = [_walk(choices, parts, random) for _ in range(_WALKS)]
    widths = reduce(lambda sums, walk: [a + b for a, b in zip(sums, walk, strict=True)], walks)
    return max(widths) / _WALKS


def _walk(choices: Sequence[Sequence[_Choice]], parts: bool, random: Random) -> list[float]:
    """How many ways there are after each triple, judged by one walk through them in some order."""
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    weight, widths = 1.0, []
    for at in random.sample(range(len(choices)), len(choices)):
        fitting = [one for one in choices[at] if all(there.get(a, b) == b and back.get(b, a) == a for a, b in one)]
        weight *= len(fitting) + parts
        widths.append(weight)
        chosen = random.randrange(len(fitting) + parts) if weight else 0
        if chosen < len(fitting):
            for a, b in fitting[chosen]:
                there[a], back[b] = b, a
    return widths
