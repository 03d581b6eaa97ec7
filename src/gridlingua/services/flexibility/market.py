"""All that is known of some needs at a time: their gates, offers and orders, and the states of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gridlingua.errors import Fault
from gridlingua.services.context import Context
from gridlingua.services.flexibility import calendar, states, store
from gridlingua.services.flexibility.calendar import Calendar, Product
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.flexibility.states import Suspended, Transition
from gridlingua.services.flexibility.store import Key, Subject
from gridlingua.services.messages import Need
from gridlingua.services.refusals import RefusedError

LEAST_TO_ANSWER = timedelta(minutes=5)
_BEFORE_STATES = "known from before states were kept"


@dataclass(frozen=True)
class Market:
    """Needs and what is about them; histories are complete at ``at``, and ``due`` are what the clock added to them."""

    calendar: Calendar
    zone: ZoneInfo
    at: datetime
    needs: Mapping[str, Need]
    products: Mapping[str, Product]
    published: Mapping[str, datetime | None]
    offers: Mapping[Key, ProvidedOffer]
    orders: Mapping[Key, ProviderOrder]
    suspensions: Mapping[Key, Sequence[Suspended]]
    offer_histories: dict[Key, list[Transition]] = field(default_factory=dict)
    activation_histories: dict[Key, list[Transition]] = field(default_factory=dict)
    due: list[tuple[Subject, Key, Transition]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether no gate closes before delivery begins."""
        return self.calendar.gates == "open"

    def public(self) -> dict[str, Need]:
        """The needs that are published, or due to be."""
        return {id_: need for id_, need in self.needs.items() if self._is_public(id_)}

    def _is_public(self, request_id: str) -> bool:
        is_due = self.products[request_id].publication <= self.at
        return self.is_open or is_due or self.published[request_id] is not None

    def is_closed(self, request_id: str) -> bool:
        """Whether the gate for plans is past."""
        return not self.is_open and self.at > self.products[request_id].plan

    def offer_state(self, key: Key) -> str:
        return self.offer_histories[key][-1].state

    def activation_state(self, key: Key) -> str | None:
        """The state of the activation; None when the offer was declined."""
        return self.activation_histories[key][-1].state if key in self.activation_histories else None

    def is_activated(self, key: Key) -> bool:
        """Whether an offer has an order that stands: accepted, or not answered yet."""
        return self.activation_state(key) in ("sent", "accepted")

    def answer_until(self, key: Key) -> datetime:
        """Until when an activation can be answered: the calendar's minutes, but not beyond the gate for plans.

        At the gate the DSO knows who delivers: until then what is cancelled can be given to others, and afterwards a
        late answer would only tell that nobody is left to ask. What is activated in the last minutes before the gate
        can be answered for ``LEAST_TO_ANSWER`` all the same. Never beyond the beginning of delivery; with open gates,
        that is the only bound.
        """
        sent = self.activation_histories[key][0].at
        until = sent + timedelta(minutes=self.calendar.answer_minutes)
        if not self.is_open:
            until = min(until, max(self.products[key[1]].plan, sent + LEAST_TO_ANSWER))
        return min(until, self.orders[key].start_time.at)

    def told(self, at: datetime) -> str:
        """An instant in local time."""
        return calendar.told(at, self.zone)

    def _pass_time(self) -> None:
        for key, history in self.activation_histories.items():
            made = list(states.due_of_activation(history, self.answer_until(key), self.at))
            self._add("activation", key, history, made)
        for key, offer in self.offers.items():
            deadline = offer.start_time.at if self.is_open else self.products[offer.request_id].plan
            history, suspensions = self.offer_histories[key], self.suspensions.get(key, ())
            activated = self.is_activated(key)
            made = list(states.due_of_offer(history, suspensions, deadline, self.at, activated=activated))
            self._add("offer", key, history, made)

    def _add(self, subject: Subject, key: Key, history: list[Transition], made: Sequence[Transition]) -> None:
        history.extend(made)
        self.due.extend((subject, key, one) for one in made)


class _Named(Protocol):
    @property
    def request_id(self) -> str: ...
    @property
    def offer_id(self) -> str: ...


def key_of(provider: str, one: _Named) -> Key:
    """What makes an offer, an order, or what is said about one of them, at its provider."""
    return provider, one.request_id, one.offer_id


def look(connection: Connection, here: Context, needs: Mapping[str, Need]) -> Market:
    """The market of these needs at the present of ``here``."""
    in_force, at = store.calendar(connection), here.clock()
    kept = store.products_of(connection, needs)
    offers = {key_of(one.provider, one): one for one in store.offers_for(connection, needs)}
    orders = {key_of(one.provider, one): one for one in store.orders_for(connection, needs)}
    products = {id_: kept[id_][0] if id_ in kept else _old(need, in_force, here.zone) for id_, need in needs.items()}
    was = {key: [Transition("active", products[key[1]].publication, _BEFORE_STATES, here.name)] for key in offers}
    stood = {  # nobody was asked to answer then, so what was ordered was to be delivered
        key: [Transition("accepted", products[key[1]].offers, _BEFORE_STATES, here.name)]
        for key, order in orders.items()
        if order.activation == "Yes"
    }
    market = Market(
        in_force,
        here.zone,
        at,
        needs,
        products,
        {id_: kept[id_][1] if id_ in kept else products[id_].publication for id_ in needs},
        offers,
        orders,
        store.suspensions(connection, needs),
        was | store.transitions(connection, "offer", needs),
        stood | store.transitions(connection, "activation", needs),
    )
    market._pass_time()
    return market


def _old(need: Need, in_force: Calendar, zone: ZoneInfo) -> Product:
    """The product of a need from before products were kept: day-ahead."""
    return calendar.day_ahead(in_force, zone, need.start_time.at.astimezone(zone).date())


def keep_time(connection: Connection, market: Market) -> None:
    """Write down what the clock has done; the needs must be locked."""
    for subject, key, one in market.due:
        store.add_transitions(connection, subject, key, [one])


def refuse(refusal: type[RefusedError], faults: Sequence[Fault]) -> None:
    """Raise a refusal when there are faults."""
    if faults:
        raise refusal(faults)
