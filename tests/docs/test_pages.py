"""The pages say what is there."""

import importlib
import pkgutil
import re
import shutil
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner

import gridlingua
from gridlingua.catalogue import Catalogue, shipped
from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.page import pages
from gridlingua.cli import app
from gridlingua.cli.docs import generated, out_of_date
from gridlingua.cli.reference import commands, parameters
from gridlingua.engine.errors import EngineError
from gridlingua.errors import GridlinguaError
from gridlingua.services.refusals import RefusedError

T = TypeVar("T")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def modules() -> list[str]:
    """Every module; Alembic's ``env`` is a script that only Alembic runs."""
    found = [one.name for one in pkgutil.walk_packages(gridlingua.__path__, "gridlingua.")]
    return [name for name in found if not name.endswith(".migrations.env")]


def test_every_generated_page_is_current(documentation: Path) -> None:
    assert out_of_date(documentation, generated(shipped(), app)) == []


def test_every_exchange_has_a_page_with_a_drawing_of_each_pattern(catalogue: Catalogue) -> None:
    found = pages(catalogue)
    for exchange in catalogue.exchanges.values():
        page = found[f"exchanges/{exchange.id}.md"]
        drawings = re.findall(r"!\[.*\]\((.+\.svg)\)", page)
        assert len(drawings) == sum(2 if one.result else 1 for one in exchange.profiles.values())
        assert all(f"exchanges/{exchange.service}/{name}" in found for name in drawings)


def test_the_page_of_an_exchange_has_every_field_and_every_refusal(catalogue: Catalogue) -> None:
    for exchange in catalogue.exchanges.values():
        page = pages(catalogue)[f"exchanges/{exchange.id}.md"]
        for name in (*exchange.request.fields, *exchange.reply.fields):
            assert f"`?{name}`" in page
        for case in exchange.rejects:
            assert case.told
            assert case.told.replace("*", "\\*").replace("[", "\\[").replace("_", "\\_").splitlines()[0] in page


def test_every_check_has_a_page_with_why_example_and_remedy(documentation: Path) -> None:
    index = (documentation / "checks" / "README.md").read_text("utf-8")
    for name, check in checks().items():
        page = (documentation / "checks" / f"{name}.md").read_text("utf-8")
        assert f"[{name}]({name}.md)" in index
        assert check.demand in page
        assert check.reason, f"{name} does not say why"
        assert check.reason in page
        assert check.example, f"{name} shows no example"
        assert "## Example" in page
        assert "## Remedy" in page


def test_every_command_and_option_is_documented_and_says_what_it_does(documentation: Path) -> None:
    page = (documentation / "cli.md").read_text("utf-8")
    for name, command in commands(app, "gridlingua"):
        assert f"## `{name}`\n" in page
        assert command.__doc__, f"{name} has no docstring"
        for one in parameters(command):
            assert one.declared.help, f"{one.names[0]} of {name} has no help"
            assert one.names[0] in page


def test_the_reference_names_options_as_the_commands_themselves_do() -> None:
    for name, command in commands(app, "gridlingua"):
        shown = CliRunner().invoke(app, [*name.split()[1:], "--help"], env={"COLUMNS": "300", "NO_COLOR": "1"}).output
        names = {option for one in parameters(command) if one.is_option for option in one.names}
        assert {option for option in names if option not in shown} == set(), f"of {name}"
        assert len(re.findall(r"^\W*--", shown, re.MULTILINE)) - 1 == len(parameters(command)) - sum(
            not one.is_option for one in parameters(command)
        ), f"{name} shows options that the reference does not know"


def test_every_environment_variable_in_the_code_is_documented(documentation: Path) -> None:
    source = Path(gridlingua.__file__).parent
    named = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r"GRIDLINGUA_[A-Z][A-Z_]*[A-Z]", path.read_text("utf-8"))
    }
    page = (documentation / "cli.md").read_text("utf-8")
    assert named
    assert {name for name in named if f"`{name}`" not in page} == set()


def test_every_error_is_on_the_page_of_errors(documentation: Path) -> None:
    errors = {
        one
        for name in modules()
        for one in vars(importlib.import_module(name)).values()
        if isinstance(one, type) and issubclass(one, GridlinguaError) and not one.__name__.startswith("_")
    }
    page = (documentation / "errors.md").read_text("utf-8")
    assert {one.__name__ for one in errors if f"`{one.__name__}`" not in page} == set()
    listed = set(re.findall(r"`(\w+Error)`", page))
    assert listed - {one.__name__ for one in errors} == set(), "an error on the page is gone"


