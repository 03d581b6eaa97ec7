"""What is kept of subscriptions: who is sent what over which channel, and what became of every message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from gridlingua.services.instants import Instant
from gridlingua.services.organisations import ORGANISATIONS
from gridlingua.services.subscriptions.messages import Subscription
from gridlingua.storage import UTCInstant, upsert

metadata = MetaData()
_ACTIVE = text("state = 'active'")
SUBSCRIPTIONS = Table(
    "subscriptions_subscriptions",
    metadata,
    Column("organisation", String, primary_key=True),
    Column("subscription_id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("callback", String, nullable=False),
    Column("state", String, nullable=False),
    Column("subscribed_at", UTCInstant, nullable=False),
    Column("ended_at", UTCInstant),
    Column("ended_by", String, nullable=False),
    Column("withdrawn_at", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("former_secret", String, nullable=False),
    Column("secret_at", UTCInstant, nullable=False),
    Index("subscriptions_one_active", "organisation", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
)
DELIVERIES = Table(
    "subscriptions_deliveries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("organisation", String, nullable=False),
    Column("subscription_id", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("path", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", UTCInstant, nullable=False),
    Column("last_at", UTCInstant, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", String, nullable=False),
    UniqueConstraint("organisation", "message_id", name="subscriptions_deliveries_by_message"),
)
HOSTS = Table(
    "subscriptions_hosts",
    metadata,
    Column("host", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("allowed_by", String, nullable=False),
    Column("allowed_at", UTCInstant, nullable=False),
)
Found = Row[Any]


def _named(organisation: str, subscription_id: str) -> list[Any]:
    return [SUBSCRIPTIONS.c.organisation == organisation, SUBSCRIPTIONS.c.subscription_id == subscription_id]


def subscription(connection: Connection, organisation: str, subscription_id: str) -> Found | None:
    """A subscription, which nobody else changes before this transaction ends."""
    query = select(SUBSCRIPTIONS).where(*_named(organisation, subscription_id)).with_for_update()
    return connection.execute(query).one_or_none()


def active(connection: Connection, organisation: str | None = None) -> Sequence[Found]:
    """The subscriptions that stand: all of them, or that of an organisation."""
    wanted = [SUBSCRIPTIONS.c.state == "active"]
    if organisation is not None:
        wanted.append(SUBSCRIPTIONS.c.organisation == organisation)
    return connection.execute(select(SUBSCRIPTIONS).where(*wanted).order_by(SUBSCRIPTIONS.c.organisation)).all()


def served(connection: Connection, organisation: str | None = None) -> Sequence[Found]:
    """The subscriptions that stand, of organisations that are let in as service providers."""
    query = select(ORGANISATIONS.c.id, ORGANISATIONS.c.roles).where(ORGANISATIONS.c.active)
    let_in = {row.id for row in connection.execute(query) if "service_provider" in row.roles}
    return [row for row in active(connection, organisation) if row.organisation in let_in]


def add(connection: Connection, organisation: str, one: Subscription, secret: str, at: datetime) -> bool:
    """Keep a new subscription; False when the id is taken, or the organisation has another one that stands."""
    row = {
        "organisation": organisation,
        "subscription_id": one.subscription_id,
        "channel": one.channel,
        "callback": one.callback,
        "state": "active",
        "subscribed_at": at,
        "ended_by": "",
        "withdrawn_at": "",
        "reason": "",
        "secret": secret,
        "former_secret": "",
        "secret_at": at,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(SUBSCRIPTIONS).values(row))
    except IntegrityError:
        return False
    return True


def end(
    connection: Connection, row: Found, at: datetime, by: str, reason: str, withdrawn: Instant | None = None
) -> None:
    """End a subscription that stands."""
    said = {"state": "ended", "ended_at": at, "ended_by": by, "reason": reason}
    mine = [*_named(row.organisation, row.subscription_id), SUBSCRIPTIONS.c.state == "active"]
    given = withdrawn.text if withdrawn else ""
    connection.execute(update(SUBSCRIPTIONS).where(*mine).values(**said, withdrawn_at=given))


def replace_secret(connection: Connection, row: Found, secret: str, at: datetime) -> None:
    """Sign with a new secret; the former one goes on for a while."""
    given = {"secret": secret, "former_secret": row.secret, "secret_at": at}
    connection.execute(update(SUBSCRIPTIONS).where(*_named(row.organisation, row.subscription_id)).values(**given))


def begin_delivery(
    connection: Connection, subscription_: tuple[str, str], message_id: str, path: str, at: datetime
) -> None:
    """Keep that a message is on its way, for the first time or again."""
    organisation, subscription_id = subscription_
    mine = _delivery(organisation, message_id)
    again = {"attempts": DELIVERIES.c.attempts + 1, "last_at": at, "outcome": "sending"}
    if connection.execute(update(DELIVERIES).where(*mine).values(**again)).rowcount:
        return
    row = {"organisation": organisation, "subscription_id": subscription_id, "message_id": message_id, "path": path}
    times = {"attempts": 1, "first_at": at, "last_at": at, "outcome": "sending", "detail": ""}
    try:
        with connection.begin_nested():
            connection.execute(insert(DELIVERIES).values(**row, **times))
    except IntegrityError:  # somebody else began it in between
        connection.execute(update(DELIVERIES).where(*mine).values(**again))


def end_delivery(
    connection: Connection, organisation: str, message_id: str, outcome: str, detail: str, at: datetime
) -> None:
    """Keep what became of a message."""
    mine = _delivery(organisation, message_id)
    connection.execute(update(DELIVERIES).where(*mine).values(outcome=outcome, detail=detail, last_at=at))


def _delivery(organisation: str, message_id: str) -> list[Any]:
    return [DELIVERIES.c.organisation == organisation, DELIVERIES.c.message_id == message_id]


def hosts(connection: Connection) -> list[str]:
    """The hosts that may be called back although they are not public."""
    return list(connection.execute(select(HOSTS.c.host).order_by(HOSTS.c.host)).scalars())


def allow_host(connection: Connection, host: str, reason: str, by: str, at: datetime) -> None:
    """Let a host be called back as it is."""
    upsert(connection, HOSTS, [{"host": host, "reason": reason, "allowed_by": by, "allowed_at": at}])


def forbid_host(connection: Connection, host: str) -> bool:
    """Take an exception back; False when there is none."""
    return bool(connection.execute(delete(HOSTS).where(HOSTS.c.host == host)).rowcount)
