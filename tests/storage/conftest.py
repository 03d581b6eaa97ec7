"""The databases of the services' tests, and databases as release 0.1.0 left them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import MetaData

from gridlingua.storage import Database
from gridlingua.web.services import available, load

from ..services.conftest import database, new_postgresql, postgresql

__all__ = ["database", "postgresql"]

DUMPS = Path(__file__).parent / "release_0_1_0"
PREFIXES = ("aggregator", "data_sharing", "flexibility")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "postgresql":
        return new_postgresql(request.getfixturevalue("postgresql"))
    return f"sqlite:///{tmp_path / 'services.sqlite'}"


@pytest.fixture(scope="session")
def services_metadata() -> list[MetaData]:
    """The tables of every service there is, as the program has them now."""
    return [load(name).metadata for name in available()]


@pytest.fixture
def empty(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Another database of the same kind."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    other = Database(url if database.is_sqlite else new_postgresql(request.getfixturevalue("postgresql")))
    yield other
    other.close()


@pytest.fixture
def released(database: Database) -> Callable[..., Database]:
    """Makes the database one of release 0.1.0, with data, in which the services named have run."""

    def fill(*services: str) -> Database:
        if database.is_sqlite:
            with sqlite3.connect(str(database.engine.url.database)) as connection:
                connection.executescript((DUMPS / "sqlite.sql").read_text("utf-8"))
            connection.close()
        else:
            url = database.engine.url.set(drivername="postgresql").render_as_string()
            with psycopg.connect(url) as connection:
                connection.execute((DUMPS / "postgresql.sql").read_text("utf-8"))
        _keep_only(database, services or PREFIXES)
        return database

    return fill


def _keep_only(database: Database, services: tuple[str, ...]) -> None:
    there = MetaData()
    there.reflect(database.engine)
    there.drop_all(database.engine, [one for name, one in there.tables.items() if not name.startswith(services)])