def test_the_page_of_errors_has_the_right_status_of_each(documentation: Path) -> None:
    lines = (documentation / "errors.md").read_text("utf-8").splitlines()
    known: list[tuple[type[GridlinguaError], int]] = [(one, one.status) for one in subclasses(RefusedError)]
    known += [(one, one.default_status) for one in subclasses(EngineError)]
    for error, status in known:
        line = next(one for one in lines if one.strip().startswith(f"- `{error.__name__}`"))
        assert re.findall(r"\b[45]\d\d\b", line) == [str(status)] or error is EngineError


def subclasses(root: type[T]) -> list[type[T]]:
    found = [root]
    for one in found:
        found += one.__subclasses__()
    return found


def test_every_page_is_in_the_index(documentation: Path) -> None:
    linked = set(LINK.findall((documentation / "README.md").read_text("utf-8")))
    assert {path.name for path in documentation.glob("*.md")} - {"README.md"} <= linked


def test_links_between_pages_lead_somewhere(documentation: Path, root: Path) -> None:
    content = shipped().root
    broken = []
    for page in [*documentation.rglob("*.md"), root / "README.md"]:
        for target in LINK.findall(page.read_text("utf-8")):
            if "://" in target:
                continue
            path = (page.parent / target).resolve()
            beside = content / path.relative_to(root.resolve())  # content stands elsewhere when a wheel is tested
            if not path.exists() and not beside.exists() and (root / "src").exists():
                broken.append(f"{page.relative_to(root)}: {target}")
    assert broken == []


def copy_of_the_content(folder: Path) -> Path:
    for name in ("graph_patterns", "shapes"):
        shutil.copytree(shipped().root / name, folder / name)
    return folder


def test_an_exchange_that_is_added_has_a_page_and_no_other_file_changes(tmp_path: Path) -> None:
    content = copy_of_the_content(tmp_path)
    added = content / "graph_patterns/flexibility/wishes"
    shutil.copytree(content / "graph_patterns/flexibility/needs", added)
    shutil.copy(content / "shapes/flexibility/needs.ttl", content / "shapes/flexibility/wishes.ttl")
    result = CliRunner().invoke(app, ["docs", "--catalogue", str(content)])
    assert result.exit_code == 0, result.output
    assert "# Flexibility needs of a period" in (content / "docs/exchanges/flexibility/wishes.md").read_text("utf-8")
    assert "flexibility/wishes" in (content / "docs/exchanges/README.md").read_text("utf-8")
    assert CliRunner().invoke(app, ["docs", "--check", "--catalogue", str(content)]).exit_code == 0


@pytest.mark.parametrize("what", ["changed", "gone", "left over"])
def test_a_page_that_is_out_of_date_is_named(tmp_path: Path, what: str) -> None:
    content = copy_of_the_content(tmp_path)
    assert CliRunner().invoke(app, ["docs", "--catalogue", str(content)]).exit_code == 0
    page = content / "docs/exchanges/flexibility/needs.md"
    if what == "left over":
        page = page.with_name("dropped.md")
    if what == "gone":
        page.unlink()
    else:
        page.write_text("# something else\n", "utf-8")
    result = CliRunner().invoke(app, ["docs", "--check", "--catalogue", str(content)])
    assert result.exit_code == 1
    assert f"{page.name} is out of date" in result.output
    assert CliRunner().invoke(app, ["docs", "--catalogue", str(content)]).exit_code == 0
    assert page.exists() == (what != "left over")
    assert CliRunner().invoke(app, ["docs", "--check", "--catalogue", str(content)]).exit_code == 0


def test_the_pages_of_somebody_elses_catalogue_lead_nowhere_but_into_it(tmp_path: Path) -> None:
    content = copy_of_the_content(tmp_path)
    assert CliRunner().invoke(app, ["docs", "--catalogue", str(content)]).exit_code == 0
    pages_there = list((content / "docs").rglob("*.md"))
    assert len(pages_there) > 1
    broken = [
        target
        for page in pages_there
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
