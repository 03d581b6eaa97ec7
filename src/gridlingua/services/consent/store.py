"""What the DSO keeps of consents: a record each, and every transition for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from gridlingua.services.consent.domain import Standing, State, moved
from gridlingua.services.consent.messages import Grant
from gridlingua.services.instants import Instant
from gridlingua.storage import UTCInstant, append_only

metadata = MetaData()
RECORDS = Table(
    "consent_records",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("reference", String, nullable=False, unique=True),
    Column("grant_reference", String, unique=True),  # none until it is given
    Column("question", String, unique=True),  # what makes a question the same; none for a grant the DSO entered itself
    Column("organisation", String, nullable=False, index=True),
    Column("user_id", String, nullable=False, index=True),
    Column("kinds", JSON, nullable=False),
    Column("valid_from", String, nullable=False),
    Column("valid_from_utc", UTCInstant, nullable=False),
    Column("valid_until", String, nullable=False),
    Column("valid_until_utc", UTCInstant, nullable=False),
    Column("purpose", Text, nullable=False),  # empty: the default sentence, in the reader's language
    Column("retention_days", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("changed_at", UTCInstant, nullable=False),
    Column("answer_by", UTCInstant, nullable=False),
    Column("requested_at", UTCInstant, nullable=False),
)
TRANSITIONS = append_only(
    Table(
        "consent_transitions",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("reference", String, nullable=False, index=True),
        Column("before", String, nullable=False),  # empty: the beginning
        Column("after", String, nullable=False),
        Column("at", UTCInstant, nullable=False),
        Column("cause", String, nullable=False),
        Column("actor", String, nullable=False),
        Column("shown", JSON, nullable=False),  # what the user was told when they decided
    )
)


@dataclass(frozen=True)
class Cause:
    """Why a consent moves, and by whom; ``shown`` is what the user was told, where the user decided."""

    said: str
    actor: str
    shown: Mapping[str, Any] | None = None


def standing(row: RowMapping) -> Standing:
    """How a record stands."""
    return Standing(State(row["state"]), row["answer_by"], row["valid_until_utc"])


def grant_of(row: RowMapping) -> Grant:
    """The grant of a record that has one."""
    return Grant(
        reference=row["grant_reference"],
        user=row["user_id"],
        grantee=row["organisation"],
        valid_from=Instant(row["valid_from_utc"], row["valid_from"]),
        valid_until=Instant(row["valid_until_utc"], row["valid_until"]),
        kinds=tuple(row["kinds"]),
    )


def find(connection: Connection, *conditions: Any, lock: bool = False) -> RowMapping | None:
    """The one record that fulfils the conditions; with ``lock`` nobody else changes it before this transaction ends."""
    query = select(RECORDS).where(*conditions)
    return connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()


def add(connection: Connection, values: Mapping[str, Any], cause: Cause) -> None:
    """Add a record with its first transition."""
    connection.execute(insert(RECORDS).values(**values))
    _note(connection, values["reference"], "", values["state"], values["changed_at"], cause)


def move(connection: Connection, row: RowMapping, after: State, now: datetime, cause: Cause, **values: Any) -> None:
    """Move a record that was found with ``lock``; raises ``ConflictError`` for a transition that there is not."""
    before = standing(row).at(now)
    moved(row["reference"], before, after)
    same = RECORDS.c.reference == row["reference"]
    connection.execute(update(RECORDS).where(same).values(state=after, changed_at=now, **values))
    _note(connection, row["reference"], before, after, now, cause)


def _note(connection: Connection, reference: str, before: str, after: str, at: datetime, cause: Cause) -> None:
    said = {"cause": cause.said, "actor": cause.actor, "shown": dict(cause.shown or {})}
    kept = {"reference": reference, "before": str(before), "after": str(after), "at": at}
    connection.execute(insert(TRANSITIONS).values(**kept, **said))


def history(connection: Connection, reference: str) -> list[RowMapping]:
    """Every transition of a record, in the order they came."""
    query = select(TRANSITIONS).where(TRANSITIONS.c.reference == reference).order_by(TRANSITIONS.c.number)
    return list(connection.execute(query).mappings())
