"""What the DSO keeps of meters' customer interfaces: the last frame of each, and what it sent of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, MetaData, String, Table, Text, select

from gridlingua.services import dispatches, documents
from gridlingua.services.consent import store as consents
from gridlingua.services.consent.domain import State
from gridlingua.services.consent.messages import Grant
from gridlingua.services.consent.tables import RECORDS
from gridlingua.services.data_sharing.tables import POINTS
from gridlingua.services.metering_platform.messages import Frame
from gridlingua.storage import UTCInstant, upsert

metadata = MetaData()
SENT = dispatches.book("metering_platform", metadata)
FRAMES = Table(
    "metering_platform_frames",
    metadata,
    Column("meter_id", String, primary_key=True),
    Column("timestamp_utc", UTCInstant, nullable=False),
    Column("message", Text, nullable=False),
    Column("received_at", UTCInstant, nullable=False),
)


def keep(connection: Connection, frames: Sequence[Frame], at: datetime) -> None:
    """Keep the last frame of each meter; an older one than is known changes nothing."""
    wanted = FRAMES.c.meter_id.in_({one.meter_id for one in frames})
    query = select(FRAMES.c.meter_id, FRAMES.c.timestamp_utc).where(wanted).with_for_update()
    latest = {row.meter_id: row.timestamp_utc for row in connection.execute(query)}
    last: dict[str, Frame] = {}
    for one in sorted(frames, key=lambda one: one.timestamp):
        if one.meter_id not in latest or one.timestamp.at >= latest[one.meter_id]:
            last[one.meter_id] = one
    rows = [
        {"meter_id": meter, "timestamp_utc": one.timestamp.at, "message": documents.written(one), "received_at": at}
        for meter, one in last.items()
    ]
    upsert(connection, FRAMES, rows)


def frame(connection: Connection, meter: str) -> Frame | None:
    """The last frame of a meter."""
    message = connection.execute(select(FRAMES.c.message).where(FRAMES.c.meter_id == meter)).scalar_one_or_none()
    return None if message is None else documents.read(Frame, message)


def users(connection: Connection, meters: Iterable[str]) -> dict[str, str]:
    """The user of each meter that has one."""
    query = select(POINTS.c.meter_id, POINTS.c.user_id).where(POINTS.c.meter_id.in_(set(meters)))
    return {meter: user for meter, user in connection.execute(query) if user is not None}


def grants(connection: Connection, users: Iterable[str], now: datetime) -> dict[str, list[Grant]]:
    """The grants that each user has given and not taken back, as they stand at this moment."""
    found: dict[str, list[Grant]] = {}
    theirs = RECORDS.c.user_id.in_(set(users))
    for row in consents.find_all(connection, theirs, consents.in_state(State.GRANTED, now)):
        found.setdefault(row["user_id"], []).append(consents.grant_of(row))
    return found
