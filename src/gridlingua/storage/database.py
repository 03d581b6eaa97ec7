"""A database by its URL, with reading and writing transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect

from gridlingua.errors import RemoteError
from gridlingua.storage import schema
from gridlingua.storage.engines import CONNECTIONS, PATIENCE, make_engine
from gridlingua.storage.failures import told, unusable
from gridlingua.storage.schema import Revision
from gridlingua.storage.upgrading import upgrading


class Database:
    """A SQLite file (``sqlite:///path``) or a PostgreSQL database (``postgresql+psycopg://…``).

    A SQLite file is opened in WAL mode, so readers never wait for the writer; foreign keys are enforced; a second
    writer waits up to half a minute, and ``writing`` takes the write lock at once, so that what it read cannot change
    before it writes. On PostgreSQL lock the rows that must stay; at most ``connections`` are open at once, and whoever
    finds none free waits ``patience`` seconds. Raises ``RemoteError`` (503) while the database is away, locked or has
    no connection left; the reason is logged.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS, patience: float = PATIENCE) -> None:
        self.engine = make_engine(url, connections, patience)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def is_missing(self) -> bool:
        """Whether it is a SQLite file that is not there; opening it makes it."""
        file = self.engine.url.database
        return self.is_sqlite and file not in (None, "", ":memory:") and not Path(str(file)).exists()

    @property
    def name(self) -> str:
        """The URL without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def pending(self) -> list[Revision]:
        """The revisions of the schema that this database lacks, in their order; empty when it is at the newest.

        Raises ``RemoteError`` (503) when a newer gridlingua has made it, or when it cannot be opened.
        """
        with unusable(self.name), self.engine.connect() as connection, connection.begin():
            return schema.pending(connection)

    def upgrade(self, *metadata: MetaData, allowed: bool = True) -> list[Revision]:
        """Bring the schema to the newest revision, data and all, or leave everything as it was; returns what was done.

        Tables of ``metadata`` that no revision knows, those of a service that somebody else added, are created. Of
        several processes that start at once one upgrades and the others wait. The only way back is a backup.
        Raises ``RemoteError`` (503) as ``pending`` does, and when there is something to do that is not ``allowed``.
        """
        pending = self.pending()
        if not pending and not (missing := self._missing(metadata)):
            return []
        if not allowed:
            lacks = ", ".join(f"{one.name} ({one.title})" for one in pending) or ", ".join(missing)
            raise RemoteError(
                f"the database {self.name} lacks {lacks}, and this may not upgrade it: make a backup, and run "
                f"gridlingua database upgrade --database {self.name}",
                party="database",
                status=503,
            )
        with unusable(self.name, "upgraded"), upgrading(self.engine) as connection:
            pending = schema.pending(connection)  # somebody else may have upgraded while we waited
            schema.migrate(connection)
            for tables in metadata:
                tables.create_all(connection)
        return pending

    def _missing(self, metadata: Sequence[MetaData]) -> list[str]:
        with unusable(self.name), self.engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
        return [name for tables in metadata for name in tables.tables if name not in there]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the data."""
        with told(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing: commits at the end, rolls back on any exception."""
        with told(), self.engine.connect() as connection:
            connection.execution_options(gridlingua_writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give back every connection; on SQLite this also folds the write-ahead log into the file."""
        self.engine.dispose()
