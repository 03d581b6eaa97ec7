"""What other people's CI runs: the GitHub Action, the GitLab template and the pre-commit hooks, by running it.

Only the download is left out: pip installs the project itself, and its dependencies are those that these tests have.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from .conftest import GOOD

ROOT = Path(__file__).parents[3]
SOURCES = ("src", "graph_patterns", "shapes", "ontologies", "pyproject.toml", "README.md", "LICENSE", "gridlingua.toml")

pytestmark = pytest.mark.skipif(
    not (ROOT / "action.yml").exists(), reason="the tests run without the project's sources, which are what CI installs"
)

PATTERN = """\
PREFIX saref: <https://saref.etsi.org/core/>

CONSTRUCT WHERE {
  ?reading a saref:Observation ; saref:hasTimestamp ?time ; saref:hasResult ?value .
  ?value a saref:PropertyValue ; saref:hasValue ?load .
}
"""
TYPO = PATTERN.replace("saref:hasTimestamp", "saref:hasTimestam")
BELOW_ZERO = GOOD.replace("211.4", "-5")


def offline() -> dict[str, str]:
    """The environment of a process that installs the project without the network, and runs it."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GRIDLINGUA", "GIT_", "PYTEST"))},
        "PYTHONPATH": sysconfig.get_paths()["purelib"],
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as: build isolation off
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a checkout has it, without what building leaves behind."""
    folder = tmp_path_factory.mktemp("project")
    for name in (*SOURCES, "action.yml", ".pre-commit-hooks.yaml", "deploy"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, folder / name)
    return folder


@dataclass
class Job:
    """A composite action that is run step by step, as GitHub's runner does."""

    action: Path
    repository: Path
    inputs: Mapping[str, str]
    temp: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    status: int = 0

    def run(self) -> int:
        """Run every step that has a script, but those whose outputs are known; the status of the last one."""
        told = yaml.safe_load(self.action.read_text())
        given = {name: one.get("default", "") for name, one in told["inputs"].items()}
        assert self.inputs.keys() <= given.keys()
        status = 0
        for step in told["runs"]["steps"]:
            if "run" in step and step["id"] not in self.outputs and not status:
                assert step["shell"] == "bash"
                status = self._step(step, {**given, **self.inputs})
        return status

    def _step(self, step: Mapping[str, Any], given: Mapping[str, str]) -> int:
        script, output = self.temp / "script.sh", self.temp / "output"
        script.write_text(step["run"])
        output.write_text("")
        env = {name: self._value(str(text), given) for name, text in step.get("env", {}).items()}
        result = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.repository,
            env={**offline(), "RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(output), **env},
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += result.stdout + result.stderr
        self.outputs[step["id"]] = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return result.returncode

    def _value(self, text: str, given: Mapping[str, str]) -> str:
        """What the runner puts for ``${{ … }}``."""

        def filled(found: re.Match[str]) -> str:
            match found[1].split("."):
                case ["inputs", name]:
                    return given[name]
                case ["github", "action_path"]:
                    return str(self.action.parent)
                case ["steps", "python", "outputs", "python-path"]:
                    return sys.executable
                case ["steps", step, "outputs", name]:
                    return self.outputs[step].get(name, "")
            raise AssertionError(f"nothing puts {found[1]}")

        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", filled, text)


@pytest.fixture(scope="module")
def installed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The first job of a runner, for which the action installed gridlingua."""
    repository, temp = (tmp_path_factory.mktemp(name) for name in ("repository", "runner"))
    job = Job(project / "action.yml", repository, {"paths": "nowhere"}, temp)
    assert job.run() == 2, job.log
    return job


Act = Callable[..., Job]


@pytest.fixture
def act(installed: Job, repository: Path) -> Act:
    """Run the action in the repository, with gridlingua installed: ``act(paths="patterns")``."""

    def started(**inputs: str) -> Job:
        job = Job(installed.action, repository, inputs, installed.temp, {"install": installed.outputs["install"]})
        job.status = job.run()
        return job

    return started


def status(job: Job) -> int:
    """The status that the job ends with, which the action also tells as an output."""
    assert job.outputs["run"]["status"] == str(job.status), job.log
    return job.status


def test_the_action_passes_good_patterns_and_good_data(repository: Path, act: Act) -> None:
    (repository / "patterns").mkdir()
    (repository / "patterns" / "load.rq").write_text(PATTERN)
    assert status(act(paths="patterns")) == 0
    job = act(command="validate", paths="data", shapes="shapes", sarif="data.sarif")
    assert status(job) == 0, job.log
    assert json.loads((repository / "data.sarif").read_text())["runs"][0]["results"] == []


def test_the_action_refuses_a_bad_pattern_with_an_annotation_and_an_alert(repository: Path, act: Act) -> None:
    (repository / "my patterns").mkdir()
    (repository / "my patterns" / "load.rq").write_text(TYPO)
    job = act(paths="my patterns\ndata\n", only="terms")
    assert status(job) == 1, job.log
    assert "::error file=my patterns/load.rq,line=4,col=" in job.log
    assert job.outputs["run"]["sarif"] == "gridlingua.sarif"
    (result,) = json.loads((repository / "gridlingua.sarif").read_text())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20patterns/load.rq"


def test_the_action_refuses_bad_data_and_takes_every_input(repository: Path, act: Act) -> None:
    (repository / "data" / "good.ttl").write_text(BELOW_ZERO)
    job = act(command="validate", paths="data", shapes="shapes", format="text")
    assert status(job) == 1
    assert "data/good.ttl:5:1: [shacl] ex:r1" in job.log
    (repository / "soft.toml").write_text('[checks]\nshacl = "warning"\n')
    assert status(act(command="validate", paths="data", shapes="shapes", settings="soft.toml")) == 0
    strict = act(command="validate", paths="data", shapes="shapes", settings="soft.toml", strict="true")
    assert status(strict) == 1


def test_the_action_says_when_it_is_not_used_rightly(repository: Path, act: Act) -> None:
    job = act(paths="nowhere; touch injected")
    assert status(job) == 2
    assert "nowhere; touch injected is no file" in job.log
    assert not (repository / "injected").exists()
    assert "sarif" not in job.outputs["run"]


def gitlab(project: Path, repository: Path, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a job of the template as GitLab's runner does, with its own and inherited keys. What the first job of a
    repository installed is there for the next, as with a cache."""
    jobs = yaml.safe_load((project / "deploy" / "ci" / "gitlab.yml").read_text())
    base, own = jobs[".gridlingua"], jobs[name]
    assert own["extends"] == ".gridlingua"
    before = [] if (repository / ".gridlingua").exists() else base["before_script"]
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join([*before, *own["script"]])],
        cwd=repository,
        env={
            **offline(),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **base["variables"],
            **own.get("variables", {}),
            **{f"GRIDLINGUA_{key.upper()}": value for key, value in variables.items()},
            "GRIDLINGUA_PACKAGE": str(project),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_gitlab_jobs_pass_and_refuse_and_leave_a_test_report(project: Path, repository: Path) -> None:
    (repository / "patterns").mkdir()
    (repository / "patterns" / "load.rq").write_text(PATTERN)
    passed = gitlab(project, repository, ".gridlingua-check", paths="patterns data")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    report = ElementTree.parse(repository / "gridlingua.junit.xml").getroot()
    assert [suite.get("name") for suite in report] == ["patterns/load.rq", "data/good.ttl"]
    assert report.get("failures") == "0"
    (repository / "patterns" / "load.rq").write_text(TYPO)
    refused = gitlab(project, repository, ".gridlingua-check", paths="patterns data", options="--only terms")
    assert refused.returncode == 1
    assert "patterns/load.rq:4:" in refused.stdout
    assert ElementTree.parse(repository / "gridlingua.junit.xml").getroot().get("failures") == "1"
    data = {"paths": "data", "shapes": "shapes"}
    assert gitlab(project, repository, ".gridlingua-validate", **data).returncode == 0
    (repository / "data" / "good.ttl").write_text(BELOW_ZERO)
    bad = gitlab(project, repository, ".gridlingua-validate", **data)
    assert bad.returncode == 1
    assert "A load is not below zero." in bad.stdout


@pytest.fixture(scope="module")
def hooks(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The project as a repository of hooks: its address and revision."""
    folder = tmp_path_factory.mktemp("hooks") / "gridlingua"
    shutil.copytree(project, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "hooks")
    return str(folder), git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *arguments: str) -> str:
    author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    result = subprocess.run(
        ["git", *author, *arguments], cwd=folder, env=offline(), capture_output=True, text=True, check=True
    )
    return result.stdout


def test_the_hooks_pass_and_refuse_a_commit(
    hooks: tuple[str, str], repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("pre-commit")
    shutil.rmtree(repository / ".git")
    git(repository, "init", "--quiet")
    config = {
        "repos": [
            {
                "repo": hooks[0],
                "rev": hooks[1],
                "hooks": [
                    {"id": "gridlingua-check"},
                    {"id": "gridlingua-validate", "args": ["--shapes", "shapes", "--", "data"]},
                ],
            }
        ]
    }
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (repository / "load.rq").write_text(PATTERN)

    def committed() -> subprocess.CompletedProcess[str]:
        git(repository, "add", "--all")
        command = [sys.executable, "-m", "pre_commit", "run", "--verbose"]
        env = {**offline(), "PRE_COMMIT_HOME": str(home)}
        return subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, check=False)

    passed = committed()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert passed.stdout.count("Passed") == 2
    (repository / "load.rq").write_text(TYPO)
    (repository / "data" / "good.ttl").write_text(BELOW_ZERO)
    refused = committed()
    assert refused.returncode == 1
    assert refused.stdout.count("Failed") == 2
    assert "load.rq:4:" in refused.stdout
    assert "did you mean saref:hasTimestamp" in refused.stdout
    assert "data/good.ttl:5:1: [shacl] ex:r1" in refused.stdout


def test_what_the_guide_tells_to_write_is_what_there_is(project: Path) -> None:
    guide = (ROOT / "docs" / "ci.md").read_text()
    workflow, pipeline, precommit = (yaml.safe_load(one) for one in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL))
    inputs = yaml.safe_load((project / "action.yml").read_text())["inputs"]
    used = [step for step in workflow["jobs"]["gridlingua"]["steps"] if "gridlingua/" in step["uses"]]
    assert len(used) == 2
    for step in used:
        assert step["with"].keys() <= inputs.keys()
    uploads = [
        (one["if"], one["with"]["sarif_file"])
        for one in workflow["jobs"]["gridlingua"]["steps"]
        if "upload-sarif" in one["uses"]
    ]
    for number, step in enumerate(used):
        assert number == 0 or step["if"] == "always()", "the one before may have refused something"
        given = f"steps.{step['id']}.outputs.sarif"
        assert (f"always() && {given}", f"${{{{ {given} }}}}") in uploads
    version = tomllib.loads((project / "pyproject.toml").read_text())["project"]["version"]
    assert precommit["repos"][0]["rev"] == f"v{version}", "pre-commit warns of a branch"
    jobs = yaml.safe_load((project / "deploy" / "ci" / "gitlab.yml").read_text())
    for job in (one for name, one in pipeline.items() if name != "include"):
        known = {**jobs[".gridlingua"]["variables"], **jobs[job["extends"]].get("variables", {})}
        assert job["variables"].keys() <= known.keys()
    offered = {one["id"] for one in yaml.safe_load((project / ".pre-commit-hooks.yaml").read_text())}
    assert {one["id"] for one in precommit["repos"][0]["hooks"]} == offered
