"""The pytest plugin: ``pytest --gridlingua-catalogue DIR`` collects every exchange of a catalogue.

An exchange brings one test for reading it, one for each check, one for each example and one for each reject, so that
``-k flexibility/needs``, ``-x`` and reports work as for any tests. ``DIR`` holds ``graph_patterns``, ``shapes`` and,
unless it uses ours, ``ontologies``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gridlingua.errors import Problem

_OPTION = "--gridlingua-catalogue"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option, and how it shows in ``pytest --help``."""
    group = parser.getgroup("gridlingua")
    group.addoption(_OPTION, metavar="DIR", type=Path, help="collect the exchanges of the catalogue in DIR")


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest collect the catalogue beside whatever else it was told to."""
    root = config.getoption(_OPTION)
    if root is not None:
        patterns = root.resolve() / "graph_patterns"
        if not patterns.is_dir():
            raise pytest.UsageError(f"{_OPTION}: there is no folder graph_patterns in {root}")
        if bare := [one for one in patterns.glob("*/*") if one.is_dir() and not (one / "exchange.yaml").exists()]:
            raise pytest.UsageError(f"{_OPTION}: no exchange.yaml in {', '.join(map(str, bare))}")
        config.args.append(str(patterns))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Each ``graph_patterns/<service>/<exchange>/exchange.yaml`` is a file of tests."""
    root = parent.config.getoption(_OPTION)
    if root is None or file_path.name != "exchange.yaml":
        return None
    folder = file_path.parent
    if folder.parents[1] != root.resolve() / "graph_patterns":
        return None
    made: ExchangeFile = ExchangeFile.from_parent(parent, path=file_path)
    return made


class ExchangeFile(pytest.File):
    """The tests of one exchange. All checks run once, when the first test does."""

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with the exchange."""
        from gridlingua.catalogue import Content
        from gridlingua.catalogue.checking import run

        content = Content(self.config.getoption(_OPTION).resolve())
        return run(content, [self.path.parent.relative_to(content.patterns).as_posix()])

    def collect(self) -> Iterator[ExchangeTest]:
        """One test per check, example and reject; ``read`` takes what keeps the folder from being read."""
        from gridlingua.catalogue.checking import checks

        names = list(checks())
        cases = {
            path: f"{kind}/{path.stem}"
            for kind in ("examples", "rejects")
            for path in sorted((self.path.parent / kind).glob("*.json"))
        }

        def owner(problem: Problem) -> str:
            path = self.config.getoption(_OPTION).resolve() / problem.path
            return cases.get(path.with_suffix(".json"), problem.check if problem.check in names else "read")

        for name in ["read", *names, *cases.values()]:
            yield ExchangeTest.from_parent(self, name=name, owner=owner)


class ExchangeTest(pytest.Item):
    """One check, example or reject of an exchange; fails with the problems that belong to it."""

    def __init__(self, *, owner: Callable[[Problem], str], **options: Any) -> None:
        super().__init__(**options)
        self._owner = owner

    def runtest(self) -> None:
        """Raises CatalogueError with the problems."""
        from gridlingua.errors import CatalogueError

        file = self.parent
        assert isinstance(file, ExchangeFile)
        if found := [problem for problem in file.problems if self._owner(problem) == self.name]:
            raise CatalogueError(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problems, one a line, without a traceback."""
        from gridlingua.errors import CatalogueError

        if isinstance(excinfo.value, CatalogueError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the test stands, for reports."""
        return self.path, 0, f"{self.path.parent.parent.name}/{self.path.parent.name}: {self.name}"
