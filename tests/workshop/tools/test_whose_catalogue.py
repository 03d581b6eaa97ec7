"""Who names no catalogue and stands in none is told whose it is that is looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

NEEDS = "graph_patterns/flexibility/needs"
SAID = "the catalogue that comes with gridlingua"


def said(*arguments: str) -> str:
    return CliRunner().invoke(app, [*arguments]).output


@pytest.mark.parametrize("command", [["check", "--only", "operation"], ["test", "--select", "quantity_of_zero"]])
def test_a_folder_without_a_catalogue_is_said(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert SAID in said(*command)
    shutil.copytree(shipped().root / NEEDS, tmp_path / NEEDS)
    shutil.copytree(shipped().root / "shapes", tmp_path / "shapes")
    assert SAID not in said(*command)


def test_who_names_an_exchange_knows_whose_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert SAID not in said("check", "flexibility/needs", "--only", "operation")
