"""What becomes of offers: received, verified, suspended, resumed, listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gridlingua.errors import Fault
from gridlingua.services import records
from gridlingua.services.context import Context
from gridlingua.services.flexibility import domain, states, store, verification
from gridlingua.services.flexibility.changes import OfferHistory, StateChange, Suspension, WhichOffer
from gridlingua.services.flexibility.market import Market, keep_time, key_of, look, refuse
from gridlingua.services.flexibility.messages import KeptOffer, ProvidedOffer
from gridlingua.services.flexibility.states import Suspended, Transition
from gridlingua.services.flexibility.store import Key
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Offer
from gridlingua.services.pages import Window
from gridlingua.services.portfolios import store as contracts
from gridlingua.services.refusals import ConflictError, ForbiddenError, NotFoundError, RefusedError

RULES = "it keeps the rules of its need"


def receive(here: Context, offers: Sequence[Offer], provider: str) -> list[datetime]:
    """Keep offers of a provider, all or none; returns when each was first received.

    Their ids are unique at the provider: what another provider calls the same is another offer. Raises
    ``ConflictError`` for one that comes after its gate; one that is known is acknowledged again at any time.
    """
    refuse(RefusedError, records.duplicates(["request_id", "offer_id"], offers))
    with here.database.writing() as connection:
        capacities = store.capacities(connection, {meter for offer in offers for meter in offer.meter_ids})
        market = _locked(connection, here, [offer.request_id for offer in offers])
        refuse(NotFoundError, domain.unknown_needs(offers, market.public()))
        refuse(RefusedError, domain.offer_faults(offers, market.needs))
        refuse(ForbiddenError, _foreign(connection, offers, provider))
        refuse(ConflictError, list(_late(market, offers, provider)))
        provided = [ProvidedOffer(**dict(offer), provider=provider) for offer in offers]
        new = {key: offer for offer in provided if (key := key_of(provider, offer)) not in market.offers}
        times = [market.at] * len(provided)
        if len(new) == len(provided):
            store.add(connection, store.OFFERS, provided, market.at)
        else:  # compare those that are known with what they were
            times = records.keep(connection, store.OFFERS, provided, market.at)
        doubts = verification.doubts(connection, here, list(new.values()), market.needs, capacities)
        first = {key: _first(market, here.name, provider, doubts.get(key)) for key in new}
        store.add_histories(connection, "offer", first)
        return times


def _locked(connection: Connection, here: Context, request_ids: Sequence[str]) -> Market:
    return look(connection, here, store.needs_named(connection, request_ids, lock=True))


def _foreign(connection: Connection, offers: Sequence[Offer], provider: str) -> list[Fault]:
    """Meters of other providers' customers, where the DSO keeps a register of contracts."""
    faults = []
    for position, offer in enumerate(offers):
        start, end = offer.start_time.at, offer.end_time.at
        for meter in contracts.foreign(connection, provider, offer.meter_ids, start, end):
            said = f"{provider} has no contract for meter {meter} over the period of the offer"
            faults.append(Fault(f"/{position}/meterIds/{offer.meter_ids.index(meter)}", said))
    return faults


def _late(market: Market, offers: Sequence[Offer], provider: str) -> list[Fault]:
    faults = []
    for position, offer in enumerate(offers):
        product = market.products[offer.request_id]
        said = domain.late_offer(offer, product, market.at, market.zone, is_open=market.is_open)
        if said and key_of(provider, offer) not in market.offers:
            faults.append(Fault(f"/{position}", said))
    return faults


def _first(market: Market, name: str, provider: str, doubt: str | None) -> list[Transition]:
    cause = f"the offer came, and {doubt}" if doubt else "the offer came"
    received = Transition("received", market.at, cause, provider)
    if doubt or market.calendar.verification == "manual":
        return [received]
    return [received, Transition("active", market.at, RULES, name)]


def suspend(here: Context, suspensions: Sequence[tuple[str, Suspension]], actor: str) -> list[datetime]:
    """Suspend offers, each of a provider, all or none; returns when each suspension was first received.

    Raises ``NotFoundError`` for an offer that the provider did not make, ``RefusedError`` for a period that makes no
    sense for it, ``ConflictError`` for an offer that is not active, or activated already.
    """
    named = [one for _, one in suspensions]
    keys = [key_of(provider, one) for provider, one in suspensions]
    refuse(RefusedError, [*_twice(keys), *domain.suspension_faults(named)])
    with here.database.writing() as connection:
        market = _locked(connection, here, [one.request_id for one in named])
        refuse(NotFoundError, _unknown(market, keys))
        new = [(i, one) for i, one in enumerate(named) if _known(market, keys[i], one) is None]
        refuse(
            RefusedError,
            [fault for i, one in new for fault in domain.idle(one, market.offers[keys[i]], market.at, f"/{i}")],
        )
        keep_time(connection, market)
        faults = [_suspended(connection, market, keys[i], one, actor, f"/{i}") for i, one in new]
        refuse(ConflictError, [fault for fault in faults if fault])
        return [_known(market, key, one) or market.at for key, one in zip(keys, named, strict=True)]


def _known(market: Market, key: Key, one: Suspension) -> datetime | None:
    same = (one.start_time.at, one.end_time.at, one.reason)
    found = (kept for kept in market.suspensions.get(key, ()) if (kept.start, kept.end, kept.reason) == same)
    return next((kept.received_at for kept in found), None)


