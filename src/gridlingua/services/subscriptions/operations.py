"""What happens to subscriptions, one transaction after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from gridlingua.errors import Fault
from gridlingua.services.access import Caller, knowledge_bases
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.pages import Window
from gridlingua.services.refusals import ConflictError, ForbiddenError, NotFoundError, RefusedError
from gridlingua.services.subscriptions import domain, signatures, store
from gridlingua.services.subscriptions.messages import (
    AllowedHost,
    Delivery,
    Ending,
    Host,
    KeptSubscription,
    OwnedSubscription,
    Secret,
    Subscription,
    Withdrawal,
)
from gridlingua.services.subscriptions.store import DELIVERIES, HOSTS, SUBSCRIPTIONS, Found


def subscribe(here: Context, organisation: str, wish: Subscription) -> datetime:
    """Keep a subscription; returns since when it stands, the first time when it is sent again.

    Raises ``RefusedError`` for a channel that cannot be, ``ConflictError`` when the id has another meaning or an end,
    or another subscription stands.
    """
    now = here.clock()
    with here.database.writing() as connection:
        known = store.subscription(connection, organisation, wish.subscription_id)
        if known is not None:
            return _again(known, wish)
        on_network = bool(knowledge_bases(connection, organisation))
        _refuse(domain.subscription_faults(wish, on_network, store.hosts(connection)))
        if store.add(connection, organisation, wish, signatures.new_secret(), now):
            return now
        known = store.subscription(connection, organisation, wish.subscription_id)
        if known is not None:  # the same message came twice at once
            return _again(known, wish)
        standing = [row.subscription_id for row in store.active(connection, organisation)]
        said = f"subscription {', '.join(standing)} stands, and everything would be sent twice; end it first"
        raise ConflictError([Fault("/subscriptionId", said)])


def _again(known: Found, wish: Subscription) -> datetime:
    said = ""
    if (known.channel, known.callback) != (wish.channel, wish.callback):
        said = "is known with another channel or callback; end it, and subscribe under a new id"
    elif known.state != "active":
        said = f"ended at {known.ended_at.isoformat()}; subscribe under a new id"
    if said:
        raise ConflictError([Fault("/subscriptionId", f"subscription {known.subscription_id} {said}")])
    at: datetime = known.subscribed_at
    return at


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise RefusedError(faults)


def withdraw(here: Context, organisation: str, wish: Withdrawal) -> datetime:
    """End a subscription; returns since when its end is known, the first time when it is sent again."""
    now = here.clock()
    _refuse(list(domain.withdrawal_faults(wish, now)))
    with here.database.writing() as connection:
        known = _found(store.subscription(connection, organisation, wish.subscription_id), wish.subscription_id)
        if known.state == "active":
            store.end(connection, known, now, "subscriber", wish.reason, wish.withdrawn_at)
            return now
        said_before = known.ended_by == "subscriber" and known.withdrawn_at == wish.withdrawn_at.text
        at: datetime = known.ended_at if said_before else now
        return at


def _found(row: Found | None, subscription_id: str) -> Found:
    if row is None:
        raise NotFoundError([Fault("/subscriptionId", f"you have no subscription {subscription_id}")])
    return row


def end(here: Context, wish: Ending) -> OwnedSubscription:
    """Let the operator end a subscription; one that has ended stays as it is."""
    with here.database.writing() as connection:
        row = _of(store.subscription(connection, wish.organisation, wish.subscription_id), wish)
        store.end(connection, row, here.clock(), "operator", wish.reason)
        row = _of(store.subscription(connection, wish.organisation, wish.subscription_id), wish)
    return OwnedSubscription.model_validate(_plain(row, OwnedSubscription))


def _of(row: Found | None, wish: Ending) -> Found:
    if row is None:
        raise NotFoundError(f"{wish.organisation} has no subscription {wish.subscription_id}")
    return row


def new_secret(here: Context, asker: Caller, subscription_id: str) -> Secret:
    """Replace the secret by which callbacks are signed; the former one goes on for a day beside it.

    Raises ``ForbiddenError`` when asked over the network: a secret never travels there.
    """
    if asker.knowledge_base:
        raise ForbiddenError("a secret is told to a direct caller only, never over the network")
    secret = signatures.new_secret()
    with here.database.writing() as connection:
        row = _found(store.subscription(connection, asker.organisation, subscription_id), subscription_id)
        if row.channel != "REST" or row.state != "active":
            raise ConflictError(f"subscription {subscription_id} is not one that is called back: nothing is signed")
        store.replace_secret(connection, row, secret, here.clock())
    return Secret(subscription_id=subscription_id, secret=secret)


def list_own(here: Context, organisation: str) -> list[KeptSubscription]:
    """The subscriptions of an organisation, in the order of time."""
    mine = SUBSCRIPTIONS.c.organisation == organisation
    order = (SUBSCRIPTIONS.c.subscribed_at, SUBSCRIPTIONS.c.subscription_id)
    with here.database.reading() as connection:
        rows = connection.execute(select(SUBSCRIPTIONS).where(mine).order_by(*order)).all()
    return [KeptSubscription.model_validate(_plain(row, KeptSubscription)) for row in rows]


def list_all(here: Context, page: Window) -> list[OwnedSubscription]:
    """Every subscription, by organisation, in the order of time."""
    order = [SUBSCRIPTIONS.c[name] for name in ("organisation", "subscribed_at", "subscription_id")]
    query = select(SUBSCRIPTIONS).order_by(*order).offset(page.after).limit(page.reach)
    with here.database.reading() as connection:
        rows = connection.execute(query).all()
    return [OwnedSubscription.model_validate(_plain(row, OwnedSubscription)) for row in rows]


def list_deliveries(here: Context, organisation: str | None, page: Window) -> list[Delivery]:
    """Messages to subscribers and what became of them, the newest first."""
    wanted = [] if organisation is None else [DELIVERIES.c.organisation == organisation]
    query = select(DELIVERIES).where(*wanted).order_by(DELIVERIES.c.number.desc())
    with here.database.reading() as connection:
        rows = connection.execute(query.offset(page.after).limit(page.reach)).all()
    return [Delivery.model_validate(_plain(row, Delivery)) for row in rows]


def list_hosts(here: Context) -> list[AllowedHost]:
    """The hosts that may be called back although they are not public."""
    with here.database.reading() as connection:
        rows = connection.execute(select(HOSTS).order_by(HOSTS.c.host)).all()
    return [AllowedHost.model_validate(_plain(row, AllowedHost)) for row in rows]


def allow_host(here: Context, asker: Caller, host: Host) -> AllowedHost:
    """Let a host be called back as it is."""
    now, by = here.clock(), asker.client or asker.organisation
    with here.database.writing() as connection:
        store.allow_host(connection, host.host, host.reason, by, now)
    return AllowedHost(host=host.host, reason=host.reason, allowed_by=by, allowed_at=Instant.of(now))


def forbid_host(here: Context, host: str) -> None:
    """Take an exception back; raises ``NotFoundError``."""
    with here.database.writing() as connection:
        if not store.forbid_host(connection, host):
            raise NotFoundError(f"{host} is no exception")


def _plain(row: Found, model: Any) -> dict[str, Any]:
    found = {name: row._mapping[name] for name in model.model_fields}
    return {name: Instant.of(value) if isinstance(value, datetime) else value for name, value in found.items()}
