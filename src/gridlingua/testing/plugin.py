"""The pytest plugin: a catalogue is tested by one line.

``pytest --gridlingua-catalogue DIR`` on the command line, ``gridlingua_catalogue = "DIR"`` in pytest's configuration
or ``test_catalogue = exchanges_of("DIR")`` in a test file collects every exchange of a catalogue: one test for reading
it, one for each check, example and reject, and one for each example carried between both parties' adapters, so that
``-k flexibility/needs``, ``-x`` and reports work as for any tests. ``DIR`` holds ``graph_patterns``, ``shapes`` and,
unless it uses ours, ``ontologies``. The plugin also brings fixtures, and tells the checks' warnings at the end.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gridlingua.testing.collection import TOLD, ExchangeFile, Exchanges, ExchangesOf
from gridlingua.testing.fixtures import catalogue, fake_engine, loopback, service
from gridlingua.testing.options import OPTION, add_options, catalogue_folder, demands

if TYPE_CHECKING:
    from gridlingua.testing.inspected import Inspected

__all__ = ["catalogue", "fake_engine", "loopback", "service"]

_INSPECTED: pytest.StashKey[dict[Path, Inspected]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and settings."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest collect the catalogue beside whatever else it was told to; a setting waits until nothing is named."""
    root = catalogue_folder(config)
    if root is None:
        return
    demands(config)
    patterns = root / "graph_patterns"
    if not patterns.is_dir():
        raise pytest.UsageError(f"{OPTION}: there is no folder graph_patterns in {root}")
    if bare := [one for one in patterns.glob("*/*") if one.is_dir() and not (one / "exchange.yaml").exists()]:
        raise pytest.UsageError(f"{OPTION}: no exchange.yaml in {', '.join(map(str, bare))}")
    is_wanted = config.getoption(OPTION) is not None or config.args_source is not pytest.Config.ArgsSource.ARGS
    if is_wanted and not any(patterns.is_relative_to(_path(config, one)) for one in config.args):
        config.args.append(str(patterns))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Each ``graph_patterns/<service>/<exchange>/exchange.yaml`` is a file of tests."""
    if file_path.name != "exchange.yaml":
        return None
    root, folder = catalogue_folder(parent.config), file_path.parent
    if root is None or folder.parents[1] != root / "graph_patterns":
        return None
    made: ExchangeFile = ExchangeFile.from_parent(parent, path=file_path)
    made.inspected, made.demands = _inspected(parent.config, root), demands(parent.config)
    made.exchange = f"{folder.parent.name}/{folder.name}"
    return made


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> pytest.Collector | None:
    """A value that ``exchanges_of`` made is a catalogue to be tested."""
    if not isinstance(obj, ExchangesOf):
        return None
    made: Exchanges = Exchanges.from_parent(collector, name=name)
    made.inspected = _inspected(collector.config, obj.folder and (collector.path.parent / obj.folder).resolve())
    made.demands = demands(collector.config, obj.strict, obj.messages)
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The warnings that did not fail a test."""
    told = dict.fromkeys(
        text
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == TOLD
    )
    if told:
        terminalreporter.section("warnings of gridlingua check")
        for text in told:
            terminalreporter.line(text)


def _inspected(config: pytest.Config, root: Path | None) -> Inspected:
    """A catalogue under test; the one that comes with gridlingua when none is named. UsageError for a wrong policy."""
    from gridlingua.catalogue import Content, shipped
    from gridlingua.errors import CatalogueError
    from gridlingua.testing.inspected import Inspected

    content = shipped() if root is None else Content(root)
    known = config.stash.setdefault(_INSPECTED, {})
    if content.root not in known:
        found = known[content.root] = Inspected(content)
        try:
            _ = found.policy
        except CatalogueError as error:
            raise pytest.UsageError(str(error)) from None
    return known[content.root]


def _path(config: pytest.Config, argument: str) -> Path:
    """The file or folder of an argument, without the tests in it."""
    return (config.invocation_params.dir / argument.partition("::")[0]).resolve()
