"""A database by its URL, with reading and writing transactions."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from gridlingua.errors import RemoteError

BUSY_TIMEOUT_MS = 30_000


class Database:
    """A SQLite file (``sqlite:///path``) or a PostgreSQL database (``postgresql+psycopg://…``).

    A SQLite file is opened in WAL mode, so readers never wait for the writer; foreign keys are enforced; a second
    writer waits up to half a minute, and ``writing`` takes the write lock at once, so that what it read cannot change
    before it writes; on PostgreSQL lock the rows that must stay. Raises ``RemoteError`` (503) while the database is
    away or locked; the reason is logged.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def create(self, *metadata: MetaData) -> None:
        """Create the tables that are missing; raises ``RemoteError`` when the database cannot be opened."""
        try:
            for tables in metadata:
                tables.create_all(self.engine)
        except SQLAlchemyError as error:
            shown = self.engine.url.render_as_string(hide_password=True)
            reason = str(getattr(error, "orig", None) or error).strip()
            raise RemoteError(f"the database {shown} cannot be used: {reason}", party="database", status=503) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the data."""
        with _told(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing: commits at the end, rolls back on any exception."""
        with _told(), self.engine.connect() as connection:
            connection.execution_options(gridlingua_writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give back every connection; on SQLite this also folds the write-ahead log into the file."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        logging.getLogger(__name__).exception("the database failed")
        raise RemoteError(
            "the database cannot be used at the moment", party="database", status=503, retry=True
        ) from error


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except (SQLAlchemyError, ImportError) as error:
        raise RemoteError(
            f"{error}: a database is given as sqlite:///file.sqlite or as postgresql+psycopg://user@host/name "
            "(which needs the package psycopg)",
            party="database",
            status=503,
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: _begin_sqlite does
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("gridlingua_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
