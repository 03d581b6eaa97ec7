"""``pytest --gridlingua-catalogue DIR``: other people's catalogues as tests."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import entry_points
from pathlib import Path

import pyshacl  # noqa: F401 - it brings importlib_metadata, which must not be first imported in a run within a test
import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import checks

pytest_plugins = ["pytester"]

NEEDS = "graph_patterns/flexibility/needs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one exchange, beside the tests of its owner."""
    root = tmp_path / "catalogue"
    shutil.copytree(shipped().root / NEEDS, root / NEEDS)
    shutil.copytree(shipped().root / "shapes", root / "shapes")
    return root


def collected(pytester: pytest.Pytester, folder: Path, *options: str) -> pytest.RunResult:
    loaded = any(one.value == "gridlingua.testing.plugin" for one in entry_points(group="pytest11"))
    plugin = () if loaded else ("-p", "gridlingua.testing.plugin")
    return pytester.runpytest_inprocess(*plugin, "--gridlingua-catalogue", str(folder), *options)


def test_every_check_example_and_reject_is_a_test(pytester: pytest.Pytester, folder: Path) -> None:
    cases = [path for kind in ("examples", "rejects") for path in (folder / NEEDS / kind).glob("*.json")]
    result = collected(pytester, folder, "-v")
    carried = sum("reply" in json.loads(path.read_text()) for path in cases if path.parent.name == "examples")
    result.assert_outcomes(passed=1 + len(checks()) + len(cases) + carried)
    result.stdout.fnmatch_lines(["*needs/exchange.yaml::terms PASSED*", "*::rejects/unit_of_energy PASSED*"])


def test_what_fails_is_told_by_the_test_it_belongs_to(pytester: pytest.Pytester, folder: Path) -> None:
    reject = folder / NEEDS / "rejects" / "quantity_of_zero.json"
    reject.write_text(reject.read_text().replace('"needs": 0', '"needs": 1'))
    result = collected(pytester, folder, "-rf")
    result.assert_outcomes(failed=1, passed=len(result.reprec.listoutcomes()[0]))  # type: ignore[attr-defined]
    result.stdout.fnmatch_lines(
        [
            f"{NEEDS}/rejects/quantity_of_zero.json:1: [[]rejects] this message is not refused",
            "FAILED*rejects/quantity_*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_folder_that_cannot_be_read_fails(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / NEEDS / "saref4.rq").write_text("SELECT * WHERE { ?a ?b ?c }")
    result = collected(pytester, folder)
    outcomes = result.parseoutcomes()
    assert (outcomes["failed"], outcomes["skipped"]) == (1, 4)
    result.stdout.fnmatch_lines([f"{NEEDS}/saref4.rq:1: [[]pattern]*"])


def test_the_owners_tests_run_beside_it(pytester: pytest.Pytester, folder: Path) -> None:
    theirs = pytester.makepyfile("def test_theirs(): pass")
    result = collected(pytester, folder, str(theirs), "-k", "test_theirs or terms")
    assert result.parseoutcomes()["passed"] == 2


def test_a_folder_that_is_no_catalogue_is_a_usage_error(pytester: pytest.Pytester, tmp_path: Path) -> None:
    result = collected(pytester, tmp_path)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*there is no folder graph_patterns in*"])


def test_a_folder_without_a_declaration_is_a_usage_error(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / NEEDS / "exchange.yaml").unlink()
    result = collected(pytester, folder)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no exchange.yaml in*flexibility/needs*"])


def test_without_the_option_nothing_is_collected(pytester: pytest.Pytester, folder: Path) -> None:
    loaded = any(one.value == "gridlingua.testing.plugin" for one in entry_points(group="pytest11"))
    plugin = () if loaded else ("-p", "gridlingua.testing.plugin")
    result = pytester.runpytest_inprocess(*plugin, str(folder))
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
