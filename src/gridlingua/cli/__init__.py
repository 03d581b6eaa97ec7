"""The command line: one module per command, listed in ``gridlingua.cli.commands``."""

from typing import Annotated

import typer

import gridlingua
from gridlingua.cli.commands import LazyGroup

app = typer.Typer(
    name="gridlingua",
    cls=LazyGroup,
    help="A DSO speaks with the energy market in several languages: REST/JSON, and SAREF over a knowledge network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gridlingua {gridlingua.__version__}")
        raise typer.Exit


@app.callback()
def gridlingua_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A DSO speaks with the energy market in several languages: REST/JSON, and SAREF over a knowledge network."""
