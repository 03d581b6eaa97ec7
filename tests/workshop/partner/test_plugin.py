"""A partner tests a private catalogue in one line, with the plugin as it is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.checking.kinds import BESIDES
from gridlingua.cli.reports.rules import check_rules, validate_rules

pytest_plugins = ["pytester"]

LOAD = "graph_patterns/observability/transformer_load"
TOO_LARGE = "combinations of them"


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A partner's repository, with a private exchange: how heavily a transformer was loaded last."""
    root = pytester.path
    page = (shipped().root / "docs" / "add-an-exchange.md").read_text("utf-8")
    for name, text in re.findall(r"^`([\w./]+)`\n\n```\w*\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        file = root / "catalogue" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert (root / "catalogue" / LOAD / "exchange.yaml").exists()
    return root


def passed_of_load(*, messages: int = 0) -> int:
    """Reading, every check, an example, a reject, the example carried, and two parts with generated messages."""
    return 1 + len(checks()) + 3 + messages


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("-p", "no:schemathesis", "-W", "error", *options)


def test_a_line_of_the_configuration_is_enough(pytester: pytest.Pytester, project: Path) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\ngridlingua_catalogue = "catalogue"\n')
    result = run(pytester, "-v")
    result.assert_outcomes(passed=passed_of_load())
    result.stdout.fnmatch_lines(
        [
            f"catalogue/{LOAD}/exchange.yaml::terms PASSED*",
            f"catalogue/{LOAD}/exchange.yaml::examples/last_reading PASSED*",
            f"catalogue/{LOAD}/exchange.yaml::rejects/below_zero PASSED*",
            f"catalogue/{LOAD}/exchange.yaml::loopback/last_reading PASSED*",
        ]
    )


def test_the_whole_repository_may_be_the_catalogue(pytester: pytest.Pytester, project: Path) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\ngridlingua_catalogue = "."\n')
    for folder in (project / "catalogue").iterdir():
        shutil.move(folder, project)
    pytester.makepyfile("def test_theirs(): pass")
    run(pytester).assert_outcomes(passed=passed_of_load() + 1)


def test_who_names_a_test_gets_that_test_and_not_the_catalogue(pytester: pytest.Pytester, project: Path) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\ngridlingua_catalogue = "catalogue"\n')
    theirs = pytester.makepyfile("def test_theirs(): pass")
    run(pytester, str(theirs)).assert_outcomes(passed=1)
    run(pytester, str(theirs), "--gridlingua-catalogue", "catalogue").assert_outcomes(passed=passed_of_load() + 1)
    run(pytester, f"catalogue/{LOAD}/exchange.yaml::units").assert_outcomes(passed=1)
    chosen = run(pytester, "-k", "observability/transformer_load and units")
    chosen.assert_outcomes(passed=1, deselected=passed_of_load())


def test_a_line_of_a_test_file_is_enough(pytester: pytest.Pytester, project: Path) -> None:
    tests = project / "tests"
    tests.mkdir()
    (tests / "test_ours.py").write_text(
        "from gridlingua.testing import exchanges_of\n\ntest_catalogue = exchanges_of('../catalogue')\n"
    )
    result = run(pytester, "-v", "tests")
    result.assert_outcomes(passed=passed_of_load())
    result.stdout.fnmatch_lines(["tests/test_ours.py::test_catalogue::observability/transformer_load::terms PASSED*"])
    run(pytester, "tests", "-k", "transformer_load and kinds").assert_outcomes(
        passed=1, deselected=passed_of_load() - 1
    )


def test_a_test_file_that_names_no_catalogue_fails_in_words(pytester: pytest.Pytester, project: Path) -> None:
    pytester.makepyfile("from gridlingua.testing import exchanges_of\n\ntest_catalogue = exchanges_of('nowhere')\n")
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no folder graph_patterns here"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_is_wrong_fails_the_test_it_belongs_to(pytester: pytest.Pytester, project: Path) -> None:
    pattern = project / "catalogue" / LOAD / "saref4.rq"
    pattern.write_text(pattern.read_text().replace("saref:hasTimestamp", "saref:hasTimeStamp"))
    result = run(pytester, "--gridlingua-catalogue", "catalogue")
    result.stdout.fnmatch_lines([f"{LOAD}/saref4.rq:6: [[]terms]*did you mean saref:hasTimestamp?*"])
    result.stdout.fnmatch_lines(["FAILED*exchange.yaml::terms*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_an_example_that_the_adapters_do_not_carry_fails(pytester: pytest.Pytester, project: Path) -> None:
    example = project / "catalogue" / LOAD / "examples" / "last_reading.json"
    told = json.loads(example.read_text())
    told["reply"]["load"] = -1
    example.write_text(json.dumps(told))
    result = run(pytester, "--gridlingua-catalogue", "catalogue")
    assert {"examples/last_reading", "loopback/last_reading"} <= {
        report.nodeid.rpartition("::")[2]
        for report in result.reprec.getreports("pytest_runtest_logreport")  # type: ignore[attr-defined]
        if report.failed
    }
    result.stdout.fnmatch_lines(["*A reading must have exactly one load, not below zero.*"])


WARNED = '[checks]\nterms = "warning"\n'


def test_a_warning_is_told_and_fails_where_that_is_wanted(pytester: pytest.Pytester, project: Path) -> None:
    (project / "gridlingua.toml").write_text(WARNED)
    pattern = project / "catalogue" / LOAD / "saref4.rq"
    pattern.write_text(
        pattern.read_text().replace(
            "saref:hasTimestamp ?time ;", "saref:hasTimestamp ?time ; saref:hasTimeStamp ?time ;"
        )
    )
    result = run(pytester, "--gridlingua-catalogue", "catalogue")
    result.assert_outcomes(passed=passed_of_load())
    result.stdout.fnmatch_lines(["*warnings of gridlingua check*", f"{LOAD}/saref4.rq:6: [[]terms] warning: *"])
    strict = run(pytester, "--gridlingua-catalogue", "catalogue", "--gridlingua-strict")
    strict.assert_outcomes(passed=passed_of_load() - 1, failed=1)
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\ngridlingua_catalogue = "catalogue"\ngridlingua_strict = true\n'
    )
    run(pytester).assert_outcomes(passed=passed_of_load() - 1, failed=1)


def test_an_exception_with_a_reason_is_honoured(pytester: pytest.Pytester, project: Path) -> None:
    pattern = project / "catalogue" / LOAD / "saref4.rq"
    pattern.write_text(pattern.read_text().replace("saref:hasTimestamp", "saref:hasTimeStamp"))
    (project / "gridlingua.toml").write_text(
        '[[exceptions]]\ncheck = "terms"\npath = "catalogue/graph_patterns/observability/*"\n'
        'about = "hasTimeStamp"\nreason = "our peers write it so until 2027"\n'
    )
    run(pytester, "--gridlingua-catalogue", "catalogue", "-k", "terms").assert_outcomes(
        passed=1, deselected=passed_of_load() - 1
    )


def test_a_policy_that_is_wrong_is_a_usage_error(pytester: pytest.Pytester, project: Path) -> None:
    (project / "gridlingua.toml").write_text('[checks]\ntermz = "off"\n')
    result = run(pytester, "--gridlingua-catalogue", "catalogue")
    assert result.ret == pytest.ExitCode.USAGE_ERROR or result.parseoutcomes().get("errors")
    assert "termz" in result.stdout.str() + result.stderr.str()


def test_generated_messages_make_the_round_trip(pytester: pytest.Pytester, project: Path) -> None:
    result = run(pytester, "--gridlingua-catalogue", "catalogue", "--gridlingua-messages", "20", "-v")
    result.assert_outcomes(passed=passed_of_load(messages=2))
    result.stdout.fnmatch_lines(["*::messages/request PASSED*", "*::messages/reply PASSED*"])


def test_a_message_that_its_rows_do_not_say_again_is_shown(pytester: pytest.Pytester, project: Path) -> None:
    declared = project / "catalogue" / LOAD / "exchange.yaml"
    declared.write_text(
        declared.read_text().replace("load: {at: /load, as: decimal}", "load: {at: /load, as: integer}")
    )
    result = run(pytester, "--gridlingua-catalogue", "catalogue", "--gridlingua-messages", "10", "-k", "messages")
    result.stdout.fnmatch_lines(["observability/transformer_load reply: *does not go through*"])


def test_a_number_of_messages_that_is_none_is_a_usage_error(pytester: pytest.Pytester, project: Path) -> None:
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\ngridlingua_catalogue = "catalogue"\ngridlingua_messages = "many"\n'
    )
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*gridlingua_messages: 'many' is not a number*"])


def test_the_fixtures_are_there(pytester: pytest.Pytester, project: Path) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\ngridlingua_catalogue = "catalogue"\n')
    theirs = pytester.makepyfile(
        """
        import requests

        REPLY = {"transformerId": "T-1", "load": 2, "unit": "kVA", "timestamp": "2026-01-27T19:40:00Z"}

        def test_the_catalogue(catalogue):
            assert list(catalogue.exchanges) == ["observability/transformer_load"]

        def test_both_parties(loopback):
            call = loopback("observability/transformer_load", REPLY)
            assert call({"transformerId": "T-1"}).only().message == REPLY
            assert call.service.calls[0].path == "/Observability/Transformers/T-1/Load"

        def test_a_service(service):
            started = service({"status": "ok"})
            assert requests.get(started.url, timeout=5).json() == {"status": "ok"}

        def test_an_engine(fake_engine):
            fake_engine.answers("?s <http://example.org/p> ?o .", [])
            assert fake_engine.asked == []
        """
    )
    run(pytester, str(theirs)).assert_outcomes(passed=4)


def test_the_catalogue_that_comes_along_is_the_fixture_where_none_is_named(pytester: pytest.Pytester) -> None:
    theirs = pytester.makepyfile("def test_it(catalogue): assert 'flexibility/needs' in catalogue.exchanges")
    run(pytester, str(theirs)).assert_outcomes(passed=1)


def test_who_has_the_plugin_and_no_catalogue_pays_nothing_for_it() -> None:
    heavy = {"rdflib", "fastapi", "hypothesis", "requests", "gridlingua.catalogue"}
    said = f"import sys, gridlingua.testing.plugin; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_policy_may_name_what_gridlingua_check_takes() -> None:
    assert {*checks(), *BESIDES} == {*check_rules(), *validate_rules()}
