"""``gridlingua engine``: a knowledge network on a port, for everybody who speaks the KE REST API."""

from __future__ import annotations

import contextlib
import logging
import signal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from gridlingua.engine.compat import VERSIONS
from gridlingua.engine.errors import KnowledgeError
from gridlingua.engine.network import Network
from gridlingua.engine.server import EngineServer
from gridlingua.engine.serving.protection import Protection
from gridlingua.engine.serving.rates import Rate
from gridlingua.engine.serving.tokens import TokenFile
from gridlingua.errors import GridlinguaError
from gridlingua.listening import is_loopback

MEBIBYTE: Final = 2**20
_UNPROTECTED: Final = (
    "warning: anybody who reaches {} can act for any knowledge base. "
    "Give --tokens, or listen on 127.0.0.1 behind a proxy that asks who calls."
)


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise GridlinguaError(f"{file} cannot be read as text in UTF-8: {error}") from None


class Version(StrEnum):
    """The versions that can be imitated."""

    V1_4 = "1.4"
    V1_5 = "1.5"


def engine(
    port: Annotated[
        int, typer.Option(envvar="GRIDLINGUA_ENGINE_PORT", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8280,
    host: Annotated[
        str,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_HOST",
            help="Address to listen on. Without --tokens anybody who reaches it can act for any knowledge base.",
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
    compat: Annotated[
        Version,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_COMPAT",
            help="The TNO runtime that it behaves like, where versions differ: docs/conformance.md says how.",
        ),
    ] = Version.V1_5,
    reasoner_level: Annotated[
        int,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_REASONER_LEVEL",
            min=1,
            max=5,
            help="Reasoner level of knowledge bases that give none.",
        ),
    ] = 2,
    knowledge: Annotated[
        Path | None,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_KNOWLEDGE",
            exists=True,
            dir_okay=False,
            help="File of facts and rules, in Jena's rule text, that every knowledge base reasons with unless it "
            "loads its own.",
        ),
    ] = None,
    tokens: Annotated[
        Path | None,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_TOKENS",
            dir_okay=False,
            help="File that says which token may act for which knowledge bases; it is read again when it changes. "
            "`gridlingua engine-token` writes it.",
        ),
    ] = None,
    max_body: Annotated[
        int,
        typer.Option(envvar="GRIDLINGUA_ENGINE_MAX_BODY", min=0, help="MiB that a body may have; 0 for any length."),
    ] = 64,
    rate: Annotated[
        float,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_RATE",
            min=0,
            help="Calls per second that a token, or without --tokens a knowledge base, may make; 0 for any number. "
            "Polls and answers do not count.",
        ),
    ] = 0.0,
    burst: Annotated[
        int, typer.Option(envvar="GRIDLINGUA_ENGINE_BURST", min=1, help="Calls that it may make at once, with --rate.")
    ] = 100,
) -> None:
    """Serve a knowledge network over the KE REST API until Ctrl-C or SIGTERM."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("gridlingua.engine.serving").setLevel(logging.INFO)  # who was refused, and which tokens count
    try:
        protection = Protection(
            TokenFile(tokens) if tokens else None, max_body * MEBIBYTE, Rate(rate, burst) if rate else None
        )
        network = Network(
            wait_timeout=kb_wait_timeout,
            compat=VERSIONS[compat],
            reasoner_level=reasoner_level,
            knowledge=_text_of(knowledge) if knowledge else "",
        )
        server = EngineServer(
            network,
            host=host,
            port=port,
            protection=protection,
            on_ready=lambda url: typer.echo(f"Knowledge engine at {url}"),
        )
    except KnowledgeError as error:
        typer.echo(f"gridlingua engine: {knowledge}: {error}", err=True)
        raise typer.Exit(1) from None
    except GridlinguaError as error:
        typer.echo(f"gridlingua engine: {error}", err=True)
        raise typer.Exit(1) from None
    if not tokens and not is_loopback(server.url):
        typer.echo(f"gridlingua engine: {_UNPROTECTED.format(host)}", err=True)
    # The server ends by itself on a signal and then raises it again, so that it must mean a clean end here.
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    finally:
        signal.signal(signal.SIGTERM, previous)
