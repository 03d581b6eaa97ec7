"""`gridlingua test`."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

run = CliRunner().invoke
ID = "flexibility/offers"


@pytest.fixture
def offers(tmp_path: Path) -> Path:
    """A catalogue of one exchange; its folder."""
    shutil.copytree(shipped().patterns / ID, tmp_path / "graph_patterns" / ID)
    shutil.copytree(shipped().shapes, tmp_path / "shapes")
    return tmp_path / "graph_patterns" / ID


def told(offers: Path, *arguments: str) -> tuple[int, str]:
    result = run(app, ["test", ID, "--catalogue", str(offers.parents[2]), *arguments])
    assert result.stderr == ""
    return result.exit_code, result.stdout


def files(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text("utf-8") for path in folder.rglob("*.*")}


def test_every_case_of_an_exchange_is_carried_and_told_and_how_long_it_took() -> None:
    result = run(app, ["test", ID])
    assert result.exit_code == 0, result.output
    cases = len(list((shipped().patterns / ID).glob("*/*.json")))
    assert re.fullmatch(rf"{cases} passed, 0 failed in \d+\.\d s", result.stdout.splitlines()[-1])


def test_cases_are_chosen_by_name_and_the_exchange_by_its_folder(offers: Path) -> None:
    result = run(app, ["test", str(offers), "--catalogue", str(offers.parents[2]), "-k", "UNIT_OF", "-k", "day_ahead"])
    assert result.exit_code == 0, result.output
    *cases, summary = result.stdout.splitlines()
    assert cases == [f"ok {ID} example day_ahead", f"ok {ID} reject unit_of_energy"]
    assert summary.startswith("2 passed, 0 failed")


def test_a_reject_that_is_told_otherwise_fails_and_may_be_accepted(offers: Path) -> None:
    text = offers / "rejects" / "unit_of_energy.txt"
    right = text.read_text("utf-8")
    text.write_text("no\n")
    status, said = told(offers, "-k", "unit_of_energy")
    assert status == 1
    assert f"FAILED {ID} reject unit_of_energy: the sender is told" in said
    status, said = told(offers, "-k", "unit_of_energy", "--accept")
    assert status == 0
    assert f"accepted {ID} reject unit_of_energy\n--- graph_patterns/{ID}/rejects/unit_of_energy.txt" in said
    assert "\n-no\n+flexibility/offers request: /*/measurementUnit" in said
    assert "0 passed, 0 failed, 1 accepted in " in said
    assert text.read_text("utf-8") == right


def test_the_words_of_a_new_reject_are_written(offers: Path) -> None:
    text = offers / "rejects" / "unit_of_energy.txt"
    right = text.read_text("utf-8")
    text.unlink()
    status, said = told(offers, "-k", "unit_of_energy", "--accept")
    assert (status, text.read_text("utf-8")) == (0, right)
    assert "--- /dev/null" in said


def test_a_reject_that_is_not_refused_is_never_accepted(offers: Path) -> None:
    shutil.copy(offers / "examples" / "day_ahead.json", offers / "rejects" / "fine.json")
    before = files(offers)
    status, said = told(offers, "-k", "fine", "--accept")
    assert (status, files(offers)) == (1, before)
    assert f"FAILED {ID} reject fine: it is not refused" in said


def test_an_example_in_another_order_is_written_in_that_of_its_keys(offers: Path) -> None:
    path = offers / "examples" / "day_ahead.json"
    right = path.read_text("utf-8")
    case = json.loads(right)
    for part in case:
        case[part].reverse()
    path.write_text(json.dumps(case))
    status, said = told(offers, "-k", "day_ahead")
    assert status == 1
    assert f"FAILED {ID} example day_ahead: the request came back as [" in said
    status, said = told(offers, "-k", "day_ahead", "--accept")
    assert status == 0, said
    assert path.read_text("utf-8") == right
    assert told(offers, "-k", "day_ahead")[0] == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("examples/day_ahead.json", '"offer": 20', '"offer": -20', "The quantity must be above zero"),
        ("examples/day_ahead.json", '"price": 0.1,', '"price": 0.1, "colour": "green",', "'colour' was unexpected"),
        ("request.schema.json", '"additionalProperties": false', '"additionalProperties": true', "came back as"),
    ],
)
def test_an_example_that_fails_is_never_accepted(offers: Path, file: str, old: str, new: str, said: str) -> None:
    path = offers / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new))
    if file == "request.schema.json":  # a property that no field carries is lost on the way
        example = offers / "examples" / "day_ahead.json"
        example.write_text(example.read_text("utf-8").replace('"price": 0.1,', '"price": 0.1, "colour": "green",'))
    before = files(offers)
    status, out = told(offers, "-k", "example day_ahead", "--accept")
    assert (status, files(offers)) == (1, before)
    assert said in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flexibility/none"], "there is no exchange 'flexibility/none'"),
        ([ID, "-k", "nothing"], "no case has 'nothing'"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(arguments: list[str], said: str) -> None:
    result = run(app, ["test", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
