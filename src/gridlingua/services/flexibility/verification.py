"""Which offers the rules alone do not verify: those that sell more of their meters than these can give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection, or_, select

from gridlingua.services import records
from gridlingua.services.context import Context
from gridlingua.services.flexibility import capacity, store
from gridlingua.services.flexibility.capacity import Sale
from gridlingua.services.flexibility.market import Market, key_of, look
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.messages import Need
from gridlingua.services.power import to_base

Kind = tuple[str, str]
"""Direction and kind of power: what is sold of a meter in one of them takes nothing from another."""


def doubts(
    connection: Connection,
    here: Context,
    offers: Sequence[ProvidedOffer],
    needs: Mapping[str, Need],
    capacities: Mapping[tuple[str, str], Decimal],
) -> dict[store.Key, str]:
    """Why offers that have just come, of one provider, wait for a person; the others keep the rules.

    Counted with them is all that anybody has sold of meters at these times, for whatever need, and that was not
    declined, cancelled or expired without an order; what was ordered counts with what was taken of it. Who else sells a
    meter is not told. ``capacities`` are in W or var, by meter and kind of power.
    """
    if not capacities or not offers:
        return {}
    sold = _sold(connection, here, offers)
    found = {}
    for offer in offers:
        kind = _kind(needs[offer.request_id])
        sales = [*sold.get(kind, ()), _sale(offer)]
        known = {meter: most for (meter, power), most in capacities.items() if power == kind[1]}
        overlapping = [sale for sale in sales if sale.start < offer.end_time.at and sale.end > offer.start_time.at]
        at = capacity.oversold(overlapping, known)
        if at is None:
            sold[kind] = sales
        else:
            when = at.astimezone(here.zone).isoformat()
            found[key_of(offer.provider, offer)] = f"its meters cannot give all that is sold of them at {when}"
    return found


def _sold(connection: Connection, here: Context, offers: Sequence[ProvidedOffer]) -> dict[Kind, list[Sale]]:
    """What providers, this one and others, have sold at the times of these offers, before them."""
    new = {key_of(offer.provider, offer) for offer in offers}
    times = or_(*(records.overlapping(store.OFFERS, offer.start_time.at, offer.end_time.at) for offer in offers))
    query = select(store.OFFERS).where(times)
    earlier = [records.read(ProvidedOffer, row) for row in connection.execute(query).mappings()]
    needs = store.needs_named(connection, {offer.request_id for offer in earlier})
    market = look(connection, here, needs)
    found: dict[Kind, list[Sale]] = {}
    for offer in earlier:
        key = key_of(offer.provider, offer)
        if key not in new and _is_sold(market, key):
            found.setdefault(_kind(needs[offer.request_id]), []).append(_sale(offer, market.orders.get(key)))
    return found


def _is_sold(market: Market, key: store.Key) -> bool:
    if key in market.orders:
        return market.is_activated(key)
    return market.offer_state(key) in ("active", "suspended")


def _kind(need: Need) -> Kind:
    return need.direction, need.type_power


def _sale(offer: ProvidedOffer, order: ProviderOrder | None = None) -> Sale:
    taken = offer.offer if order is None else order.quantity
    quantity = to_base(taken, offer.measurement_unit)
    return Sale(quantity, offer.start_time.at, offer.end_time.at, frozenset(offer.meter_ids))
