"""What the aggregator does, one transaction after the other; a call of the network is never inside one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from gridlingua.errors import RemoteError
from gridlingua.services import acknowledgements, answers, records
from gridlingua.services.aggregator import domain, store
from gridlingua.services.aggregator.messages import (
    Bidding,
    DsoOffer,
    DsoOrder,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    MeteringRequest,
    Price,
    SentNeed,
)
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Acknowledgement, Metering, Need, Offer, Order, Period
from gridlingua.services.power import required_period
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.services.wire import Message

_OFFER = ("party", "request_id", "offer_id")
Headers = Mapping[str, str]
M = TypeVar("M", bound=Message)


def receive_needs(here: Context, needs: Sequence[Need], sender: str) -> list[datetime]:
    """Keep needs of a DSO, all or none; returns when each was first received."""
    if faults := records.duplicates(["request_id"], needs) + domain.need_faults(needs):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        sent = [SentNeed(**dict(need), sender=sender) for need in needs]
        return records.keep(connection, store.NEEDS, sent, here.clock())


def receive_plan(here: Context, orders: Sequence[Order], sender: str) -> list[datetime]:
    """Keep orders of a DSO for offers made to it, all or none; returns when each was first received.

    Raises ``RefusedError`` for an order that contradicts itself, ``NotFoundError`` for an unknown offer,
    ``ConflictError`` for one that does not fit its offer or says something else than before.
    """
    if faults := records.duplicates(["request_id", "offer_id"], orders) + domain.order_faults(orders):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        found = store.offers_for(connection, {order.request_id for order in orders})
        offers = {(offer.request_id, offer.offer_id): offer for offer in found if offer.dso in ("", sender)}
        if faults := domain.unknown_offers(orders, offers):
            raise NotFoundError(faults)
        if faults := domain.contradictions(orders, offers):
            raise ConflictError(faults)
        given = [DsoOrder(**dict(order), dso=sender) for order in orders]
        return records.keep(connection, store.ORDERS, given, here.clock())


def set_prices(here: Context, prices: Sequence[Price]) -> None:
    """Replace the price list; a meter has one price for each unit."""
    if faults := records.duplicates(["meter_id", "measurement_unit"], prices):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        store.replace_prices(connection, prices, here.clock())


def bid(here: Context, window: Period) -> tuple[Bidding, Headers]:
    """Ask for the needs of a window, offer what the price list holds for them, and keep the acknowledgements.

    Offers are kept before they are sent, so a plan never comes before its offer, and those that nobody acknowledged
    are sent again the next time; only when the DSO refuses them at their first sending are they forgotten. DSOs that
    fail are named in the result; raises ``RemoteError`` when all of them do.
    """
    required_period(window)
    period = {"startTime": str(window.start_time), "endTime": str(window.end_time)}
    asked = answers.read(here.network.get("/Flexibility/Needs", period), _needs).required()
    needs = [SentNeed(**dict(need), sender=party) for party, found in asked.found for need in found]
    with here.database.writing() as connection:
        parcels = _draft(connection, needs, here.clock())
    sent = [(parcel, _send(here, parcel)) for parcel in parcels]
    heard = answers.together(one for _, one in sent)
    if parcels:
        heard.required()
    bidding = {
        "needs": needs,
        "offers": [offer for parcel in parcels for offer in parcel.offers],
        "acknowledgements": acknowledgements.told(heard),
        "unacknowledged": [one for parcel, said in sent for one in _silent(parcel, said)],
        "failures": asked.failures() + heard.failures(),
    }
    return Bidding.model_validate(bidding), heard.headers if parcels else asked.headers


def _needs(body: object) -> list[Need]:
    return answers.messages(Need, body, "the needs that came are")


@dataclass(frozen=True)
class _Parcel:
    """Offers that one DSO gets in one message: all of them ``new``, or all of them sent before."""

    dso: str
    new: bool
    offers: Sequence[DsoOffer]


def _draft(connection: Connection, needs: Sequence[SentNeed], at: datetime) -> list[_Parcel]:
    """What to send: to each DSO what it did not acknowledge, which it may hold all the same, and apart what is new."""
    prices = records.find(connection, store.PRICES, Price)
    made: dict[tuple[str, str], list[DsoOffer]] = {}
    for offer in store.offers_for(connection, {need.request_id for need in needs}):
        made.setdefault((offer.dso, offer.request_id), []).append(offer)
    acknowledged = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "offer", *_OFFER)
    parcels: dict[tuple[str, bool], list[DsoOffer]] = {}
    for need in needs:
        before = made.get((need.sender, need.request_id), [])
        new = domain.offers_for(need, prices, {meter for offer in before for meter in offer.meter_ids})
        records.keep(connection, store.OFFERS, new, at)
        parcels.setdefault((need.sender, False), []).extend(one for one in before if _key(one) not in acknowledged)
        parcels.setdefault((need.sender, True), []).extend(new)
    return [_Parcel(dso, new, offers) for (dso, new), offers in parcels.items() if offers]


def _key(offer: DsoOffer) -> tuple[str, str, str]:
    return offer.dso, offer.request_id, offer.offer_id


def _send(here: Context, parcel: _Parcel) -> Answers[list[Acknowledgement]]:
    """Send a DSO offers for its own needs, and keep which of them it acknowledges."""
    told = [records.read(Offer, dict(offer)) for offer in parcel.offers]
    try:
        reply = here.network.post("/Flexibility/Offers", [offer.plain() for offer in told], to=parcel.dso)
        heard = acknowledgements.received(reply, Acknowledgement, told)
    except RemoteError as error:
        heard = Answers([], [(error.party, error)])
    with here.database.writing() as connection:
        kept = [(parcel.dso, said) for _, said in heard.found]
        acknowledgements.keep(connection, store.ACKNOWLEDGEMENTS, "offer", kept)
        if parcel.new and _is_refused(heard):
            acknowledged = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "offer", *_OFFER)
            store.forget_offers(connection, [one for one in parcel.offers if _key(one) not in acknowledged])
    return heard.addressed(parcel.dso)


def _is_refused(heard: Answers[Any]) -> bool:
    """Whether nobody can hold what was sent: everybody who was reached said a final no."""
    final = [400 <= error.status < 500 and not error.retry for _, error in heard.errors]
    return not heard.found and bool(final) and all(final)


def _silent(parcel: _Parcel, heard: Answers[list[Acknowledgement]]) -> list[dict[str, str]]:
    missing = acknowledgements.missing(parcel.offers, acknowledgements.told(heard))
    return [one | {"dso": parcel.dso} for one in missing]


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
        heard = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "offer", *_OFFER)
        offers = records.find(connection, store.OFFERS, DsoOffer)
    return [
        KeptOffer.model_validate(dict(offer) | {"acknowledgements": heard.get(_key(offer), [])}) for offer in offers
    ]
