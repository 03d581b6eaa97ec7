"""How a database is connected to."""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from gridlingua.errors import RemoteError

BUSY_SECONDS: Final = 30
PATIENCE: Final = 10.0
LOCKED: Final = "database is locked"  # as SQLite says it
# Half of the threads that answer requests: more transactions at once only wait for one another. PostgreSQL lets in 100
# as it comes, which is enough for four processes.
CONNECTIONS: Final = 20
_LIBPQ: Final = {
    "application_name": "gridlingua",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "tcp_user_timeout": 30_000,  # ms; a server that went away without a word is noticed
}


def make_engine(url: str, connections: int = CONNECTIONS, patience: float = PATIENCE) -> Engine:
    """The engine of a URL; nothing is connected yet. On PostgreSQL at most ``connections`` are open at once, and
    whoever finds none free waits ``patience`` seconds.

    What the URL itself says of a connection (``?connect_timeout=3``) goes before what stands here. Raises
    ``RemoteError`` (503) for what is no URL of a database, or of one whose driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        return _server(parsed, connections, patience)
    except (SQLAlchemyError, ImportError) as error:
        raise RemoteError(
            f"{error}: a database is given as sqlite:///file.sqlite or as postgresql+psycopg://user@host/name "
            "(which needs the package psycopg)",
            party="database",
            status=503,
        ) from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True)  # a log is no place for who and whose
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _server(url: URL, connections: int, patience: float) -> Engine:
    ours = _LIBPQ if url.get_driver_name().startswith("psycopg") else {}
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={name: value for name, value in ours.items() if name not in url.query},
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,  # a server that was restarted is noticed before a request is lost
        pool_use_lifo=True,  # what is not needed stays idle, and a server may close it
    )
    if "options" not in url.query:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: _begin_sqlite does
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _write_ahead(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """SQLite itself does not wait where two processes turn a new file to WAL at once."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if str(error) != LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("gridlingua_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
