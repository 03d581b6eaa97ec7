"""What needs still lack, and what is forecast of their meters, as the other services know it; read only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import Connection, or_, select

from gridlingua.services import records
from gridlingua.services.context import Context
from gridlingua.services.data_sharing.tables import POINTS
from gridlingua.services.flexibility import store as flexibility
from gridlingua.services.flexibility.messages import ProviderOrder
from gridlingua.services.forecast.store import flexibility_forecasts
from gridlingua.services.messages import Need
from gridlingua.services.observability import opportunities, postal_codes
from gridlingua.services.observability.messages import Opportunities
from gridlingua.services.observability.opportunities import Forecast, Lack, Ordered
from gridlingua.services.power import exact, from_base, to_base

_MOST_METERS = 500  # databases limit the parameters of a statement


def around(here: Context, zip_codes: Sequence[str]) -> list[Opportunities]:
    """The opportunities at and around zip codes, of needs that are public and not over, by postal code."""
    now = here.clock()
    with here.database.reading() as connection:
        needs = _public(connection, now)
        orders = _orders(connection, needs)
        lacks = [lack for need in needs for lack in lacking(need, orders.get(need.request_id, ()))]
        meters = sorted({meter for lack in lacks for meter in lack.meters})
        codes = _postal_codes(connection, meters)
        found: dict[str, list[Lack]] = {}
        for lack in lacks:
            for code, share in opportunities.shares(lack, codes).items():
                if any(postal_codes.around(code, asked) for asked in zip_codes):
                    found.setdefault(code, []).append(share)
        ordered = list(_ordered(connection, needs, orders))
        forecasts = _forecasts(connection, [lack for some in found.values() for lack in some], ordered)
    told = {code: opportunities.opportunities(some, forecasts, here.zone) for code, some in sorted(found.items())}
    return [Opportunities(zip_code=code, opportunities=tuple(some)) for code, some in told.items() if some]


def _public(connection: Connection, now: datetime) -> list[Need]:
    """Needs of active power that are not over, and that everybody may know of."""
    needs, products = flexibility.NEEDS, flexibility.PRODUCTS
    joined = needs.outerjoin(products, needs.c.request_id == products.c.request_id)
    query = select(needs).select_from(joined).where(needs.c.end_time_utc > now, needs.c.type_power == "Active")
    if flexibility.calendar(connection).gates == "kept":
        query = query.where(or_(flexibility.is_public(now), products.c.request_id.is_(None)))
    rows = connection.execute(query.order_by(needs.c.number)).mappings()
    return [records.read(Need, row) for row in rows]


def _orders(connection: Connection, needs: Sequence[Need]) -> dict[str, list[ProviderOrder]]:
    """The orders that stand for each need: those given and not cancelled."""
    ids = [need.request_id for need in needs]
    lives = flexibility.transitions(connection, "activation", ids)
    found: dict[str, list[ProviderOrder]] = {}
    for order in flexibility.orders_for(connection, ids):
        life = lives.get((order.provider, order.request_id, order.offer_id), ())
        if order.activation == "Yes" and not (life and life[-1].state == "cancelled"):
            found.setdefault(order.request_id, []).append(order)
    return found


def lacking(need: Need, orders: Iterable[ProviderOrder]) -> Iterator[Lack]:
    """The stretches of a need, with what no order gives of it in kW; those that lack nothing are left out."""
    given = [
        (order.start_time.at, order.end_time.at, to_base(order.quantity, order.measurement_unit)) for order in orders
    ]
    start, end = need.start_time.at, need.end_time.at
    inner = {at for begin, finish, _ in given for at in (begin, finish)}
    for begin, finish in pairwise(sorted({start, end} | {at for at in inner if start < at < end})):
        with exact():
            ordered = sum((power for first, last, power in given if first <= begin < last), Decimal(0))
            rest = to_base(need.needs, need.measurement_unit) - ordered
        if rest > 0:
            yield Lack(need.direction, from_base(rest, "kW"), begin, finish, frozenset(need.eligible_clients))


def _postal_codes(connection: Connection, meters: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for first in range(0, len(meters), _MOST_METERS):
        some = POINTS.c.meter_id.in_(meters[first : first + _MOST_METERS])
        query = select(POINTS.c.meter_id, POINTS.c.postal_code).where(some, POINTS.c.postal_code.is_not(None))
        found |= {meter: code for meter, code in connection.execute(query)}  # noqa: C416 - dict() does not take rows
    return found


def _ordered(
    connection: Connection, needs: Sequence[Need], orders: Mapping[str, Sequence[ProviderOrder]]
) -> Iterator[Ordered]:
    """The orders that stand, with the meters of the offers that they are for."""
    offers = {
        (offer.provider, offer.request_id, offer.offer_id): offer
        for offer in flexibility.offers_for(connection, orders)
    }
    for need in needs:
        for order in orders.get(need.request_id, ()):
            offer = offers.get((order.provider, order.request_id, order.offer_id))
            if offer is not None:
                power = from_base(to_base(order.quantity, order.measurement_unit), "kW")
                meters = frozenset(offer.meter_ids)
                yield Ordered(need.direction, power, order.start_time.at, order.end_time.at, meters)


def _forecasts(connection: Connection, lacks: Sequence[Lack], ordered: Sequence[Ordered]) -> list[Forecast]:
    """What is forecast of the meters of lacks and is not ordered."""
    if not lacks:
        return []
    here = frozenset().union(*(lack.meters for lack in lacks))
    mine = [order for order in ordered if order.meters & here]
    meters = here.union(*(order.meters for order in mine))  # an order takes from all of its meters, wherever they are
    start, end = min(lack.start for lack in lacks), max(lack.end for lack in lacks)
    found = [
        Forecast(one.asset_id, one.direction, one.start_time.at, one.power)
        for one in flexibility_forecasts(connection, meters, start, end)
    ]
    return opportunities.unordered(found, mine)
