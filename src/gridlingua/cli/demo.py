"""``gridlingua demo``: a DSO and an aggregator, end to end."""

from __future__ import annotations

import signal
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gridlingua.demo import Demonstration, Setting, tell
from gridlingua.demo.network import READINGS_PER_CUSTOMER, load_readings
from gridlingua.demo.processes import Processes
from gridlingua.errors import GridlinguaError


def demo(
    customers: Annotated[int, typer.Option(min=10, help="Customers with a year of quarter-hours each.")] = 200,
    zones: Annotated[int, typer.Option(min=1, max=10, help="Zones of the grid that they live in.")] = 5,
    folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="Keep databases and logs here; a new folder, or an empty one.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Play, and then keep everything running until Ctrl-C.")
    ] = False,
) -> None:
    """A DSO and an aggregator exchange needs, offers, a plan and a day of metering over a knowledge network.

    Engine, services and adapters are processes of their own on free loopback ports. Status 0 only if all is as it
    should be.
    """
    console = Console(soft_wrap=True)
    _end_in_order()
    try:
        with tempfile.TemporaryDirectory(prefix="gridlingua-") as temporary:
            place = _place(folder) or Path(temporary)
            failures = _play(Setting(place, customers, zones), console, serve)
    except GridlinguaError as error:
        typer.echo(f"gridlingua demo: {error}", err=True)
        raise typer.Exit(1) from None
    if failures:
        console.print(f"\n[bold red]{len(failures)} things were not as they should be:[/bold red]")
        for failure in failures:
            console.print(f"   {escape(failure)}", highlight=False)
        raise typer.Exit(1)
    console.print("\n[bold green]Everything was as it should be.[/bold green]")


def _end_in_order() -> None:
    """Told to end, or its terminal closed: end what was started, too. Unless whoever started us ignores it (nohup)."""
    for how in (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")):  # Windows has no SIGHUP
        if how is not None and signal.getsignal(how) == signal.SIG_DFL:
            signal.signal(how, signal.default_int_handler)


def _place(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise GridlinguaError(f"{folder} is not empty: name a new folder with --folder")
    return folder.resolve()


def _play(setting: Setting, console: Console, serve: bool) -> list[str]:
    limits = _load(setting, console)
    with Processes(setting.folder) as processes:
        demonstration = Demonstration(setting, processes)
        with console.status("starting engine, services and adapters"):
            demonstration.start()
        console.print(f"The engine is at {demonstration.engine}, both parties are on the network.", highlight=False)
        failures = tell(demonstration, limits, console)
        if serve:
            _wait(demonstration, console)
    return failures


def _load(setting: Setting, console: Console) -> dict[str, int]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        total = setting.customers * READINGS_PER_CUSTOMER
        task = progress.add_task(f"A year of quarter-hours of {setting.customers} customers", total=total)
        _, limits = load_readings(setting, lambda rows: progress.advance(task, rows))
    return limits


def _wait(demonstration: Demonstration, console: Console) -> None:
    console.print("\nRunning until Ctrl-C; every address has /docs:")
    for name in ("dso services", "dso adapter", "aggregator services", "aggregator adapter"):
        console.print(f"   {name:<20} {demonstration.url(name)}", highlight=False)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("stopping")
