"""The transaction in which a schema is upgraded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from gridlingua.errors import RemoteError
from gridlingua.storage.engines import BUSY_SECONDS

_LOCK = 0x67726964  # "grid"; the number of the lock that whoever upgrades a PostgreSQL database holds


@contextmanager
def upgrading(engine: Engine) -> Iterator[Connection]:
    """One transaction for all of it; nobody else upgrades the same database in the meantime.

    On SQLite foreign keys are not enforced on the way, as a table is changed by making it anew; they are checked at the
    end. On PostgreSQL who finds a table in use for half a minute gives up; who waits for another upgrade waits for
    as long as it takes.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _unconstrained(connection):
                yield connection
                _check(connection)
        else:
            with connection.begin():
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
                yield connection


@contextmanager
def _unconstrained(connection: Connection) -> Iterator[None]:
    """SQLite heeds this setting only outside of a transaction."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        connection.execution_options(gridlingua_writes=True)
        with connection.begin():
            yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        table, row, other, _ = broken[0]
        raise RemoteError(
            f"the upgrade left {len(broken)} rows without what they refer to, first row {row} of {table} to {other}: "
            "nothing was changed; please report this",
            party="database",
            status=503,
        )
