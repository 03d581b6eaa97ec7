"""What was looked at, and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, get_args

from gridlingua.errors import Problem, Severity

REPOSITORY: Final = "https://github.com/gridlingua/gridlingua"
"""Where the pages of the checks are."""


@dataclass(frozen=True)
class Rule:
    """What a report tells of a check beside what it found. ``page`` is a path in the project's repository."""

    name: str
    demand: str
    reason: str
    page: str
    severity: Severity = "error"

    @property
    def address(self) -> str:
        """The page as an address."""
        return f"{REPOSITORY}/blob/main/{self.page}"


@dataclass(frozen=True)
class Report:
    """The problems of one run, sorted by place; ``files`` are those that were looked at.

    Paths are relative to the working directory, with ``/``, or absolute outside of it. ``strict``: a warning fails the
    run too. ``subject`` says in words what was looked at, for the last line;
    ``coloured``: for a terminal. ``excepted`` was found and is not told, each with its reason.
    """

    command: Literal["check", "validate"]
    problems: tuple[Problem, ...]
    files: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    subject: str = ""
    strict: bool = False
    coloured: bool = False
    excepted: tuple[tuple[Problem, str], ...] = ()

    @cached_property
    def counts(self) -> dict[Severity, int]:
        """How many there are of each severity, the gravest first."""
        found = Counter(one.severity for one in self.problems)
        severities: tuple[Severity, ...] = get_args(Severity)
        return {severity: found[severity] for severity in severities}

    def fails(self, problem: Problem) -> bool:
        """Whether a problem fails the run."""
        return problem.severity == "error" or (self.strict and problem.severity == "warning")

    @property
    def failed(self) -> bool:
        """Whether any problem fails the run."""
        return any(map(self.fails, self.problems))

    @property
    def broken_rules(self) -> list[Rule]:
        """The rules that something was found by, in order of their names."""
        return [self.rules[name] for name in sorted({one.check for one in self.problems}) if name in self.rules]

    def page(self, problem: Problem) -> str:
        """The address of the page of a problem's check; nothing when it has none."""
        rule = self.rules.get(problem.check)
        return rule.address if rule else ""

    @property
    def summary(self) -> str:
        """One line: how much was found in how much."""
        said = [counted(count, severity) for severity, count in self.counts.items() if count]
        found = " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:]))) or "no problem"
        found += f", {len(self.excepted)} excepted" if self.excepted else ""
        return f"{self.subject}: {found}" if self.subject else found


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
