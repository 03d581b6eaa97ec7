"""Needs go to each subscriber at the gate of their product (D4.3 4.4): a job for each product and subscription.

Because every subscription has a job of its own, one that fails is tried again alone, and nobody else is sent anything
twice. What a job sends is what was recorded before the gate, so an attempt after a crash sends the same message under
the same id. A need that is recorded later goes to each subscriber by itself, as soon as it is known. Who subscribes
after a gate is sent what may still be offered for, whatever became of an earlier subscription's job. Nothing falls due
while the gates are open: then people decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from gridlingua.services import acknowledgements, records
from gridlingua.services.context import Context
from gridlingua.services.flexibility import store as flexibility
from gridlingua.services.messages import Need, NeedAcknowledgement
from gridlingua.services.scheduling import Due, Job, planned_until
from gridlingua.services.subscriptions.channels import Channel, channel_of, deliver, subscribers

PATH = "/Flexibility/Needs"
AT_GATES, LATE = "subscriptions.needs", "subscriptions.late_needs"
AHEAD = timedelta(days=1)
_PRODUCT, _NEED = flexibility.PRODUCTS.c, flexibility.NEEDS.c
_KNOWN = flexibility.PRODUCTS.join(flexibility.NEEDS, _PRODUCT.request_id == _NEED.request_id)


def _at_gates(now: datetime, here: Context) -> Iterator[Due]:
    due: dict[str, Due] = {}
    for channel, row in _promised(here, AT_GATES, now):
        if not _is_late(row):
            key = _key(row, channel)
            until = max(row.offers, due[key].until or row.offers) if key in due else row.offers
            due[key] = Due(key, row.publication, until)
    yield from due.values()


def _late(now: datetime, here: Context) -> Iterator[Due]:
    for channel, row in _promised(here, LATE, now):
        if _is_late(row):
            key = f"{row.request_id}/{channel.organisation}/{channel.subscription_id}"
            yield Due(key, max(row.received_at, row.publication), row.offers)


def _is_late(row: Row[Any]) -> bool:
    late: bool = row.received_at > row.publication - flexibility.LAST_MOMENT
    return late


def _promised(here: Context, kind: str, now: datetime) -> Iterator[tuple[Channel, Row[Any]]]:
    """Each subscriber with each need that could be offered for when it subscribed or later, and since the last plan."""
    since = planned_until(here, kind)
    recent = (_PRODUCT.offers > since, _PRODUCT.publication <= now + AHEAD)
    query = select(flexibility.PRODUCTS, _NEED.received_at).select_from(_KNOWN).where(*recent)
    with here.database.reading() as connection:
        if flexibility.calendar(connection).gates == "open":
            return
        channels = subscribers(connection)
        rows = connection.execute(query).all() if channels else []
    for channel in channels:
        yield from ((channel, row) for row in rows if row.offers > channel.subscribed_at)


def _key(row: Row[Any], channel: Channel) -> str:
    product = row.kind, _written(row.start), _written(row.publication)
    return "/".join([*product, channel.organisation, channel.subscription_id])


def _written(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _instant(written: str) -> datetime:
    return datetime.strptime(written, "%Y%m%dT%H%M%S%z")


def _send_product(here: Context, key: str) -> str:
    kind, start, publication, *subscription = key.split("/")
    gate = _instant(publication)
    product = (_PRODUCT.kind == kind, _PRODUCT.start == _instant(start), _PRODUCT.publication == gate)
    return _send(here, subscription, *product, _NEED.received_at <= gate - flexibility.LAST_MOMENT)


def _send_late(here: Context, key: str) -> str:
    request_id, *subscription = key.split("/")
    return _send(here, subscription, _PRODUCT.request_id == request_id)


def _send(here: Context, subscription: Sequence[str], *conditions: Any) -> str:
    """Send a subscriber what it lacks and may still offer for, and keep its acknowledgements; says what it did."""
    with here.database.writing() as connection:
        channel = _channel(connection, *subscription)
        timely = (*conditions, _PRODUCT.offers > here.clock())
        needs = _needs(connection, channel, *timely) if channel else []
        flexibility.publish(connection, [need.request_id for need in needs], here.clock())
    if channel is None:
        return "the subscription has ended"
    if not needs:
        return "it has everything that may still be offered for"
    reply = deliver(here, channel, PATH, [need.plain() for need in needs])
    heard = acknowledgements.received(reply, NeedAcknowledgement, needs)
    with here.database.writing() as connection:
        acknowledgements.keep(connection, flexibility.ACKNOWLEDGEMENTS, "need", heard.found)
    if not heard.found:
        errors = [error for _, error in heard.errors]
        raise next((error for error in errors if error.retry), errors[0])
    silent = acknowledgements.missing(needs, acknowledgements.told(heard))
    return f"sent {len(needs)} needs, and {len(silent)} of them were not acknowledged"


def _channel(connection: Connection, organisation: str, subscription_id: str) -> Channel | None:
    found = channel_of(connection, organisation)
    return found if found and found.subscription_id == subscription_id else None


def _needs(connection: Connection, channel: Channel, *conditions: Any) -> Sequence[Need]:
    query = select(flexibility.NEEDS).select_from(_KNOWN).where(*conditions).order_by(_NEED.number)
    needs = [records.read(Need, row) for row in connection.execute(query).mappings()]
    ids = {need.request_id for need in needs}
    kept, by = flexibility.ACKNOWLEDGEMENTS, ("party", "request_id")
    heard = acknowledgements.find(connection, kept, "need", *by, request_ids=ids)
    parties = (channel.organisation, *channel.knowledge_bases)
    return [need for need in needs if not any((party, need.request_id) in heard for party in parties)]


jobs = (Job(AT_GATES, _at_gates, _send_product), Job(LATE, _late, _send_late))
