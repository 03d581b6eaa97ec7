"""What the commands of ``gridlingua admin`` share: the database, the clock, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.storage import Database
from gridlingua.web.services import available, load

DatabaseOption = Annotated[
    str, typer.Option("--database", envvar="GRIDLINGUA_DATABASE", help="SQLAlchemy URL of the services' database.")
]
USUAL = "sqlite:///gridlingua.sqlite"
BY = "gridlingua admin"
"""Who is named as the actor of what the command changes."""


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


@contextmanager
def changing(url: str) -> Iterator[Connection]:
    """One transaction on the database, which is made when it is not there; a refusal ends the command in a sentence."""
    database = None
    try:
        database = Database(url)
        database.upgrade(*(load(name).metadata for name in available()))
        with database.writing() as connection:
            yield connection
    except MessageError as error:
        for fault in error.faults:
            typer.echo(f"gridlingua admin: {fault if fault.pointer else fault.message}", err=True)
        raise typer.Exit(1) from None
    except GridlinguaError as error:
        typer.echo(f"gridlingua admin: {error}", err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place = "/".join(map(str, one["loc"]))
            typer.echo(f"gridlingua admin: {place}: {one['msg']}, not {one.get('input')!r}", err=True)
        raise typer.Exit(1) from None
    finally:
        if database is not None:
            database.close()


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
