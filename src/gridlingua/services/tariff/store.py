"""What the DSO keeps of tariffs: those it entered, and those it sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, String, Table, Text, insert, select, text

from gridlingua.errors import Fault
from gridlingua.services import dispatches, documents
from gridlingua.services.refusals import ConflictError
from gridlingua.services.tariff import domain
from gridlingua.services.tariff.messages import Tariff
from gridlingua.storage import UTCInstant

metadata = MetaData()
SENT = dispatches.book("tariff", metadata)
TARIFFS = Table(
    "tariff_tariffs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("tariff_id", String, nullable=False, unique=True),
    Column("zone_id", String, nullable=False, index=True),
    Column("start_time_utc", UTCInstant, nullable=False),
    Column("end_time_utc", UTCInstant, nullable=False),
    Column("published_at_utc", UTCInstant, nullable=False),
    Column("message", Text, nullable=False),
    Column("entered_at", UTCInstant, nullable=False),
)


def find(connection: Connection, *conditions: ColumnElement[bool]) -> list[Tariff]:
    """The tariffs that fulfil every condition, in the order of time."""
    query = select(TARIFFS.c.message).where(*conditions).order_by(TARIFFS.c.start_time_utc, TARIFFS.c.number)
    return [documents.read(Tariff, message) for message in connection.execute(query).scalars()]


def keep(connection: Connection, tariffs: Sequence[Tariff], at: datetime) -> None:
    """Keep tariffs, all or none; the same tariff again is no news.

    Raises ``ConflictError`` for an id that is known with other content, and for a second tariff of a zone and time.
    """
    if connection.dialect.name == "postgresql":  # a tariff that somebody else enters meanwhile could not be seen
        connection.execute(text("LOCK TABLE tariff_tariffs IN SHARE ROW EXCLUSIVE MODE"))
    new, faults = [], []
    for position, one in enumerate(tariffs):
        known = find(connection, TARIFFS.c.tariff_id == one.tariff_id)
        if known and known[0] != one:
            faults.append(Fault(f"/{position}/tariffId", f"{one.tariff_id} is known otherwise; give it a new id"))
        elif not known:
            new.append(one)
            others = find(connection, TARIFFS.c.zone_id == one.zone_id)
            faults += [
                Fault(f"/{position}/startTime", said) for other in others if (said := domain.overlap(one, other))
            ]
    if faults:
        raise ConflictError(faults)
    if new:
        connection.execute(insert(TARIFFS), [_row(one, at) for one in new])


def _row(one: Tariff, at: datetime) -> dict[str, object]:
    return {
        "tariff_id": one.tariff_id,
        "zone_id": one.zone_id,
        "start_time_utc": one.start_time.at,
        "end_time_utc": one.end_time.at,
        "published_at_utc": one.published_at.at,
        "message": documents.written(one),
        "entered_at": at,
    }
