"""``gridlingua engine``: a knowledge network on a port, for everybody who speaks the KE REST API."""

from __future__ import annotations

import contextlib
import signal
from typing import Annotated

import typer

from gridlingua.engine.network import Network
from gridlingua.engine.server import EngineServer
from gridlingua.errors import RemoteError


def engine(
    port: Annotated[
        int, typer.Option(envvar="GRIDLINGUA_ENGINE_PORT", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8280,
    host: Annotated[
        str,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_HOST",
            help="Address to listen on. Anybody who reaches it can speak for any knowledge base.",
        ),
    ] = "127.0.0.1",
    kb_wait_timeout: Annotated[
        float,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_KB_WAIT_TIMEOUT",
            min=0,
            help="Seconds that an ask or post waits for a party; 0 waits for ever.",
        ),
    ] = 10.0,
) -> None:
    """Serve a knowledge network over the KE REST API until Ctrl-C or SIGTERM."""
    try:
        server = EngineServer(
            Network(wait_timeout=kb_wait_timeout),
            host=host,
            port=port,
            on_ready=lambda url: typer.echo(f"Knowledge engine at {url}"),
        )
    except RemoteError as error:
        typer.echo(f"gridlingua engine: {error}", err=True)
        raise typer.Exit(1) from None
    # The server ends by itself on a signal and then raises it again, so that it must mean a clean end here.
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    finally:
        signal.signal(signal.SIGTERM, previous)
