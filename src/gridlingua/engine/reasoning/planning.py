"""Who is contacted for an ask or a post, and whose rows go where: a plan, kept while the network does not change.

An ask reasons backwards from its pattern (contract 4.4), a post forwards from what is posted (contract 4.5). The plan
says nothing of rows; ``Round`` carries it out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from gridlingua.engine.protocol import Interaction
from gridlingua.engine.reasoning.covering import Goal, Source, alone, cover
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.engine.reasoning.scope import Scope
from gridlingua.semantics.matching import Key, candidate_triples
from gridlingua.semantics.patterns import Pattern

POSTED = "what is posted"
RESULT = "the result"
"""Steps that are no interactions: the id of one is an IRI, it has no blanks."""


@dataclass(frozen=True, eq=False)
class Step:
    """A rule in a plan, and where the rows of its body come from (None: it has none).

    ``is_hopeless``: its pattern corresponds to that of a neighbour in too many ways to be used.
    """

    rule: Rule
    goal: Goal | None = None
    is_hopeless: bool = False

    @property
    def refusal(self) -> str:
        """Why it cannot be used after all; empty if it can."""
        if not self.is_hopeless:
            return ""
        return (
            f"The pattern of {self.rule.name} corresponds to the initiator's in too many ways: "
            "triples are interchangeable, give them something that tells them apart."
        )


@dataclass(frozen=True, eq=False)
class Plan:
    """The steps by name of their rule, and the goal whose rows are the result (None: a post that wants none)."""

    goal: Goal | None
    steps: dict[str, Step] = field(default_factory=dict)

    @cached_property
    def joins(self) -> bool:
        """Whether rows of several sources must be joined, which may take long."""
        goals = (self.goal, *(step.goal for step in self.steps.values()))
        return any(goal.together for goal in goals if goal is not None)

    @cached_property
    def uses(self) -> dict[str, list[tuple[str, Goal, Source]]]:
        """For every rule who takes its rows: the taker's name (``RESULT``, or a step), its goal, the source."""
        found: dict[str, list[tuple[str, Goal, Source]]] = {name: [] for name in self.steps}
        goals = [(RESULT, self.goal), *((name, step.goal) for name, step in self.steps.items())]
        for name, goal in goals:
            for source in goal.sources if goal else ():
                found.setdefault(source.rule.name, []).append((name, goal, source))  # type: ignore[arg-type]
        return found

    @cached_property
    def loops(self) -> dict[str, frozenset[str]]:
        """For every step the steps that it feeds and that feed it, itself included."""
        needs = {name: self.needs(name) for name in self.steps}
        reach = {name: _reachable(name, needs) for name in self.steps}
        return {
            name: frozenset([name, *(other for other in reach[name] if name in reach[other])]) for name in self.steps
        }

    @cached_property
    def awaited(self) -> dict[str, frozenset[str]]:
        """For every step the steps that must have finished before it: those it takes rows of, but for its own loop."""
        return {name: self.needs(name) - self.loops[name] for name in self.steps}

    @cached_property
    def awaiting(self) -> dict[str, list[str]]:
        """For every step the steps that await it."""
        found: dict[str, list[str]] = {name: [] for name in self.steps}
        for name, awaited in self.awaited.items():
            for other in awaited:
                found[other].append(name)
        return found

    def needs(self, name: str) -> frozenset[str]:
        """The steps whose rows a step takes."""
        goal = self.steps[name].goal
        return frozenset(source.rule.name for source in goal.sources) if goal else frozenset()


def _reachable(start: str, edges: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    queue = list(edges[start])
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(edges[name])
    return found


def plan_ask(interaction: Interaction, scope: Scope, level: int, key: Key) -> Plan:
    """The plan of an ask: who brings its triples, who brings what these need, and so on."""
    return _backwards(interaction.pattern, scope, level, key)


def _backwards(pattern: Pattern, scope: Scope, level: int, key: Key) -> Plan:
    def goal_of(wanted: Pattern) -> Goal:
        return cover(wanted, scope.heads(wanted, whole=level == 1), level, key)

    plan = Plan(goal_of(pattern))
    queue = deque([plan.goal])
    while queue:
        goal = queue.popleft()
        for source in goal.sources if goal else ():
            rule = source.rule
            if rule.name not in plan.steps:
                plan.steps[rule.name] = Step(rule, goal_of(rule.body) if rule.body else None, source.is_hopeless)
                queue.append(plan.steps[rule.name].goal)
    return plan


def plan_post(interaction: Interaction, scope: Scope, level: int, key: Key, *, answers_complete: bool = True) -> Plan:
    """The plan of a post: who takes what is posted, who takes what these bring, and who completes it.

    ``answers_complete``: whether answer interactions may complete the rows of the result.
    """
    return _Forwards(interaction, scope, level, key, answers_complete).plan()


class _Forwards:
    """A post being planned."""

    def __init__(self, interaction: Interaction, scope: Scope, level: int, key: Key, answers_complete: bool) -> None:
        self._scope = scope
        self._level = level
        self._key = key
        self._answers_complete = answers_complete
        self._posted = Rule(POSTED, None, interaction.pattern)
        self._result = None if interaction.result is None else Rule(RESULT, interaction.result, None)
        self._givers: dict[str, list[Rule]] = {}
        self._takers: dict[str, Rule] = {}

    def plan(self) -> Plan:
        self._follow()
        steps = {POSTED: Step(self._posted)}
        queue = deque(self._takers.values())
        while queue:
            rule = queue.popleft()
            if rule.name not in steps:
                goal = self._goal(rule) if rule.body else None
                hopeless = goal is not None and any(source.is_hopeless for source in goal.sources)
                steps[rule.name] = Step(rule, goal, hopeless)
                queue.extend(source.rule for source in (goal.sources if goal else ()))
        result = steps.pop(RESULT, None)
        return Plan(result.goal if result else None, steps)

    def _follow(self) -> None:
        """Find everything that what is posted leads to."""
        queue = deque([self._posted])
        while queue:
            giver = queue.popleft()
            for taker in self._taking(giver):
                self._givers.setdefault(taker.name, []).append(giver)
                if taker.name not in self._takers:
                    self._takers[taker.name] = taker
                    queue.append(taker)

    def _taking(self, giver: Rule) -> Iterator[Rule]:
        if giver.head is None:
            return
        candidates = [*self._scope.bodies(giver.head, whole=self._level == 1), *filter(None, [self._result])]
        for rule in candidates:
            if rule.body is not None and self._takes(giver.head, rule.body):
                yield rule

    def _takes(self, head: Pattern, body: Pattern) -> bool:
        if self._level > 1:
            return any(candidate_triples(head, body, self._key))
        return _size(head) == _size(body) and bool(alone(body, [Rule("", None, head)], self._key).sources)

    def _goal(self, rule: Rule) -> Goal:
        body = rule.body
        assert body is not None
        givers = self._givers.get(rule.name, [])
        by_themselves = alone(body, givers, self._key)
        # Contract 4.5: where all that lead here bring the whole, their rows are united and nobody completes them. At
        # level 1 those that bring a part do not count.
        enough = 1 if self._level == 1 else len(givers)
        if givers and len(by_themselves.sources) >= enough:
            return by_themselves
        others = self._scope.heads(body, whole=self._level == 1)
        if rule is self._result and not self._answers_complete:
            others = [other for other in others if other.body is not None]
        candidates = {other.name: other for other in (*givers, *others)}.values()
        return cover(body, candidates, self._level, self._key, partly=True)


def _size(pattern: Pattern) -> int:
    return len(set(pattern.triples))
