"""The command line: one module per command."""

from typing import Annotated

import typer

import gridlingua
from gridlingua.cli.adapter import adapter
from gridlingua.cli.admin import admin_app
from gridlingua.cli.ask import ask
from gridlingua.cli.check import check
from gridlingua.cli.database import database_app
from gridlingua.cli.demo import demo
from gridlingua.cli.docs import docs
from gridlingua.cli.engine import engine
from gridlingua.cli.engine_token import engine_token
from gridlingua.cli.import_readings import import_readings
from gridlingua.cli.map import map_message
from gridlingua.cli.match import match
from gridlingua.cli.network import network
from gridlingua.cli.ontology import ontology_app
from gridlingua.cli.post import post
from gridlingua.cli.serve import serve
from gridlingua.cli.services import services
from gridlingua.cli.test import run_cases

app = typer.Typer(
    name="gridlingua",
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


app.command("demo")(demo)
app.command("serve")(serve)
app.command("engine")(engine)
app.command("engine-token")(engine_token)
app.command("adapter")(adapter)
app.command("services")(services)
app.command("import")(import_readings)
app.command("network")(network)
app.command("ask")(ask)
app.command("post")(post)
app.command("check")(check)
app.command("map")(map_message)
app.command("match")(match)
app.command("test")(run_cases)
app.command("docs")(docs)
app.add_typer(ontology_app, name="ontology")
app.add_typer(admin_app, name="admin")
app.add_typer(database_app, name="database")
