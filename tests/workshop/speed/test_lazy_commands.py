"""A command imports what it needs and nothing else; what lists all commands imports none."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import gridlingua.cli
from gridlingua.cli import app
from gridlingua.cli.commands import COMMANDS, help_line, load
from gridlingua.cli.reference import commands

HEAVY = ("rdflib", "pyshacl", "sqlalchemy", "fastapi", "pandas", "owlrl", "alembic", "jsonschema", "requests")


def imported_by(*arguments: str) -> set[str]:
    """The modules of a process that ran the command line with these arguments."""
    program = (
        "import sys\nfrom gridlingua.cli import app\n"
        f"try:\n    app({list(arguments)!r})\nfinally:\n    print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stderr.split()} | set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_neither_the_version_nor_the_help_imports_a_command_or_a_heavy_library(arguments: list[str]) -> None:
    found = imported_by(*arguments)
    assert found.isdisjoint(HEAVY)
    assert [name for name in found if name.startswith("gridlingua.cli.")] == ["gridlingua.cli.commands"]


def test_the_help_of_check_needs_no_services_and_nothing_that_judges() -> None:
    found = imported_by("check", "--help")
    assert "gridlingua.cli.check" in found
    assert found.isdisjoint({*HEAVY, "watchfiles", "gridlingua.services"} - {"rdflib", "jsonschema"})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_list_says_and_says_what_the_list_says(name: str) -> None:
    found = load(name)
    told = found.info.help if isinstance(found, typer.Typer) else inspect.getdoc(found)
    assert help_line(name) == " ".join(str(told).partition("\n\n")[0].split())
    assert help_line(name)


def test_every_module_that_declares_a_command_is_listed() -> None:
    folder = Path(gridlingua.cli.__file__).parent
    listed = {where.partition(":")[0] for where in COMMANDS.values()}
    own = re.compile(r'"""``gridlingua [\w-]+``')  # a command of a group has two words
    told = {path.stem for path in folder.glob("*.py") if own.match(path.read_text("utf-8"))}
    assert told <= listed


def test_the_help_lists_every_command_with_its_first_line() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "300", "NO_COLOR": "1"}).output
    for name in COMMANDS:
        assert f"{name} " in shown
        assert help_line(name) in shown


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant() -> None:
    result = CliRunner().invoke(app, ["chek"])
    assert result.exit_code == 2
    assert "Did you mean 'check'" in result.output


def test_a_group_shows_its_own_commands() -> None:
    result = CliRunner().invoke(app, ["ontology"])
    assert "extract" in result.output
    assert "list" in result.output


def test_the_reference_knows_every_command_of_every_group() -> None:
    names = {name for name, _ in commands(app, "gridlingua")}
    assert {name.split()[1] for name in names} == set(COMMANDS)
    assert "gridlingua admin client add" in names
