"""How an aggregator answers needs, and what it accepts as a plan; pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from gridlingua.errors import Fault
from gridlingua.services.aggregator.messages import DsoOffer, Price, SentNeed
from gridlingua.services.messages import Need, Offer, Order
from gridlingua.services.power import exact, kind, period_faults, to_base, units_of

OfferKey = tuple[str, str]


def need_faults(needs: Sequence[Need]) -> list[Fault]:
    """What is wrong with needs that a DSO publishes."""
    faults: list[Fault] = []
    for position, need in enumerate(needs):
        faults += period_faults(need, f"/{position}")
        if kind(need.measurement_unit) != need.type_power:
            said = f"{need.measurement_unit} does not measure {need.type_power} power"
            faults.append(Fault(f"/{position}/measurementUnit", f"{said}; allowed: {units_of(need.type_power)}"))
    return faults


def offers_for(need: SentNeed, prices: Sequence[Price], offered: Collection[str] = ()) -> list[DsoOffer]:
    """One offer for each price: the eligible meters of that price with their capacities summed, over the whole need.

    Meters in ``offered`` stand in an offer for this need already, and are left out. An offer's id follows from the need
    and the meters, so the same price list gives the same offers.
    """
    groups: dict[tuple[Decimal, str], list[Price]] = {}
    for price in prices:
        fits = price.meter_id in need.eligible_clients and kind(price.measurement_unit) == need.type_power
        if fits and price.meter_id not in offered:
            groups.setdefault((price.price, price.measurement_unit), []).append(price)
    return [_offer(need, group) for _, group in sorted(groups.items())]


def _offer(need: SentNeed, group: Sequence[Price]) -> DsoOffer:
    meters = tuple(sorted(price.meter_id for price in group))
    content = "\n".join((need.request_id, group[0].measurement_unit, str(group[0].price), *meters))
    with exact():
        capacity = sum((price.capacity for price in group), Decimal(0))
    return DsoOffer(
        dso=need.sender,
        request_id=need.request_id,
        offer_id=f"O-{hashlib.sha256(content.encode()).hexdigest()[:16]}",
        offer=capacity,
        measurement_unit=group[0].measurement_unit,
        price=group[0].price,
        start_time=need.start_time,
        end_time=need.end_time,
        meter_ids=meters,
    )


def order_faults(orders: Sequence[Order]) -> list[Fault]:
    """What is wrong with orders by themselves."""
    return [fault for position, order in enumerate(orders) for fault in _order_faults(order, f"/{position}")]


def _order_faults(order: Order, place: str) -> Iterator[Fault]:
    yield from period_faults(order, place)
    if order.quantity > order.offered_quantity:
        said = f"{order.quantity} {order.measurement_unit} is more than the {order.offered_quantity} that was offered"
        yield Fault(f"{place}/quantity", said)
    elif order.activation == "No" and order.quantity != order.offered_quantity:
        said = f"an offer is declined as a whole: {order.offered_quantity}, not {order.quantity}"
        yield Fault(f"{place}/quantity", said)


def unknown_offers(orders: Sequence[Order], offers: Mapping[OfferKey, Offer]) -> list[Fault]:
    """The faults of orders for offers that were never made."""
    return [
        Fault(f"/{position}/offerId", f"there is no offer {order.offer_id} for need {order.request_id}")
        for position, order in enumerate(orders)
        if (order.request_id, order.offer_id) not in offers
    ]


def contradictions(orders: Sequence[Order], offers: Mapping[OfferKey, Offer]) -> list[Fault]:
    """The faults of orders that do not fit the offer they name."""
    return [
        fault
        for position, order in enumerate(orders)
        for fault in _contradictions(order, offers[order.request_id, order.offer_id], f"/{position}")
    ]


def _contradictions(order: Order, offer: Offer, place: str) -> Iterator[Fault]:
    offered, told = (
        _amount(offer.offer, offer.measurement_unit),
        _amount(order.offered_quantity, order.measurement_unit),
    )
    if offered != told:
        said = f"offer {offer.offer_id} is {offer.offer} {offer.measurement_unit}"
        yield Fault(f"{place}/offeredQuantity", f"{said}, not {order.offered_quantity} {order.measurement_unit}")
    if (order.start_time, order.end_time) != (offer.start_time, offer.end_time):
        said = f"offer {offer.offer_id} is for {offer.start_time} to {offer.end_time}"
        yield Fault(f"{place}/startTime", f"{said}, not {order.start_time} to {order.end_time}")


def _amount(quantity: Decimal, unit: str) -> tuple[str, Decimal]:
    return kind(unit), to_base(quantity, unit)
