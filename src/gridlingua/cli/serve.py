"""``gridlingua serve``: everything on one machine, with sample data."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gridlingua.cli.sample import end_in_order, load
from gridlingua.demo import Demonstration, Setting, let_in, shut_out
from gridlingua.demo.databases import make_ready
from gridlingua.demo.processes import Processes
from gridlingua.demo.readings import as_loaded
from gridlingua.demo.sample import GRANT, GRANTED, Sample, lay_out
from gridlingua.errors import GridlinguaError, RemoteError


def serve(
    folder: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            help="Keep databases and logs here, and go on with what is there; forgotten at the end when absent.",
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the DSO's services; 0 takes a free one.")] = 8080,
    customers: Annotated[int, typer.Option(min=10, help="Customers with a year of quarter-hours each.")] = 200,
    zones: Annotated[int, typer.Option(min=1, max=10, help="Zones of the grid that they live in.")] = 5,
) -> None:
    """Run everything on this machine with sample data: engine, a DSO and an aggregator with their adapters, and the
    playground.

    Prints the addresses, a client that is good for this run, and calls to try. Runs until Ctrl-C, on loopback alone.
    """
    console = Console(soft_wrap=True)
    end_in_order()
    try:
        with tempfile.TemporaryDirectory(prefix="gridlingua-") as temporary:
            _run(Setting(_place(folder) or Path(temporary), customers, zones), port, console)
    except GridlinguaError as error:
        typer.echo(f"gridlingua serve: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("stopped")


def _place(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / "dso.sqlite").exists():
        raise GridlinguaError(
            f"{folder} holds something else: name a new folder with --folder, or one of serve or demo"
        )
    return folder.resolve()


def _run(asked: Setting, port: int, console: Console) -> None:
    make_ready(asked)
    setting = as_loaded(asked)
    expected = load(setting, console)
    with Processes(setting.folder) as processes:
        keys = let_in(setting)
        try:
            demonstration = Demonstration(setting, processes, keys, port)
            with console.status("starting engine, services and adapters"):
                processes.start("playground", "playground", "--host", "127.0.0.1", "--port", "0")
                demonstration.start()
                processes.ready("playground")
                sample = lay_out(demonstration, expected)
            _tell(demonstration, sample, console)
            _wait(processes)
        finally:
            shut_out(setting)


def _wait(processes: Processes) -> None:
    while not (name := processes.ended()):
        time.sleep(0.5)
    raise RemoteError(f"{name} has ended: {processes.last_words(name)}", party=name)


def _tell(demonstration: Demonstration, sample: Sample, console: Console) -> None:
    services, client = demonstration.url("dso services"), demonstration.keys.client
    lines = [
        "",
        "Running with sample data until Ctrl-C:",
        *(f"   {name:<20} {demonstration.url(name)}/docs" for name in ("dso services", "aggregator services")),
        *(f"   {name:<20} {demonstration.url(name)}/docs" for name in ("dso adapter", "aggregator adapter")),
        f"   {'engine':<20} {demonstration.engine}",
        f"   {'playground':<20} {demonstration.processes.ready('playground')}/",
        f"   {'databases and logs':<20} {demonstration.setting.folder}",
        "",
        "A client of Aggregator One at the DSO's services, for this run:",
        f"   id      {client.id}",
        f"   secret  {client.secret}",
        "",
        "Get a token for ten minutes, then tomorrow's needs, and a day of a user's metering:",
        *_calls(services, client.id, client.secret, sample),
        "",
        "The same needs over the knowledge network, through the aggregator's own adapter:",
        _over_the_network(demonstration, sample),
        "",
        *_consent(sample),
    ]
    console.print("\n".join(lines), highlight=False, markup=False)


def _calls(services: str, client: str, secret: str, sample: Sample) -> list[str]:
    token = 'sed \'s/.*"access_token": *"\\([^"]*\\).*/\\1/\''
    metering = f"type=User&id={GRANTED}&grant={GRANT}&granularity=1&start={sample.metering[0]}&end={sample.metering[1]}"
    return [
        f"   TOKEN=$(curl -s -u {client}:{secret} -d grant_type=client_credentials {services}/oauth/token | {token})",
        f'   curl -H "Authorization: Bearer $TOKEN" "{services}/1.0/Flexibility/Needs?{_window(sample)}"',
        f'   curl -H "Authorization: Bearer $TOKEN" "{services}/1.0/Data/Metering?{metering}"',
    ]


def _over_the_network(demonstration: Demonstration, sample: Sample) -> str:
    adapter, key = demonstration.rest("aggregator adapter"), demonstration.key("aggregator adapter")
    return f'   curl -H "X-API-Key: {key}" "{adapter}/Flexibility/Needs?{_window(sample)}"'


def _window(sample: Sample) -> str:
    return f"startTime={sample.needs[0]}&endTime={sample.needs[1]}"


def _consent(sample: Sample) -> list[str]:
    if not sample.consent:
        return []
    return ["Aggregator One asks a user for metering data; the user decides here:", f"   {sample.consent}"]
