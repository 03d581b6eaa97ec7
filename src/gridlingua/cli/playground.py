"""``gridlingua playground``: try messages, patterns and shapes on a page."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE
from gridlingua.cli.options import AuthoredOption, BaseOption, authored
from gridlingua.cli.serving import serve
from gridlingua.errors import GridlinguaError
from gridlingua.listening import base_url, is_loopback, listen
from gridlingua.web.playground import LOOPBACK, create_app


def playground(
    host: Annotated[str, typer.Option(envvar="GRIDLINGUA_PLAYGROUND_HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            envvar="GRIDLINGUA_PLAYGROUND_PORT", min=0, max=65535, help="Port to listen on; 0 takes a free one."
        ),
    ] = 8090,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Show the page in this machine's browser.")] = False,
) -> None:
    """Serve the playground: a page that shows what a message means and what SHACL says of it, while it is typed.

    The page needs no network beyond this server, which keeps nothing. What is edited in the catalogue's folders is
    read again. Everybody who reaches an address that is not loopback can read the catalogue.
    """
    try:
        where = authored(catalogue, extension_base)
        where.folders()
        listener = listen(host, port)
    except GridlinguaError as error:
        typer.echo(f"gridlingua playground: {error}", err=True)
        raise typer.Exit(1) from None
    url = base_url(listener)
    app = create_app(where, LOOPBACK if is_loopback(url) else ())
    serve(app, listener, "Playground", ready=lambda: show and webbrowser.open(url))
