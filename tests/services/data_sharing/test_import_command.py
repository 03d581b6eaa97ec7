"""``gridlingua import`` as an operator runs it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from gridlingua.cli.import_readings import import_readings
from gridlingua.services.data_sharing import store
from gridlingua.storage import Database

from .conftest import POINTS, READINGS, day, homes_day, street, written

app = typer.Typer()
app.command()(import_readings)


@pytest.fixture
def run(database_url: str) -> Any:
    def run(*arguments: str | Path) -> Any:
        return CliRunner().invoke(app, [*map(str, arguments), "--database", database_url])

    return run


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    points = written(tmp_path / "points.csv", POINTS, street(3))
    return points, written(tmp_path / "readings.csv", READINGS, homes_day(3))


def test_points_and_readings_are_told_apart_and_imported(
    run: Any, files: tuple[Path, Path], database: Database
) -> None:
    done = run(*files)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "points.csv: 7 rows: 7 new" in done.stdout
    assert "readings.csv: 288 rows: 288 new" in done.stdout
    assert "readings.csv: 288 rows: 288 known already" in run(files[1], "--readings").stdout
    with database.reading() as connection:
        assert len(store.all_customers(connection)) == 5
    assert not list(files[0].parent.glob("*.rejects.csv"))


def test_bad_rows_are_put_aside_and_can_be_mended_there(run: Any, files: tuple[Path, Path], tmp_path: Path) -> None:
    run(files[0])
    lines = list(day("PT0001", quarters=3))
    bad = written(tmp_path / "bad.csv", READINGS, [lines[0], lines[1].replace("PT0001", "PT7777"), lines[2], "one,two"])
    refused = run(bad)
    assert refused.exit_code == 1
    assert "4 rows, 2 of them bad; nothing of it is imported" in refused.stdout
    assert "line 3: there is no point with the meter 'PT7777'" in refused.stdout
    aside = tmp_path / "bad.csv.rejects.csv"
    rows = list(csv.reader(aside.read_text("utf-8").splitlines()))
    assert rows[0] == ["line", "reason", *READINGS.lower().split(",")]
    assert (rows[1][0], rows[1][2:]) == ("3", lines[1].replace("PT0001", "PT7777").split(","))
    assert rows[2] == ["5", "there are 2 cells, and 7 headings", "one", "two"]
    skipped = run(bad, "--skip-bad", "--rejects", tmp_path / "aside.csv")
    assert (skipped.exit_code, "4 rows: 2 new, 2 bad" in skipped.stdout) == (0, True)
    mended = tmp_path / "aside.csv"
    text = mended.read_text("utf-8").replace("PT7777", "PT0001")
    mended.write_text("\n".join(text.splitlines()[:2]) + "\n", encoding="utf-8")
    assert "1 rows: 1 new" in run(mended).stdout


def test_a_bad_file_does_not_keep_the_others_out(run: Any, files: tuple[Path, Path], tmp_path: Path) -> None:
    strange = written(tmp_path / "strange.csv", "a,b", ["1,2"])
    done = run(strange, *files)
    assert done.exit_code == 1
    assert "strange.csv: there is no column meter_id" in done.stdout
    assert "nothing of it is imported" in done.stdout
    assert "readings.csv: 288 rows: 288 new" in done.stdout


def test_known_values_are_replaced_on_request_alone(run: Any, files: tuple[Path, Path], tmp_path: Path) -> None:
    run(*files)
    other = written(tmp_path / "x.csv", "meter_id,time,voltage_V", ["PT0001,2026-11-19T00:00:00Z,1"])
    assert run(other).exit_code == 1
    assert "1 rows: 1 changed" in run(other, "--replace").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--points"], 1, "this is no file of points: there is a column time"),
        (["--points", "--readings"], 2, "exclude each other"),
        (["other.csv", "--rejects", "r.csv"], 2, "--rejects is for one FILE"),
    ],
)
def test_what_is_meant_otherwise_is_refused(
    run: Any, files: tuple[Path, Path], tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    (tmp_path / "other.csv").write_text("x")
    done = run(files[1], *(tmp_path / one if one.endswith(".csv") else one for one in arguments))
    assert done.exit_code == status
    assert said in " ".join((done.stdout + done.stderr).replace("│", " ").split())


def test_a_place_for_bad_rows_that_cannot_be_written_is_told_and_nothing_is_imported(
    run: Any, files: tuple[Path, Path], tmp_path: Path
) -> None:
    bad = written(tmp_path / "bad.csv", POINTS, ["M1,LVClient,,Z1,,,,,", "M2,House,,,,,,,"])
    done = run(bad, "--skip-bad", "--rejects", tmp_path / "no" / "such.csv")
    assert (done.exit_code, "bad rows cannot be put aside in" in done.stdout) == (1, True)
    assert "2 rows: 1 new, 1 bad" in run(bad, "--skip-bad").stdout


def test_a_database_that_cannot_be_used_is_told(files: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(app, [str(files[0]), "--database", "sqlite:////no/such/folder/x.sqlite"])
    assert (done.exit_code, done.stderr.startswith("gridlingua import: the database")) == (1, True)
