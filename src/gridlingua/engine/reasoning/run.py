"""A plan while it is carried out: which rule is due with which rows, until nothing is. Does no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from gridlingua.engine.bindings import Restriction
from gridlingua.engine.reasoning.covering import Goal
from gridlingua.engine.reasoning.joining import solve
from gridlingua.engine.reasoning.planning import POSTED, Plan, Step
from gridlingua.engine.reasoning.tables import Compatibility
from gridlingua.semantics.matching import Key
from gridlingua.semantics.rows import Row, Rows, distinct, project

FIRINGS_LIMIT: Final = 100
"""How often a rule is used in one run: reacts that make new things of what they made would never end."""


@dataclass(eq=False)
class _Work:
    """A step: what its rule was given, what its head brought, and whether something new may have come for it."""

    step: Step
    rows: Rows = field(default_factory=list)
    given: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    firings: int = 0
    news: bool = True
    running: bool = False
    finished: bool = False


class Run:
    """One ask or post over a plan.

    ``rows`` are asked with, or posted. ``consulted``: what an answer is asked with that a post needs. ``merges``:
    whether rows that are asked with are sent merged too where they do not contradict each other.
    """

    def __init__(
        self, plan: Plan, rows: Rows, key: Key, *, consulted: Sequence[Row] = (), merges: bool = False
    ) -> None:
        self.plan = plan
        self._key = key
        self._rows = rows
        self._consulted = list(consulted)
        self._merges = merges
        self._works = {name: _Work(step) for name, step in plan.steps.items()}
        self._filters: dict[str, Rows] = {}
        posted = self._works.get(POSTED)
        self._asks = posted is None
        if posted:
            wanted = frozenset(posted.step.rule.head.variables if posted.step.rule.head else ())
            posted.rows = [row for row in rows if row.keys() == wanted]
            posted.finished = True
        else:
            self._restrict()

    @property
    def is_complete(self) -> bool:
        return all(work.finished for work in self._works.values())

    def due(self) -> list[tuple[Step, Rows]]:
        """The interactions to be contacted now, with the rows for each; tell ``ended`` what came of it."""
        found: list[tuple[Step, Rows]] = []
        while self._move(found):
            pass
        return found

    def ended(self, name: str, rows: Rows) -> None:
        """What a rule brought."""
        work = self._works[name]
        work.running = False
        before = len(work.rows)
        work.rows = distinct([*work.rows, *rows]) if before else rows
        if len(work.rows) > before:
            for taker, _, _ in self.plan.uses[name]:
                if taker:
                    self._works[taker].news = True

    def result(self) -> Rows:
        """The rows of the goal: for an ask those that were asked for."""
        goal = self.plan.goal
        if goal is None:
            return []
        found = solve(goal, self._brought(goal), self._key, POSTED)
        return Restriction.of(self._rows, self._key).filter(found) if self._asks else found

    def _move(self, found: list[tuple[Step, Rows]]) -> bool:
        moved = False
        for name, work in self._works.items():
            if work.finished or work.running or not work.news or not self._is_ready(name):
                continue
            work.news = False
            moved = True
            rows = self._input(name, work)
            if rows is not None:
                self._fire(name, work, rows, found)
        return self._close() or moved

    def _fire(self, name: str, work: _Work, rows: Rows, found: list[tuple[Step, Rows]]) -> None:
        work.running = True
        work.firings += 1
        rule = work.step.rule
        if rule.compute is not None and rule.entry is None:
            self.ended(name, rule.compute(rows))
        else:
            found.append((work.step, rows))

    def _close(self) -> bool:
        """Finish the loops in which nothing more can come."""
        closed = False
        for name, work in self._works.items():
            loop = self.plan.loops[name]
            if not work.finished and all(self._is_idle(other) for other in loop):
                closed = True
                for other in loop:
                    self._works[other].finished = True
        return closed

    def _is_idle(self, name: str) -> bool:
        work = self._works[name]
        return not work.running and not work.news and self._is_ready(name)

    def _is_ready(self, name: str) -> bool:
        """Whether all has come that a step takes, but for what comes of itself."""
        return all(self._works[other].finished for other in self.plan.needs(name) - self.plan.loops[name])

    def _input(self, name: str, work: _Work) -> Rows | None:
        """What a rule is to be given that it has not had; None if nothing."""
        goal = work.step.goal
        if goal is None:
            return self._wanted(name) if work.firings == 0 else None
        rows = solve(goal, self._brought(goal), self._key, POSTED)
        if self._filters.get(name):
            rows = list(filter(Compatibility(self._filters[name], self._key), rows))
        new = [row for row in rows if frozenset(row.items()) not in work.given]
        if not new or work.firings >= FIRINGS_LIMIT:
            return None
        work.given.update(frozenset(row.items()) for row in new)
        return new

    def _wanted(self, name: str) -> Rows:
        """What a rule without a body is asked for."""
        if not self._asks:
            sinks = any(taker and self._works[taker].step.rule.head is None for taker, _, _ in self.plan.uses[name])
            return [{}] if sinks else self._consulted
        rows = self._filters[name]
        return distinct([*rows, *_merged(rows, self._key)]) if self._merges else rows

    def _brought(self, goal: Goal) -> dict[str, Rows]:
        return {source.rule.name: self._works[source.rule.name].rows for source in goal.sources}

    def _restrict(self) -> None:
        """Say what is asked for: from the goal to who brings it, and on to who brings what these need."""
        self._filters[""] = self._rows
        queue = [""]
        while queue:
            taker = queue.pop()
            goal = self.plan.steps[taker].goal if taker else self.plan.goal
            for source in goal.sources if goal else ():
                name = source.rule.name
                wanted = goal.restrictions(source, self._filters[taker]) if goal else []
                if source.rule.body is not None:
                    wanted = project(wanted, source.rule.body.variables)
                before = self._filters.get(name)
                after = distinct([*(before or ()), *wanted])
                if before is None or len(after) > len(before):
                    self._filters[name] = after
                    queue.append(name)


def _merged(rows: Rows, key: Key) -> Iterator[Row]:
    for place, one in enumerate(rows):
        for other in rows[:place]:
            if all(key(one[name]) == key(other[name]) for name in one.keys() & other.keys()):
                yield {**other, **one}
