"""What settlement reads of the other services: what was ordered, and what was metered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, select

from gridlingua.errors import Fault
from gridlingua.services import records
from gridlingua.services.access import Caller
from gridlingua.services.context import Context
from gridlingua.services.data_sharing.tables import POINTS, READINGS
from gridlingua.services.flexibility.market import look
from gridlingua.services.flexibility.messages import Which
from gridlingua.services.flexibility.store import NEEDS, OFFERS, ORDERS, needs_named
from gridlingua.services.messages import Need
from gridlingua.services.power import required_period
from gridlingua.services.refusals import NotFoundError
from gridlingua.services.settlement.baselines import kilowatts
from gridlingua.services.settlement.delivery import QUARTER, Activation, Powers
from gridlingua.services.settlement.store import OfferKey, offer_of, portions

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TELLS = timedelta(days=7)
_POWERS = (READINGS.c.withdrawn_w, READINGS.c.injected_w)
_OF_THE_OFFER = (OFFERS.c.price, OFFERS.c.meter_ids, OFFERS.c.received_at.label("offer_received_at"))


@dataclass(frozen=True)
class Ordered:
    """An order that stands: whose offer for which need, its price in EUR/kWh, when it came, and what was ordered."""

    provider: str
    request_id: str
    offer_id: str
    type_power: str
    price: Decimal
    received_at: datetime
    activation: Activation

    @property
    def key(self) -> OfferKey:
        """The offer that is ordered."""
        return self.provider, self.request_id, self.offer_id


def chosen_needs(connection: Connection, which: Which, *, lock: bool = False) -> list[Need]:
    """The needs that are meant; ``lock`` lets nobody else plan or settle them until this transaction ends.

    Raises ``NotFoundError`` for an id that is unknown, or when no need overlaps the period.
    """
    period = which.period()
    if period is None:
        wanted = which.request_ids or ()
        found = needs_named(connection, wanted, lock=lock)
        unknown = [Fault(f"/requestIds/{i}", f"no need {name}") for i, name in enumerate(wanted) if name not in found]
        if unknown:
            raise NotFoundError(unknown)
        return list(found.values())
    required_period(period)
    within = records.overlapping(NEEDS, period.start_time.at, period.end_time.at)
    ids = list(connection.execute(select(NEEDS.c.request_id).where(within)).scalars())
    if not ids:
        raise NotFoundError(f"no need overlaps {period.start_time} to {period.end_time}; record or derive needs first")
    return list(needs_named(connection, ids, lock=lock).values())


def orders(connection: Connection, here: Context, *conditions: Any) -> list[Ordered]:
    """The orders Yes that fulfil every condition and are not cancelled (D4.3 3.2.6), in the order they were given."""
    same_offer = and_(*(ORDERS.c[name] == OFFERS.c[name] for name in ("provider", "request_id", "offer_id")))
    query = (
        select(ORDERS, *_OF_THE_OFFER, NEEDS.c.direction, NEEDS.c.type_power)
        .join(OFFERS, same_offer)
        .join(NEEDS, NEEDS.c.request_id == ORDERS.c.request_id)
        .where(ORDERS.c.activation == "Yes", *conditions)
        .order_by(ORDERS.c.number)
    )
    found = [_ordered(row) for row in connection.execute(query).mappings()]
    market = look(connection, here, needs_named(connection, (one.request_id for one in found)))
    return [one for one in found if market.activation_state(one.key) != "cancelled"]


def orders_for(connection: Connection, here: Context, request_ids: Iterable[str]) -> list[Ordered]:
    """The orders for these needs, in the order they were given."""
    return orders(connection, here, ORDERS.c.request_id.in_(sorted(set(request_ids))))


def orders_within(
    connection: Connection, here: Context, start: datetime, end: datetime, provider: str | None = None
) -> list[Ordered]:
    """The orders whose delivery overlaps [start, end), of a provider or of all, in the order they were given."""
    mine = [] if provider is None else [ORDERS.c.provider == provider]
    return orders(connection, here, records.overlapping(ORDERS, start, end), *mine)


def _ordered(row: Any) -> Ordered:
    activation = Activation(
        direction=row["direction"],
        ordered=kilowatts(row["quantity"], row["measurement_unit"]),
        start=row["start_time_utc"],
        end=row["end_time_utc"],
        meters=tuple(row["meter_ids"]),
    )
    offer = (row["provider"], row["request_id"], row["offer_id"])
    return Ordered(*offer, row["type_power"], row["price"], row["offer_received_at"], activation)


def tell_meters(
    connection: Connection, request_ids: Iterable[str], asker: Caller, offer: OfferKey | None = None
) -> None:
    """Tell the usage log whose meters are looked at: those of the offers for these needs, or of one offer."""
    query = select(OFFERS).where(OFFERS.c.request_id.in_(sorted(set(request_ids))))
    rows = [row for row in connection.execute(query).mappings() if offer in (None, offer_of(row))]
    for meter in sorted({meter for row in rows for meter in row["meter_ids"]}):
        asker.touches(meter)


def offered_meters(connection: Connection, provider: str, start: datetime, end: datetime) -> frozenset[str]:
    """The meters of a provider's offers that overlap [start, end)."""
    query = select(OFFERS.c.meter_ids).where(OFFERS.c.provider == provider, records.overlapping(OFFERS, start, end))
    return frozenset(meter for meters in connection.execute(query).scalars() for meter in meters)


def metered(connection: Connection, meters: Iterable[str], start: datetime, end: datetime) -> dict[str, Powers]:
    """The net power in kW of meters in [start, end): withdrawn less injected, by quarter-hour, where it is known.

    A meter that told what it injected at any time of the week before the end feeds in: where that is then missing, the
    quarter-hour is not known. Of any other meter nothing was injected. So it is with what a meter withdrew.
    """
    found: dict[str, Powers] = {}
    for some in portions(meters):
        query = select(POINTS.c.id, POINTS.c.meter_id).where(POINTS.c.meter_id.in_(some))
        points = {number: meter for number, meter in connection.execute(query)}  # noqa: C416 - dict() takes no rows
        found |= {points[point]: powers for point, powers in _net(connection, points, start, end).items()}
    return found


def _net(connection: Connection, points: Iterable[int], start: datetime, end: datetime) -> dict[int, Powers]:
    those, first, last = READINGS.c.point.in_(sorted(points)), _number(start), _number(end)
    week = (READINGS.c.quarter >= _number(end - TELLS)) & (READINGS.c.quarter < last)
    within = (READINGS.c.quarter >= first) & (READINGS.c.quarter < last)
    telling = [
        set(connection.execute(select(READINGS.c.point).where(those, week, column.is_not(None)).distinct()).scalars())
        for column in _POWERS
    ]
    found: dict[int, dict[datetime, Decimal]] = {}
    for point, quarter, *told in connection.execute(
        select(READINGS.c.point, READINGS.c.quarter, *_POWERS).where(those, within)
    ):
        lacks = any(watts is None and point in some for watts, some in zip(told, telling, strict=True))
        if lacks or told == [None, None]:
            continue
        withdrawn, injected = (Decimal(watts or 0) for watts in told)
        found.setdefault(point, {})[_EPOCH + quarter * QUARTER] = kilowatts(withdrawn - injected, "W")
    return dict(found)


def _number(at: datetime) -> int:
    """The number since 1970 by which readings know the quarter-hour of an instant."""
    return (at - _EPOCH) // QUARTER
