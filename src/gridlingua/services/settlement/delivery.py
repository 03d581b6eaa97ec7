"""What an offer delivered, quarter-hour by quarter-hour (D4.3 3.2.4, figure 10); pure functions.

D4.3 says no more than this: "The DSO will measure the delivered flexibility by comparing a baseline (delivered by the
FSP) with metering data from each market transaction participant." So these are the rules, as a clerk can check them:

1. Power is positive from the grid to the customer (docs/sign-convention.md): metered is what was drawn less what was
   fed in. Baseline and metered are the sums of all meters of the offer, means over a quarter-hour, in kW.
2. Delivered is what changed in the direction ordered. Down: baseline less metered. Up: metered less baseline. It is
   below zero where power moved the other way, and more than ordered where too much moved: both are shown.
3. Paid is delivered, never below zero and never more than ordered, for each quarter-hour alone: too much in one does
   not make up for too little in another.
4. A quarter-hour is *not measurable*, and nothing is paid for it, when a meter has no baseline or no reading for it,
   when one of its meters is in another offer that was ordered before for the same time (what a meter changes counts
   once; but see 6), or when the activation covers only a part of it (a quarter-hour meter cannot tell which). It is
   reported as a gap. Nothing is ever estimated in its place.
5. The baseline that counts is the latest that the provider had delivered before the activation began.
6. Offers of one provider for one need that name exactly the same meters (a ladder of prices) are measured together,
   against the baseline that counts for the one that began first: all of their meters once. What was delivered is shared
   out in order of merit, the lowest price first and of equal prices the offer that came first: each has as much of it
   as was ordered of it, and the last has the rest, even where that is below zero or more than ordered. Each shows the
   baseline and the metered power of all. Where offers name some of the same meters and some others, rule 4 holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from gridlingua.services.power import exact

QUARTER = timedelta(minutes=15)
_HOURS = Decimal("0.25")
Direction = Literal["Up", "Down"]
Cause = Literal["NoBaseline", "NoReading", "SharedMeter", "PartOfQuarterHour"]
Powers = Mapping[datetime, Decimal]
"""kW of a meter by the first instant of the quarter-hour in UTC; what is missing is not in it."""


@dataclass(frozen=True)
class Activation:
    """An order: ``ordered`` kW in a direction from ``start`` until before ``end`` (UTC), of these meters together."""

    direction: Direction
    ordered: Decimal
    start: datetime
    end: datetime
    meters: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """Why a quarter-hour is not measurable, and the meters for which."""

    cause: Cause
    meters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where an offer stands among those with the same meters: the kW ordered of cheaper ones, and if it is the last."""

    ahead: Decimal = Decimal(0)
    is_last: bool = True


_ALONE = Place()


@dataclass(frozen=True)
class Quarter:
    """A quarter-hour of an activation in kW; ``baseline`` and ``metered`` are None exactly where there is a ``gap``."""

    start: datetime
    direction: Direction
    ordered: Decimal
    baseline: Decimal | None = None
    metered: Decimal | None = None
    gap: Gap | None = None
    place: Place = _ALONE

    @property
    def delivered(self) -> Decimal | None:
        """What changed in the direction ordered (rule 2), or what of it falls to the offer (rule 6); None in a gap."""
        if self.baseline is None or self.metered is None:
            return None
        return falling_to(self.place, self.ordered, changed(self.direction, self.baseline, self.metered))

    @property
    def paid(self) -> Decimal:
        """What is paid for (rules 3 and 4)."""
        return Decimal(0) if self.delivered is None else payable(self.delivered, self.ordered)


def changed(direction: Direction, baseline: Decimal, metered: Decimal) -> Decimal:
    """The power that changed in a direction (rule 2)."""
    with exact():
        return baseline - metered if direction == "Down" else metered - baseline


def payable(delivered: Decimal, ordered: Decimal) -> Decimal:
    """The part of what was delivered that is paid: never below zero, never more than ordered (rule 3)."""
    return min(max(delivered, Decimal(0)), ordered)


def falling_to(place: Place, ordered: Decimal, together: Decimal) -> Decimal:
    """What falls to an offer, of which so much was ordered, of what was delivered together (rule 6)."""
    with exact():
        rest = together - payable(together, place.ahead)
    return rest if place.is_last else payable(rest, ordered)


def quarters(
    activation: Activation,
    baselines: Mapping[str, Powers],
    readings: Mapping[str, Powers],
    taken: Mapping[datetime, Iterable[str]],
    places: Mapping[datetime, Place] = MappingProxyType({}),
) -> list[Quarter]:
    """Every quarter-hour that the activation touches, in order, measured or with the reason why not.

    ``baselines`` and ``readings`` are by meter. ``taken`` are the meters that stand in offers ordered before, and
    ``places`` where the offer stands among those with the same meters if it is not alone, by quarter-hour.
    """
    found = []
    for start in touched(activation):
        gap = _gap(activation, start, baselines, readings, frozenset(taken.get(start, ())))
        baseline = None if gap else _sum(baselines, activation.meters, start)
        metered = None if gap else _sum(readings, activation.meters, start)
        place = places.get(start, _ALONE)
        found.append(Quarter(start, activation.direction, activation.ordered, baseline, metered, gap, place))
    return found


def touched(activation: Activation) -> Iterator[datetime]:
    """The first instants of the quarter-hours of which an activation covers all or a part."""
    start = quarter_of(activation.start)
    while start < activation.end:
        yield start
        start += QUARTER


def covers(activation: Activation, start: datetime) -> bool:
    """Whether an activation covers the whole quarter-hour that begins then."""
    return activation.start <= start and start + QUARTER <= activation.end


def quarter_of(at: datetime) -> datetime:
    """The first instant of the quarter-hour in which an instant lies; in UTC, where every zone's quarters begin."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


def _gap(
    activation: Activation,
    start: datetime,
    baselines: Mapping[str, Powers],
    readings: Mapping[str, Powers],
    taken: frozenset[str],
) -> Gap | None:
    if not covers(activation, start):
        return Gap("PartOfQuarterHour")
    meters = activation.meters
    lacks: tuple[tuple[Cause, tuple[str, ...]], ...] = (
        ("SharedMeter", tuple(meter for meter in meters if meter in taken)),
        ("NoBaseline", tuple(meter for meter in meters if start not in baselines.get(meter, {}))),
        ("NoReading", tuple(meter for meter in meters if start not in readings.get(meter, {}))),
    )
    return next((Gap(cause, those) for cause, those in lacks if those), None)


def _sum(powers: Mapping[str, Powers], meters: Sequence[str], start: datetime) -> Decimal:
    with exact():
        return sum((powers[meter][start] for meter in meters), Decimal(0))


@dataclass(frozen=True)
class Energies:
    """kWh of an activation: ordered in its whole quarter-hours; delivered and paid in those that are measured."""

    ordered: Decimal
    delivered: Decimal
    paid: Decimal


def energies(found: Sequence[Quarter]) -> Energies:
    """The energies of quarter-hours: mean power in kW times a quarter of an hour, exactly."""
    whole = [one for one in found if one.gap is None or one.gap.cause != "PartOfQuarterHour"]
    return Energies(
        ordered=_energy(one.ordered for one in whole),
        delivered=_energy(one.delivered for one in whole if one.delivered is not None),
        paid=_energy(one.paid for one in whole),
    )


def _energy(powers: Iterable[Decimal]) -> Decimal:
    with exact():
        return Decimal(format((sum(powers, Decimal(0)) * _HOURS).normalize(), "f"))  # without zeros that say nothing
