"""A plan while it is carried out: which rule is due with which rows, until nothing is. Does no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from gridlingua.engine.bindings import Restriction
from gridlingua.engine.reasoning.covering import Goal
from gridlingua.engine.reasoning.joining import solve
from gridlingua.engine.reasoning.planning import POSTED, RESULT, Plan, Step
from gridlingua.engine.reasoning.tables import Compatibility
from gridlingua.semantics.matching import Key
from gridlingua.semantics.rows import Row, Rows, distinct, project

FIRINGS_LIMIT: Final = 100
"""How often a react is used in one run: one that makes new things of what it made would never end. Rules make no new
terms, they end by themselves."""

RESTRICTIONS_LIMIT: Final = 1_000
"""How many rows may say what is asked of one rule; beyond, it is asked without restriction and the rows decide."""


@dataclass(eq=False)
class _Work:
    """A step: what its rule was given, what its head brought, and for how many others it waits."""

    step: Step
    waits_for: int
    rows: Rows = field(default_factory=list)
    given: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)
    firings: int = 0
    is_running: bool = False
    is_finished: bool = False


class Run:
    """One ask or post over a plan.

    ``rows`` are asked with, or posted. ``consulted``: what an answer is asked with that a post needs. ``merges``:
    whether rows that are asked with are sent merged too where they do not contradict each other. ``cut_off`` names
    the reacts that would have gone on for ever.
    """

    def __init__(
        self, plan: Plan, rows: Rows, key: Key, *, consulted: Sequence[Row] = (), merges: bool = False
    ) -> None:
        self.plan = plan
        self.cut_off: list[str] = []
        self._key = key
        self._rows = rows
        self._consulted = list(consulted)
        self._merges = merges
        self._works = {name: _Work(step, len(plan.awaited[name])) for name, step in plan.steps.items()}
        self._fresh = dict.fromkeys(self._works)
        self._idle: dict[str, None] = {}
        self._unfinished = len(self._works)
        self._filters: dict[str, Rows] = {}
        posted = self._works.get(POSTED)
        self._asks = posted is None
        if posted:
            wanted = frozenset(posted.step.rule.head.variables if posted.step.rule.head else ())
            posted.rows = [row for row in rows if row.keys() == wanted]
            del self._fresh[POSTED]
            self._finish(POSTED)
        else:
            self._restrict()

    @property
    def is_complete(self) -> bool:
        return not self._unfinished

    def due(self) -> list[tuple[Step, Rows]]:
        """The interactions to be contacted now, with the rows for each; tell ``ended`` what came of it."""
        found: list[tuple[Step, Rows]] = []
        while self._move(found) or self._close():
            pass
        return found

    def ended(self, name: str, rows: Rows) -> None:
        """What a rule brought."""
        work = self._works[name]
        work.is_running = False
        self._idle[name] = None
        before = len(work.rows)
        work.rows = distinct([*work.rows, *rows]) if before else rows
        if len(work.rows) > before:
            for taker, _, _ in self.plan.uses[name]:
                if taker != RESULT:
                    self._fresh[taker] = None

    def result(self) -> Rows:
        """The rows of the goal: for an ask those that were asked for. Raises TooManyCombinationsError."""
        goal = self.plan.goal
        if goal is None:
            return []
        found = solve(goal, self._brought(goal), self._key, POSTED)
        return Restriction.of(self._rows, self._key).filter(found) if self._asks else found

    def _move(self, found: list[tuple[Step, Rows]]) -> bool:
        """Use every rule for which something new has come, and for which all has come that it waits for."""
        moved = False
        for name in [one for one in self._fresh if not self._works[one].waits_for]:
            work = self._works[name]
            if work.is_running:
                continue
            del self._fresh[name]
            moved = True
            rows = self._input(name, work)
            if rows is None:
                self._idle[name] = None
            else:
                self._fire(name, work, rows, found)
        return moved

    def _fire(self, name: str, work: _Work, rows: Rows, found: list[tuple[Step, Rows]]) -> None:
        work.is_running = True
        work.firings += 1
        self._idle.pop(name, None)
        rule = work.step.rule
        if rule.compute is not None and rule.entry is None:
            self.ended(name, rule.compute(rows))
        else:
            found.append((work.step, rows))

    def _close(self) -> bool:
        """Finish the loops in which nothing more can come."""
        closed = False
        for name in list(self._idle):
            if not self._works[name].is_finished and all(self._is_idle(other) for other in self.plan.loops[name]):
                closed = True
                for other in self.plan.loops[name]:
                    self._finish(other)
        return closed

    def _finish(self, name: str) -> None:
        work = self._works[name]
        work.is_finished = True
        self._unfinished -= 1
        self._idle.pop(name, None)
        for taker in self.plan.awaiting[name]:
            self._works[taker].waits_for -= 1

    def _is_idle(self, name: str) -> bool:
        work = self._works[name]
        return not work.is_running and not work.waits_for and name not in self._fresh

    def _input(self, name: str, work: _Work) -> Rows | None:
        """What a rule is to be given that it has not had; None if nothing."""
        goal = work.step.goal
        if goal is None:
            return self._wanted(name) if work.firings == 0 else None
        rows = self._solved(goal, work)
        if self._filters.get(name):
            rows = list(filter(Compatibility(self._filters[name], self._key), rows))
        new = [row for row in rows if frozenset(row.items()) not in work.given]
        if not new:
            return None
        if work.firings >= FIRINGS_LIMIT and work.step.rule.entry is not None:
            self.cut_off.append(name)
            return None
        work.given.update(frozenset(row.items()) for row in new)
        return new

    def _solved(self, goal: Goal, work: _Work) -> Rows:
        """The rows of a body, or at least those that have not been there the last time: of what came since."""
        brought = self._brought(goal)
        before, work.seen = work.seen, {name: len(rows) for name, rows in brought.items()}
        if not before or goal.reuse:
            return solve(goal, brought, self._key, POSTED)
        since = [(name, rows[before[name] :]) for name, rows in brought.items() if len(rows) > before[name]]
        return distinct(row for name, new in since for row in solve(goal, brought | {name: new}, self._key, POSTED))

    def _wanted(self, name: str) -> Rows:
        """What a rule without a body is asked for."""
        if not self._asks:
            # Runtimes 1.4.0 and 1.5.0 ask with the empty row for a react that brings nothing, whatever else they do.
            takers = [taker for taker, _, _ in self.plan.uses[name] if taker != RESULT]
            return [{}] if any(self._works[one].step.rule.head is None for one in takers) else self._consulted
        rows = self._filters[name]
        return distinct([*rows, *_merged(rows, self._key)]) if self._merges else rows

    def _brought(self, goal: Goal) -> dict[str, Rows]:
        return {source.rule.name: self._works[source.rule.name].rows for source in goal.sources}

    def _restrict(self) -> None:
        """Say what is asked for: from the goal to who brings it, and on to who brings what these need."""
        self._filters[RESULT] = self._rows
        too_many: set[str] = set()
        queue = [RESULT]
        while queue:
            taker = queue.pop()
            goal = self.plan.goal if taker == RESULT else self.plan.steps[taker].goal
            for source in goal.sources if goal else ():
                name = source.rule.name
                wanted = goal.restrictions(source, self._filters[taker]) if goal else []
                if source.rule.body is not None:
                    wanted = project(wanted, source.rule.body.variables)
                before = self._filters.get(name)
                after = distinct([*(before or ()), *wanted])
                if (before is not None and len(after) == len(before)) or name in too_many:
                    continue
                if len(after) > max(RESTRICTIONS_LIMIT, 2 * len(self._rows)):
                    too_many.add(name)
                    after = [{}]
                self._filters[name] = after
                queue.append(name)


def _merged(rows: Rows, key: Key) -> Iterator[Row]:
    for place, one in enumerate(rows):
        for other in rows[:place]:
            if all(key(one[name]) == key(other[name]) for name in one.keys() & other.keys()):
                yield {**other, **one}
