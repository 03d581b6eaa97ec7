"""`gridlingua test`."""

import shutil
from pathlib import Path

from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

run = CliRunner().invoke


def test_every_case_of_an_exchange_is_carried_and_told() -> None:
    result = run(app, ["test", "flexibility/offers"])
    assert result.exit_code == 0, result.output
    cases = len(list((shipped().patterns / "flexibility" / "offers").glob("*/*.json")))
    assert result.stdout.splitlines()[-1] == f"{cases} passed, 0 failed"


def test_a_reject_that_is_told_otherwise_fails(tmp_path: Path) -> None:
    for folder in ("graph_patterns", "shapes"):
        shutil.copytree(shipped().root / folder, tmp_path / folder)
    text = tmp_path / "graph_patterns" / "flexibility" / "offers" / "rejects" / "unit_of_energy.txt"
    text.write_text("no")
    result = run(app, ["test", "flexibility/offers", "--catalogue", str(tmp_path)])
    assert result.exit_code == 1
    assert "FAILED flexibility/offers reject unit_of_energy: the sender is told" in result.stdout


def test_an_exchange_that_does_not_exist_is_told_in_a_sentence() -> None:
    result = run(app, ["test", "flexibility/none"])
    assert result.exit_code == 1
    assert "there is no exchange 'flexibility/none'" in result.stderr
