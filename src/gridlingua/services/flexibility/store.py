"""What the DSO keeps of needs, offers and plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import JSON, Column, Connection, Index, Integer, MetaData, String, Table, and_, insert, or_, update
from sqlalchemy import select as sql_select

from gridlingua.services import acknowledgements, records
from gridlingua.services.flexibility.calendar import Calendar, Product
from gridlingua.services.flexibility.changes import ProvidedAnswer
from gridlingua.services.flexibility.messages import Capacity, ProvidedOffer, ProviderOrder
from gridlingua.services.flexibility.states import Suspended, Transition
from gridlingua.services.messages import Need
from gridlingua.services.power import kind, to_base
from gridlingua.services.wire import Message
from gridlingua.storage import ExactDecimal, UTCInstant, append_only, upsert

Key = tuple[str, str, str]
Subject = Literal["offer", "activation"]
"""What makes an offer and its order: provider, need, and the id that the provider gave it."""

LAST_MOMENT = timedelta(minutes=1)
"""A transaction may end this much later than the clock it has read: what is recorded in the last minute before a gate
goes by itself, so that the message of the gate is the same whenever it is put together."""

metadata = MetaData()
NEEDS = records.table("flexibility_needs", metadata, Need, ["request_id"])
_KEY = ("provider", "request_id", "offer_id")
OFFERS = records.table("flexibility_offers", metadata, ProvidedOffer, _KEY)
ORDERS = records.table("flexibility_orders", metadata, ProviderOrder, _KEY)
ACKNOWLEDGEMENTS = acknowledgements.table("flexibility_acknowledgements", metadata)
ANSWERS = records.table("flexibility_answers", metadata, ProvidedAnswer, _KEY)
PRODUCTS = Table(
    "flexibility_products",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    *(Column(name, UTCInstant, nullable=False) for name in ("start", "end")),
    Column("offers", UTCInstant, nullable=False, index=True),
    Column("publication", UTCInstant, nullable=False, index=True),
    Column("plan", UTCInstant, nullable=False, index=True),
    Column("published_at", UTCInstant),
)
TRANSITIONS = append_only(
    Table(
        "flexibility_transitions",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("subject", String, nullable=False),
        *(Column(name, String, nullable=False) for name in ("request_id", "provider", "offer_id")),
        Column("state", String, nullable=False),
        Column("at", UTCInstant, nullable=False),
        Column("cause", String, nullable=False),
        Column("actor", String, nullable=False),
        Index("ix_flexibility_transitions_of", "request_id", "subject"),
    )
)
SUSPENSIONS = Table(
    "flexibility_suspensions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    *(Column(name, String, nullable=False) for name in ("provider", "offer_id", "reason", "actor")),
    Column("request_id", String, nullable=False, index=True),
    *(Column(name, UTCInstant, nullable=False) for name in ("start", "end", "received_at", "since")),
    Column("lifted_at", UTCInstant),
)
CAPACITIES = Table(
    "flexibility_capacities",
    metadata,
    Column("meter_id", String, primary_key=True),
    Column("type_power", String, primary_key=True),
    Column("capacity", ExactDecimal, nullable=False),
    Column("measurement_unit", String, nullable=False),
)
CALENDARS = append_only(
    Table(
        "flexibility_calendars",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("calendar", JSON, nullable=False),
        Column("since", UTCInstant, nullable=False),
        Column("actor", String, nullable=False),
    )
)


def calendar(connection: Connection) -> Calendar:
    """The calendar in force: the one set last, or that of D4.3."""
    query = sql_select(CALENDARS.c.calendar).order_by(CALENDARS.c.number.desc()).limit(1)
    found = connection.execute(query).scalar_one_or_none()
    return Calendar() if found is None else Calendar.model_validate(found)


def set_calendar(connection: Connection, given: Calendar, at: datetime, actor: str) -> None:
    """Put another calendar in force; the earlier ones stay on record."""
    connection.execute(insert(CALENDARS).values(calendar=given.model_dump(mode="json"), since=at, actor=actor))


def set_capacities(connection: Connection, given: Sequence[Capacity]) -> None:
    """Keep what meters can give; a later one takes the place of the earlier of the same meter and kind of power."""
    rows = [dict(one) | {"type_power": kind(one.measurement_unit)} for one in given]
    upsert(connection, CAPACITIES, rows)


def capacities(connection: Connection, meters: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """What these meters can give in W or var, by meter and kind of power, as far as it is known.

    They are locked: nobody else sells of them before this transaction ends.
    """
    order = (CAPACITIES.c.meter_id, CAPACITIES.c.type_power)
    query = sql_select(CAPACITIES).where(CAPACITIES.c.meter_id.in_(set(meters))).order_by(*order).with_for_update()
    rows = connection.execute(query).mappings()
    return {(row["meter_id"], row["type_power"]): to_base(row["capacity"], row["measurement_unit"]) for row in rows}


def list_capacities(connection: Connection, after: int, limit: int) -> list[Capacity]:
    """What meters can give, by meter."""
    query = sql_select(CAPACITIES).order_by(CAPACITIES.c.meter_id, CAPACITIES.c.type_power)
    return [records.read(Capacity, row) for row in connection.execute(query.offset(after).limit(limit)).mappings()]


def needs_named(connection: Connection, request_ids: Iterable[str], *, lock: bool = False) -> dict[str, Need]:
    """The needs of these ids that exist; ``lock`` lets no other transaction change what is about them meanwhile."""
    query = sql_select(NEEDS).where(NEEDS.c.request_id.in_(set(request_ids))).order_by(NEEDS.c.number)
    rows = connection.execute(query.with_for_update() if lock else query).mappings()
    return {row["request_id"]: records.read(Need, row) for row in rows}


def offers_for(connection: Connection, request_ids: Iterable[str]) -> list[ProvidedOffer]:
    """The offers for these needs, in the order they came."""
    return records.find(connection, OFFERS, ProvidedOffer, OFFERS.c.request_id.in_(set(request_ids)))


def orders_for(connection: Connection, request_ids: Iterable[str]) -> list[ProviderOrder]:
    """The orders given for these needs, in the order they were given."""
    return records.find(connection, ORDERS, ProviderOrder, ORDERS.c.request_id.in_(set(request_ids)))


def add_products(connection: Connection, products: dict[str, Product]) -> None:
    """Keep to which product each need belongs; that of a need which has one stays."""
    known = set(products_of(connection, products))
    columns = ("kind", "start", "end", "publication", "offers", "plan")
    for request_id, product in products.items():
        if request_id not in known:
            values = {name: getattr(product, name) for name in columns}
            connection.execute(insert(PRODUCTS).values(values | {"request_id": request_id}))


def products_of(connection: Connection, request_ids: Iterable[str]) -> dict[str, tuple[Product, datetime | None]]:
    """The product of each need, and when the need was first published."""
    rows = connection.execute(sql_select(PRODUCTS).where(PRODUCTS.c.request_id.in_(set(request_ids)))).mappings()
    fields = Product.__dataclass_fields__
    return {row["request_id"]: (Product(**{name: row[name] for name in fields}), row["published_at"]) for row in rows}


def publish(connection: Connection, request_ids: Iterable[str], at: datetime) -> None:
    """Note that needs are published from ``at`` on; those that were before stay as they are."""
    unpublished = PRODUCTS.c.request_id.in_(set(request_ids)) & PRODUCTS.c.published_at.is_(None)
    connection.execute(update(PRODUCTS).where(unpublished).values(published_at=at))


def is_public(at: datetime) -> Any:
    """The condition that a need is published, or due to be; its table must be joined with ``PRODUCTS``."""
    return or_(PRODUCTS.c.published_at.is_not(None), PRODUCTS.c.publication <= at)


def transitions(connection: Connection, subject: Subject, request_ids: Iterable[str]) -> dict[Key, list[Transition]]:
    """What offers or activations for these needs went through, in order."""
    of = and_(TRANSITIONS.c.subject == subject, TRANSITIONS.c.request_id.in_(set(request_ids)))
    found: dict[Key, list[Transition]] = {}
    for row in connection.execute(sql_select(TRANSITIONS).where(of).order_by(TRANSITIONS.c.number)).mappings():
        one = Transition(row["state"], row["at"], row["cause"], row["actor"])
        found.setdefault((row["provider"], row["request_id"], row["offer_id"]), []).append(one)
    return found


def add_transitions(connection: Connection, subject: Subject, key: Key, made: Sequence[Transition]) -> None:
    """Keep further transitions of one offer or activation."""
    add_histories(connection, subject, {key: made})


def add_histories(connection: Connection, subject: Subject, made: Mapping[Key, Sequence[Transition]]) -> None:
    """Keep further transitions of several offers or activations."""
    rows = [
        {"subject": subject} | dict(zip(_KEY, key, strict=True)) | vars(one)
        for key, several in made.items()
        for one in several
    ]
    if rows:
        connection.execute(insert(TRANSITIONS), rows)


def add(connection: Connection, kept: Table, messages: Sequence[Message], at: datetime) -> None:
    """Keep messages that are known to be new; the needs that they are about must be locked."""
    if messages:
        connection.execute(insert(kept), [records.values(one) | {"received_at": at} for one in messages])


def suspensions(connection: Connection, request_ids: Iterable[str]) -> dict[Key, list[Suspended]]:
    """The suspensions of offers for these needs that were not lifted, in the order they came."""
    in_force = SUSPENSIONS.c.request_id.in_(set(request_ids)) & SUSPENSIONS.c.lifted_at.is_(None)
    found: dict[Key, list[Suspended]] = {}
    for row in connection.execute(sql_select(SUSPENSIONS).where(in_force).order_by(SUSPENSIONS.c.number)).mappings():
        one = Suspended(*(row[name] for name in Suspended.__dataclass_fields__))
        found.setdefault((row["provider"], row["request_id"], row["offer_id"]), []).append(one)
    return found


def add_suspension(connection: Connection, key: Key, one: Suspended, actor: str) -> None:
    """Keep a suspension of an offer."""
    provider, request_id, offer_id = key
    ids = {"provider": provider, "request_id": request_id, "offer_id": offer_id}
    connection.execute(insert(SUSPENSIONS).values(ids | vars(one) | {"actor": actor}))


def lift(connection: Connection, key: Key, at: datetime) -> None:
    """End every suspension of an offer."""
    of = and_(*(SUSPENSIONS.c[name] == value for name, value in zip(_KEY, key, strict=True)))
    connection.execute(update(SUSPENSIONS).where(of, SUSPENSIONS.c.lifted_at.is_(None)).values(lifted_at=at))
