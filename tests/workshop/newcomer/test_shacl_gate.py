"""A repository that does not use gridlingua puts a SHACL gate into its CI, from docs/ci.md alone.

The commands are those that were typed, in order, and those that its CI files run: the script of the action, that of the
GitLab template, and the entries of the hooks, all with the `gridlingua` of these tests instead of one just installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

FILES = Path(__file__).with_name("gate")
ROOT = Path(__file__).parents[3]
PROGRAMS = Path(sysconfig.get_path("scripts"))

BAD_SERIAL = '[shacl] ex:meter2 m:serial "A-12": it must match "^[A-Z]-[0-9]{4}$"'
BAD_LOAD = "[shacl] ex:reading3 m:kilowatt -1: A load is not below zero."
BAD_TIME = '[shacl] ex:reading3 m:at "2026-11-17": it must be of datatype xsd:dateTime'
OTHER_FILE = "[shacl] ex:reading3 m:of ex:meter1: it must be an instance of m:Meter"
NO_FEEDER = "[focus] shape:Feeder targets instances of m:Feeder, and there is none in "

REPAIRED = {
    "m:kilowatt -1": "m:kilowatt 1",
    '"2026-11-17" .': '"2026-11-17T09:45:00Z"^^xsd:dateTime .',
    "m:of ex:meter2 ;": "m:of ex:meter2 ;\n    m:kilowatt 2.5 ;",
}
EXCEPTIONS = """\
[[exceptions]]
check = "focus"
path = "shapes/feeders.ttl"
about = "shape:Feeder"
reason = "the feeders come with the next delivery"

