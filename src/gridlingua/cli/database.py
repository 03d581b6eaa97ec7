"""``gridlingua database``: the schema of a services' database."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from gridlingua.errors import GridlinguaError
from gridlingua.storage import Database, schema
from gridlingua.web.services import available, load

database_app = typer.Typer(help="The schema of the services' database.", no_args_is_help=True)
DatabaseOption = Annotated[
    str, typer.Option("--database", envvar="GRIDLINGUA_DATABASE", help="SQLAlchemy URL of the database.")
]
_USUAL = "sqlite:///gridlingua.sqlite"


@database_app.command("upgrade")
def upgrade(database: DatabaseOption = _USUAL) -> None:
    """Bring the schema to the newest revision, data and all, or leave everything as it was.

    Services do so themselves when they start, unless they are started with `--no-upgrade`. There is no way back: make a
    backup first.
    """
    opened = _open(database)
    try:
        with Console(stderr=True).status("upgrading"):
            done = opened.upgrade(*(load(name).metadata for name in available()))
    except GridlinguaError as error:
        raise _refused(error) from None
    finally:
        opened.close()
    for one in done:
        typer.echo(f"{one.name} {one.title}")
    typer.echo(f"{opened.name} is at {schema.history()[-1].name}, the newest")


@database_app.command("status")
def status(database: DatabaseOption = _USUAL) -> None:
    """Tell which revisions the schema lacks; status 0 only if it lacks none."""
    opened = _open(database)
    try:
        if opened.is_missing:
            raise GridlinguaError(f"there is no database yet at {opened.name}; services make it when they start")
        pending = opened.pending()
    except GridlinguaError as error:
        raise _refused(error) from None
    finally:
        opened.close()
    lacking = [one.name for one in pending]
    for one in schema.history():
        typer.echo(f"{one.name} {'missing' if one.name in lacking else 'done   '} {one.title}")
    if pending:
        typer.echo(f"run: gridlingua database upgrade --database {opened.name}")
        raise typer.Exit(1)


@database_app.command("draft")
def draft(title: Annotated[str, typer.Argument(help="What the revision does, in a few words.")]) -> None:
    """Write the next revision from how the services' tables differ from the newest one, for developers.

    Read it and mend it: moved data and renamed columns look like dropped and new ones.
    """
    opened = _open("sqlite://")
    opened.upgrade()
    with opened.writing() as connection:
        schema.draft(connection, [load(name).metadata for name in available()], title)
    opened.close()


def _open(url: str) -> Database:
    try:
        return Database(url)
    except GridlinguaError as error:
        raise _refused(error) from None


def _refused(error: GridlinguaError) -> typer.Exit:
    typer.echo(f"gridlingua database: {error}", err=True)
    return typer.Exit(1)
