"""``gridlingua demo``: a DSO and two aggregators, end to end."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from gridlingua.cli.sample import end_in_order, with_progress
from gridlingua.demo import Demonstration, Setting, let_in, tell
from gridlingua.demo.databases import make_ready
from gridlingua.demo.processes import Processes
from gridlingua.demo.town import ZONES, settle
from gridlingua.errors import GridlinguaError
from gridlingua.web.clock import FileClock


def demo(
    customers: Annotated[
        int, typer.Option(min=10, help="Customers with a year of quarter-hours each, half of them in either zone.")
    ] = 200,
    folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="Keep databases and logs here; a new folder, or an empty one.")
    ] = None,
) -> None:
    """A day of the flexibility market, from consent to settlement, over the network and over REST.

    One aggregator is on the knowledge network, another calls the DSO's REST interface; their zones are the same, and so
    must be what comes of it. Engine, services and adapters are processes of their own on free loopback ports, on a
    clock that the demonstration sets. Status 0 only if all is as it should be.
    """
    console = Console(soft_wrap=True)
    end_in_order()
    try:
        with tempfile.TemporaryDirectory(prefix="gridlingua-") as temporary:
            place = _place(folder) or Path(temporary)
            failures = _play(Setting(place, customers, len(ZONES)), console)
    except GridlinguaError as error:
        typer.echo(f"gridlingua demo: {error}", err=True)
        raise typer.Exit(1) from None
    if failures:
        console.print(f"\n[bold red]{len(failures)} things were not as they should be:[/bold red]")
        for failure in failures:
            console.print(f"   {escape(failure)}", highlight=False)
        raise typer.Exit(1)
    console.print("\n[bold green]Everything was as it should be.[/bold green]")


def _place(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise GridlinguaError(f"{folder} is not empty: name a new folder with --folder")
    return folder.resolve()


def _play(setting: Setting, console: Console) -> list[str]:
    make_ready(setting)
    expected = with_progress(setting, console, lambda progress: settle(setting, progress))
    FileClock(setting.clock).set(setting.at(setting.tomorrow - timedelta(days=1), "11:30"))
    with Processes(setting.folder) as processes:
        demonstration = Demonstration(setting, processes, let_in(setting), is_staged=True)
        with console.status("starting engine, services and adapters"):
            demonstration.start()
        console.print(f"The engine is at {demonstration.engine}, everybody is there.", highlight=False)
        return tell(demonstration, expected, console)