[[exceptions]]
check = "shacl"
path = "data/tuesday.ttl"
about = "ex:meter2 m:serial"
reason = "an old serial number, kept until the meter is replaced"
"""


class Repository:
    """The foreign repository: what is typed in it, and what its CI runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, status: int, env: Mapping[str, str] | None = None) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRIDLINGUA", "GIT_"))}
        environment |= {"NO_COLOR": "1", "COLUMNS": "160", "GRIDLINGUA_CACHE": str(self.folder.parent / "cache")}
        environment["PATH"] = f"{PROGRAMS}{os.pathsep}{environment['PATH']}"
        result = subprocess.run(
            command, cwd=self.folder, env={**environment, **(env or {})}, capture_output=True, text=True, check=False
        )
        told = result.stdout + result.stderr
        assert result.returncode == status, told
        return told

    def gridlingua(self, *arguments: str, status: int) -> str:
        return self.run("gridlingua", *arguments, status=status)

    def yaml(self, path: str) -> Any:
        return yaml.safe_load((self.folder / path).read_text())

    def put(self, *paths: str) -> None:
        for path in paths:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(FILES / path, self.folder / path)

    def repair(self) -> None:
        data = self.folder / "data" / "tuesday.ttl"
        text = data.read_text()
        for old, new in REPAIRED.items():
            assert old in text
            text = text.replace(old, new)
        data.write_text(text)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A Git repository with meters, readings of Monday, and two shapes with their constraints."""
    made = Repository(tmp_path / "meters")
    made.folder.mkdir()
    made.put("data/monday.ttl", "shapes/meters.ttl")
    made.run("git", "init", "-q", status=0)
    return made


@pytest.fixture
def half_repaired(repository: Repository) -> Repository:
    """With the readings of Tuesday put right, but for what the policy excepts, and a shape that nothing is of yet."""
    repository.put("data/tuesday.ttl", "shapes/feeders.ttl")
    repository.repair()
    return repository


def test_the_gate_is_tried_by_hand_from_the_first_bad_file_to_the_clean_one(repository: Repository) -> None:
    validate = ("validate", "data", "--shapes", "shapes")
    assert "no problem" in repository.gridlingua(*validate, status=0)

    repository.put("data/tuesday.ttl")
    told = repository.gridlingua(*validate, status=1)
    for sentence in (BAD_SERIAL, BAD_LOAD, BAD_TIME, OTHER_FILE):
        assert sentence in told
    told = repository.gridlingua(*validate, "--together", status=1)
    assert BAD_LOAD in told
    assert OTHER_FILE not in told

    repository.put("shapes/feeders.ttl")
    told = repository.gridlingua(*validate, "--together", status=1)
    assert "shapes/feeders.ttl:5:1: " + NO_FEEDER + "2 files: it judges nothing" in told

    repository.repair()
    told = repository.gridlingua(*validate, "--together", status=1)
    assert BAD_SERIAL in told
    assert NO_FEEDER in told
    assert BAD_LOAD not in told

    policy = repository.folder / "gridlingua.toml"
    policy.write_text(EXCEPTIONS.replace('reason = "the feeders come with the next delivery"\n', ""))
    assert "an exception needs a reason: say why" in repository.gridlingua(*validate, "--together", status=2)
    policy.write_text(EXCEPTIONS.replace('check = "shacl"', 'check = "shacle"'))
    assert "there is no check 'shacle': did you mean shacl?" in repository.gridlingua(*validate, status=2)
    policy.write_text(EXCEPTIONS)
    told = repository.gridlingua(*validate, "--together", "--strict", status=0)
    assert "2 files" in told
    assert "no problem" in told


def test_an_exception_whose_finding_is_gone_is_told(half_repaired: Repository) -> None:
    (half_repaired.folder / "gridlingua.toml").write_text(EXCEPTIONS)
    data = half_repaired.folder / "data" / "tuesday.ttl"
    data.write_text(data.read_text().replace('"A-12"', '"A-1002"'))
    validate = ("validate", "data", "--shapes", "shapes", "--together")
    told = half_repaired.gridlingua(*validate, status=0)
    assert "gridlingua.toml:7: [policy] warning: the exception of shacl for data/tuesday.ttl matches nothing" in told
    half_repaired.gridlingua(*validate, "--strict", status=1)


def test_the_reports_of_a_run_say_the_same_as_the_terminal(repository: Repository) -> None:
    repository.put("data/tuesday.ttl")
    told = repository.gridlingua(
        *("validate", "data", "--shapes", "shapes", "--together", "--format", "github"),
        *("--format", "sarif:data.sarif", "--format", "junit:data.xml"),
        status=1,
    )
    assert sum(line.startswith("::error file=data/tuesday.ttl,line=") for line in told.splitlines()) == 4

    (run,) = json.loads((repository.folder / "data.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["shacl"] * 4
    texts = {result["message"]["text"] for result in run["results"]}
    assert any(text.startswith("ex:reading3 m:kilowatt -1: A load is not below zero.") for text in texts)

    suites = {suite.get("name"): suite for suite in ElementTree.parse(repository.folder / "data.xml").iter("testsuite")}
    assert {name: suite.get("failures") for name, suite in suites.items()} == {
        "data/monday.ttl": "0",
        "data/tuesday.ttl": "4",
    }


def github(repository: Repository) -> Callable[[int], str]:
    """What the action of the workflow runs."""
    repository.put(".github/workflows/gridlingua.yml")
    steps = repository.yaml(".github/workflows/gridlingua.yml")["jobs"]["gridlingua"]["steps"]
    (given,) = [step["with"] for step in steps if step["uses"].startswith("gridlingua/gridlingua@")]
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    inputs = {name: str(given.get(name, described["default"])) for name, described in action["inputs"].items()}
    assert given.keys() <= inputs.keys()
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "run"]
    env = {"GITHUB_OUTPUT": str(repository.folder.parent / "output")}
    for name, value in step["env"].items():
        inner = value.removeprefix("${{ ").removesuffix(" }}")
        env[name] = inputs[inner.removeprefix("inputs.")] if inner.startswith("inputs.") else str(PROGRAMS)
    return lambda status: repository.run("bash", "-e", "-c", step["run"], status=status, env=env)


def gitlab(repository: Repository) -> Callable[[int], str]:
    """What the job runs that extends the template."""
    repository.put(".gitlab-ci.yml")
    installed = repository.folder / ".gridlingua" / "bin"
    installed.mkdir(parents=True)
    (installed / "gridlingua").symlink_to(PROGRAMS / "gridlingua")
    job = repository.yaml(".gitlab-ci.yml")["data"]
    template = yaml.safe_load((ROOT / "deploy" / "ci" / "gitlab.yml").read_text())
    extended = template[job["extends"]]
    variables = {**template[extended["extends"]]["variables"], **extended["variables"], **job["variables"]}
    (script,) = extended["script"]
    return lambda status: repository.run("bash", "-c", script, status=status, env=variables)


def pre_commit(repository: Repository) -> Callable[[int], str]:
    """What the second hook runs; it is given no files."""
    repository.put(".pre-commit-config.yaml")
    (configured,) = repository.yaml(".pre-commit-config.yaml")["repos"]
    (args,) = [hook["args"] for hook in configured["hooks"] if hook["id"] == "gridlingua-validate"]
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert hooks["gridlingua-validate"]["pass_filenames"] is False
    entry = hooks["gridlingua-validate"]["entry"].split()
    return lambda status: repository.run(*entry, *args, status=status)


@pytest.mark.skipif(not (ROOT / "action.yml").exists(), reason="what CI runs stands in the project's sources")
@pytest.mark.parametrize("ci", [github, gitlab, pre_commit])
def test_the_gate_of_every_ci_refuses_the_bad_file_and_lets_the_good_ones_pass(
    ci: Callable[[Repository], Callable[[int], str]], repository: Repository
) -> None:
    gate = ci(repository)
    assert "1 file: no problem" in gate(0)

    repository.put("data/tuesday.ttl", "shapes/feeders.ttl")
    told = gate(1)
    for sentence in ("A load is not below zero.", "it must be of datatype xsd:dateTime", "it judges nothing"):
        assert sentence in told

    repository.repair()
    text = (repository.folder / "data" / "tuesday.ttl").read_text()
    (repository.folder / "data" / "tuesday.ttl").write_text(text.replace("ex:meter1", "ex:meter2"))
    (repository.folder / "gridlingua.toml").write_text(EXCEPTIONS)
    assert "2 files" in gate(0)


@pytest.mark.skipif(not (ROOT / "action.yml").exists(), reason="what CI runs stands in the project's sources")
def test_what_each_ci_keeps_is_written_where_it_looks(repository: Repository) -> None:
    repository.put("data/tuesday.ttl")
    github(repository)(1)
    assert "sarif=data.sarif" in (repository.folder.parent / "output").read_text()
    assert json.loads((repository.folder / "data.sarif").read_text())["runs"][0]["results"]
    gitlab(repository)(1)
    assert ElementTree.parse(repository.folder / "gridlingua.junit.xml").getroot().get("failures") == "5"


def test_the_checks_of_patterns_have_nothing_to_say_of_a_repository_without_patterns(repository: Repository) -> None:
    repository.put("data/tuesday.ttl", "shapes/feeders.ttl")
    assert "no problem" in repository.gridlingua("check", "data", "shapes", status=0)
