"""What the DSO keeps of baselines, delivery reports and what became of them.

Every number here is written once: a baseline, a report and its quarter-hours are never changed, and the database sees
to it. A report's state is the last event of its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from gridlingua.services.settlement.baselines import Kept, grid
from gridlingua.services.settlement.baselines import powers as powers_of
from gridlingua.services.settlement.delivery import QUARTER
from gridlingua.services.settlement.messages import Baseline
from gridlingua.services.settlement.statements import Report
from gridlingua.services.settlement.states import State, require
from gridlingua.storage import ExactDecimal, UTCInstant, append_only

metadata = MetaData()
BASELINES = append_only(
    Table(
        "settlement_baselines",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("provider", String, nullable=False),
        Column("meter_id", String, nullable=False),
        Column("start_time", UTCInstant, nullable=False, index=True),
        Column("created_at", UTCInstant, nullable=False),
        Column("end_time", UTCInstant, nullable=False),
        Column("received_at", UTCInstant, nullable=False),
        Column("powers", JSON, nullable=False),  # kW as text, one for each quarter-hour of the day
        UniqueConstraint(
            "provider", "meter_id", "start_time", "created_at", name="settlement_baselines_once_worked_out"
        ),
    )
)
REPORTS = append_only(
    Table(
        "settlement_reports",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("provider", String, nullable=False),
        Column("request_id", String, nullable=False, index=True),
        Column("offer_id", String, nullable=False),
        Column("version", Integer, nullable=False),
        Column("made_at", UTCInstant, nullable=False),
        Column("month", String, nullable=False, index=True),
        Column("direction", String, nullable=False),
        Column("start_time", UTCInstant, nullable=False, index=True),
        Column("end_time", UTCInstant, nullable=False),
        Column("ordered_power", ExactDecimal, nullable=False),
        Column("quarters", Integer, nullable=False),
        Column("gaps", Integer, nullable=False),
        Column("ordered_energy", ExactDecimal, nullable=False),
        Column("delivered_energy", ExactDecimal, nullable=False),
        Column("paid_energy", ExactDecimal, nullable=False),
        Column("price", ExactDecimal, nullable=False),
        Column("amount", ExactDecimal, nullable=False),
        Column("clearing_amount", ExactDecimal, nullable=False),
        UniqueConstraint("provider", "request_id", "offer_id", "version", name="settlement_reports_one_of_a_version"),
    )
)
QUARTERS = append_only(
    Table(
        "settlement_quarters",
        metadata,
        Column("report", ForeignKey("settlement_reports.number"), primary_key=True),
        Column("start_time", UTCInstant, primary_key=True),
        Column("ordered", ExactDecimal, nullable=False),
        Column("baseline", ExactDecimal),
        Column("metered", ExactDecimal),
        Column("delivered", ExactDecimal),
        Column("paid", ExactDecimal, nullable=False),
        Column("clearing_price", ExactDecimal, nullable=False),
        Column("cause", String),
        Column("meter_ids", JSON, nullable=False),
    )
)
HISTORY = append_only(
    Table(
        "settlement_history",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("report", ForeignKey("settlement_reports.number"), nullable=False, index=True),
        Column("at", UTCInstant, nullable=False),
        Column("state", String, nullable=False),
        Column("cause", String, nullable=False),
        Column("author", String, nullable=False),
    )
)
OFFER = ("provider", "request_id", "offer_id")
_AT_ONCE = 500
OfferKey = tuple[str, str, str]


@dataclass(frozen=True)
class Cause:
    """Why and by whom a report passes to another state, and when."""

    text: str
    author: str
    at: datetime


def keep_baseline(connection: Connection, provider: str, told: Baseline, at: datetime) -> datetime | None:
    """Keep a baseline of a provider; returns when it came first, or None when another one of the same key is known.

    Its key is provider, meter, day and the time at which it was worked out.
    """
    key = {
        "provider": provider,
        "meter_id": told.meter_id,
        "start_time": told.start_time.at,
        "created_at": told.created_at.at,
    }
    powers = [str(power) for _, power in sorted(powers_of(told).items())]
    row = {**key, "end_time": told.end_time.at, "received_at": at, "powers": powers}
    try:
        with connection.begin_nested():
            connection.execute(insert(BASELINES).values(**row))
        return at
    except IntegrityError:
        known = connection.execute(select(BASELINES).where(*(BASELINES.c[name] == key[name] for name in key))).one()
    return (
        known.received_at
        if [Decimal(power) for power in known.powers] == [Decimal(power) for power in powers]
        else None
    )


def baselines(
    connection: Connection, provider: str, meters: Iterable[str], start: datetime, end: datetime
) -> list[Kept]:
    """The baselines of a provider for days of these meters that overlap [start, end)."""
    within = (BASELINES.c.provider == provider) & (BASELINES.c.start_time < end) & (BASELINES.c.end_time > start)
    queries = (select(BASELINES).where(within, BASELINES.c.meter_id.in_(some)) for some in portions(meters))
    return [kept(row) for query in queries for row in connection.execute(query).mappings()]


def portions(meters: Iterable[str]) -> Iterator[list[str]]:
    """The meters in order, so many at a time as one query can name."""
    named = sorted(set(meters))
    return (named[first : first + _AT_ONCE] for first in range(0, len(named), _AT_ONCE))


def baseline_rows(
    connection: Connection, period: tuple[datetime, datetime], provider: str | None = None, meter: str | None = None
) -> list[RowMapping]:
    """The baselines for days that overlap a period, of a provider and meter or of any, in the order they came."""
    conditions = [BASELINES.c.start_time < period[1], BASELINES.c.end_time > period[0]]
    conditions += [BASELINES.c.provider == provider] if provider is not None else []
    conditions += [BASELINES.c.meter_id == meter] if meter is not None else []
    query = select(BASELINES).where(*conditions).order_by(BASELINES.c.number)
    return list(connection.execute(query).mappings())


def kept(row: RowMapping) -> Kept:
    """The baseline of a row."""
    times = grid(row["start_time"], row["end_time"])
    powers = dict(zip(times, map(Decimal, row["powers"]), strict=True))
    return Kept(row["meter_id"], row["start_time"], row["created_at"], row["received_at"], powers)


def add_report(
    connection: Connection, row: Mapping[str, Any], quarters: Sequence[Mapping[str, Any]], cause: Cause
) -> int:
    """Write a new version of a report, a draft; returns its number."""
    (number,) = connection.execute(insert(REPORTS).values(**row).returning(REPORTS.c.number)).one()
    connection.execute(insert(QUARTERS), [{"report": number} | dict(one) for one in quarters])
    _write(connection, number, "draft", cause)
    return int(number)


def _write(connection: Connection, report: int, state: State, cause: Cause) -> None:
    row = {"report": report, "at": cause.at, "state": state, "cause": cause.text, "author": cause.author}
    connection.execute(insert(HISTORY).values(**row))


def move(connection: Connection, report: int, state: State, cause: Cause) -> None:
    """Pass a report to a state; raises ``ConflictError`` when it cannot.

    Two transactions that move one report wait for each other.
    """
    row = locked(connection, REPORTS.c.number == report)[0]
    require(str(named(row)), row["state"], state)
    _write(connection, report, state, cause)


def named(row: RowMapping) -> Report:
    """The report of a row."""
    return Report(**{name: row[name] for name in (*OFFER, "version")})


def number_of(connection: Connection, report: Report) -> int | None:
    """The number of a report, if there is one."""
    same = [REPORTS.c[name] == getattr(report, name) for name in (*OFFER, "version")]
    return connection.execute(select(REPORTS.c.number).where(*same)).scalar_one_or_none()


def offers_of(connection: Connection, numbers: Sequence[int]) -> list[OfferKey]:
    """The offers that reports are about."""
    query = select(*(REPORTS.c[name] for name in OFFER)).where(REPORTS.c.number.in_(numbers))
    return [(provider, request, offer) for provider, request, offer in connection.execute(query)]


def locked(connection: Connection, *conditions: Any) -> list[RowMapping]:
    """The reports that fulfil every condition, which nobody else moves until this transaction ends."""
    connection.execute(select(REPORTS.c.number).where(*conditions).order_by(REPORTS.c.number).with_for_update()).all()
    return reports(connection, *conditions)


def reports(connection: Connection, *conditions: Any) -> list[RowMapping]:
    """The reports that fulfil every condition with their state, by need, provider and offer, and by version."""
    query = with_state().where(*conditions)
    order = (REPORTS.c.start_time, REPORTS.c.request_id, REPORTS.c.provider, REPORTS.c.offer_id, REPORTS.c.version)
    return list(connection.execute(query.order_by(*order)).mappings())


def with_state() -> Select[Any]:
    """Reports, each with its ``state``."""
    latest = select(HISTORY.c.report, func.max(HISTORY.c.number).label("last")).group_by(HISTORY.c.report).subquery()
    return (
        select(REPORTS, HISTORY.c.state)
        .join(latest, latest.c.report == REPORTS.c.number)
        .join(HISTORY, HISTORY.c.number == latest.c.last)
    )


def given(connection: Connection, *conditions: Any) -> set[int]:
    """The numbers of the reports that fulfil every condition and were given to their provider at any time."""
    sent = REPORTS.c.number.in_(select(HISTORY.c.report).where(HISTORY.c.state == "sent"))
    return set(connection.execute(select(REPORTS.c.number).where(sent, *conditions)).scalars())


def offer_of(row: RowMapping) -> OfferKey:
    """The offer that a report is about."""
    return row["provider"], row["request_id"], row["offer_id"]


def quarters_of(connection: Connection, report: int) -> list[RowMapping]:
    """The quarter-hours of a report, in order."""
    query = select(QUARTERS).where(QUARTERS.c.report == report).order_by(QUARTERS.c.start_time)
    return list(connection.execute(query).mappings())


def stretches(quarters: Sequence[RowMapping]) -> list[list[RowMapping]]:
    """The unbroken stretches of measured quarter-hours, in order."""
    found: list[list[RowMapping]] = []
    for one in quarters:
        if one["cause"] is not None:
            continue
        if found and found[-1][-1]["start_time"] + QUARTER == one["start_time"]:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def history(connection: Connection, report: int) -> list[RowMapping]:
    """What happened to a report, in order."""
    query = select(HISTORY).where(HISTORY.c.report == report).order_by(HISTORY.c.number)
    return list(connection.execute(query).mappings())
