"""What an aggregator says to activations, how it subscribes to them, and what it says to reports of their delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from gridlingua.errors import RemoteError
from gridlingua.services import acknowledgements, answers, records
from gridlingua.services.accounts import webhooks
from gridlingua.services.aggregator import settling, store
from gridlingua.services.aggregator.messages import (
    Answering,
    Authorized,
    Authorizing,
    DsoOffer,
    DsoOrder,
    KeptAnswer,
    KeptReport,
    Subscribed,
    Subscribing,
)
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.flexibility.changes import ActivationAnswer
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Acknowledgement, Period
from gridlingua.services.power import required_period
from gridlingua.services.settlement.messages import Decision, DeliveryReport

TOLERANCE = Decimal("0.001")  # kW: less than a meter can tell
Headers = Mapping[str, str]
Key = tuple[str, str]
_ANSWER = tuple(ActivationAnswer.model_fields)


def subscribe(here: Context, wish: Subscribing) -> tuple[Subscribed, Headers]:
    """Be sent needs and plans; where they come with a signature, its secret is asked for and kept.

    Raises ``RemoteError`` when the DSO refuses or fails.
    """
    said = {"subscriptionId": wish.subscription_id, "channel": wish.channel}
    said |= {"callback": wish.callback} if wish.channel == "REST" else {}
    reply = here.network.post("/Flexibility/Subscribe", said)
    heard = answers.read(reply, lambda body: Subscribed.model_validate(body)).required()
    if wish.channel == "REST":
        path = f"/Flexibility/Subscribe/{wish.subscription_id}/secret"
        told = answers.read(here.network.post(path, {}), _secret).required()
        with here.database.writing() as connection:
            webhooks.put(connection, wish.dso, told.found[0][1], here.clock())
    return heard.found[0][1], reply.headers


def _secret(body: Any) -> str:
    if not isinstance(body, dict) or not isinstance(body.get("secret"), str):
        raise RemoteError("asked for a secret, got none", party="dso")
    return str(body["secret"])


def authorize(here: Context, wish: Authorizing) -> tuple[Authorized, Headers]:
    """Ask for a user's authorization, or whether it has come; raises ``RemoteError`` when nobody answers."""
    required_period(Period(start_time=wish.start, end_time=wish.end))
    question = {"endUser": wish.end_user, "start": str(wish.start), "end": str(wish.end)}
    reply = here.network.get("/Data/Authorization", question)
    heard = answers.read(reply, lambda body: Authorized.model_validate(body)).required()
    return heard.found[0][1], reply.headers


def answer(here: Context, wish: Answering) -> Answers[list[KeptAnswer]]:
    """Say the same to every activation that has no answer yet; what a DSO did not acknowledge is said again.

    Answers are kept before they are sent. DSOs that fail are named; raises ``RemoteError`` when all of them do.
    """
    now = Instant.of(here.clock())
    with here.database.writing() as connection:
        given = [one for one in store.orders(connection, wish.request_ids) if one.activation == "Yes"]
        kept = {_key(one): one for one in records.find(connection, store.ANSWERS, KeptAnswer)}
        new = [
            KeptAnswer(
                request_id=one.request_id, offer_id=one.offer_id, status=wish.status, start_time=one.start_time,
                responded_at=now, reason=wish.reason, dso=one.dso, acknowledged=False,
            )
            for one in given
            if _key(one) not in kept
        ]  # fmt: skip
        records.keep(connection, store.ANSWERS, new, here.clock())
    open_ = [one for one in kept.values() if not one.acknowledged] + new
    dsos = dict.fromkeys(one.dso for one in open_)
    heard = answers.together(_send(here, dso, [one for one in open_ if one.dso == dso]) for dso in dsos)
    return heard.required() if open_ else heard


def _key(one: Any) -> tuple[str, str, str]:
    return one.dso, one.request_id, one.offer_id


def _send(here: Context, dso: str, said: Sequence[KeptAnswer]) -> Answers[list[KeptAnswer]]:
    told = [ActivationAnswer(**{name: getattr(one, name) for name in _ANSWER}) for one in said]
    try:
        reply = here.network.post("/Flexibility/ActivationResponse", [_brief(one) for one in told], to=_address(dso))
        heard = acknowledgements.received(reply, Acknowledgement, told)
    except RemoteError as error:
        return Answers([], [(dso or error.party, error)])
    has = {(one.request_id, one.offer_id) for one in acknowledgements.told(heard)}
    done = [one.model_copy(update={"acknowledged": True}) for one in said if (one.request_id, one.offer_id) in has]
    with here.database.writing() as connection:
        for one in done:
            store.acknowledge_answer(connection, one)
    return Answers([(dso, done)], heard.errors, heard.headers)


def _brief(one: ActivationAnswer) -> dict[str, Any]:
    """A message without the reason when there is none."""
    return {name: value for name, value in one.plain().items() if name != "reason" or value}


def _address(dso: str) -> str:
    """Over the network a DSO is named by its knowledge base id; a direct neighbour by its organisation, and alone."""
    return dso if ":" in dso else ""


def receive_reports(here: Context, reports: Sequence[DeliveryReport], sender: str) -> list[Decision]:
    """Confirm or dispute what a DSO reports of each offer, and keep it; the same report again is answered the same."""
    decisions = []
    with here.database.writing() as connection:
        orders = {(one.request_id, one.offer_id): one for one in store.orders(connection)}
        offers = store.offers_by_key(connection, {one.request_id for one in reports})
        for one in reports:
            key = one.request_id, one.offer_id
            meters = offers[key].meter_ids if key in offers else ()
            mine = store.baselines(connection, meters, one.start_time.at, one.end_time.at)
            why = settling.objection(one, orders.get(key), mine, TOLERANCE, is_shared=_shares(key, orders, offers))
            decision = "Disputed" if why else "Confirmed"
            kept = KeptReport.model_validate(dict(one) | {"dso": sender, "decision": decision, "reason": why})
            decisions.append(_decision(here, kept, store.keep_report(connection, kept, here.clock())))
    return decisions


def _shares(key: Key, orders: Mapping[Key, DsoOrder], offers: Mapping[Key, DsoOffer]) -> bool:
    """Whether another offer of the same meters is ordered for the same need."""
    rivals = (other for other, order in orders.items() if order.activation == "Yes" and other in offers)
    mine = set(offers[key].meter_ids) if key in offers else set()
    return any(other != key and other[0] == key[0] and set(offers[other].meter_ids) == mine for other in rivals)


def _decision(here: Context, kept: KeptReport, at: datetime) -> Decision:
    said = {name: getattr(kept, name) for name in ("request_id", "offer_id", "decision", "reason")}
    return Decision.model_validate(said | {"acknowledged_by": here.name, "acknowledged_at": Instant.of(at)})
