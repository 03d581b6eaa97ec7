"""`gridlingua check`."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

run = CliRunner().invoke


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A catalogue with three mistakes in two files of one exchange."""
    content = shipped()
    for folder in (
        content.patterns / "flexibility" / "offers",
        content.shapes / "flexibility",
        content.shapes / "concepts",
    ):
        shutil.copytree(folder, tmp_path / folder.relative_to(content.root))
    for name in ("needs", "needs_publication", "activation_plan"):
        (tmp_path / "shapes" / "flexibility" / f"{name}.ttl").unlink()
    pattern = tmp_path / "graph_patterns" / "flexibility" / "offers" / "saref4.argument.rq"
    pattern.write_text(pattern.read_text().replace("s4ener:includes", "s4ener:include").replace("?price ;", "?prise ;"))
    declared = pattern.with_name("exchange.yaml")
    declared.write_text(declared.read_text().replace("at: /*/startTime", "at: /*/beginTime"))
    return tmp_path


def test_a_service_of_the_shipped_catalogue_has_no_problem() -> None:
    result = run(app, ["check", "flexibility/needs", "flexibility/offers"])
    assert result.exit_code == 0, result.output
    assert "no problem" in result.output


def test_all_problems_are_told_at_once_each_with_its_place(broken: Path) -> None:
    result = run(app, ["check", "--catalogue", str(broken)])
    assert result.exit_code == 1
    lines = [line for line in result.stdout.splitlines() if line]
    *told, pages = lines
    assert all(re.fullmatch(r"[\w/.-]+:\d+(:\d+)?: \[\w+\] .+", line) for line in told), result.stdout
    assert pages.startswith("see docs/checks/")
    said = result.stdout
    assert "s4ener:include is in no ontology in use: did you mean s4ener:includes" in said
    assert "?prise is neither a field nor a node" in said
    assert "/*/beginTime is not in the schema" in said


def test_one_check_can_be_run_alone(broken: Path) -> None:
    result = run(app, ["check", "--catalogue", str(broken), "--only", "terms"])
    assert result.exit_code == 1
    assert "[terms]" in result.stdout
    assert "[variables]" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["check", "flexibility/need"],
            "flexibility/need is no file, no folder and no exchange; did you mean flexibility/needs",
        ),
        (["check", "--only", "spelling"], "there is no check 'spelling'; there are ambiguity"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(arguments: list[str], said: str) -> None:
    result = run(app, arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_folder_without_a_catalogue_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = run(app, ["check", "--catalogue", str(tmp_path)])
    assert result.exit_code == 1
    assert "there is no folder graph_patterns here" in result.stdout


@pytest.mark.parametrize("base", ["terms#", "https://dso.example.org/terms", "https://dso.example.org/a b#", "a:>#"])
def test_a_base_of_the_extension_that_is_no_namespace_is_refused(base: str) -> None:
    result = run(app, ["check", "--extension-base", base], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "ends in # or /" in result.stderr


def test_what_cannot_be_read_hides_nothing_else(broken: Path) -> None:
    declared = broken / "graph_patterns" / "flexibility" / "offers" / "exchange.yaml"
    text = (
        declared.read_text()
        .replace("as: dateTimeStamp", "as: dateTimestamp")
        .replace("    /*/meterIds/*: meterId\n", "")
    )
    declared.write_text(text)
    said = run(app, ["check", "--catalogue", str(broken)]).stdout
    for variable in ("start", "end", "acknowledgedAt"):
        assert f"?{variable}: there is no datatype 'dateTimestamp'" in said
    assert "the array /*/meterIds/* has no key" in said
    assert "s4ener:include is in no ontology in use" in said
    declared.write_text(text.replace("kind: post", "kind: poke"))
    said = run(app, ["check", "--catalogue", str(broken)]).stdout
    assert "kind: 'poke' is not one of ['ask', 'post']" in said
    assert "s4ener:include is in no ontology in use" in said
