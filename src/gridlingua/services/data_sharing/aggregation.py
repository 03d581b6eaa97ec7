"""Anonymized metering: sums and means of a zone that tell of nobody (D4.2 3.2.1.1.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridlingua.services.context import Context
from gridlingua.services.data_sharing import zone_store
from gridlingua.services.data_sharing.anonymity import Drawn, Limits, Quarter, Zone, Zoning
from gridlingua.services.data_sharing.domain import Granularity, instant_of, intervals, kilowatts
from gridlingua.services.data_sharing.messages import ZoneMetering
from gridlingua.services.data_sharing.periods import named, quarters
from gridlingua.services.data_sharing.zone_store import Window
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period, Reading
from gridlingua.services.refusals import ForbiddenError, NotFoundError, RefusedError

MOST_READINGS = 10_000_000


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
    """The sum and the mean of a zone's clients, and in words which intervals were left out for lack of a reading.

    The clients are those of the zone who have a reading in the period. An interval is told when all of them have one in
    each of its quarter-hours: were it filled, or told of fewer, quarter-hours and hours would tell of who came or went.
    What is told of a quarter-hour is the same in every answer. Raises ``NotFoundError`` for a zone there is not or
    without a complete interval, ``ForbiddenError`` where the answer would tell of somebody, ``RefusedError`` for a
    period that holds no whole interval or too many readings.
    """
    window = Window(*quarters(here.zone, question.period, question.granularity))
    with here.database.reading() as connection:
        zoning = Zoning(zone_store.places(connection), limits)
        zone = zoning.find(question.zone)
        if zone is None:
            raise NotFoundError(f"there is no client in a zone {question.zone}")
        if said := zoning.refusals.get(zone):
            raise ForbiddenError(f"{said}, which would not be anonymous; ask for a larger zone")
        involved = [zone, *zoning.neighbours(zone)]
        _limit(zoning, involved, window)
        drawn = zone_store.drawn(connection, involved, window)
        clients = zone_store.metered(connection, zone, window)
    whole = intervals(window.first, window.last, question.granularity, here.zone)
    found = _sums(zoning, zone, clients, [(span, _quarters(zoning, drawn, span)) for span in whole])
    if found.refused:
        raise ForbiddenError(_refused(here, zone, found.refused))
    if not found.values:
        said = f"from {question.period.start_time} to {question.period.end_time} no interval of {zone} is complete"
        raise NotFoundError(f"{said}: every client must have its readings in all of it")
    gaps = [instant_of(begin, here.zone) for begin in found.gaps]
    return _told(here, question, found.values, clients), named(gaps)


def _limit(zoning: Zoning, involved: Sequence[Zone], window: Window) -> None:
    places = frozenset().union(*(zoning.zones[zone] for zone in involved))
    count = zoning.clients(places) * (window.last - window.first)
    if count > MOST_READINGS:
        raise RefusedError(
            f"this takes {count:,} readings, of this zone and of those it overlaps; ask in parts of {MOST_READINGS:,}"
        )


def _quarters(zoning: Zoning, drawn: Mapping[int, Mapping[int, Drawn]], span: tuple[int, int]) -> dict[int, Quarter]:
    return {number: Quarter(zoning, drawn.get(number, {})) for number in range(*span)}


def _sums(
    zoning: Zoning, zone: Zone, clients: int, spans: Iterable[tuple[tuple[int, int], Mapping[int, Quarter]]]
) -> _Sums:
    found = _Sums([], [], [])
    places, checks = zoning.zones[zone], zoning.checks(zone)
    for (begin, end), asked in spans:
        totals = [quarter.total(places) for quarter in asked.values()]
        if not clients or any(total.clients < clients for total in totals):
            found.gaps.append(begin)
            continue
        said = {number: quarter.refusal(places, checks) for number, quarter in asked.items()}
        found.refused.extend((number, reason) for number, reason in said.items() if reason)
        found.values.append((begin, end, sum(total.total for total in totals)))
    return found


def _refused(here: Context, zone: Zone, refused: Sequence[tuple[int, str]]) -> str:
    number, said = refused[0]
    others = f", and {len(refused) - 1} more quarter-hours are like that" if len(refused) > 1 else ""
    return (
        f"in {zone} from {Instant.of(instant_of(number, here.zone))} on {said}{others}: that would not be anonymous; "
        "ask for a larger zone or another time"
    )


def _told(
    here: Context, question: ZoneQuestion, values: Sequence[tuple[int, int, int]], clients: int
) -> list[ZoneMetering]:
    told = []
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
        told.append(ZoneMetering.model_validate(one))
    return told
