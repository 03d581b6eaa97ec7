"""What the aggregator keeps: needs, prices, its offers, the DSO's orders, and readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import simplejson
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, delete, insert, select, update

from gridlingua.services import acknowledgements, records
from gridlingua.services.aggregator.messages import DsoOffer, DsoOrder, KeptAnswer, KeptReport, Price, SentNeed
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

ANSWERS = records.table("aggregator_answers", metadata, KeptAnswer, ["dso", "request_id", "offer_id"])
BASELINES = Table(
    "aggregator_baselines",
    metadata,
    Column("meter_id", String, primary_key=True),
    Column("time_utc", UTCInstant, primary_key=True),
    Column("power", ExactDecimal, nullable=False),
)
REPORTS = Table(
    "aggregator_reports",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("dso", String, nullable=False),
    Column("request_id", String, nullable=False, index=True),
    Column("offer_id", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("decision", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("received_at", UTCInstant, nullable=False),
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


def orders(connection: Connection, request_ids: Iterable[str] | None = None) -> list[DsoOrder]:
    """The orders that came, or those for some needs, in the order they came."""
    wanted = [] if request_ids is None else [ORDERS.c.request_id.in_(set(request_ids))]
    return records.find(connection, ORDERS, DsoOrder, *wanted)


def offers_by_key(connection: Connection, request_ids: Iterable[str]) -> dict[tuple[str, str], DsoOffer]:
    """The offers made for these needs, by need and id."""
    return {(one.request_id, one.offer_id): one for one in offers_for(connection, request_ids)}


def acknowledge_answer(connection: Connection, one: KeptAnswer) -> None:
    """Keep that the DSO has an answer."""
    key = zip(ANSWERS.info["key"], records.key_of(ANSWERS, one), strict=True)
    same = (ANSWERS.c[name] == value for name, value in key)
    connection.execute(update(ANSWERS).where(*same).values(acknowledged=True))


def keep_baseline(connection: Connection, meter_id: str, points: Iterable[tuple[datetime, Decimal]]) -> None:
    """Keep the baseline of a meter, in kW by quarter-hour; a later one takes the place of an earlier."""
    upsert(connection, BASELINES, [{"meter_id": meter_id, "time_utc": at, "power": power} for at, power in points])


def baselines(connection: Connection, meters: Iterable[str], start: datetime, end: datetime) -> dict[datetime, Decimal]:
    """The baselines of these meters together in [start, end), for the quarter-hours that all of them have."""
    wanted = set(meters)
    within = (BASELINES.c.time_utc >= start) & (BASELINES.c.time_utc < end) & BASELINES.c.meter_id.in_(wanted)
    found: dict[datetime, list[Decimal]] = {}
    for at, power in connection.execute(select(BASELINES.c.time_utc, BASELINES.c.power).where(within)):
        found.setdefault(at, []).append(power)
    return {at: sum(powers, Decimal(0)) for at, powers in found.items() if len(powers) == len(wanted)}


def keep_report(connection: Connection, report: KeptReport, at: datetime) -> datetime:
    """Keep a report and what is said to it; returns when the same report came first."""
    ids = {name: getattr(report, name) for name in ("dso", "request_id", "offer_id")}
    content = simplejson.dumps(report.plain(), use_decimal=True)
    same = [REPORTS.c[name] == value for name, value in (ids | {"content": content}).items()]
    before: datetime | None = connection.execute(select(REPORTS.c.received_at).where(*same).limit(1)).scalar()
    if before is not None:
        return before
    said = {"content": content, "decision": report.decision, "reason": report.reason, "received_at": at}
    connection.execute(insert(REPORTS).values(ids | said))
    return at


def reports(connection: Connection) -> list[KeptReport]:
    """The delivery reports that came, in the order they came."""
    rows = connection.execute(select(REPORTS.c.content).order_by(REPORTS.c.number)).scalars()
    return [KeptReport.model_validate(simplejson.loads(row, use_decimal=True)) for row in rows]
