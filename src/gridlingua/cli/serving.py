"""Serve an app until Ctrl-C or SIGTERM, and say when it is ready."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

import typer
import uvicorn
from fastapi import FastAPI

from gridlingua.errors import RemoteError


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; RemoteError with the remedy when the port is taken. 0 takes a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise RemoteError(f"cannot listen on {host} port {port} ({reason}); choose another with --port") from None


def serve(app: FastAPI, listener: socket.socket, what: str) -> None:
    """Run until told to stop; prints ``<what> at http://host:port`` on one line when requests are answered.

    Ends the command with status 1 when the app could not start.
    """
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10, server_header=False)
    server = _Server(config, lambda: typer.echo(f"{what} at http://{shown}:{port}"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn stops in order, then raises it again
    with listener:
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
    if not server.started:
        raise typer.Exit(1)
