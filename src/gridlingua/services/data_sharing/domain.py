"""Quarter-hours, hours and days of readings; pure functions.

A reading is the mean power of a quarter-hour in whole W. A quarter-hour is named by its number since 1970 (UTC).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

QUARTER_SECONDS = 900
_LAST_DIGIT = Decimal("0.000001")  # kW: a mean over a day of quarter-hours does not end by itself
Granularity = Literal[1, 2, 3]


def quarter_of(at: datetime) -> int:
    """The number of the first quarter-hour that begins at or after an instant."""
    return -(-int(at.timestamp() * 1_000_000) // (QUARTER_SECONDS * 1_000_000))


def quarter_before(at: datetime) -> int:
    """The number after that of the last quarter-hour that ends at or before an instant."""
    return int(at.timestamp() * 1_000_000) // (QUARTER_SECONDS * 1_000_000)


def instant_of(quarter: int, zone: ZoneInfo) -> datetime:
    """When a quarter-hour begins, told in a zone."""
    return datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC).astimezone(zone)


@dataclass(frozen=True)
class Means:
    """Mean powers in kW by the beginning of their interval, and the beginnings of intervals that lack a reading."""

    values: list[tuple[datetime, Decimal]]
    gaps: list[datetime]


def means(readings: Mapping[int, int], first: int, last: int, granularity: Granularity, zone: ZoneInfo) -> Means:
    """The means of every interval that lies whole in the quarter-hours from ``first`` until before ``last``.

    ``readings`` gives W by quarter-hour. An interval with a gap has no mean: it is left out, and named.
    """
    found = Means([], [])
    for begin, end in intervals(first, last, granularity, zone):
        known = [readings[quarter] for quarter in range(begin, end) if quarter in readings]
        if len(known) == end - begin:
            found.values.append((instant_of(begin, zone), kilowatts(sum(known), len(known))))
        else:
            found.gaps.append(instant_of(begin, zone))
    return found


def kilowatts(watts: int, count: int = 1) -> Decimal:
    """The mean of ``count`` powers that sum to ``watts``, in kW: exact, or to the nearest mW."""
    mean = (Decimal(watts) / count / 1000).quantize(_LAST_DIGIT)
    return Decimal(format(mean.normalize(), "f"))


def intervals(first: int, last: int, granularity: Granularity, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The quarter-hours, local hours or local days that lie whole in [first, last), each as [begin, end)."""
    if granularity == 3:
        yield from _days(first, last, zone)
        return
    step = 1 if granularity == 1 else 4
    offset = instant_of(first, zone).utcoffset() or timedelta()
    begin = first + -(first + int(offset.total_seconds()) // QUARTER_SECONDS) % step
    yield from ((quarter, quarter + step) for quarter in range(begin, last - step + 1, step))


def _days(first: int, last: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    day = instant_of(first, zone).date()
    while (begin := _midnight(day, zone)) < last:
        end = _midnight(day + timedelta(days=1), zone)
        if first <= begin and end <= last:
            yield begin, end
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return quarter_of(datetime.combine(day, time(), zone))
