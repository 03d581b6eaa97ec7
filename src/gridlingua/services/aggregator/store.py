"""What the aggregator keeps: needs, prices, its offers, the DSO's orders, and readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, delete, select

from gridlingua.services import acknowledgements, records
from gridlingua.services.aggregator.messages import DsoOffer, DsoOrder, Price, SentNeed
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Metering, Reading
from gridlingua.storage import ExactDecimal, UTCInstant, upsert

metadata = MetaData()
NEEDS = records.table("aggregator_needs", metadata, SentNeed, ["sender", "request_id"])
PRICES = records.table("aggregator_prices", metadata, Price, ["meter_id", "measurement_unit"])
OFFERS = records.table("aggregator_offers", metadata, DsoOffer, ["dso", "request_id", "offer_id"])
ORDERS = records.table("aggregator_orders", metadata, DsoOrder, ["dso", "request_id", "offer_id"])
ACKNOWLEDGEMENTS = acknowledgements.table("aggregator_acknowledgements", metadata)
READINGS = Table(
    "aggregator_readings",
    metadata,
    Column("user", String, primary_key=True),
    Column("granularity", Integer, primary_key=True),
    Column("time_utc", UTCInstant, primary_key=True),
    Column("time", String, nullable=False),
    Column("measurement", ExactDecimal, nullable=False),
    Column("unit", String, nullable=False),
)


def replace_prices(connection: Connection, prices: Sequence[Price], at: datetime) -> None:
    """Let ``prices`` be the price list."""
    connection.execute(delete(PRICES))
    records.keep(connection, PRICES, prices, at)


def offers_for(connection: Connection, request_ids: Iterable[str]) -> list[DsoOffer]:
    """The offers made for these needs, in the order they were made."""
    return records.find(connection, OFFERS, DsoOffer, OFFERS.c.request_id.in_(set(request_ids)))


def forget_offers(connection: Connection, offers: Sequence[DsoOffer]) -> None:
    """Forget offers that the DSO refused."""
    for offer in offers:
        key = zip(OFFERS.info["key"], records.key_of(OFFERS, offer), strict=True)
        connection.execute(delete(OFFERS).where(*(OFFERS.c[name] == value for name, value in key)))


def keep_metering(connection: Connection, metering: Metering, granularity: int) -> None:
    """Keep readings; a reading that was fetched before is replaced."""
    rows = [
        {**records.values(reading), "user": metering.user, "granularity": granularity} for reading in metering.metering
    ]
    upsert(connection, READINGS, rows)


def metering(connection: Connection, user: str, granularity: int) -> list[Reading]:
    """The readings of a user that were fetched, in the order of time."""
    mine = (READINGS.c.user == user) & (READINGS.c.granularity == granularity)
    query = select(READINGS.c.time, READINGS.c.measurement, READINGS.c.unit).where(mine).order_by(READINGS.c.time_utc)
    rows = connection.execute(query)
    return [Reading(time=Instant.parse(time), measurement=measurement, unit=unit) for time, measurement, unit in rows]
