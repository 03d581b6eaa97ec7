"""The usage log (D4.2 table 11): who did what on whose data, when, and how it ended.

It only grows, and holds no payload.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, Integer, String, Table, insert

from gridlingua.services.organisations import metadata
from gridlingua.storage import UTCInstant, append_only

USAGE = append_only(
    Table(
        "accounts_usage",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("at", UTCInstant, nullable=False, index=True),
        Column("organisation", String, nullable=False, index=True),
        Column("client", String, nullable=False),
        Column("knowledge_base", String, nullable=False),
        Column("operation", String, nullable=False),
        Column("subjects", JSON, nullable=False),
        Column("status", Integer, nullable=False),
    )
)

_NOTE = insert(USAGE)


@dataclass(frozen=True)
class Use:
    """One use: ``operation`` is method and path of the route, ``subjects`` whose data, ``status`` the HTTP status.

    ``organisation`` is empty when it is not known who asked.
    """

    at: datetime
    organisation: str
    client: str
    knowledge_base: str
    operation: str
    subjects: Sequence[str]
    status: int


def note(connection: Connection, use: Use) -> None:
    """Write a use into the log."""
    connection.execute(_NOTE, [{**vars(use), "subjects": list(use.subjects)}])
