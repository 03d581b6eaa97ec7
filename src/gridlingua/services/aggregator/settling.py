"""What an aggregator works out for settlement: baselines from metering, and what it says to delivery reports; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from gridlingua.services.aggregator.messages import DsoOrder
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Reading
from gridlingua.services.power import exact, from_base, to_base
from gridlingua.services.quarter_hours import QUARTER
from gridlingua.services.settlement.messages import BaselinePoint, DeliveryReport, ReportedQuarter

_LAST_DIGIT = Decimal("0.000001")  # kW: a mean of three days does not end by itself


def quarters(start: datetime, end: datetime) -> Iterator[datetime]:
    """The beginnings of the quarter-hours of [start, end), in UTC."""
    while start < end:
        yield start
        start += QUARTER


def baseline(readings: Iterable[Reading], start: datetime, end: datetime, zone: ZoneInfo) -> list[BaselinePoint]:
    """For every quarter-hour of [start, end) the mean of the readings at the same local time of the days before.

    The commonest method of the field ("X of Y", with all days that are known); kW. A quarter-hour for which no day has
    a reading is left out.
    """
    known: dict[object, list[Decimal]] = {}
    for reading in readings:
        if reading.time.at < start:
            known.setdefault(reading.time.at.astimezone(zone).time(), []).append(reading.measurement)
    local = [quarter.astimezone(zone) for quarter in quarters(start, end)]
    return [BaselinePoint(time=Instant.of(at), power=_mean(known[at.time()])) for at in local if at.time() in known]


def _mean(values: Sequence[Decimal]) -> Decimal:
    mean = (sum(values, Decimal(0)) / len(values)).quantize(_LAST_DIGIT)
    return Decimal(format(mean.normalize(), "f"))


def objection(
    report: DeliveryReport,
    order: DsoOrder | None,
    baselines: Mapping[datetime, Decimal],
    tolerance: Decimal,
    *,
    is_shared: bool = False,
) -> str:
    """Why a report is disputed, in words; nothing when it is confirmed.

    ``baselines`` are those of the offer's meters together, in kW by quarter-hour, as far as they are known;
    ``tolerance`` is in kW. With ``is_shared`` other offers of the same meters were ordered for the need too, and only a
    part of what the meters changed falls to this one.
    """
    if order is None or order.activation == "No":
        return "no activation of this offer was ordered"
    ordered = from_base(to_base(order.quantity, order.measurement_unit), "kW")
    for one in report.intervals:
        if one.ordered != ordered:
            return f"{ordered} kW was ordered, not {one.ordered} kW, at {one.time}"
        mine = baselines.get(one.time.at)
        if mine is not None and abs(mine - one.baseline) > tolerance:
            return f"our baseline at {one.time} is {mine} kW, not {one.baseline} kW"
        if not _right(report.direction, one, tolerance, is_shared=is_shared):
            return f"delivered at {one.time} is not what changed in the direction {report.direction}"
    return ""


def _right(direction: str, one: ReportedQuarter, tolerance: Decimal, *, is_shared: bool) -> bool:
    """Whether delivered is what changed in the direction, or not more than that where it is shared."""
    with exact():
        change = one.baseline - one.metered if direction == "Down" else one.metered - one.baseline
        if is_shared:
            return one.delivered - max(change, Decimal(0)) <= tolerance
        return abs(change - one.delivered) <= tolerance
