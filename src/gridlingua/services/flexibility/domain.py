"""The rules of needs and offers (D4.2 3.2.2, D4.3 3.2 and 4.2.2); pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from gridlingua.errors import Fault
from gridlingua.services.flexibility import calendar
from gridlingua.services.flexibility.calendar import Calendar, Product
from gridlingua.services.flexibility.changes import ActivationAnswer, Suspension
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need, Offer, PowerUnit
from gridlingua.services.power import exact, kind, period_faults, units_of
from gridlingua.services.quarter_hours import QUARTER, whole_faults

Direction = Literal["Up", "Down"]


def need_faults(needs: Sequence[Need]) -> list[Fault]:
    """What is wrong with needs that a DSO wants to record."""
    return [fault for position, need in enumerate(needs) for fault in _need_faults(need, f"/{position}")]


def _need_faults(need: Need, place: str) -> Iterator[Fault]:
    yield from whole_faults(need, place)
    if kind(need.measurement_unit) != need.type_power:
        said = f"{need.measurement_unit} does not measure {need.type_power} power"
        yield Fault(f"{place}/measurementUnit", f"{said}; allowed: {units_of(need.type_power)}")
    first = dict(reversed([(meter, index) for index, meter in enumerate(need.eligible_clients)]))
    for index, meter in enumerate(need.eligible_clients):
        if first[meter] != index:
            yield Fault(f"{place}/eligibleClients/{index}", f"meter {meter} is named twice")


def unknown_needs(offers: Sequence[Offer], needs: Mapping[str, Need]) -> list[Fault]:
    """The faults of offers for needs that do not exist."""
    return [
        Fault(f"/{position}/requestId", f"there is no need {offer.request_id}; ask for the needs of the period first")
        for position, offer in enumerate(offers)
        if offer.request_id not in needs
    ]


def offer_faults(offers: Sequence[Offer], needs: Mapping[str, Need]) -> list[Fault]:
    """What is wrong with offers for needs that exist."""
    return [
        fault
        for position, offer in enumerate(offers)
        for fault in _offer_faults(offer, needs[offer.request_id], f"/{position}")
    ]


def _offer_faults(offer: Offer, need: Need, place: str) -> Iterator[Fault]:
    yield from whole_faults(offer, place)
    window = f"the period of need {need.request_id}, {need.start_time} to {need.end_time}"
    if offer.start_time < need.start_time:
        yield Fault(f"{place}/startTime", f"{offer.start_time} is before {window}")
    if offer.end_time > need.end_time:
        yield Fault(f"{place}/endTime", f"{offer.end_time} is after {window}")
    if kind(offer.measurement_unit) != need.type_power:
        said = (
            f"{offer.measurement_unit} does not measure {need.type_power} power, which need {need.request_id} asks for"
        )
        yield Fault(f"{place}/measurementUnit", f"{said}; allowed: {units_of(need.type_power)}")
    for index, meter in enumerate(offer.meter_ids):
        if meter not in need.eligible_clients:
            said = f"meter {meter} is not eligible for need {need.request_id}"
            yield Fault(f"{place}/meterIds/{index}", f"{said}; eligible: {_some(need.eligible_clients)}")
        elif meter in offer.meter_ids[:index]:
            yield Fault(f"{place}/meterIds/{index}", f"meter {meter} is named twice")


def _some(names: Sequence[str], most: int = 5) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


@dataclass(frozen=True)
class ZoneLoad:
    """The load of a zone: one mean power per quarter-hour from ``start`` on, in ``unit``, and the meters behind it."""

    zone: str
    start: datetime
    unit: PowerUnit
    load: Sequence[Decimal]
    meters: tuple[str, ...]


def derive_needs(load: ZoneLoad, limit: Decimal, zone: ZoneInfo, lower: Decimal | None = None) -> list[Need]:
    """One need for each unbroken run of quarter-hours above ``limit``: Down by the largest exceedance of the run.

    And one for each run below ``lower``, where more is fed in than the grid bears: Up by the most that is lacking. A
    run ends with the local day in ``zone``, as a day-ahead product does.
    """
    runs: list[tuple[int, Direction, list[Decimal]]] = []
    for position, value in enumerate(load.load):
        direction, beyond = _beyond(value, limit, lower)
        if beyond <= 0:
            continue
        goes_on = bool(runs) and runs[-1][1] == direction and runs[-1][0] + len(runs[-1][2]) == position
        if goes_on and _day(load, position, zone) == _day(load, position - 1, zone):
            runs[-1][2].append(beyond)
        else:
            runs.append((position, direction, [beyond]))
    return [_need_of(load, *run) for run in runs]


def _beyond(value: Decimal, limit: Decimal, lower: Decimal | None) -> tuple[Direction, Decimal]:
    """By how much a load is beyond a limit, and which way leads back."""
    with exact():
        if lower is not None and value < lower:
            return "Up", lower - value
        return "Down", value - limit


def _day(load: ZoneLoad, position: int, zone: ZoneInfo) -> date:
    return (load.start + position * QUARTER).astimezone(zone).date()


def _need_of(load: ZoneLoad, position: int, direction: Direction, beyond: Sequence[Decimal]) -> Need:
    start = load.start + position * QUARTER
    return Need(
        request_id=f"{load.zone}.{start:%Y%m%dT%H%MZ}",
        needs=max(beyond),
        measurement_unit=load.unit,
        direction=direction,
        type_power=kind(load.unit),
        start_time=Instant.of(start),
        end_time=Instant.of(start + len(beyond) * QUARTER),
        eligible_clients=load.meters,
    )


def misfits(needs: Sequence[tuple[int, Need]], market: Calendar, zone: ZoneInfo) -> list[Fault]:
    """The faults of needs, each with its position, that are in no product whenever they are recorded."""
    faults = []
    for position, need in needs:
        if not calendar.products(market, zone, need.start_time.at, need.end_time.at):
            day = calendar.day_ahead(market, zone, need.start_time.at.astimezone(zone).date())
            said = f"{need.start_time} to {need.end_time} is in no product: the day ends at"
            faults.append(
                Fault(f"/{position}/endTime", f"{said} {calendar.told(day.end, zone)}; make a need of each day")
            )
    return faults


def late_need(need: Need, place: str, market: Calendar, zone: ZoneInfo) -> Fault:
    """The fault of a need that is recorded when its market is over."""
    known = calendar.products(market, zone, need.start_time.at, need.end_time.at)
    gate = calendar.told(max(one.offers for one in known), zone)
    said = f"need {need.request_id} comes too late for the market: the last gate for offers of its time was {gate}"
    return Fault(f"{place}/startTime", said)


def late_offer(offer: Offer, product: Product, at: datetime, zone: ZoneInfo, *, is_open: bool) -> str | None:
    """Why an offer comes too late at ``at``; with open gates it does when its delivery has begun."""
    gate = offer.start_time.at if is_open else product.offers
    if at <= gate:
        return None
    said = f"offers for need {offer.request_id} could come until {calendar.told(gate, zone)}"
    return f"{said}, and it is {calendar.told(at, zone)}"


LONGEST_SUSPENSION = timedelta(hours=25)


def suspension_faults(suspensions: Sequence[Suspension]) -> list[Fault]:
    """What is wrong with suspensions by themselves."""
    return [fault for i, one in enumerate(suspensions) for fault in _suspension_faults(one, f"/{i}")]


def _suspension_faults(one: Suspension, place: str) -> Iterator[Fault]:
    yield from period_faults(one, place)
    if one.end_time.at - one.start_time.at > LONGEST_SUSPENSION:
        said = f"{one.start_time} to {one.end_time} is longer than 25 hours, as no offer is"
        yield Fault(f"{place}/endTime", f"{said}; suspend each offer for its own period")
    if not one.reason.strip():
        yield Fault(f"{place}/reason", "a suspension gives its reason: say why the offer cannot be delivered")


def idle(one: Suspension, offer: Offer, at: datetime, place: str) -> Iterator[Fault]:
    """The fault of a suspension that would not change anything for the offer any more."""
    if one.end_time.at <= at:
        yield Fault(f"{place}/endTime", f"the suspension until {one.end_time} is over already")
    elif one.start_time >= offer.end_time:
        said = f"offer {offer.offer_id} is for {offer.start_time} to {offer.end_time}"
        yield Fault(f"{place}/startTime", f"{said}: a suspension that begins later changes nothing")


def answer_faults(answers: Sequence[ActivationAnswer]) -> list[Fault]:
    """What is wrong with answers to activations by themselves."""
    return [fault for i, one in enumerate(answers) for fault in _answer_faults(one, f"/{i}")]


def _answer_faults(one: ActivationAnswer, place: str) -> Iterator[Fault]:
    if one.responded_at >= one.start_time:
        said = f"{one.responded_at} is not before the activation begins at {one.start_time}"
        yield Fault(f"{place}/respondedAt", f"{said}; an activation is answered before it begins")
    if one.status == "Cancelled" and not one.reason.strip():
        yield Fault(f"{place}/reason", "who cancels an activation gives the reason: say why it is not delivered")
