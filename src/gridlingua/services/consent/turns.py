"""Who reads on a grant and who ends it take turns, in the order they came.

Locks of rows alone would not do on PostgreSQL: those who share a row let others join them while somebody waits to
change it, so that a stream of queries keeps a withdrawal out for seconds. Advisory locks queue. SQLite has one writer,
for whom nobody has to make room.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, func, select


def share(connection: Connection, grant: str) -> None:
    """Wait until nobody ends the grant, and keep it from ending until this transaction does."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_number(grant))))


def exclude(connection: Connection, grant: str) -> None:
    """Wait until nobody reads on the grant, and keep others from it until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_number(grant))))


def _number(grant: str) -> int:
    """The number that PostgreSQL knows the lock by; two grants that had the same would merely wait for each other."""
    digest = hashlib.sha256(f"consent {grant}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
