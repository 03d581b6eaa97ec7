"""Serve an app until Ctrl-C or SIGTERM, and say when it is ready."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import typer
import uvicorn
from fastapi import FastAPI

from gridlingua.listening import base_url


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(app: FastAPI, listener: socket.socket, what: str, *, ready: Callable[[], object] = lambda: None) -> None:
    """Run until told to stop; when requests are answered, prints ``<what> at http://host:port`` on one line and calls
    ``ready``.

    Ends the command with status 1 when the app could not start.
    """
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10, server_header=False)

    def announce() -> None:
        typer.echo(f"{what} at {base_url(listener)}")
        ready()

    server = _Server(config, announce)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn stops in order, then raises it again
    with listener:
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
    if not server.started:
        raise typer.Exit(1)
