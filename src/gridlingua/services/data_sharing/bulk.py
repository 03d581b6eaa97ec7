"""Readings into the database by the ten thousand: those that are new at once, the others merged with what is known.

A row is a tuple of point, quarter-hour and one value for each of ``columns`` (or None); no two of a batch are of the
same point and quarter-hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from gridlingua.services.data_sharing.measures import MEASURES
from gridlingua.services.data_sharing.tables import POINTS, READINGS

Row = tuple[int | None, ...]
Key = tuple[int, int]
_KEY = ("point", "quarter")
_INCOMING = Table(
    "data_sharing_incoming",
    MetaData(),
    *(Column(name, Integer, primary_key=True, autoincrement=False) for name in _KEY),
    *(Column(measure.column, Integer) for measure in MEASURES),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Merged:
    """How many rows were added, how many changed what is known, how many said nothing new; and which contradict it."""

    added: int
    changed: int = 0
    known: int = 0
    conflicts: frozenset[Key] = frozenset()


def add(connection: Connection, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Add rows that are all new; raises ``IntegrityError`` when there is one already (undo with a savepoint)."""
    _fill(connection, READINGS, columns, rows)


def merge(connection: Connection, columns: Sequence[str], rows: Sequence[Row], *, replace: bool) -> Merged:
    """Add what is new, and complete what is known by values that were missing.

    A row that gives another value than is known changes it with ``replace``, else it is left out and told as a
    conflict. A value of None says nothing.
    """
    try:
        with connection.begin_nested():
            add(connection, columns, rows)
    except IntegrityError:
        return _merge(connection, columns, rows, replace)
    return Merged(len(rows))


def count(connection: Connection) -> None:
    """Let PostgreSQL count what there is now: until it does, it reads all of it to find a day."""
    _count(connection, POINTS, READINGS)


def _count(connection: Connection, *tables: Table) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {', '.join(table.name for table in tables)}")


def _merge(connection: Connection, columns: Sequence[str], rows: Sequence[Row], replace: bool) -> Merged:
    connection.execute(CreateTable(_INCOMING, if_not_exists=True))
    _fill(connection, _INCOMING, columns, rows)
    _count(connection, _INCOMING)
    changes = _changes(connection, columns, "r", "i")
    matching, changed = connection.exec_driver_sql(
        f"SELECT COUNT(*), COALESCE(SUM(CASE WHEN {changes} THEN 1 ELSE 0 END), 0) {_JOINED}"
    ).one()
    conflicts = _leave_out(connection, columns) if changed and not replace else frozenset()
    if changed or matching < len(rows):
        connection.exec_driver_sql(_upsert(columns, _changes(connection, columns, READINGS.name, "excluded")))
    empty = "DELETE FROM" if connection.dialect.name == "sqlite" else "TRUNCATE"
    connection.exec_driver_sql(f"{empty} {_INCOMING.name}")
    return Merged(len(rows) - matching, changed - len(conflicts), matching - changed, conflicts)


# CROSS JOIN keeps SQLite from reading all that is known to look each up among the few that came
_JOINED = (
    f"FROM {_INCOMING.name} AS i CROSS JOIN {READINGS.name} AS r WHERE r.point = i.point AND r.quarter = i.quarter"
)


def _leave_out(connection: Connection, columns: Sequence[str]) -> frozenset[Key]:
    """Take out of what came the rows that contradict what is known; returns their keys."""
    differs = " OR ".join(f"r.{column} <> i.{column}" for column in columns)
    rows = connection.exec_driver_sql(f"SELECT i.point, i.quarter {_JOINED} AND ({differs})")
    conflicts = frozenset((point, quarter) for point, quarter in rows)
    if conflicts:
        marks = " AND ".join(f"{name} = {_mark(connection)}" for name in _KEY)
        connection.exec_driver_sql(f"DELETE FROM {_INCOMING.name} WHERE {marks}", sorted(conflicts))
    return conflicts


def _changes(connection: Connection, columns: Sequence[str], old: str, new: str) -> str:
    """The condition that a row says something that is not known."""
    other = "IS NOT" if connection.dialect.name == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"({new}.{c} IS NOT NULL AND {old}.{c} {other} {new}.{c})" for c in columns)


def _upsert(columns: Sequence[str], changes: str) -> str:
    names, table = ", ".join((*_KEY, *columns)), READINGS.name
    sets = ", ".join(f"{column} = COALESCE(excluded.{column}, {table}.{column})" for column in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {_INCOMING.name} WHERE 1 = 1 "  # SQLite's grammar needs it
        f"ON CONFLICT (point, quarter) DO UPDATE SET {sets} WHERE {changes}"
    )


def _mark(connection: Connection) -> str:
    return {"qmark": "?", "format": "%s", "pyformat": "%s"}[connection.dialect.paramstyle]


def _fill(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    names = (*_KEY, *columns)
    if not rows:
        return
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, names, rows)
        return
    marks = ", ".join([_mark(connection)] * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", list(rows))


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    cursor: Any = connection.connection.cursor()
    columns = (map(str, column) for column in zip(*rows, strict=True))
    text = "\n".join(map("\t".join, zip(*columns, strict=True))).replace("None", r"\N")
    try:
        with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            copy.write(text + "\n")
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(None, None, error) from error
    finally:
        cursor.close()
