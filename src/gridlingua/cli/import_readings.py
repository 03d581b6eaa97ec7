"""``gridlingua import``: metering points and readings from files into the database."""

from __future__ import annotations

import csv
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.services.data_sharing.importing import Listener, Outcome, Rules, import_sheet
from gridlingua.services.data_sharing.rows import ASIDE, TIME, Bad
from gridlingua.services.data_sharing.sheets import Sheet, opened
from gridlingua.services.refusals import RefusedError
from gridlingua.storage import Database
from gridlingua.web.services import available, load

_SHOWN = 10
Files = Annotated[
    list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV, or Parquet (.parquet); imported one by one.")
]


class Content(StrEnum):
    """What a file holds."""

    POINTS = "points"
    READINGS = "readings"


def import_readings(
    files: Files,
    database: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_DATABASE", help="SQLAlchemy URL of the services' database.")
    ] = "sqlite:///gridlingua.sqlite",
    points: Annotated[bool, typer.Option("--points", help="The files must be of metering points.")] = False,
    readings: Annotated[bool, typer.Option("--readings", help="The files must be of readings.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the good rows of a file although it has bad ones.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Let new values take the place of what is known.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Where the bad rows of the one FILE are put; FILE.rejects.csv when absent."),
    ] = None,
) -> None:
    """Import metering points and readings. All rows of a file are checked, and all of them are imported or none.

    A file of points has the columns meter_id, kind, and as far as they are known user, zone, postal_code,
    secondary_substation, secondary_feeder, primary_substation, primary_feeder. A file of readings has meter_id, time
    (the first instant of a quarter-hour, with its zone) and quantities with their unit: active_withdrawn_kW,
    active_injected_kW, reactive_withdrawn_kvar, reactive_injected_kvar, voltage_V, current_A, tap; W, MW, var, Mvar, kV
    and kA are units, too. Bad rows are put aside with their line and the reason; mended, they can be imported from
    there. Status 0 only if every file was imported.
    """
    console = Console(soft_wrap=True)
    wanted = {Content.POINTS: points, Content.READINGS: readings}
    if all(wanted.values()):
        raise typer.BadParameter("--points and --readings exclude each other; without either, a time tells readings")
    if rejects is not None and len(files) > 1:
        raise typer.BadParameter("--rejects is for one FILE; without it, the bad rows of each go to FILE.rejects.csv")
    content = next((content for content, is_wanted in wanted.items() if is_wanted), None)
    try:
        target = Database(database)
        try:
            target.upgrade(*(load(name).metadata for name in available()))
            done = [_import(target, path, content, Rules(skip_bad, replace), rejects, console) for path in files]
        finally:
            target.close()
    except GridlinguaError as error:
        typer.echo(f"gridlingua import: {error}", err=True)
        raise typer.Exit(1) from None
    if not all(done):
        raise typer.Exit(1)


def _import(
    database: Database, path: Path, content: Content | None, rules: Rules, rejects: Path | None, console: Console
) -> bool:
    """Import a file, and say what became of it; whether it was imported."""
    aside = rejects or path.with_name(f"{path.name}.rejects.csv")
    try:
        with (
            opened(path) as sheet,
            _progress(console, path, sheet) as progress,
            _put_aside(aside, sheet.headings) as put,
        ):
            _expect(sheet, content)
            with _uncollected():
                outcome = import_sheet(database, sheet, rules, Listener(put, progress))
    except MessageError as error:
        said = "; ".join(fault.message for fault in error.faults)
        console.print(f"[red]✗[/red] {escape(f'{path}: {said}; nothing of it is imported')}", highlight=False)
        return False
    _tell(console, path, outcome, aside)
    return outcome.is_imported


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows make no cycles, and looking for some among so many would take a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _expect(sheet: Sheet, content: Content | None) -> None:
    found = Content.READINGS if TIME in sheet.headings else Content.POINTS
    if content is not None and found != content:
        has = "a" if found is Content.READINGS else "no"
        raise RefusedError(f"this is no file of {content}: there is {has} column {TIME}")


@contextmanager
def _progress(console: Console, path: Path, sheet: Sheet) -> Iterator[Callable[[int], object]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(escape(path.name), total=sheet.size)
        yield lambda size: progress.advance(task, size)


@contextmanager
def _put_aside(path: Path, headings: Sequence[str]) -> Iterator[Callable[[Bad], object]]:
    """Writes bad rows to a file that there is only when there is a bad row."""
    kept = [position for position, heading in enumerate(headings) if heading not in ASIDE]
    with ExitStack() as stack:
        table: Any = None

        def put(bad: Bad) -> None:
            nonlocal table
            if table is None:
                table = csv.writer(stack.enter_context(_written(path)))
                table.writerow([*ASIDE, *(headings[position] for position in kept)])
            cells = [bad.cells[position] for position in kept if position < len(bad.cells)]
            table.writerow([bad.line, bad.reason, *cells, *bad.cells[len(headings) :]])

        yield put


def _written(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise RefusedError(f"bad rows cannot be put aside in {path} ({error.strerror}); see --rejects") from error


def _tell(console: Console, path: Path, outcome: Outcome, aside: Path) -> None:
    counts = f"{outcome.rows:,} rows"
    if outcome.is_imported:
        parts = {"new": outcome.added, "changed": outcome.changed, "known already": outcome.known, "bad": outcome.bad}
        counts += ": " + (", ".join(f"{count:,} {what}" for what, count in parts.items() if count) or "nothing to do")
    else:
        counts += f", {outcome.bad:,} of them bad; nothing of it is imported (--skip-bad takes the good ones)"
    mark = "[green]✓[/green]" if outcome.is_imported else "[red]✗[/red]"
    console.print(f"{mark} {escape(f'{path}: {counts}')}", highlight=False)
    for bad in outcome.first[:_SHOWN]:
        console.print(f"   {escape(str(bad))}", highlight=False)
    if outcome.bad:
        more = f"{outcome.bad - _SHOWN:,} more, and all of them" if outcome.bad > _SHOWN else "they"
        console.print(f"   {more} are in {escape(str(aside))}", highlight=False)
