"""Anonymized metering: sums and means of a zone that tell of nobody (D4.2 3.2.1.1.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridlingua.services.context import Context
from gridlingua.services.data_sharing import told, zone_store
from gridlingua.services.data_sharing.anonymity import Drawn, Limits, Zone, never_told, tells
from gridlingua.services.data_sharing.domain import Granularity, instant_of, intervals, kilowatts
from gridlingua.services.data_sharing.messages import ZoneMetering
from gridlingua.services.data_sharing.periods import named, quarters
from gridlingua.services.data_sharing.zone_store import Window
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period, Reading
from gridlingua.services.refusals import ForbiddenError, NotFoundError, RefusedError

MOST_READINGS = 10_000_000
_NAMED_ZONES = 10


@dataclass(frozen=True)
class ZoneQuestion:
    """Which zone, how fine, and of when."""

    zone: str
    granularity: Granularity
    period: Period


@dataclass(frozen=True)
class _Sums:
    """Intervals with the sum of W of all their quarter-hours; those that lack a reading; and what must not be told."""

    values: list[tuple[int, int, int]]
    gaps: list[int]
    refused: list[tuple[int, str]]


def anonymized(here: Context, question: ZoneQuestion, limits: Limits) -> tuple[list[ZoneMetering], str]:
    """The sum and the mean of a declared zone's clients, and in words which intervals were left out with a gap.

    An interval is told when every client of the zone has a reading in each of its quarter-hours: were it filled, or
    told of those alone who have one, then a reading that comes late would be the difference of two answers. Raises
    ``NotFoundError`` for a zone there is not or without a complete interval, ``ForbiddenError`` where the answer would
    tell of somebody, by itself or with one given before, ``RefusedError`` for a period without a whole interval or too
    many readings.
    """
    window = Window(*quarters(here.zone, question.period, question.granularity))
    with here.database.reading() as connection:
        zone = _zone(zone_store.zones(connection), question.zone, limits)
        clients = zone_store.clients(connection, zone.name)
        _limit(len(clients), window)
        drawn = zone_store.drawn(connection, zone.name, window)
    whole = intervals(window.first, window.last, question.granularity, here.zone)
    found = _sums(drawn, len(clients), whole, limits)
    if found.refused:
        raise ForbiddenError(_refused(here, zone, found.refused))
    if not found.values:
        said = f"from {question.period.start_time} to {question.period.end_time} no interval of {zone} is complete"
        raise NotFoundError(f"{said}: each of its {len(clients)} clients must have its readings in all of it")
    _keep(here, zone, clients, found)
    gaps = [instant_of(begin, here.zone) for begin in found.gaps]
    return _told(here, question, found.values, len(clients)), named(gaps)


def _zone(zones: Mapping[Zone, int], name: str, limits: Limits) -> Zone:
    """The zone of a name, of the first kind that has one; raises ``ForbiddenError`` for one that is never told."""
    zone = next((zone for zone in zones if zone.name == name), None)
    if zone is None:
        raise NotFoundError(f"there is no client in a zone {name}")
    if said := never_told(zone, zones[zone], limits):
        answered = [other.name for other, clients in zones.items() if not never_told(other, clients, limits)]
        some = ", ".join(answered[:_NAMED_ZONES]) + (", …" if len(answered) > _NAMED_ZONES else "")
        raise ForbiddenError(f"{said}: that would not be anonymous; ask for one of these zones: {some or 'none yet'}")
    return zone


def _limit(clients: int, window: Window) -> None:
    if (count := clients * (window.last - window.first)) > MOST_READINGS:
        raise RefusedError(f"this takes {count:,} readings; ask in parts of {MOST_READINGS:,}")


def _sums(drawn: Mapping[int, Drawn], clients: int, whole: Iterable[tuple[int, int]], limits: Limits) -> _Sums:
    found = _Sums([], [], [])
    for begin, end in whole:
        asked = {number: drawn.get(number, Drawn()) for number in range(begin, end)}
        if any(one.clients < clients for one in asked.values()):
            found.gaps.append(begin)
            continue
        found.refused.extend((number, said) for number, one in asked.items() if (said := tells(one, limits)))
        found.values.append((begin, end, sum(one.total for one in asked.values())))
    return found


def _refused(here: Context, zone: Zone, refused: Sequence[tuple[int, str]]) -> str:
    number, said = refused[0]
    others = f", and {len(refused) - 1} more quarter-hours are like that" if len(refused) > 1 else ""
    return (
        f"in {zone} from {Instant.of(instant_of(number, here.zone))} on {said}{others}: that would not be anonymous; "
        "ask for a larger zone or another time"
    )


def _keep(here: Context, zone: Zone, clients: Sequence[int], found: _Sums) -> None:
    """Keep of whom and of when the sums are told; raises ``ForbiddenError`` where others were told of some of them."""
    with here.database.writing() as connection:
        differing = told.keep(connection, clients, told.days((begin, end) for begin, end, _ in found.values))
        if differing:
            more = f" and of {len(differing) - 1} more days" if len(differing) > 1 else ""
            raise ForbiddenError(
                f"of {told.date_of(differing[0])} (UTC){more} a sum was told before {zone} had the clients it has now: "
                "both would tell of those who came or went; ask for another time"
            )


def _told(
    here: Context, question: ZoneQuestion, values: Sequence[tuple[int, int, int]], clients: int
) -> list[ZoneMetering]:
    found = []
    for aggregate, shared in (("Sum", 1), ("Mean", clients)):
        readings = tuple(
            Reading(
                time=Instant.of(instant_of(begin, here.zone)),
                measurement=kilowatts(watts, (end - begin) * shared),
                unit="kW",
            )
            for begin, end, watts in values
        )
        one = {"zone": question.zone, "aggregate": aggregate, "clients": clients, "metering": readings}
        found.append(ZoneMetering.model_validate(one))
    return found
