"""What an ask lacks: the triples that nobody brings (contract 4.8)."""

from __future__ import annotations

from typing import Final

from gridlingua.engine.reasoning.covering import Goal
from gridlingua.engine.reasoning.planning import Plan
from gridlingua.semantics.patterns import Triple

Gap = tuple[Triple, ...]
"""Triples that are needed together."""

ALTERNATIVES: Final = 100
LOOKS: Final = 2_000


def find_gaps(plan: Plan) -> tuple[Gap, ...]:
    """The alternatives for what would have to be brought so that the plan's goal could be met; none if nothing lacks.

    A triple that a react or a rule would bring lacks what their bodies lack. At most ``ALTERNATIVES`` are looked for.
    """
    return tuple(_Search(plan).gaps(plan.goal, frozenset())) if plan.goal else ()


class _Search:
    """Goes through a plan; where reacts feed one another in many ways it ends before it has seen all of them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._looks = 0

    def gaps(self, goal: Goal, visited: frozenset[Goal]) -> list[Gap]:
        found: list[Gap] = []
        for position, triple in enumerate(goal.pattern.triples):
            lacking = self._lacking(goal, position, visited | {goal})
            if lacking is not None:
                found = _merged(found, lacking or [(triple,)])
        return found

    def _lacking(self, goal: Goal, position: int, visited: frozenset[Goal]) -> list[Gap] | None:
        """What those lack who would bring a triple, ``[]`` if there are none; None if somebody brings it."""
        found: list[Gap] = []
        for source in goal.sources:
            if not any(position == t for way in source.ways for t, _ in way.triples):
                continue
            needed = self._plan.steps[source.rule.name].goal
            if needed is None:
                return None
            self._looks += 1
            if needed in visited or self._looks > LOOKS:
                continue
            gaps = self.gaps(needed, visited)
            if not gaps:
                return None
            found += [gap for gap in gaps if gap not in found]
        return found[:ALTERNATIVES]


def _merged(gaps: list[Gap], more: list[Gap]) -> list[Gap]:
    if not gaps:
        return more
    return list(dict.fromkeys(_with(gap, other) for gap in gaps for other in more))[:ALTERNATIVES]


def _with(gap: Gap, other: Gap) -> Gap:
    """Both gaps in one: of two triples that stand for the same thing the one that says more."""
    found = list(gap)
    for triple in other:
        says_more = [one for one in gap if _relation(one, triple) == "more"]
        if len(says_more) == 1:
            found = [triple if one == says_more[0] else one for one in found]
        elif not any(_relation(one, triple) == "less" for one in gap):
            found.append(triple)
    return tuple(dict.fromkeys(found))


def _relation(known: Triple, new: Triple) -> str:
    """Whether a triple says ``more`` than another where both could be meant, or ``less`` (or as much); else nothing."""
    pairs = list(zip(known, new, strict=True))
    if any(a[0] != "?" and b[0] != "?" and a != b for a, b in pairs):
        return ""
    more = any(a[0] == "?" and b[0] != "?" for a, b in pairs)
    less = any(a[0] != "?" and b[0] == "?" for a, b in pairs)
    return "" if more and less else "more" if more else "less"
