"""`gridlingua check [PATH]...`: what a path means, and how a run ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gridlingua.catalogue import shipped

from .conftest import Run

PATTERN = """\
PREFIX saref: <https://saref.etsi.org/core/>

CONSTRUCT WHERE {
  ?reading a saref:Observation ; saref:hasTimestamp ?time ; saref:hasResult ?value .
  ?value a saref:PropertyValue ; saref:hasValue ?load .
}
"""
TYPO = PATTERN.replace("saref:hasTimestamp", "saref:hasTimestam")


@pytest.fixture
def mine(repository: Path) -> Path:
    """A catalogue of one exchange in a folder of the repository."""
    for part in ("graph_patterns", "shapes"):
        (repository / "mine" / part / "flexibility").mkdir(parents=True)
    exchange = "graph_patterns/flexibility/needs"
    shutil.copytree(shipped().root / exchange, repository / "mine" / exchange)
    shutil.copy(shipped().shapes / "flexibility" / "needs.ttl", repository / "mine" / "shapes" / "flexibility")
    shutil.copytree(shipped().shapes / "concepts", repository / "mine" / "shapes" / "concepts")
    return repository / "mine"


def looked_at(run: Run, *arguments: object) -> list[str]:
    """The files that a run looks at; the checks are those that need least."""
    result = run("check", *arguments, "--only", "operation", "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[str] = json.loads(result.stdout)["files"]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "mine",
        "mine/graph_patterns",
        "mine/graph_patterns/flexibility",
        "mine/graph_patterns/flexibility/needs",
        "mine/graph_patterns/flexibility/needs/saref4.rq",
        "mine/graph_patterns/flexibility/needs/rejects/quantity_of_zero.txt",
        "mine/shapes",
        "mine/shapes/flexibility",
        "mine/shapes/flexibility/needs.ttl",
        "mine/shapes/concepts/effective_period.ttl",
    ],
)
def test_any_path_in_a_catalogue_stands_for_the_exchanges_it_belongs_to(mine: Path, run: Run, path: str) -> None:
    assert (mine.parent / path).exists()
    found = looked_at(run, path)
    assert "mine/graph_patterns/flexibility/needs/exchange.yaml" in found
    assert "mine/shapes/flexibility/needs.ttl" in found


def test_an_exchange_and_a_service_are_named_by_their_ids(mine: Path, run: Run) -> None:
    for name in ("flexibility/needs", "flexibility"):
        assert looked_at(run, name, "--catalogue", "mine") == looked_at(run, "mine")


def test_without_a_path_the_working_directory_is_checked_when_it_is_a_catalogue(
    mine: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine)
    assert "graph_patterns/flexibility/needs/exchange.yaml" in looked_at(run)
    monkeypatch.setenv("GRIDLINGUA_CATALOGUE", str(shipped().root))
    assert any(one.endswith("observability/hems_status/exchange.yaml") for one in looked_at(run))


def test_a_folder_is_walked_but_for_what_is_hidden_or_not_its_own(mine: Path, run: Run) -> None:
    repository = mine.parent
    for path in ("a/p.rq", "a/deep/q.sparql", ".hidden/p.rq", "node_modules/p.rq", "env/lib/p.rq", "a/.p.rq"):
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_text(PATTERN)
    (repository / "env" / "pyvenv.cfg").touch()
    (repository / "a" / "notes.txt").touch()
    found = looked_at(run, ".")
    bare = [one for one in found if not one.startswith("mine/")]
    assert sorted(bare) == ["a/deep/q.sparql", "a/p.rq", "data/good.ttl", "shapes/load.ttl"]
    assert "mine/graph_patterns/flexibility/needs/saref4.rq" in found, "a catalogue in a folder is checked as one"


def test_a_bad_pattern_of_anybody_is_refused_where_it_stands(repository: Path, run: Run) -> None:
    (repository / "p.rq").write_text(TYPO)
    result = run("check", "p.rq", "--only", "terms")
    assert result.exit_code == 1
    line, pages = result.stdout.splitlines()
    assert line.startswith("p.rq:4:34: [terms] saref:hasTimestam is in ")
    assert line.endswith("did you mean saref:hasTimestamp?")
    assert pages.startswith("see docs/checks/terms.md in https://")
    assert result.stderr == "1 file, 1 check: 1 error\n"


def test_the_severity_of_the_policy_decides_the_status(repository: Path, run: Run) -> None:
    (repository / "p.rq").write_text(TYPO)
    for severity, status, strict in (("error", 1, 1), ("warning", 0, 1), ("note", 0, 0), ("off", 0, 0)):
        (repository / "gridlingua.toml").write_text(f'[checks]\nterms = "{severity}"\n')
        assert run("check", "p.rq", "--only", "terms").exit_code == status
        assert run("check", "p.rq", "--only", "terms", "--strict").exit_code == strict


def test_an_exception_with_a_reason_is_heeded_and_an_idle_one_is_told(repository: Path, run: Run) -> None:
    (repository / "p.rq").write_text(TYPO)
    exception = '[[exceptions]]\ncheck = "terms"\npath = "p.rq"\nabout = "saref:hasTimestam"\nreason = "deployed so"\n'
    (repository / "gridlingua.toml").write_text(exception)
    assert run("check", "p.rq", "--only", "terms").stdout == ""
    (repository / "p.rq").write_text(PATTERN)
    result = run("check", "p.rq", "--only", "terms")
    assert result.exit_code == 0
    assert "gridlingua.toml:1: [policy] warning: the exception of terms for p.rq matches nothing" in result.stdout


def test_an_exception_of_data_is_not_idle_when_patterns_are_checked(repository: Path, run: Run) -> None:
    exception = '[[exceptions]]\ncheck = "shacl"\npath = "data"\nreason = "measured so"\n'
    (repository / "gridlingua.toml").write_text(exception)
    assert run("check", "data").stdout == ""
    assert "matches nothing" in run("validate", "data", "--shapes", "shapes").stdout


def test_another_policy_is_named_by_an_option(repository: Path, run: Run) -> None:
    (repository / "p.rq").write_text(TYPO)
    (repository / "gridlingua.toml").write_text('[checks]\nterms = "off"\n')
    (repository / "hard.toml").write_text("")
    assert run("check", "p.rq", "--only", "terms", "--settings", "hard.toml").exit_code == 1
    assert run("check", "p.rq", "--only", "terms", "--settings", "gone.toml").exit_code == 2


def test_the_generation_of_bare_files_is_pinned_by_the_policy(repository: Path, run: Run) -> None:
    (repository / "p.rq").write_text(PATTERN.replace("saref:PropertyValue", "saref:Measurement"))
    (repository / "gridlingua.toml").write_text('profile = "interconnect"\n')
    pinned = run("check", "p.rq", "--only", "terms").stdout
    (repository / "gridlingua.toml").write_text('profile = "saref4"\n')
    assert run("check", "p.rq", "--only", "terms").stdout != pinned
    (repository / "gridlingua.toml").write_text('profile = "saref5"\n')
    result = run("check", "p.rq")
    assert result.exit_code == 2
    assert "there is no profile 'saref5'; there are interconnect" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["flexibility/nedes"],
            "flexibility/nedes is no file, no folder and no exchange; did you mean flexibility/needs",
        ),
        (
            ["nowhere"],
            "nowhere is no file, no folder and no exchange; there are exchanges of data_sharing, flexibility",
        ),
        (["notes.txt"], "notes.txt cannot be checked: patterns and triples stand in .gp, "),
        (["empty"], "empty holds nothing that can be checked: no catalogue, and no .gp, "),
        (
            ["data", "--format", "yaml"],
            "there is no format 'yaml'; there are codescanning, github, json, junit, sarif, text",
        ),
        (["data", "--only", "spelling"], "there is no check 'spelling'; there are ambiguity"),
    ],
)
def test_wrong_usage_is_status_2_and_one_sentence(repository: Path, run: Run, arguments: list[str], said: str) -> None:
    (repository / "notes.txt").touch()
    (repository / "empty").mkdir()
    result = run("check", *arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_no_text_is_a_finding(repository: Path, run: Run) -> None:
    (repository / "p.rq").write_bytes(b"\xff\xfe")
    result = run("check", "p.rq")
    assert result.exit_code == 1
    assert "p.rq:1: [pattern] not a text in UTF-8" in result.stdout


def test_a_folder_named_graph_patterns_alone_is_no_catalogue(repository: Path, run: Run) -> None:
    (repository / "ours" / "graph_patterns").mkdir(parents=True)
    (repository / "ours" / "graph_patterns" / "p.rq").write_text(TYPO)
    result = run("check", "ours", "--only", "terms")
    assert result.exit_code == 1
    assert result.stdout.startswith("ours/graph_patterns/p.rq:4:")


def test_a_profile_on_the_command_line_holds_for_bare_files_and_wins_over_the_policy(
    repository: Path, run: Run
) -> None:
    (repository / "pilot.rq").write_text(PATTERN)
    (repository / "gridlingua.toml").write_text('profile = "saref4"\n')
    assert run("check", "pilot.rq").exit_code == 0
    judged = run("check", "pilot.rq", "--profile", "interconnect")
    assert judged.exit_code == 1
    assert "saref:Observation is of saref 4.1.1, which interconnect does not use" in judged.stdout
    assert "there are interconnect, saref4" in run("check", "pilot.rq", "--profile", "saref5").stderr
