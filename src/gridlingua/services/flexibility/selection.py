"""Selection of offers by merit order, and what it costs (D4.2 3.2.2.2.1.2); pure functions.

An offer is one block: one quantity over the whole of its period, which may be taken in part, and is then less at all
times alike. Claimed is the merit order: the cheapest offer gets as much as the need leaves room for at every time of
its block, then the next cheapest, and so on. So no order can be increased, and a dearer offer never takes room from a
cheaper one; but with blocks that overlap in part, another choice may cover more, or the same for less. Where any two
blocks are the same or apart, each stretch of time is covered as far as offers go, at least cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.messages import Need, Period
from gridlingua.services.power import exact, from_base, kind, to_base

Stretch = tuple[datetime, datetime]
CENT_OF_A_CENT = Decimal("0.0001")


@dataclass(frozen=True)
class Shortfall:
    """A part of a need's period for which ``missing`` (in the need's unit) is offered by nobody."""

    request_id: str
    start: datetime
    end: datetime
    missing: Decimal
    unit: str


@dataclass(frozen=True)
class Cost:
    """What the activations of a need cost in EUR, to 0.0001: each at its own price, or all at the clearing price.

    The clearing price of a stretch of time is that of the dearest offer activated in it.
    """

    request_id: str
    pay_as_bid: Decimal
    pay_as_clear: Decimal


class _Remaining:
    """What a need still lacks in each stretch of its period, in W or var."""

    def __init__(self, need: Need, offers: Iterable[Period]) -> None:
        whole = to_base(need.needs, need.measurement_unit)
        self.stretches = dict.fromkeys(_stretches(need, offers), whole)

    def room(self, offer: Period) -> Decimal:
        """How much of anything the offer may give without exceeding the need at any time."""
        return min((self.stretches[one] for one in self.stretches if _within(one, offer)), default=Decimal(0))

    def take(self, offer: Period, quantity: Decimal) -> None:
        with exact():
            for one in self.stretches:
                if _within(one, offer):
                    self.stretches[one] -= quantity


def _stretches(need: Period, offers: Iterable[Period]) -> list[Stretch]:
    """The need's period, cut wherever an offer begins or ends."""
    start, end = need.start_time.at, need.end_time.at
    inner = {time for offer in offers for time in (offer.start_time.at, offer.end_time.at) if start < time < end}
    return list(pairwise(sorted({start, end} | inner)))


def _within(stretch: Stretch, period: Period) -> bool:
    return period.start_time.at <= stretch[0] and stretch[1] <= period.end_time.at


def fits(offer: ProvidedOffer, need: Need) -> bool:
    """Whether an offer can serve the need at all: its kind of power, its time, its eligible meters.

    The direction is the need's: an offer has none of its own.
    """
    return (
        offer.request_id == need.request_id
        and kind(offer.measurement_unit) == need.type_power
        and need.start_time <= offer.start_time < offer.end_time <= need.end_time
        and set(offer.meter_ids) <= set(need.eligible_clients)
    )


def select(
    need: Need,
    offers: Sequence[ProvidedOffer],
    standing: Sequence[ProviderOrder] = (),
    cancelled: Sequence[ProviderOrder] = (),
) -> tuple[list[ProviderOrder], list[Shortfall]]:
    """Order offers by merit: cheapest first, ties by time of receipt, until the need is covered.

    ``offers`` are the active offers for the need in the order they came. The orders that stand are not touched, and an
    offer whose order was ``cancelled`` is not asked again; the quantity is free for others. The offer that crosses the
    need is taken in part; at no time is more activated than needed, even where that leaves a stretch of another length
    short. Returns an order for every offer that had none, in order of merit, and what stays uncovered.
    """
    decided = {(order.provider, order.offer_id) for order in (*standing, *cancelled)}
    remaining = _Remaining(need, (*offers, *standing))
    for order in standing:
        if order.activation == "Yes":
            remaining.take(order, to_base(order.quantity, order.measurement_unit))
    orders = []
    undecided = [offer for offer in offers if (offer.provider, offer.offer_id) not in decided]
    for offer in sorted(undecided, key=lambda offer: offer.price):
        room = remaining.room(offer) if fits(offer, need) else Decimal(0)
        taken = min(to_base(offer.offer, offer.measurement_unit), room)
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


def cost(need: Need, offers: Sequence[ProvidedOffer], orders: Sequence[ProviderOrder]) -> Cost:
    """What the orders for a need cost at the prices of ``offers``; an order No costs nothing.

    A price is EUR/kWh (EUR/kvarh of reactive power): price x quantity x hours, computed exactly and rounded once.
    """
    prices = {(offer.provider, offer.offer_id): Fraction(offer.price) for offer in offers}
    bid = clear = Fraction(0)
    yes = [order for order in orders if order.activation == "Yes"]
    for stretch in _stretches(need, yes):
        active = [order for order in yes if _within(stretch, order)]
        energies = [(prices[order.provider, order.offer_id], _energy(order, stretch)) for order in active]
        bid += sum(price * energy for price, energy in energies)
        clear += max((price for price, _ in energies), default=0) * sum(energy for _, energy in energies)
    return Cost(need.request_id, _euro(bid), _euro(clear))


def _energy(order: ProviderOrder, stretch: Stretch) -> Fraction:
    """kWh or kvarh of an order in a stretch."""
    hours = Fraction((stretch[1] - stretch[0]) // timedelta(microseconds=1), 3_600_000_000)
    return Fraction(to_base(order.quantity, order.measurement_unit)) / 1000 * hours


def _euro(amount: Fraction) -> Decimal:
    """A number of EUR, to 0.0001."""
    with exact():
        steps = round(amount / Fraction(CENT_OF_A_CENT))  # half to even
        return Decimal(steps) * CENT_OF_A_CENT
