"""What the aggregator does, one transaction after the other; a call of the network is never inside one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from gridlingua.errors import RemoteError
from gridlingua.services import acknowledgements, answers, records
from gridlingua.services.aggregator import domain, store
from gridlingua.services.aggregator.messages import (
    Bidding,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    MeteringRequest,
    Price,
    SentNeed,
)
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Acknowledgement, Metering, Need, Offer, Order, Period
from gridlingua.services.network import Reply
from gridlingua.services.power import required_period
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.services.wire import Message

Headers = Mapping[str, str]
M = TypeVar("M", bound=Message)


def receive_needs(here: Context, needs: Sequence[Need], sender: str) -> list[datetime]:
    """Keep needs of a DSO, all or none; returns when each was first received."""
    if faults := records.duplicates(["request_id"], needs) + domain.need_faults(needs):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        return records.keep(connection, store.NEEDS, needs, here.clock(), {"sender": sender})


def receive_plan(here: Context, orders: Sequence[Order]) -> list[datetime]:
    """Keep orders for own offers, all or none; returns when each was first received.

    Raises ``RefusedError`` for an order that contradicts itself, ``NotFoundError`` for an unknown offer,
    ``ConflictError`` for one that does not fit its offer or says something else than before.
    """
    if faults := records.duplicates(["request_id", "offer_id"], orders) + domain.order_faults(orders):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        found = store.offers_for(connection, {order.request_id for order in orders})
        offers = {(offer.request_id, offer.offer_id): offer for offer in found}
        if faults := domain.unknown_offers(orders, offers):
            raise NotFoundError(faults)
        if faults := domain.contradictions(orders, offers):
            raise ConflictError(faults)
        return records.keep(connection, store.ORDERS, orders, here.clock())


def set_prices(here: Context, prices: Sequence[Price]) -> None:
    """Replace the price list; a meter has one price for each unit."""
    if faults := records.duplicates(["meter_id", "measurement_unit"], prices):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        store.replace_prices(connection, prices, here.clock())


def bid(here: Context, window: Period) -> tuple[Bidding, Headers]:
    """Ask for the needs of a window, offer what the price list holds for them, and keep the acknowledgements.

    Offers are kept before they are sent, so a plan never comes before its offer, and those that nobody acknowledged
    are sent again the next time; only when the DSO refuses them are they forgotten.
    """
    required_period(window)
    asked = here.network.get(
        "/Flexibility/Needs", {"startTime": str(window.start_time), "endTime": str(window.end_time)}
    )
    heard_needs = answers.read(asked, lambda body: answers.messages(Need, body, "the needs that came are")).required()
    needs = [SentNeed(**dict(need), sender=party) for party, found in heard_needs.found for need in found]
    with here.database.writing() as connection:
        offers = _draft(connection, needs, here.clock())
    if not offers:
        nothing = {"offers": (), "acknowledgements": (), "unacknowledged": (), "failures": heard_needs.failures()}
        return Bidding.model_validate({"needs": needs} | nothing), asked.headers
    heard = acknowledgements.received(_send(here, offers), Acknowledgement, offers).required()
    with here.database.writing() as connection:
        acknowledgements.keep(connection, store.ACKNOWLEDGEMENTS, "offer", heard.found)
    bidding = {
        "needs": needs,
        "offers": offers,
        "acknowledgements": acknowledgements.told(heard),
        "unacknowledged": acknowledgements.missing(offers, acknowledgements.told(heard)),
        "failures": heard_needs.failures() + heard.failures(),
    }
    return Bidding.model_validate(bidding), heard.headers


def _draft(connection: Connection, needs: Sequence[Need], at: datetime) -> list[Offer]:
    prices = records.find(connection, store.PRICES, Price)
    made = store.offers_for(connection, {need.request_id for need in needs})
    acknowledged = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "offer", "request_id", "offer_id")
    new = []
    for need in needs:
        offered = {meter for offer in made if offer.request_id == need.request_id for meter in offer.meter_ids}
        new += domain.offers_for(need, prices, offered)
    records.keep(connection, store.OFFERS, new, at)
    return [offer for offer in made if (offer.request_id, offer.offer_id) not in acknowledged] + new


def _send(here: Context, offers: Sequence[Offer]) -> Reply:
    try:
        return here.network.post("/Flexibility/Offers", [offer.plain() for offer in offers])
    except RemoteError as error:
        if 400 <= error.status < 500 and not error.retry:
            with here.database.writing() as connection:
                store.forget_offers(connection, offers)
        raise


def fetch_metering(here: Context, request: MeteringRequest) -> tuple[list[Metering], Headers]:
    """Fetch a user's metering through the own adapter, and keep it: of several DSOs the first that has the user.

    Raises ``RemoteError`` when none has.
    """
    required_period(Period(start_time=request.start, end_time=request.end))
    question = {
        "type": "User",
        "id": request.user,
        "grant": request.grant,
        "granularity": str(request.granularity),
        "start": str(request.start),
        "end": str(request.end),
    }
    reply = here.network.get("/Data/Metering", question)
    _, found = answers.read(reply, lambda body: _metering(body, request.user)).required().found[0]
    with here.database.writing() as connection:
        for one in found:
            store.keep_metering(connection, one, request.granularity)
    return found, reply.headers


def _metering(body: object, user: str) -> list[Metering]:
    found = answers.messages(Metering, body, "the readings that came are")
    if [one.user for one in found] != [user]:
        got = ", ".join(one.user for one in found) or "nobody"
        raise RemoteError(f"asked for {user}, got {got}", party="dso")
    return found


def list_needs(here: Context) -> list[KeptNeed]:
    """Every need that was published to this aggregator."""
    return _kept(here, store.NEEDS, KeptNeed)


def list_orders(here: Context) -> list[KeptOrder]:
    """Every order of the DSO."""
    return _kept(here, store.ORDERS, KeptOrder)


def _kept(here: Context, kept: Table, model: type[M]) -> list[M]:
    with here.database.reading() as connection:
        rows: list[Any] = list(connection.execute(select(kept).order_by(kept.c.number)).mappings())
    return [records.read(model, dict(row) | {"received_at": Instant.of(row["received_at"])}) for row in rows]


def list_offers(here: Context) -> list[KeptOffer]:
    """Every offer that was made, with its acknowledgements."""
    with here.database.reading() as connection:
        heard = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "offer", "request_id", "offer_id")
        offers = records.find(connection, store.OFFERS, Offer)
    return [
        KeptOffer.model_validate(dict(offer) | {"acknowledgements": heard.get((offer.request_id, offer.offer_id), [])})
        for offer in offers
    ]
