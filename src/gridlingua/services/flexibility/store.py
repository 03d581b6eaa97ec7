"""What the DSO keeps of needs, offers and plans."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, MetaData
from sqlalchemy import select as sql_select

from gridlingua.services import acknowledgements, records
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.messages import Need

metadata = MetaData()
NEEDS = records.table("flexibility_needs", metadata, Need, ["request_id"])
_KEY = ("provider", "request_id", "offer_id")
OFFERS = records.table("flexibility_offers", metadata, ProvidedOffer, _KEY)
ORDERS = records.table("flexibility_orders", metadata, ProviderOrder, _KEY)
ACKNOWLEDGEMENTS = acknowledgements.table("flexibility_acknowledgements", metadata)


def needs_named(connection: Connection, request_ids: Iterable[str], *, lock: bool = False) -> dict[str, Need]:
    """The needs of these ids that exist; ``lock`` lets no other transaction plan for them before this one ends."""
    query = sql_select(NEEDS).where(NEEDS.c.request_id.in_(set(request_ids))).order_by(NEEDS.c.number)
    rows = connection.execute(query.with_for_update() if lock else query).mappings()
    return {row["request_id"]: records.read(Need, row) for row in rows}


def offers_for(connection: Connection, request_ids: Iterable[str]) -> list[ProvidedOffer]:
    """The offers for these needs, in the order they came."""
    return records.find(connection, OFFERS, ProvidedOffer, OFFERS.c.request_id.in_(set(request_ids)))


def orders_for(connection: Connection, request_ids: Iterable[str]) -> list[ProviderOrder]:
    """The orders given for these needs, in the order they were given."""
    return records.find(connection, ORDERS, ProviderOrder, ORDERS.c.request_id.in_(set(request_ids)))
