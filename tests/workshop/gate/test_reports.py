"""Every format says the same problems, each as its reader wants them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from gridlingua.cli.reports import Destination, Report, Rule, deliver, formats, read_destination
from gridlingua.errors import GridlinguaError, Problem

TERMS = Rule("terms", "Every term exists.", "A typo matches nothing,\nsilently.", "docs/checks/terms.md")
UNITS = Rule("units", "A unit fits its quantity.", "", "docs/checks/units.md", "warning")
AWKWARD = Problem("a,b:c/100%.rq", 3, "terms", 'no "x"\nbut 5% of <y> & z\x01', column=7)
SLIGHT = Problem("a.rq", 2, "units", "kWh is no power", "warning")
REMARK = Problem("a.rq", 9, "structure", "odd", "note")


@pytest.fixture
def report() -> Report:
    rules = {one.name: one for one in (TERMS, UNITS)}
    return Report("check", (AWKWARD, SLIGHT, SLIGHT, REMARK), ("a.rq", "clean.rq"), rules, "2 files")


def written(report: Report, name: str) -> str:
    return formats()[name](report)


def test_every_format_is_found_by_looking() -> None:
    assert list(formats()) == ["codescanning", "github", "json", "junit", "sarif", "text"]


def test_text_is_one_line_a_problem_and_the_pages_once(report: Report) -> None:
    *problems, pages = written(report, "text").split("\n")
    assert problems[0] == 'a,b:c/100%.rq:3:7: [terms] no "x" but 5% of <y> & z\x01'
    assert problems[1] == "a.rq:2: [units] warning: kWh is no power"
    assert problems[3] == "a.rq:9: [structure] note: odd"
    assert pages.startswith("see docs/checks/terms.md, docs/checks/units.md in https://")


def test_text_is_coloured_only_when_it_is_said_so_and_never_in_a_file(report: Report, tmp_path: Path) -> None:
    assert "\x1b[" not in written(report, "text")
    coloured = replace(report, coloured=True)
    assert "\x1b[31m[terms]" in written(coloured, "text")
    deliver(coloured, [Destination("text", tmp_path / "report.txt")], lambda _: None)
    assert "\x1b[" not in (tmp_path / "report.txt").read_text()


def test_github_reads_its_commands_back_as_they_were_meant(report: Report) -> None:
    lines = written(report, "github").split("\n")
    assert len(lines) == 4, "a line break in a message would end the command"
    command, properties, message = parsed_command(lines[0])
    assert command == "error"
    assert properties == {"file": AWKWARD.path, "line": "3", "col": "7", "title": "gridlingua check: terms"}
    assert message == f"{AWKWARD.message}\nsee {TERMS.address}"
    assert [parsed_command(one)[0] for one in lines] == ["error", "warning", "warning", "notice"]
    assert "col" not in parsed_command(lines[1])[1]


def parsed_command(line: str) -> tuple[str, Mapping[str, str], str]:
    """As the runner does: actions/runner, src/Runner.Common/ActionCommand.cs."""
    found = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert found, line
    pairs = (one.split("=", 1) for one in found[2].split(","))
    properties = {name: _unescaped(value, {"%3A": ":", "%2C": ","}) for name, value in pairs}
    return found[1], properties, _unescaped(found[3], {})


def _unescaped(text: str, more: Mapping[str, str]) -> str:
    for code, meant in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(code, meant)
    return text


def test_sarif_has_what_code_scanning_demands(report: Report) -> None:
    log = json.loads(written(report, "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["helpUri"].startswith("https://")
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result, problem in zip(run["results"], report.problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.check
        assert result["level"] == problem.severity
        assert result["message"]["text"] == problem.message
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"]["startLine"] == problem.line
    first = run["results"][0]["locations"][0]["physicalLocation"]
    assert first["artifactLocation"] == {"uri": "a%2Cb%3Ac/100%25.rq", "uriBaseId": "%SRCROOT%"}
    assert first["region"] == {"startLine": 3, "startColumn": 7}


def fingerprints(report: Report) -> list[str]:
    run = json.loads(written(report, "sarif"))["runs"][0]
    return [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]


def test_an_alert_stays_the_same_when_its_line_moves_and_two_stay_two(report: Report) -> None:
    moved = replace(report, problems=tuple(replace(one, line=one.line + 40) for one in report.problems))
    assert fingerprints(moved) == fingerprints(report)
    assert len(set(fingerprints(report))) == 4
    other = replace(report, problems=(replace(AWKWARD, message="another"), *report.problems[1:]))
    assert fingerprints(other)[0] != fingerprints(report)[0]


def test_a_file_outside_of_the_working_directory_is_named_as_a_whole(report: Report) -> None:
    outside = replace(report, problems=(replace(SLIGHT, path="/other place/a.rq"),))
    (result,) = json.loads(written(outside, "sarif"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///other%20place/a.rq"}


def suites(report: Report) -> dict[str, Any]:
    root = ElementTree.fromstring(written(report, "junit"))
    assert root.tag == "testsuites"
    return {suite.get("name", ""): suite for suite in root}


def test_junit_has_a_suite_a_file_and_a_case_a_problem(report: Report) -> None:
    found = suites(report)
    assert list(found) == ["a.rq", "clean.rq", "a,b:c/100%.rq"]
    assert [len(found["clean.rq"].findall("testcase")), found["clean.rq"].get("failures")] == [1, "0"]
    (failure,) = found["a,b:c/100%.rq"].iter("failure")
    assert failure.get("type") == "error"
    assert "docs/checks/terms.md" in (failure.text or "")
    names = [case.get("name") for case in found["a.rq"].iter("testcase")]
    assert len(set(names)) == 3, "GitLab knows a case by its name"


def test_a_warning_fails_a_junit_case_only_when_it_fails_the_run(report: Report) -> None:
    assert suites(report)["a.rq"].get("failures") == "0"
    assert suites(replace(report, strict=True))["a.rq"].get("failures") == "2"
    assert "kWh is no power" in (suites(report)["a.rq"].findtext("testcase/system-out") or "")


def test_json_says_everything_in_a_shape_that_does_not_change(report: Report) -> None:
    told = json.loads(written(report, "json"))
    assert list(told) == ["version", "tool", "command", "passed", "counts", "files", "problems"]
    assert told["version"] == 1
    assert told["passed"] is False
    assert told["counts"] == {"error": 1, "warning": 2, "note": 1}
    assert told["files"] == ["a.rq", "clean.rq"]
    assert told["problems"][0] == {
        "path": AWKWARD.path,
        "line": 3,
        "column": 7,
        "check": "terms",
        "severity": "error",
        "message": AWKWARD.message,
        "page": TERMS.address,
    }
    assert told["problems"][1]["column"] is None


@pytest.mark.parametrize("name", ["codescanning", "github", "json", "junit", "sarif", "text"])
def test_nothing_found_is_a_report_too(name: str) -> None:
    clean = Report("check", (), ("a.rq",))
    assert not clean.failed
    said = written(clean, name)
    if name == "json":
        assert json.loads(said)["passed"] is True
    elif name in {"sarif", "codescanning"}:
        assert json.loads(said)["runs"][0]["results"] == []
    elif name == "junit":
        assert ElementTree.fromstring(said).get("failures") == "0"
    else:
        assert said == ""


def test_several_formats_go_to_their_files_and_the_terminal_is_never_empty(report: Report, tmp_path: Path) -> None:
    spoken: list[str] = []
    deliver(report, [read_destination(f"sarif:{tmp_path}/deep/x.sarif")], spoken.append)
    assert json.loads((tmp_path / "deep" / "x.sarif").read_text())["version"] == "2.1.0"
    assert "a.rq:2: [units]" in spoken[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [("xml", "no format 'xml'; there are codescanning, github, json, junit, sarif, text"), ("sarif:", "names no file")],
)
def test_a_format_that_is_none_is_told(text: str, said: str) -> None:
    with pytest.raises(GridlinguaError, match=said):
        read_destination(text)


def test_a_report_that_cannot_be_written_is_told(report: Report, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(GridlinguaError, match="cannot be written"):
        deliver(report, [Destination("json", tmp_path / "taken")], lambda _: None)


def test_the_last_line_counts(report: Report) -> None:
    assert report.summary == "2 files: 1 error, 2 warnings and 1 note"
    assert replace(report, problems=()).summary == "2 files: no problem"
    assert replace(report, problems=(SLIGHT,)).summary == "2 files: 1 warning"
