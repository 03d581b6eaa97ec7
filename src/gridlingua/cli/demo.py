"""``gridlingua demo``: a DSO and an aggregator, end to end."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from gridlingua.cli.sample import end_in_order, load
from gridlingua.demo import Demonstration, Setting, let_in, tell
from gridlingua.demo.processes import Processes
from gridlingua.errors import GridlinguaError


def demo(
    customers: Annotated[int, typer.Option(min=10, help="Customers with a year of quarter-hours each.")] = 200,
    zones: Annotated[int, typer.Option(min=1, max=10, help="Zones of the grid that they live in.")] = 5,
    folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="Keep databases and logs here; a new folder, or an empty one.")
    ] = None,
) -> None:
    """A DSO and an aggregator exchange needs, offers, a plan and a day of metering over a knowledge network.

    Engine, services and adapters are processes of their own on free loopback ports. Status 0 only if all is as it
    should be.
    """
    console = Console(soft_wrap=True)
    end_in_order()
    try:
        with tempfile.TemporaryDirectory(prefix="gridlingua-") as temporary:
            place = _place(folder) or Path(temporary)
            failures = _play(Setting(place, customers, zones), console)
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
    limits = load(setting, console)
    with Processes(setting.folder) as processes:
        demonstration = Demonstration(setting, processes, let_in(setting))
        with console.status("starting engine, services and adapters"):
            demonstration.start()
        console.print(f"The engine is at {demonstration.engine}, both parties are on the network.", highlight=False)
        return tell(demonstration, limits, console)
