"""What providers answer to their activations, and the states of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gridlingua.errors import Fault
from gridlingua.services import acknowledgements, records
from gridlingua.services.context import Context
from gridlingua.services.flexibility import domain, states, store
from gridlingua.services.flexibility.changes import ActivationAnswer, ActivationHistory, ProvidedAnswer
from gridlingua.services.flexibility.market import Market, keep_time, key_of, look, refuse
from gridlingua.services.flexibility.messages import KeptOrder, ProviderOrder
from gridlingua.services.flexibility.offers import changes
from gridlingua.services.flexibility.states import Transition
from gridlingua.services.flexibility.store import Key
from gridlingua.services.pages import Window
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError

ORDER_KEY = ("party", "request_id", "offer_id")


def receive_answers(here: Context, answers: Sequence[ActivationAnswer], provider: str) -> list[datetime]:
    """Keep what a provider answers to its activations, all or none; returns when each was first received.

    The same answer again is acknowledged again. Raises ``NotFoundError`` for an order that the provider was not given,
    ``ConflictError`` for another answer than before, or one that comes too late.
    """
    refuse(RefusedError, [*records.duplicates(["request_id", "offer_id"], answers), *domain.answer_faults(answers)])
    provided = [ProvidedAnswer(**dict(answer), provider=provider) for answer in answers]
    with here.database.writing() as connection:
        needs = store.needs_named(connection, [answer.request_id for answer in answers], lock=True)
        market = look(connection, here, needs)
        known = _answered(connection, provider, list(needs))
        refuse(NotFoundError, [fault for i, one in enumerate(provided) for fault in _unknown(market, one, f"/{i}")])
        new = [(i, one) for i, one in enumerate(provided) if key_of(provider, one) not in known]
        refuse(ConflictError, [fault for i, one in new for fault in _conflicts(market, one, f"/{i}")])
        refuse(ConflictError, [fault for i, one in enumerate(provided) for fault in _changed(known, one, f"/{i}")])
        keep_time(connection, market)
        made = {key_of(provider, one): [_transition(one, market.at)] for _, one in new}
        store.add_histories(connection, "activation", made)
        store.add(connection, store.ANSWERS, [one for _, one in new], market.at)
        return [known[key][1] if (key := key_of(provider, one)) in known else market.at for one in provided]


def _answered(
    connection: Connection, provider: str, request_ids: Sequence[str]
) -> dict[Key, tuple[ProvidedAnswer, datetime]]:
    of = (store.ANSWERS.c.provider == provider) & store.ANSWERS.c.request_id.in_(request_ids)
    rows = connection.execute(select(store.ANSWERS).where(of)).mappings()
    read = [(records.read(ProvidedAnswer, row), row["received_at"]) for row in rows]
    return {key_of(provider, answer): (answer, at) for answer, at in read}


def _unknown(market: Market, answer: ProvidedAnswer, place: str) -> Iterator[Fault]:
    if key_of(answer.provider, answer) not in market.orders:
        said = f"{answer.provider} was given no order for offer {answer.offer_id} for need {answer.request_id}"
        yield Fault(f"{place}/offerId", said)


def _conflicts(market: Market, answer: ProvidedAnswer, place: str) -> Iterator[Fault]:
    key = key_of(answer.provider, answer)
    what, state = f"the activation of offer {answer.offer_id}", market.activation_state(key)
    if state is None:
        yield Fault(f"{place}/offerId", f"offer {answer.offer_id} was declined: there is nothing to answer")
        return
    if answer.start_time != market.orders[key].start_time:
        said = f"{what} begins at {market.orders[key].start_time}, not at {answer.start_time}"
        yield Fault(f"{place}/startTime", said)
    if refused := states.refusal(states.ACTIVATION, what, state, answer.status.lower()):
        until = market.told(market.answer_until(key))
        yield Fault(f"{place}/status", f"{refused}: it could be answered until {until}")


def _changed(known: dict[Key, tuple[ProvidedAnswer, datetime]], answer: ProvidedAnswer, place: str) -> Iterator[Fault]:
    before = known.get(key_of(answer.provider, answer))
    if before is not None and before[0] != answer:
        said = f"the activation of offer {answer.offer_id} was answered {before[0].status} at {before[0].responded_at}"
        yield Fault(place, f"{said} already; it is answered once")


def _transition(answer: ProvidedAnswer, at: datetime) -> Transition:
    said = "the provider accepted" if answer.status == "Accepted" else "the provider refused"
    cause = f"{said}: {answer.reason}" if answer.reason.strip() else said
    return Transition(answer.status.lower(), at, cause, answer.provider)


def found(here: Context, request_id: str | None, page: Window) -> list[KeptOrder]:
    """Every order, or those for one need, with its acknowledgements and the state of its activation."""
    with here.database.reading() as connection:
        orders, market = _page(connection, here, request_id, page)
        heard = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "order", *ORDER_KEY, request_ids=market.needs)
    kept = []
    for order in orders:
        key = key_of(order.provider, order)
        known = {"acknowledgements": heard.get(key, []), "state": market.activation_state(key)}
        kept.append(KeptOrder.model_validate(dict(order) | known))
    return kept


def histories(here: Context, request_id: str | None, page: Window) -> list[ActivationHistory]:
    """The states of every activation, or of those for one need, with all that led to them."""
    with here.database.reading() as connection:
        orders, market = _page(connection, here, request_id, page, store.ORDERS.c.activation == "Yes")
    told = []
    for order in orders:
        key = key_of(order.provider, order)
        said = {"provider": key[0], "request_id": key[1], "offer_id": key[2], "state": market.activation_state(key)}
        history = changes(market.activation_histories[key])
        told.append(ActivationHistory.model_validate(said | {"history": history}))
    return told


def _page(
    connection: Connection, here: Context, request_id: str | None, page: Window, *conditions: Any
) -> tuple[list[ProviderOrder], Market]:
    of = conditions if request_id is None else (*conditions, store.ORDERS.c.request_id == request_id)
    query = select(store.ORDERS).where(*of).order_by(store.ORDERS.c.number)
    rows = connection.execute(query.offset(page.after).limit(page.reach)).mappings()
    orders = [records.read(ProviderOrder, row) for row in rows]
    needs = store.needs_named(connection, {order.request_id for order in orders})
    return orders, look(connection, here, needs)
