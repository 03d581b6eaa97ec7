"""Where flexibility would help the grid, told to third parties (D4.2 3.2.3.1.1.1.2, D4.3 4.1.3); pure functions.

These are the rules, in the words in which a clerk can check them:

1. What a need still lacks is spread over the postal codes of its eligible meters, in proportion to their number.
2. Nobody's home can be told from it: a postal code with fewer than ``LEAST`` eligible meters is told under its first
   part, together with the others of that kind; where those are too few as well, nothing is said.
3. What providers forecast to be able to move at those meters (forecast/flexibility_forecast) is taken off, as far as it
   is not ordered already: an order comes out of what its meters were forecast to move, and is not counted twice.
4. Up and Down at one time and place are set against each other. What is left over of one direction without a break is
   one opportunity; its quantity is the most that is lacking in it.
5. A car charges with 7.4 kW (32 A of one phase): D4.2's example, 6 cars for 44.4 kW. That no storage was found, which
   the same example says, is not said: nothing here tells where storage is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from gridlingua.services.instants import Instant
from gridlingua.services.observability.messages import Opportunity
from gridlingua.services.observability.postal_codes import first_part
from gridlingua.services.quarter_hours import QUARTER

LEAST = 10
CHARGING = Decimal("7.4")
_WATT = Decimal("0.001")
_FORECAST = "What providers forecast to offer there is taken off."
_SIGNS = {"Up": 1, "Down": -1}


@dataclass(frozen=True)
class Lack:
    """Power in kW that is lacking in a direction from ``start`` until before ``end`` (UTC), of some meters."""

    direction: str
    power: Decimal
    start: datetime
    end: datetime
    meters: frozenset[str]


@dataclass(frozen=True)
class Forecast:
    """What is forecast to be movable of a meter in the quarter-hour from ``at`` on, in kW."""

    meter: str
    direction: str
    at: datetime
    power: Decimal


@dataclass(frozen=True)
class Ordered:
    """Power in kW that is ordered of meters together in a direction, from ``start`` until before ``end`` (UTC)."""

    direction: str
    power: Decimal
    start: datetime
    end: datetime
    meters: frozenset[str]


def unordered(forecasts: Sequence[Forecast], orders: Iterable[Ordered]) -> list[Forecast]:
    """What is left of forecasts when orders have taken theirs, of each of their meters in the same proportion.

    Nothing is taken from a meter that no order is for, and never more than is forecast.
    """
    left = [one.power for one in forecasts]
    found: dict[tuple[str, str], list[int]] = {}
    for index, one in enumerate(forecasts):
        found.setdefault((one.meter, one.direction), []).append(index)
    for order in orders:
        quarters: dict[datetime, list[int]] = {}
        for index in (index for meter in order.meters for index in found.get((meter, order.direction), ())):
            at = forecasts[index].at
            if at < order.end and order.start < at + QUARTER:
                quarters.setdefault(at, []).append(index)
        for some in quarters.values():
            _take(left, some, order.power)
    return [replace(one, power=power) for one, power in zip(forecasts, left, strict=True)]


def _take(left: list[Decimal], some: Sequence[int], power: Decimal) -> None:
    whole = sum((left[index] for index in some), Decimal(0))
    rest = max(whole - power, Decimal(0))
    for index in some if whole else ():
        left[index] = left[index] * rest / whole


def places(meters: Iterable[str], codes: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The meters by the postal code under which they may be told of; those that would be too few are left out."""
    whole: dict[str, set[str]] = {}
    for meter in meters:
        if meter in codes:
            whole.setdefault(codes[meter], set()).add(meter)
    told: dict[str, set[str]] = {}
    for code, found in whole.items():
        told.setdefault(code if len(found) >= LEAST else first_part(code), set()).update(found)
    return {code: frozenset(found) for code, found in told.items() if len(found) >= LEAST}


def shares(lack: Lack, codes: Mapping[str, str]) -> dict[str, Lack]:
    """What is lacking at each place, in proportion to its meters."""
    return {
        code: Lack(lack.direction, lack.power * len(found) / len(lack.meters), lack.start, lack.end, found)
        for code, found in places(lack.meters, codes).items()
    }


def opportunities(lacks: Sequence[Lack], forecasts: Sequence[Forecast], zone: ZoneInfo) -> list[Opportunity]:
    """The opportunities at one place, in the order of time, with hours of the DSO's ``zone``."""
    runs: list[tuple[datetime, datetime, Decimal]] = []
    movable = _movable(lacks, forecasts)
    for start, end in pairwise(_breaks(lacks, movable)):
        net = _net(lacks, movable, start).quantize(_WATT, ROUND_HALF_EVEN)
        if runs and runs[-1][1] == start and runs[-1][2] * net > 0:
            runs[-1] = (runs[-1][0], end, max(runs[-1][2], net, key=abs))
        elif net:
            runs.append((start, end, net))
    return [_opportunity(run, zone, forecast=bool(movable)) for run in runs]


def _movable(lacks: Sequence[Lack], forecasts: Sequence[Forecast]) -> dict[tuple[str, datetime], Decimal]:
    here = frozenset().union(*(lack.meters for lack in lacks))
    found: dict[tuple[str, datetime], Decimal] = {}
    for one in forecasts:
        if one.meter in here and one.power:
            found[one.direction, one.at] = found.get((one.direction, one.at), Decimal(0)) + one.power
    return found


def _breaks(lacks: Sequence[Lack], movable: Mapping[tuple[str, datetime], Decimal]) -> list[datetime]:
    ends = {at for lack in lacks for at in (lack.start, lack.end)}
    quarters = {at for _, begin in movable for at in (begin, begin + QUARTER)}
    return sorted(ends | {at for at in quarters if ends and min(ends) < at < max(ends)})


def _net(lacks: Sequence[Lack], movable: Mapping[tuple[str, datetime], Decimal], at: datetime) -> Decimal:
    """What is lacking at an instant, above zero upwards and below zero downwards."""
    quarter = at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    net = Decimal(0)
    for direction, sign in _SIGNS.items():
        lacking = sum((one.power for one in lacks if one.direction == direction and one.start <= at < one.end), net * 0)
        net += sign * max(lacking - movable.get((direction, quarter), Decimal(0)), Decimal(0))
    return net


def _opportunity(run: tuple[datetime, datetime, Decimal], zone: ZoneInfo, *, forecast: bool) -> Opportunity:
    start, end, net = run
    direction = "Up" if net > 0 else "Down"
    begin, finish = start.astimezone(zone), end.astimezone(zone)
    cars = int((abs(net) / CHARGING).to_integral_value(ROUND_CEILING))
    change = "increase" if net > 0 else "decrease"
    sentence = f"The number of EVs charging during {_hour(begin)} and {_hour(finish)} should {change} by {cars}."
    return Opportunity(
        opportunity_id=f"{direction}.{start:%Y%m%dT%H%M%SZ}.{end:%Y%m%dT%H%M%SZ}",
        message=" ".join([sentence, *([_FORECAST] if forecast else [])]),
        direction=direction,  # type: ignore[arg-type]
        quantity=Decimal(format(abs(net).normalize(), "f")),
        measurement_unit="kW",
        start_time=Instant.of(begin),
        end_time=Instant.of(finish),
    )


def _hour(at: datetime) -> str:
    return f"{at:%Hh%M}"
