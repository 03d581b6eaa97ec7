"""What the flexibility service does, one transaction after the other; a call of the network is never inside one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from gridlingua.errors import Fault, RemoteError
from gridlingua.services import acknowledgements, answers, records
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.flexibility import domain, store
from gridlingua.services.flexibility.messages import (
    ActivationPlan,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    Load,
    ProvidedOffer,
    ProviderOrder,
    Publication,
    Which,
)
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Acknowledgement, Need, NeedAcknowledgement, Offer, Order
from gridlingua.services.power import required_period
from gridlingua.services.refusals import NotFoundError, RefusedError

_ORDER = ("party", "request_id", "offer_id")
Headers = Mapping[str, str]
T = TypeVar("T", ProvidedOffer, ProviderOrder)


def _refuse(refusal: type[RefusedError], faults: Sequence[Fault]) -> None:
    if faults:
        raise refusal(faults)


def record_needs(here: Context, needs: Sequence[Need]) -> None:
    """Keep needs, all or none; raises ``RefusedError`` with every fault, ``ConflictError`` when an id is taken."""
    _refuse(RefusedError, [*records.duplicates(["request_id"], needs), *domain.need_faults(needs)])
    with here.database.writing() as connection:
        records.keep(connection, store.NEEDS, needs, here.clock())


def derive(here: Context, load: Load) -> list[Need]:
    """Derive needs from a zone's load against its limit, and keep them."""
    zone_load = domain.ZoneLoad(load.zone, load.start.at, load.measurement_unit, load.load, load.meter_ids)
    needs = domain.derive_needs(zone_load, load.limit)
    record_needs(here, needs)
    return needs


def receive_offers(here: Context, offers: Sequence[Offer], provider: str) -> list[datetime]:
    """Keep offers of a provider, all or none; returns when each was first received.

    Their ids are unique at the provider: what another provider calls the same is another offer.
    """
    _refuse(RefusedError, records.duplicates(["request_id", "offer_id"], offers))
    with here.database.writing() as connection:
        needs = store.needs_named(connection, (offer.request_id for offer in offers))
        _refuse(NotFoundError, domain.unknown_needs(offers, needs))
        _refuse(RefusedError, domain.offer_faults(offers, needs))
        provided = [ProvidedOffer(**dict(offer), provider=provider) for offer in offers]
        return records.keep(connection, store.OFFERS, provided, here.clock())


def _chosen(connection: Connection, which: Which, *, lock: bool = False) -> list[Need]:
    period = which.period()
    if period is None:
        wanted = which.request_ids or ()
        found = store.needs_named(connection, wanted, lock=lock)
        _refuse(
            NotFoundError,
            [Fault(f"/requestIds/{i}", f"no need {id_}") for i, id_ in enumerate(wanted) if id_ not in found],
        )
        return list(found.values())
    required_period(period)
    within = records.overlapping(store.NEEDS, period.start_time.at, period.end_time.at)
    ids = [need.request_id for need in records.find(connection, store.NEEDS, Need, within)]
    if not ids:
        raise NotFoundError(f"no need overlaps {period.start_time} to {period.end_time}; record or derive needs first")
    return list(store.needs_named(connection, ids, lock=lock).values())


def publish(here: Context, which: Which) -> tuple[Publication, Headers]:
    """Send needs to the service providers through the own adapter, and keep who acknowledged them.

    Providers that fail are named in the result; raises ``RemoteError`` when all of them do.
    """
    with here.database.reading() as connection:
        needs = _chosen(connection, which)
    reply = here.network.post("/Flexibility/Needs", [need.plain() for need in needs])
    heard = acknowledgements.received(reply, NeedAcknowledgement, needs).required()
    with here.database.writing() as connection:
        acknowledgements.keep(connection, store.ACKNOWLEDGEMENTS, "need", heard.found)
    publication = {
        "needs": needs,
        "acknowledgements": acknowledgements.told(heard),
        "unacknowledged": acknowledgements.missing(needs, acknowledgements.told(heard)),
        "failures": heard.failures(),
    }
    return Publication.model_validate(publication), heard.headers


@dataclass(frozen=True)
class _Draft:
    """The orders to send now, and what no offer covers."""

    orders: list[ProviderOrder]
    uncovered: list[domain.Shortfall]