def _suspended(
    connection: Connection, market: Market, key: Key, one: Suspension, actor: str, place: str
) -> Fault | None:
    state, offer = market.offer_state(key), market.offers[key]
    if market.is_activated(key):
        return Fault(f"{place}/offerId", _activated(market, key))
    if state != "suspended" and (said := states.refusal(states.OFFER, _named(key), state, "suspended")):
        return Fault(f"{place}/offerId", said)
    takes_delivery = one.start_time < offer.end_time and offer.start_time < one.end_time
    since = market.at if takes_delivery else max(market.at, one.start_time.at)
    kept = Suspended(one.start_time.at, one.end_time.at, one.reason, market.at, since)
    store.add_suspension(connection, key, kept, actor)
    if state == "active" and since == market.at:
        cause = f"from {one.start_time} to {one.end_time}: {one.reason}"
        store.add_transitions(connection, "offer", key, [Transition("suspended", market.at, cause, actor)])
    return None


def _activated(market: Market, key: Key) -> str:
    """Why an offer that is activated cannot be suspended any more, and how the DSO is told instead."""
    said = f"{_named(key)} is activated, so suspending it changes nothing any more"
    if market.activation_state(key) == "sent":
        until = market.told(market.answer_until(key))
        return f"{said}: refuse the activation until {until} (ActivationResponse with status Cancelled)"
    return f"{said}: the activation was accepted, and is answered once; tell the DSO's control room"


def _named(key: Key) -> str:
    return f"offer {key[2]} for need {key[1]}"


def verify(here: Context, which: Sequence[WhichOffer], actor: str) -> list[OfferHistory]:
    """Make received offers active, all or none."""
    return _moved(here, which, "received", actor)


def resume(here: Context, which: Sequence[WhichOffer], actor: str) -> list[OfferHistory]:
    """Lift every suspension of offers, all or none; they are active again."""
    return _moved(here, which, "suspended", actor)


def _moved(here: Context, which: Sequence[WhichOffer], source: str, actor: str) -> list[OfferHistory]:
    keys = [key_of(one.provider, one) for one in which]
    refuse(RefusedError, _twice(keys))
    with here.database.writing() as connection:
        market = _locked(connection, here, [one.request_id for one in which])
        refuse(NotFoundError, _unknown(market, keys))
        keep_time(connection, market)
        faults = []
        for position, (key, one) in enumerate(zip(keys, which, strict=True)):
            if (state := market.offer_state(key)) != source:
                said = f"offer {key[2]} for need {key[1]} of {key[0]} is {state}; this is for one that is {source}"
                faults.append(Fault(f"/{position}/offerId", said))
                continue
            made = Transition("active", market.at, one.reason, actor)
            store.add_transitions(connection, "offer", key, [made])
            store.lift(connection, key, market.at)
            market.offer_histories[key].append(made)
        refuse(ConflictError, faults)
        now = look(connection, here, market.needs)
        return [_history(now, key) for key in keys]


def _twice(keys: Sequence[Key]) -> list[Fault]:
    return [
        Fault(f"/{i}", f"offer {key[2]} for need {key[1]} stands at /{keys.index(key)} already; send it once")
        for i, key in enumerate(keys)
        if keys.index(key) != i
    ]


def _unknown(market: Market, keys: Sequence[Key]) -> list[Fault]:
    """The faults of offers that the provider did not make: the same words whether somebody else did, or nobody."""
    return [
        Fault(f"/{i}/offerId", f"{provider} made no offer {offer_id} for need {request_id}")
        for i, (provider, request_id, offer_id) in enumerate(keys)
        if (provider, request_id, offer_id) not in market.offers
    ]


def found(here: Context, request_id: str | None, page: Window) -> list[KeptOffer]:
    """Every offer, or those for one need, with its provider, when it came, and its state."""
    with here.database.reading() as connection:
        rows, market = _page(connection, here, request_id, page)
    kept = []
    for row in rows:
        state = market.offer_state((row["provider"], row["request_id"], row["offer_id"]))
        known = {"received_at": Instant.of(row["received_at"]), "state": state}
        kept.append(records.read(KeptOffer, dict(row) | known))
    return kept


def histories(here: Context, request_id: str | None, page: Window) -> list[OfferHistory]:
    """The states of every offer, or of those for one need, with all that led to them."""
    with here.database.reading() as connection:
        rows, market = _page(connection, here, request_id, page)
    return [_history(market, (row["provider"], row["request_id"], row["offer_id"])) for row in rows]


def told(here: Context, keys: Sequence[Key]) -> list[OfferHistory]:
    """The states of these offers, which exist."""
    with here.database.reading() as connection:
        market = look(connection, here, store.needs_named(connection, {key[1] for key in keys}))
    return [_history(market, key) for key in keys]


def _page(connection: Connection, here: Context, request_id: str | None, page: Window) -> tuple[list[Any], Market]:
    conditions = [] if request_id is None else [store.OFFERS.c.request_id == request_id]
    query = select(store.OFFERS).where(*conditions).order_by(store.OFFERS.c.number)
    rows = list(connection.execute(query.offset(page.after).limit(page.reach)).mappings())
    needs = store.needs_named(connection, {row["request_id"] for row in rows})
    return rows, look(connection, here, needs)


def _history(market: Market, key: Key) -> OfferHistory:
    periods = [
        {"start_time": Instant.of(one.start), "end_time": Instant.of(one.end)}
        for one in market.suspensions.get(key, ())
    ]
    said = {"provider": key[0], "request_id": key[1], "offer_id": key[2], "state": market.offer_state(key)}
    history = changes(market.offer_histories[key])
    return OfferHistory.model_validate(said | {"history": history, "suspensions": periods})


def changes(history: Sequence[Transition]) -> list[StateChange]:
    """A history as it is told."""
    return [
        StateChange.model_validate(
            {"state": one.state, "at": Instant.of(one.at), "cause": one.cause, "actor": one.actor}
        )
        for one in history
    ]
