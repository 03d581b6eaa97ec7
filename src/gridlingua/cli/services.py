"""``gridlingua services``: run a party's services on one address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from gridlingua.cli.serving import serve
from gridlingua.errors import GridlinguaError
from gridlingua.listening import listen
from gridlingua.web.clock import FileClock
from gridlingua.web.services import Settings, available, create_app, of_party


def services(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Which services to run, all of a DSO when absent; the accounts always run beside them.",
            autocompletion=available,
        ),
    ] = None,
    host: Annotated[str, typer.Option(envvar="GRIDLINGUA_SERVICES_HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            envvar="GRIDLINGUA_SERVICES_PORT", min=0, max=65535, help="Port to listen on; 0 takes a free one."
        ),
    ] = 8080,
    database: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_DATABASE", help="SQLAlchemy URL of the database.")
    ] = "sqlite:///gridlingua.sqlite",
    network: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_NETWORK", help="Base URL of the own adapter; empty for none.")
    ] = "",
    name: Annotated[str, typer.Option(envvar="GRIDLINGUA_NAME", help="Who acknowledges messages.")] = "gridlingua",
    time_zone: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_TIME_ZONE", help="Where the days of daily readings begin.")
    ] = "Europe/Lisbon",
    timeout: Annotated[
        float, typer.Option(envvar="GRIDLINGUA_TIMEOUT", min=0.1, help="Seconds to wait for the adapter.")
    ] = 60.0,
    fewest_clients: Annotated[
        int,
        typer.Option(
            envvar="GRIDLINGUA_FEWEST_CLIENTS", min=2, help="Over how many clients an anonymized sum is told at least."
        ),
    ] = 10,
    upgrade: Annotated[
        bool,
        typer.Option(
            "--upgrade/--no-upgrade",
            help="Bring the database of an earlier release to the newest schema, or refuse it; "
            "see `gridlingua database`.",
        ),
    ] = True,
    clock: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="For demonstrations and tests: the present is the instant that stands in this file, "
            "such as 2026-11-20T12:00:00Z.",
        ),
    ] = None,
) -> None:
    """Run a party's services: REST interfaces over one database, which reach the network through their own adapter.

    Nobody is let in who has no account: `gridlingua admin` makes them. Secrets come from the environment alone, as a
    command line can be seen by others: `GRIDLINGUA_CALLER_KEY` is what the own adapter asks of its callers, and
    `GRIDLINGUA_KEY_PASSPHRASE` encrypts the keys in the database that sign tokens.
    """
    chosen = names or of_party("dso")
    settings = Settings(
        tuple(chosen),
        database,
        network,
        name,
        time_zone,
        timeout,
        key_passphrase=os.environ.get("GRIDLINGUA_KEY_PASSPHRASE", ""),
        network_key=os.environ.get("GRIDLINGUA_CALLER_KEY", ""),
        poll=0.5 if clock else 10.0,
        fewest_clients=fewest_clients,
        upgrade=upgrade,
    )
    try:
        app = create_app(settings, FileClock(clock)) if clock else create_app(settings)
        listener = listen(host, port)
    except GridlinguaError as error:
        typer.echo(f"gridlingua services: {error}", err=True)
        raise typer.Exit(1) from None
    serve(app, listener, f"Services {', '.join(chosen)}")