def plan(here: Context, which: Which) -> tuple[ActivationPlan, Headers]:
    """Give an order for every offer that has none, send each provider those it did not acknowledge, and keep who does.

    The orders are kept before they are sent: whatever happens on the way, no offer ever gets two different orders.
    Providers that fail are named in the result; raises ``RemoteError`` when all of them do.
    """
    with here.database.writing() as connection:
        draft = _draft(connection, _chosen(connection, which, lock=True), here.clock())
    by_provider: dict[str, list[ProviderOrder]] = {}
    for order in draft.orders:
        by_provider.setdefault(order.provider, []).append(order)
    heard = answers.together(_send(here, provider, orders) for provider, orders in by_provider.items())
    if draft.orders:
        heard.required()
    sent = {
        "plan": draft.orders,
        "acknowledgements": acknowledgements.told(heard),
        "unacknowledged": _silent(by_provider, dict(heard.found)),
        "uncovered": [_uncovered(shortfall) for shortfall in draft.uncovered],
        "failures": heard.failures(),
    }
    return ActivationPlan.model_validate(sent), heard.headers


def _send(here: Context, provider: str, orders: Sequence[ProviderOrder]) -> Answers[list[Acknowledgement]]:
    """Send a provider the orders for its own offers, and keep which of them it acknowledges."""
    told = [records.read(Order, dict(order)) for order in orders]
    try:
        reply = here.network.post("/Flexibility/ActivationPlan", [order.plain() for order in told], to=provider)
    except RemoteError as error:
        return Answers([], [(provider, error)])
    heard = acknowledgements.received(reply, Acknowledgement, told).addressed(provider)
    with here.database.writing() as connection:
        acknowledgements.keep(connection, store.ACKNOWLEDGEMENTS, "order", heard.found)
    return heard


def _silent(
    sent: Mapping[str, Sequence[ProviderOrder]], heard: Mapping[str, Sequence[Acknowledgement]]
) -> list[dict[str, str]]:
    return [
        {"provider": provider} | one
        for provider, orders in sent.items()
        for one in acknowledgements.missing(orders, heard.get(provider, ()))
    ]


def _draft(connection: Connection, needs: Sequence[Need], at: datetime) -> _Draft:
    ids = [need.request_id for need in needs]
    offers, standing = _grouped(store.offers_for(connection, ids)), _grouped(store.orders_for(connection, ids))
    if not offers:
        raise NotFoundError(f"there is no offer for {', '.join(ids)}; publish the needs and wait for offers")
    uncovered = []
    for need in needs:
        given = standing.get(need.request_id, [])
        orders, shortfalls = domain.select(need, offers.get(need.request_id, []), given)
        records.keep(connection, store.ORDERS, orders, at)
        uncovered += shortfalls
    acknowledged = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "order", *_ORDER)
    all_orders = store.orders_for(connection, ids)
    return _Draft([order for order in all_orders if _key(order) not in acknowledged], uncovered)


def _key(order: ProviderOrder) -> tuple[str, str, str]:
    return order.provider, order.request_id, order.offer_id


def _grouped(messages: Iterable[T]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for message in messages:
        groups.setdefault(message.request_id, []).append(message)
    return groups


def _uncovered(shortfall: domain.Shortfall) -> dict[str, Any]:
    return {
        "requestId": shortfall.request_id,
        "needs": shortfall.missing,
        "measurementUnit": shortfall.unit,
        "startTime": Instant.of(shortfall.start),
        "endTime": Instant.of(shortfall.end),
    }


def list_needs(here: Context, request_id: str | None) -> list[KeptNeed]:
    """Every need, or one, with its acknowledgements."""
    with here.database.reading() as connection:
        heard = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "need", "request_id")
        needs = records.find(connection, store.NEEDS, Need, *_of(store.NEEDS, request_id))
    return [
        KeptNeed.model_validate(dict(need) | {"acknowledgements": heard.get((need.request_id,), [])}) for need in needs
    ]


def list_offers(here: Context, request_id: str | None) -> list[KeptOffer]:
    """Every offer, or those for one need, with its provider and when it came."""
    query = select(store.OFFERS).where(*_of(store.OFFERS, request_id)).order_by(store.OFFERS.c.number)
    with here.database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [records.read(KeptOffer, dict(row) | {"received_at": Instant.of(row["received_at"])}) for row in rows]


def list_orders(here: Context, request_id: str | None) -> list[KeptOrder]:
    """Every order, or those for one need, with its acknowledgements."""
    with here.database.reading() as connection:
        heard = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "order", *_ORDER)
        orders = records.find(connection, store.ORDERS, ProviderOrder, *_of(store.ORDERS, request_id))
    return [
        KeptOrder.model_validate(dict(order) | {"acknowledgements": heard.get(_key(order), [])}) for order in orders
    ]


def _of(kept: Any, request_id: str | None) -> list[Any]:
    return [] if request_id is None else [kept.c.request_id == request_id]
