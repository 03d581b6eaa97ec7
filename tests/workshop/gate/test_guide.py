"""docs/ci.md, followed to the letter: a SHACL gate in a foreign repository, by somebody who reads nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gridlingua.cli.reports import formats
from gridlingua.cli.reports.rules import check_rules, validate_rules

from .conftest import Run

GUIDE = (Path(__file__).parents[3] / "docs" / "ci.md").read_text()
FIVE_MINUTES = GUIDE.partition("## A gate in five minutes")[2].partition("\n## ")[0]


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the files that the guide shows, each under its name."""
    for name, text in re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)```", FIVE_MINUTES, re.DOTALL | re.MULTILINE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRIDLINGUA_CATALOGUE", raising=False)
    return tmp_path


def test_what_the_guide_shows_is_what_is_told(prepared: Path, run: Run) -> None:
    told = re.findall(r"```sh\ngridlingua (.*?)\n```\n\n```text\n(.*?)```", FIVE_MINUTES, re.DOTALL)
    assert len(told) == 2
    for command, output in told:
        result = run(*command.split())
        assert result.exit_code == 1
        assert result.stdout.partition("see docs/")[0] == output


def test_put_right_it_passes(prepared: Path, run: Run) -> None:
    data = prepared / "data" / "tuesday.ttl"
    data.write_text(
        data.read_text()
        .replace("-5", "5")
        .replace(
            "ex:v1 .\n",
            'ex:v1 ; saref:hasTimestamp\n  "2026-01-27T19:40:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n',
            1,
        )
    )
    assert run("validate", "data", "--shapes", "shapes").exit_code == 0
    pattern = prepared / "patterns" / "readings.rq"
    pattern.write_text(pattern.read_text().replace("hasVale", "hasValue"))
    result = run("check", "patterns")
    assert result.exit_code == 0, result.output


def test_the_policy_that_the_guide_shows_is_read(prepared: Path, run: Run) -> None:
    (toml,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (prepared / "gridlingua.toml").write_text(toml)
    result = run("check", "patterns")
    assert result.exit_code == 0, "terms are notes there"
    assert "[terms] note: saref:hasVale" in result.stdout
    assert "the exception of terms names pilots/*, and there is no such file" in result.stdout


def test_the_guide_names_every_format_and_every_kind_of_finding() -> None:
    for name in formats():
        assert f"| `{name}` |" in GUIDE
    for name in validate_rules().keys() - {"shapes"}:
        assert f"| `{name}` |" in GUIDE
    assert check_rules()["policy"].page == "docs/ci.md"
