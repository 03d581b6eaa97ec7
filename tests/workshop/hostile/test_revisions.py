"""`gridlingua diff` of a revision that a stranger wrote."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.cli import app


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "graph_patterns" / "a" / "b"
    folder.mkdir(parents=True)
    (tmp_path / "shapes").mkdir()
    (folder / "exchange.yaml").write_text("title: none\n")
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_link_out_of_the_catalogue_is_told(catalogue: Path) -> None:
    (catalogue / "graph_patterns" / "a" / "b" / "link.rq").symlink_to("/etc/passwd")
    git(catalogue, "add", "-A")
    git(catalogue, "commit", "-qm", "x")
    result = CliRunner().invoke(app, ["diff", "--git", "HEAD"])
    assert result.exit_code == 2
    assert "HEAD cannot be read" in result.output


@pytest.mark.parametrize("revision", ["--output=stolen", "-x"])
def test_a_revision_is_no_option_of_git(catalogue: Path, revision: str) -> None:
    result = CliRunner().invoke(app, ["diff", f"--git={revision}"])
    assert result.exit_code == 2
    assert not (catalogue / "stolen").exists()
