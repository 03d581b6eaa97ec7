"""Rows that take the place of earlier ones of the same key, whoever else writes at the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one and the same set of columns; a row whose primary key exists replaces the other columns."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement: Any = insert(table)
    keys = [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    in_order = sorted(rows, key=lambda row: tuple(row[key] for key in keys))  # two writers never wait for each other
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others), [dict(row) for row in in_order]
    )
