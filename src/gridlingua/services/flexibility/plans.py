"""Activation plans: orders are decided and kept in one transaction, and sent outside of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridlingua.errors import Fault
from gridlingua.services import acknowledgements, answers, records
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.flexibility import selection, sending, store
from gridlingua.services.flexibility.activations import ORDER_KEY
from gridlingua.services.flexibility.market import Market, keep_time, key_of, look, refuse
from gridlingua.services.flexibility.messages import ActivationPlan, PlanRequest, ProviderOrder
from gridlingua.services.flexibility.needs import Headers, chosen
from gridlingua.services.flexibility.selection import Cost, Shortfall
from gridlingua.services.flexibility.states import Transition
from gridlingua.services.flexibility.store import Key
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Acknowledgement, Need, Order
from gridlingua.services.refusals import ConflictError, NotFoundError

_WHY = {"received": "it is not verified", "suspended": "it is suspended", "expired": "it has expired"}


@dataclass(frozen=True)
class _Draft:
    """The orders to send now, what no offer covers, which offers are undecided and why, and what it costs."""

    orders: list[ProviderOrder]
    uncovered: list[Shortfall]
    undecided: list[dict[str, str]]
    totals: list[Cost]


def plan(here: Context, which: PlanRequest) -> tuple[ActivationPlan, Headers]:
    """Give an order for every active offer that has none, send each provider those it did not acknowledge.

    The orders are kept before they are sent: whatever happens on the way, no offer ever gets two different orders.
    Providers that fail are named in the result; raises ``RemoteError`` when all of them do, ``ConflictError`` when the
    gate for plans is past.
    """
    with here.database.writing() as connection:
        market = look(connection, here, chosen(connection, which, lock=True))
        draft = _draft(connection, market, which, here.name)
    by_provider: dict[str, list[ProviderOrder]] = {}
    for order in draft.orders:
        by_provider.setdefault(order.provider, []).append(order)
    heard = answers.together(_send(here, provider, orders) for provider, orders in by_provider.items())
    if draft.orders:
        heard.required()
    sent = {
        "plan": draft.orders,
        "acknowledgements": acknowledgements.told(heard),
        "unacknowledged": _silent(by_provider, heard.found),
        "uncovered": [_uncovered(shortfall) for shortfall in draft.uncovered],
        "undecided": draft.undecided,
        "totals": [vars(cost) for cost in draft.totals],
        "failures": heard.failures(),
    }
    return ActivationPlan.model_validate(sent), heard.headers


def _draft(connection: Connection, market: Market, which: PlanRequest, actor: str) -> _Draft:
    if not market.offers:
        raise NotFoundError(f"there is no offer for {', '.join(market.needs)}; publish the needs and wait for offers")
    waiting = _unacknowledged(connection, market)
    _refuse_closed(market, which, {order.request_id for order in waiting})
    keep_time(connection, market)
    orders, uncovered = dict(market.orders), []
    for request_id, need in market.needs.items():
        if market.is_closed(request_id):
            continue
        made, shortfalls = _selected(market, need)
        uncovered += shortfalls
        kept = [order for order in made if order.activation == "Yes" or not which.reserve]
        store.add(connection, store.ORDERS, kept, market.at)
        orders |= {key_of(order.provider, order): order for order in kept}
        sent = [Transition("sent", market.at, "the offer was selected", actor)]
        activated = {key_of(order.provider, order): sent for order in kept if order.activation == "Yes"}
        store.add_histories(connection, "activation", activated)
    new = [order for key, order in orders.items() if key not in market.orders]
    undecided = list(_undecided(market, orders))
    return _Draft([*waiting, *new], uncovered, undecided, list(_totals(market, orders)))


def _selected(market: Market, need: Need) -> tuple[list[ProviderOrder], list[Shortfall]]:
    active = [
        offer
        for key, offer in market.offers.items()
        if offer.request_id == need.request_id and market.offer_state(key) == "active"
    ]
    standing: list[ProviderOrder] = []
    cancelled: list[ProviderOrder] = []
    for key, order in market.orders.items():
        if order.request_id == need.request_id:
            (cancelled if market.activation_state(key) == "cancelled" else standing).append(order)
    return selection.select(need, active, standing, cancelled)


def _unacknowledged(connection: Connection, market: Market) -> list[ProviderOrder]:
    """The orders that stand and may still be of use to a provider who does not seem to have them."""
    acknowledged = acknowledgements.find(
        connection, store.ACKNOWLEDGEMENTS, "order", *ORDER_KEY, request_ids=market.needs
    )
    return [
        order
        for key, order in market.orders.items()
        if key not in acknowledged
        and market.activation_state(key) in (None, "sent")
        and order.start_time.at > market.at
    ]


def _refuse_closed(market: Market, which: PlanRequest, waiting: set[str]) -> None:
    """Refuse needs whose gate is past: those named by id, or all of a period; what was decided may still be sent."""
    closed = [id_ for id_ in market.needs if market.is_closed(id_) and id_ not in waiting]
    if which.request_ids is None and len(closed) < len(market.needs):
        return
    named = which.request_ids or tuple(market.needs)
    faults = [Fault(_place(which, named.index(id_)), _closed(market, id_)) for id_ in closed]
    refuse(ConflictError, faults)


def _place(which: PlanRequest, position: int) -> str:
    return "/startTime" if which.request_ids is None else f"/requestIds/{position}"


def _closed(market: Market, request_id: str) -> str:
    gate = market.told(market.products[request_id].plan)
    return f"plans for need {request_id} could be made until {gate}, and it is {market.told(market.at)}"


def _undecided(market: Market, orders: Mapping[Key, ProviderOrder]) -> Iterator[dict[str, str]]:
    for key in market.offers:
        if key not in orders:
            why = _WHY.get(market.offer_state(key), "it is kept in reserve")
            yield {"provider": key[0], "request_id": key[1], "offer_id": key[2], "reason": why}


def _totals(market: Market, orders: Mapping[Key, ProviderOrder]) -> Iterator[Cost]:
    """What every need costs, with all orders that were not cancelled."""
    standing = [order for key, order in orders.items() if market.activation_state(key) != "cancelled"]
    offers = list(market.offers.values())
    for request_id, need in market.needs.items():
        yield selection.cost(need, offers, [order for order in standing if order.request_id == request_id])


def _send(here: Context, provider: str, orders: Sequence[ProviderOrder]) -> Answers[list[Acknowledgement]]:
    """Send a provider the orders for its own offers, and keep which of them it acknowledges."""
    told = [records.read(Order, dict(order)) for order in orders]
    reply = sending.send(here, provider, "/Flexibility/ActivationPlan", [order.plain() for order in told])
    heard = acknowledgements.received(reply, Acknowledgement, told)
    found = [(provider, one) for _, one in heard.found]
    with here.database.writing() as connection:
        acknowledgements.keep(connection, store.ACKNOWLEDGEMENTS, "order", found)
    return Answers(found, heard.errors, heard.headers)


def _silent(
    sent: Mapping[str, Sequence[ProviderOrder]], found: Sequence[tuple[str, Sequence[Acknowledgement]]]
) -> list[dict[str, str]]:
    heard: dict[str, list[Acknowledgement]] = {}
    for provider, said in found:
        heard.setdefault(provider, []).extend(said)
    return [
        {"provider": provider} | one
        for provider, orders in sent.items()
        for one in acknowledgements.missing(orders, heard.get(provider, ()))
    ]


def _uncovered(shortfall: Shortfall) -> dict[str, Any]:
    return {
        "requestId": shortfall.request_id,
        "needs": shortfall.missing,
        "measurementUnit": shortfall.unit,
        "startTime": Instant.of(shortfall.start),
        "endTime": Instant.of(shortfall.end),
    }
