"""``gridlingua docs``: the pages that are written from the catalogue, the checks and the commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE, Content, load
from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.checking.pages import check_pages
from gridlingua.catalogue.coverage import coverage_page, read_sources
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.generations_page import generations_page
from gridlingua.catalogue.page import pages
from gridlingua.cli.options import BaseOption, CatalogueOption, content
from gridlingua.cli.reference import reference
from gridlingua.errors import GridlinguaError

_GENERATED = ("*.md", "*.svg")


def docs(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name what is out of date.")] = False,
    output: Annotated[
        Path | None, typer.Option(file_okay=False, help="Where the pages go; docs/ beside graph_patterns/ when absent.")
    ] = None,
    catalogue: CatalogueOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Write the pages of exchanges, checks and commands. With --check, status 1 when one is out of date.

    For a catalogue of your own only the pages of its exchanges.
    """
    from gridlingua.cli import app  # not above: it registers this very command

    try:
        where = content(catalogue, extension_base)
        folder = output or _folder(where)
        wanted = generated(where, None if catalogue else app)
    except GridlinguaError as error:
        typer.echo(f"gridlingua docs: {error}", err=True)
        raise typer.Exit(1) from None
    stale = out_of_date(folder, wanted)
    if check:
        _tell(folder, stale)
        return
    for name in stale:
        _write(folder / name, wanted.get(name))
    typer.echo(f"{len(wanted)} pages in {folder}, {len(stale)} of them changed")


def _folder(where: Content) -> Path:
    if where.root.name == "content" and not (where.root / "docs").is_dir():
        raise GridlinguaError("the installed catalogue has no folder docs/: name one with --output")
    return where.root / "docs"


def generated(where: Content, app: typer.Typer | None) -> dict[str, str]:
    """Every generated page by its path below the folder of the documentation.

    ``app`` has all commands; without it there are the pages of the catalogue only.
    """
    catalogue = load(where)
    found = pages(catalogue)
    if app:
        found |= {**check_pages(checks()), "cli.md": reference(app, "gridlingua")}
        found["generations.md"] = generations_page(Generations.known())
    sources = where.root / "docs" / "sources.yaml"
    if app and sources.is_file():
        found["coverage.md"] = coverage_page(catalogue, read_sources(sources))
    return found


def out_of_date(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """The pages that are not there, say something else, or belong to an exchange that is gone."""
    rooms = ("exchanges", "checks") if any(name.startswith("checks/") for name in wanted) else ("exchanges",)
    there = [path for room in rooms for kind in _GENERATED for path in (folder / room).rglob(kind)]
    gone = {path.relative_to(folder).as_posix() for path in there} - wanted.keys()
    return sorted(gone | {name for name, text in wanted.items() if _read(folder / name) != text})


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _tell(folder: Path, stale: list[str]) -> None:
    for name in stale:
        typer.echo(f"{folder / name} is out of date")
    if stale:
        typer.echo("write it anew with: gridlingua docs", err=True)
        raise typer.Exit(1)
    typer.echo("every page is current")
