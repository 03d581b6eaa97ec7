"""``gridlingua services``: run a party's services on one address."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from gridlingua.errors import GridlinguaError
from gridlingua.web.services import Settings, available, create_app


class _Server(uvicorn.Server):
    """A server that says when it is ready, and ends quietly when it is told to."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def services(
    names: Annotated[list[str], typer.Argument(help="Which services to run.", autocompletion=available)],
    host: Annotated[str, typer.Option(envvar="GRIDLINGUA_HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(envvar="GRIDLINGUA_PORT", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
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
) -> None:
    """Run a party's services: REST interfaces over one database, which reach the network through their own adapter."""
    settings = Settings(tuple(names), database, network, name, time_zone, timeout)
    try:
        app = create_app(settings)
        listener = _listen(host, port)
    except (GridlinguaError, OSError) as error:
        typer.echo(f"gridlingua services: {error}", err=True)
        raise typer.Exit(1) from error
    _serve(app, listener, names)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise OSError(f"cannot listen on {host} port {port} ({reason}); choose another with --port") from error


def _serve(app: FastAPI, listener: socket.socket, names: list[str]) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host

    def ready() -> None:
        print(f"Services {', '.join(names)} at http://{shown}:{port}", flush=True)  # noqa: T201 - what a command says

    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10, server_header=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn stops in order, then raises it again
    with listener:
        try:
            _Server(config, ready).run(sockets=[listener])
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
