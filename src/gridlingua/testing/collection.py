"""How pytest sees a catalogue: one collector for each exchange, one test for each check, example and reject of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from gridlingua.catalogue.exchange import Part
    from gridlingua.errors import Problem
    from gridlingua.testing.inspected import Inspected

TOLD: Final = "gridlingua"
"""The user property of a test that holds a warning."""


@dataclass(frozen=True)
class Demands:
    """How a catalogue is tested. ``strict``: warnings fail; ``messages``: so many generated ones of every part make
    the round trip (0: none; hypothesis must be installed)."""

    strict: bool = False
    messages: int = 0

    @property
    def fatal(self) -> tuple[str, ...]:
        """The severities that fail a test."""
        return ("error", "warning") if self.strict else ("error",)


@dataclass(frozen=True)
class ExchangesOf:
    """The tests of a catalogue as a value in a test file, where pytest finds it; see ``exchanges_of``."""

    folder: Path | None
    strict: bool | None
    messages: int | None


def exchanges_of(
    folder: str | Path | None = None, *, strict: bool | None = None, messages: int | None = None
) -> ExchangesOf:
    """All tests of a catalogue, in one line of a test file: ``test_catalogue = exchanges_of("catalogue")``.

    ``folder`` is relative to the test file; it holds ``graph_patterns``, ``shapes`` and maybe ``ontologies``.
    None is the catalogue that comes with gridlingua. With ``strict`` warnings fail, and ``messages`` generated messages
    of every part make the round trip; both as the options of the command line have it when absent.
    """
    return ExchangesOf(None if folder is None else Path(folder), strict, messages)


class ExchangeTests(pytest.Collector):
    """The tests of one exchange."""

    inspected: Inspected
    exchange: str
    demands: Demands

    def collect(self) -> Iterator[ExchangeTest]:
        """One test for reading it and for each check, example and reject; each example with a reply is carried between
        two adapters as well."""
        from gridlingua.catalogue.checking import checks

        names, cases = list(checks()), self.inspected.cases(self.exchange)
        for name in ["read", *names, *cases.values()]:
            yield ExchangeTest.from_parent(self, name=name, run=self._judge(name, names, cases))
        for name in cases.values():
            kind, _, stem = name.partition("/")
            if kind == "examples":
                yield ExchangeTest.from_parent(self, name=f"loopback/{stem}", run=self._carry(stem))
        parts: tuple[Part, ...] = ("request", "reply")
        for part in parts if self.demands.messages else ():
            yield ExchangeTest.from_parent(self, name=f"messages/{part}", run=self._try(part))

    def _judge(self, name: str, names: list[str], cases: dict[Path, str]) -> Callable[[ExchangeTest], None]:
        def owner(problem: Problem) -> str:
            path = (self.inspected.content.root / problem.path).with_suffix(".json")
            return cases.get(path, problem.check if problem.check in names else "read")

        def run(test: ExchangeTest) -> None:
            from gridlingua.errors import CatalogueError

            found = [one for one in self.inspected.problems(self.exchange) if owner(one) == name]
            fatal = [one for one in found if one.severity in self.demands.fatal]
            test.user_properties.extend((TOLD, str(one)) for one in found if one not in fatal)
            if fatal:
                raise CatalogueError(fatal)

        return run

    def _carry(self, stem: str) -> Callable[[ExchangeTest], None]:
        def run(_: ExchangeTest) -> None:
            from gridlingua.testing.carried import carry

            found = self.inspected.alone(self.exchange)
            if found is None:
                pytest.skip("it cannot be read")
            carry(*found, stem)

        return run

    def _try(self, part: Part) -> Callable[[ExchangeTest], None]:
        def run(_: ExchangeTest) -> None:
            from gridlingua.testing.round_trip import try_messages

            found = self.inspected.alone(self.exchange)
            if found is None:
                pytest.skip("it cannot be read")
            try_messages(found[0], part, self.demands.messages)

        return run


class ExchangeFile(ExchangeTests, pytest.File):
    """An ``exchange.yaml`` as a file of tests."""


class Exchanges(pytest.Collector):
    """A catalogue that a test file names, with its exchanges."""

    inspected: Inspected
    demands: Demands

    def collect(self) -> Iterator[ExchangeTests]:
        """Every exchange by its id. Raises CatalogueError where the folder holds no catalogue."""
        for one in self.inspected.ids:
            found = ExchangeTests.from_parent(self, name=one)
            found.inspected, found.exchange, found.demands = self.inspected, one, self.demands
            yield found

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002
        """What is wrong with the catalogue as such, without a traceback."""
        return _told(excinfo) or super().repr_failure(excinfo)


class ExchangeTest(pytest.Item):
    """One check, example, reject or property of an exchange; fails with what belongs to it."""

    def __init__(self, *, run: Callable[[ExchangeTest], None], **options: Any) -> None:
        super().__init__(**options)
        self._run = run
        tests = self.parent
        assert isinstance(tests, ExchangeTests)
        self.extra_keyword_matches.add(tests.exchange)  # -k flexibility/needs

    def runtest(self) -> None:
        """Raises CatalogueError with the problems, or what carrying the example came to."""
        self._run(self)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problems, one a line, without a traceback."""
        return _told(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the test stands, for reports."""
        tests = self.parent
        assert isinstance(tests, ExchangeTests)
        folder = tests.inspected.content.patterns / tests.exchange
        return folder / "exchange.yaml", 0, f"{tests.exchange}: {self.name}"


def _told(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    from gridlingua.errors import GridlinguaError

    return str(excinfo.value) if isinstance(excinfo.value, GridlinguaError) else ""
