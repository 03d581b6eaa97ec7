"""Messages as rows of a table: a column for each field, and beside every time its UTC instant to search by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services.instants import Instant
from gridlingua.services.refusals import ConflictError
from gridlingua.services.wire import Message
from gridlingua.storage import ExactDecimal, UTCInstant

M = TypeVar("M", bound=Message)
Key = tuple[Any, ...]
Row = Mapping[str, Any] | RowMapping


def table(name: str, metadata: MetaData, model: type[Message], key: Sequence[str], *extra: Column[Any]) -> Table:
    """A table that keeps messages of ``model`` in the order they came, one for each ``key``."""
    columns = [column for field, info in model.model_fields.items() for column in _columns(field, info.annotation)]
    number = Column("number", Integer, primary_key=True, autoincrement=True)
    received = Column("received_at", UTCInstant, nullable=False)
    return Table(name, metadata, number, received, *columns, *extra, UniqueConstraint(*key), info={"key": tuple(key)})


def _columns(field: str, annotation: Any) -> list[Column[Any]]:
    if annotation is Instant:
        return [
            Column(field, String, nullable=False),
            Column(f"{field}_utc", UTCInstant, nullable=False, index=True),
        ]
    kinds = {Decimal: ExactDecimal, int: Integer}
    is_list = getattr(annotation, "__origin__", None) is tuple
    return [Column(field, JSON if is_list else kinds.get(annotation, String), nullable=False)]


def values(message: Message) -> dict[str, Any]:
    """The columns of a message."""
    found: dict[str, Any] = {}
    for field in type(message).model_fields:
        value = getattr(message, field)
        if isinstance(value, Instant):
            found |= {field: value.text, f"{field}_utc": value.at}
        else:
            found[field] = list(value) if isinstance(value, tuple) else value
    return found


def read(model: type[M], row: Row) -> M:
    """The message that was kept in a row."""
    return model.model_validate({field: row[field] for field in model.model_fields})


def key_of(kept: Table, message: Message) -> Key:
    """What makes the message itself in that table."""
    return tuple(getattr(message, field) for field in kept.info["key"])


def find(connection: Connection, kept: Table, model: type[M], *conditions: Any) -> list[M]:
    """The messages that fulfil every condition, in the order they came."""
    rows = connection.execute(select(kept).where(*conditions).order_by(kept.c.number)).mappings()
    return [read(model, row) for row in rows]


def overlapping(kept: Table, start: datetime, end: datetime) -> Any:
    """The condition that a message's period has an instant in common with [start, end)."""
    return (kept.c.start_time_utc < end) & (kept.c.end_time_utc > start)


def keep(
    connection: Connection, kept: Table, messages: Sequence[M], at: datetime, extra: Mapping[str, Any] | None = None
) -> list[datetime]:
    """Keep what is new; returns when each message came first.

    The same message again is no news; raises ``ConflictError`` when one of the same key says something else, and keeps
    nothing.
    """
    try:
        with connection.begin_nested():
            return _keep(connection, kept, messages, at, extra or {})
    except IntegrityError:  # somebody else kept the same key in between: now it can be seen and compared
        return _keep(connection, kept, messages, at, extra or {})


def _keep(
    connection: Connection, kept: Table, messages: Sequence[M], at: datetime, extra: Mapping[str, Any]
) -> list[datetime]:
    came: list[datetime] = []
    faults: list[Fault] = []
    for position, message in enumerate(messages):
        row = connection.execute(select(kept).where(*_same_key(kept, message))).mappings().one_or_none()
        if row is None:
            connection.execute(insert(kept).values(values(message) | dict(extra) | {"received_at": at}))
        elif differing := _differing(message, row, extra):
            faults.append(_conflict(kept, message, position, differing))
        came.append(at if row is None else row["received_at"])
    if faults:
        raise ConflictError(faults)
    return came


def _same_key(kept: Table, message: Message) -> list[Any]:
    return [kept.c[field] == value for field, value in zip(kept.info["key"], key_of(kept, message), strict=True)]


def _differing(message: Message, row: Row, extra: Mapping[str, Any]) -> list[str]:
    known = read(type(message), row)
    fields = type(message).model_fields
    told = [str(fields[field].alias) for field in fields if not _same(getattr(known, field), getattr(message, field))]
    return told + [name for name, value in extra.items() if row[name] != value]


def _same(known: object, told: object) -> bool:
    if isinstance(known, tuple) and isinstance(told, tuple):
        return set(known) == set(told)
    return known == told


def _conflict(kept: Table, message: Message, position: int, differing: Sequence[str]) -> Fault:
    fields = type(message).model_fields
    ids = ", ".join(f"{fields[field].alias} {getattr(message, field)}" for field in kept.info["key"])
    told = f"{ids} is already known with another {', '.join(differing)}"
    return Fault(f"/{position}", f"{told}; send it as it was, or under a new id")


def duplicates(kept_by: Sequence[str], messages: Sequence[Message]) -> list[Fault]:
    """Faults of messages that occur twice in one array, by the fields that make a message itself."""
    seen: dict[Key, int] = {}
    faults = []
    for position, message in enumerate(messages):
        key = tuple(getattr(message, field) for field in kept_by)
        first = seen.setdefault(key, position)
        if first != position:
            faults.append(Fault(f"/{position}", f"{' '.join(map(str, key))} stands at /{first} already; send it once"))
    return faults
