"""The rules of needs, offers and activation plans (D4.2 3.2.2, D4.3 3.2 and 4.2.2); pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from gridlingua.errors import Fault
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need, Offer, PowerUnit
from gridlingua.services.power import exact, from_base, kind, period_faults, to_base, units_of

QUARTER = timedelta(minutes=15)


def need_faults(needs: Sequence[Need]) -> list[Fault]:
    """What is wrong with needs that a DSO wants to record."""
    return [fault for position, need in enumerate(needs) for fault in _need_faults(need, f"/{position}")]


def _need_faults(need: Need, place: str) -> Iterator[Fault]:
    yield from period_faults(need, place)
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
    yield from period_faults(offer, place)
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


def derive_needs(load: ZoneLoad, limit: Decimal) -> list[Need]:
    """One need for each unbroken run of quarter-hours above ``limit``: Down by the largest exceedance of the run."""
    runs: list[tuple[int, list[Decimal]]] = []
    for position, value in enumerate(load.load):
        if value <= limit:
            continue
        if runs and runs[-1][0] + len(runs[-1][1]) == position:
            runs[-1][1].append(value)
        else:
            runs.append((position, [value]))
    return [_need_of(load, limit, position, run) for position, run in runs]


def _need_of(load: ZoneLoad, limit: Decimal, position: int, run: Sequence[Decimal]) -> Need:
    start = load.start + position * QUARTER
    with exact():
        exceedance = max(run) - limit
    return Need(
        request_id=f"{load.zone}.{start:%Y%m%dT%H%MZ}",
        needs=exceedance,
        measurement_unit=load.unit,
        direction="Down",
        type_power=kind(load.unit),
        start_time=Instant.of(start),
        end_time=Instant.of(start + len(run) * QUARTER),
        eligible_clients=load.meters,
    )


@dataclass(frozen=True)
class Shortfall:
    """A part of a need's period for which ``missing`` (in the need's unit) is offered by nobody."""

    request_id: str
    start: datetime
    end: datetime
    missing: Decimal
    unit: str


class _Remaining:
    """What a need still lacks in each stretch of its period, in W or var."""

    def __init__(self, need: Need, offers: Sequence[Offer]) -> None:
        inner = {time for offer in offers for time in (offer.start_time.at, offer.end_time.at)}
        start, end = need.start_time.at, need.end_time.at
        times = sorted({start, end} | {time for time in inner if start < time < end})
        whole = to_base(need.needs, need.measurement_unit)
        self.stretches = dict.fromkeys(pairwise(times), whole)

    def _within(self, offer: Offer) -> list[tuple[datetime, datetime]]:
        start, end = offer.start_time.at, offer.end_time.at
        return [stretch for stretch in self.stretches if start <= stretch[0] and stretch[1] <= end]

    def room(self, offer: Offer) -> Decimal:
        """How much of anything the offer may give without exceeding the need at any time."""
        return min((self.stretches[stretch] for stretch in self._within(offer)), default=Decimal(0))

    def take(self, offer: Offer, quantity: Decimal) -> None:
        with exact():
            for stretch in self._within(offer):
                self.stretches[stretch] -= quantity


def select(
    need: Need, offers: Sequence[ProvidedOffer], standing: Sequence[ProviderOrder] = ()
) -> tuple[list[ProviderOrder], list[Shortfall]]:
    """Order offers by merit: cheapest first, ties by time of receipt, until the need is covered.

    ``offers`` are all offers for the need in the order they came, ``standing`` the orders given before, which are not
    touched. The offer that crosses the need is taken in part; at no time is more activated than needed, even where
    that leaves a stretch of another length short. Returns an order for every offer that had none, in order of merit,
    and what stays uncovered.
    """
    decided = {(order.provider, order.offer_id): order for order in standing}
    remaining = _Remaining(need, offers)
    for offer in offers:
        order = decided.get((offer.provider, offer.offer_id))
        if order is not None and order.activation == "Yes":
            remaining.take(offer, to_base(order.quantity, order.measurement_unit))
    orders = []
    undecided = [offer for offer in offers if (offer.provider, offer.offer_id) not in decided]
    for offer in sorted(undecided, key=lambda offer: offer.price):
        taken = min(to_base(offer.offer, offer.measurement_unit), remaining.room(offer))
        remaining.take(offer, taken)
        orders.append(_order(offer, taken))
    return orders, _shortfalls(need, remaining)


def _order(offer: ProvidedOffer, taken: Decimal) -> ProviderOrder:
    return ProviderOrder(
        provider=offer.provider,
        request_id=offer.request_id,
        offer_id=offer.offer_id,
        activation="Yes" if taken else "No",
        quantity=from_base(taken, offer.measurement_unit) if taken else offer.offer,
        measurement_unit=offer.measurement_unit,
        offered_quantity=offer.offer,
        start_time=offer.start_time,
        end_time=offer.end_time,
    )


def _shortfalls(need: Need, remaining: _Remaining) -> list[Shortfall]:
    return [
        Shortfall(need.request_id, start, end, from_base(missing, need.measurement_unit), need.measurement_unit)
        for (start, end), missing in remaining.stretches.items()
        if missing > 0
    ]
