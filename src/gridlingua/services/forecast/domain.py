"""The rules of forecasts (D4.3 4.2): what makes one whole, and which of several holds; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from gridlingua.errors import Fault
from gridlingua.services.forecast.messages import ActivePower, Baseline, FlexibilityForecast, Forecast, ZoneForecast
from gridlingua.services.instants import Instant
from gridlingua.services.power import from_base, period_faults, to_base
from gridlingua.services.quarter_hours import QUARTER, missing_faults, point_faults, whole_faults

LONGEST_MEAN = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(minutes=5)
_TECHNOLOGIES = {
    "Generation": ("PhotovoltaicSystem", "WindTurbine", "Other"),
    "Load": ("ElectricVehicle", "HeatPump", "Other"),
}
T = TypeVar("T")


def future_faults(forecasts: Sequence[Forecast], now: datetime) -> list[Fault]:
    """The faults of forecasts that were not made yet: of several the one made last holds, and nothing would undo it."""
    said = "is later than now, {}; it is the time at which the forecast was made"
    return [
        Fault(f"/{position}/createdAt", f"{one.created_at} {said.format(Instant.of(now))}")
        for position, one in enumerate(forecasts)
        if one.created_at.at > now + CLOCKS_DIFFER
    ]


def power_faults(powers: Sequence[ActivePower]) -> list[Fault]:
    """What is wrong with mean powers: of an hour at most, measured once they are over, expected before."""
    return [fault for position, power in enumerate(powers) for fault in _power_faults(power, f"/{position}")]


def _power_faults(power: ActivePower, place: str) -> Iterator[Fault]:
    yield from period_faults(power, place)
    start, end, created = power.start_time.at, power.end_time.at, power.created_at.at
    if end - start > LONGEST_MEAN:
        yield Fault(f"{place}/endTime", f"{power.end_time} makes a mean of more than an hour: make it an hour or less")
    if power.value_source == "Expected" and created >= end:
        yield Fault(
            f"{place}/createdAt", f"{power.created_at} is not before the interval ends: nothing is left to expect"
        )
    if power.value_source == "Measured" and created < end:
        yield Fault(f"{place}/createdAt", f"{power.created_at} is before the interval ends: nothing is measured ahead")


def baseline_faults(forecasts: Sequence[Baseline]) -> list[Fault]:
    """What is wrong with baselines."""
    return [
        fault
        for position, one in enumerate(forecasts)
        for fault in _series_faults(
            one, {f"/{position}/baseline": [point.start_time for point in one.baseline]}, position
        )
    ]


def flexibility_faults(forecasts: Sequence[FlexibilityForecast]) -> list[Fault]:
    """What is wrong with forecasts of flexibility: also, both directions are said, each once."""
    faults = []
    for position, one in enumerate(forecasts):
        series = {
            f"/{position}/directions/{index}/flexibility": [point.start_time for point in way.flexibility]
            for index, way in enumerate(one.directions)
        }
        faults += _series_faults(one, series, position)
        if sorted(way.direction for way in one.directions) != ["Down", "Up"]:
            said = "say Up and Down, each once: with zeros where nothing can be moved"
            faults.append(Fault(f"/{position}/directions", said))
    return faults


def zone_faults(forecasts: Sequence[ZoneForecast], kind: Literal["Generation", "Load"]) -> list[Fault]:
    """What is wrong with the load or generation forecasts of zones."""
    faults = []
    for position, one in enumerate(forecasts):
        series = {f"/{position}/forecast": [point.start_time for point in one.forecast]}
        faults += _series_faults(one, series, position)
        if one.technology not in _TECHNOLOGIES[kind]:
            allowed = ", ".join(_TECHNOLOGIES[kind])
            said = f"{one.technology} has no {kind.lower()}; allowed: {allowed}"
            faults.append(Fault(f"/{position}/technology", said))
    return faults


def _series_faults(one: Forecast, series: Mapping[str, Sequence[Instant]], position: int) -> list[Fault]:
    faults = list(whole_faults(one, f"/{position}"))
    if one.created_at >= one.end_time:
        said = f"{one.created_at} is not before the period ends: a forecast is made before"
        faults.append(Fault(f"/{position}/createdAt", said))
    if faults:
        return faults
    return [
        fault
        for place, times in series.items()
        for fault in (*point_faults(one, times, place), *missing_faults(one, times, place))
    ]


@dataclass(frozen=True)
class Issue(Generic[T]):
    """A forecast as it was made at ``created``: a value for every quarter-hour it is about (UTC)."""

    created: datetime
    values: Mapping[datetime, T]


def holding(issues: Iterable[Issue[T]], start: datetime, end: datetime) -> dict[datetime, tuple[datetime, T]]:
    """For each quarter-hour within [start, end) when the forecast that holds was made, and its value, in order of time.

    The one made last holds, of two made at once the one that came later. What was made when a quarter-hour was over is
    no forecast of it.
    """
    found: dict[datetime, tuple[datetime, T]] = {}
    for issue in issues:
        for at, value in issue.values.items():
            within = start <= at and at + QUARTER <= end and issue.created < at + QUARTER
            if within and (at not in found or issue.created >= found[at][0]):
                found[at] = (issue.created, value)
    return dict(sorted(found.items()))


def first_run(times: Sequence[datetime]) -> list[datetime]:
    """The quarter-hours, in order, up to the first gap."""
    run: list[datetime] = []
    for at in times:
        if run and at != run[-1] + QUARTER:
            break
        run.append(at)
    return run


def in_unit(power: Decimal, unit: str, wanted: str) -> Decimal:
    """A power in another unit of active power."""
    return power if unit == wanted else from_base(to_base(power, unit), wanted)
