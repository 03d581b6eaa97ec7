"""Which baselines are taken, and which one counts (D4.3 3.2.4); pure functions.

A baseline is what a meter would have drawn without any activation, one local day in quarter-hours. Its provider may
send a better one at any time until delivery: a later ``createdAt`` replaces an earlier one. The gate is the beginning
of the last delivery that is ordered of the meter on that day: from then on a baseline of the day is refused, so that
nobody works out what would have been drawn after seeing what was. Of a delivery that began before, the baseline that
counted then stays. Where nothing is ordered, the gate is the end of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from gridlingua.errors import Fault
from gridlingua.services.instants import Instant
from gridlingua.services.power import from_base, period_faults, to_base
from gridlingua.services.settlement.delivery import QUARTER, Powers
from gridlingua.services.settlement.messages import Baseline

CLOCKS_DIFFER = timedelta(minutes=5)
_NAMED = 3


@dataclass(frozen=True)
class Delivery:
    """A delivery that a provider was ordered: of which offer, of which meters, when (UTC)."""

    offer: str
    meters: frozenset[str]
    start: datetime
    end: datetime


def faults(baselines: Sequence[Baseline], zone: ZoneInfo, now: datetime) -> list[Fault]:
    """What is wrong with baselines; ``zone`` is where the DSO's days begin."""
    return [
        fault for position, baseline in enumerate(baselines) for fault in _faults(baseline, f"/{position}", zone, now)
    ]


def _faults(baseline: Baseline, place: str, zone: ZoneInfo, now: datetime) -> Iterator[Fault]:
    if baseline.created_at.at > now + CLOCKS_DIFFER:
        said = f"{baseline.created_at} is later than now, {Instant.of(now.astimezone(zone))}"
        yield Fault(f"{place}/createdAt", f"{said}; it is the time at which the baseline was worked out")
    backwards = list(period_faults(baseline, place))
    yield from backwards
    if not backwards:
        yield from _day_faults(baseline, place, zone)


def _day_faults(baseline: Baseline, place: str, zone: ZoneInfo) -> Iterator[Fault]:
    midnight = _midnight(baseline.start_time.at, zone)
    following = _midnight(midnight + timedelta(hours=36), zone)
    if baseline.start_time.at != midnight:
        said = f"{baseline.start_time} is not the beginning of a day in {zone.key}"
        yield Fault(f"{place}/startTime", f"{said}; that day begins at {_local(midnight, zone)}")
    elif baseline.end_time.at != following:
        said = f"{baseline.end_time} is not the end of the day that begins at {baseline.start_time}"
        yield Fault(f"{place}/endTime", f"{said}; that day ends at {_local(following, zone)}")
    else:
        yield from _grid_faults(baseline, place, zone)


def _grid_faults(baseline: Baseline, place: str, zone: ZoneInfo) -> Iterator[Fault]:
    wanted = set(grid(baseline.start_time.at, baseline.end_time.at))
    seen: set[datetime] = set()
    for position, point in enumerate(baseline.baseline):
        at = point.time.at
        if at not in wanted:
            said = f"{point.time} does not begin a quarter-hour of {baseline.start_time} to {baseline.end_time}"
            yield Fault(f"{place}/baseline/{position}/time", f"{said}; they begin at :00, :15, :30 and :45")
        elif at in seen:
            yield Fault(f"{place}/baseline/{position}/time", f"{point.time} stands there twice; send it once")
        seen.add(at)
    if missing := sorted(wanted - seen):
        named = ", ".join(_local(at, zone) for at in missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        said = f"values are missing of {len(missing)} of the {len(wanted)} quarter-hours of the day: {named}"
        yield Fault(f"{place}/baseline", f"{said}; send them all")


def grid(start: datetime, end: datetime) -> list[datetime]:
    """The first instants of the quarter-hours from ``start`` until before ``end``: 92 or 100 where clocks change."""
    return [start + number * QUARTER for number in range((end - start) // QUARTER)]


def _midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the local day of an instant begins."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(at.tzinfo)


def _local(at: datetime, zone: ZoneInfo) -> str:
    return str(Instant.of(at.astimezone(zone)))


def gate_faults(
    baselines: Mapping[int, Baseline], deliveries: Sequence[Delivery], zone: ZoneInfo, now: datetime
) -> list[Fault]:
    """The baselines, by their place in a message, that come too late; ``deliveries`` are those of their provider."""
    found = ((position, _late(baseline, deliveries, zone, now)) for position, baseline in baselines.items())
    return [Fault(f"/{position}", said) for position, said in found if said]


def _late(baseline: Baseline, deliveries: Sequence[Delivery], zone: ZoneInfo, now: datetime) -> str:
    start, end = baseline.start_time.at, baseline.end_time.at
    mine = [one for one in deliveries if baseline.meter_id in one.meters and one.start < end and start < one.end]
    if not mine:
        return "" if now < end else f"the day of this baseline ended at {baseline.end_time}; send it before"
    last = max(mine, key=lambda one: one.start)
    if now < last.start:
        return ""
    begun = f"delivery of meter {baseline.meter_id} for offer {last.offer} began at {_local(last.start, zone)}"
    return f"{begun}; a baseline must come before, and this one came at {_local(now, zone)}"


def powers(baseline: Baseline) -> dict[datetime, Decimal]:
    """kW by the first instant of the quarter-hour."""
    return {point.time.at: kilowatts(point.power, baseline.measurement_unit) for point in baseline.baseline}


def kilowatts(quantity: Decimal, unit: str) -> Decimal:
    """A power in kW, exactly."""
    return from_base(to_base(quantity, unit), "kW")


@dataclass(frozen=True)
class Kept:
    """A baseline of a meter that was taken: when the provider worked it out, when it came, and kW by quarter-hour."""

    meter: str
    day: datetime
    created_at: datetime
    received_at: datetime
    powers: Powers


def counting(kept: Iterable[Kept], delivery: datetime) -> Mapping[str, Powers]:
    """By meter, the powers of the baselines that count for a delivery that begins at ``delivery``.

    Of each day it is the one worked out last, of those that had come before.
    """
    latest: dict[tuple[str, datetime], Kept] = {}
    for one in kept:
        known = latest.get((one.meter, one.day))
        if one.received_at < delivery and (known is None or known.created_at < one.created_at):
            latest[one.meter, one.day] = one
    found: dict[str, dict[datetime, Decimal]] = {}
    for one in latest.values():
        found.setdefault(one.meter, {}).update(one.powers)
    return found
