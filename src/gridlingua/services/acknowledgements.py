"""Acknowledgements that came back for what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Column, Connection, MetaData, String, Table, select

from gridlingua.errors import RemoteError
from gridlingua.services.messages import Acknowledgement, NeedAcknowledgement
from gridlingua.services.network import Reply
from gridlingua.services.wire import Message
from gridlingua.storage import UTCInstant, upsert

A = TypeVar("A", NeedAcknowledgement, Acknowledgement)


def table(name: str, metadata: MetaData) -> Table:
    """A table of who acknowledged which ``subject`` (need, offer, order); ``offer_id`` is empty for a need."""
    keys = ("subject", "request_id", "offer_id", "acknowledged_by")
    return Table(
        name,
        metadata,
        *(Column(key, String, primary_key=True) for key in keys),
        Column("acknowledged_at", String, nullable=False),
        Column("acknowledged_at_utc", UTCInstant, nullable=False),
    )


def received(reply: Reply, model: type[A], sent: Sequence[Message]) -> list[A]:
    """The acknowledgements in a reply; raises ``RemoteError`` when they are none, or of something that was not sent."""
    try:
        found = TypeAdapter(list[model]).validate_python(reply.body)  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/".join(map(str, first["loc"]))
        raise RemoteError(f"the acknowledgement is worthless: /{place}: {first['msg']}", party="network") from error
    known = {_subject(message) for message in sent}
    if strangers := [_subject(one) for one in found if _subject(one) not in known]:
        raise RemoteError(f"acknowledged was what was not sent: {' '.join(strangers[0])}", party="network")
    return found


def _subject(message: Any) -> tuple[str, str]:
    return message.request_id, getattr(message, "offer_id", "")


def missing(sent: Sequence[Message], found: Sequence[NeedAcknowledgement]) -> list[dict[str, str]]:
    """The ids of what was sent and acknowledged by nobody."""
    heard = {_subject(one) for one in found}
    silent = [_subject(message) for message in sent if _subject(message) not in heard]
    return [{"requestId": request} | ({"offerId": offer} if offer else {}) for request, offer in silent]


def keep(connection: Connection, kept: Table, subject: str, found: Sequence[NeedAcknowledgement]) -> None:
    """Keep acknowledgements; a later one of the same party takes the place of the earlier."""
    rows = []
    for one in found:
        request_id, offer_id = _subject(one)
        row = {"subject": subject, "request_id": request_id, "offer_id": offer_id}
        at = {"acknowledged_at": one.acknowledged_at.text, "acknowledged_at_utc": one.acknowledged_at.at}
        rows.append(row | {"acknowledged_by": one.acknowledged_by} | at)
    upsert(connection, kept, rows)


def find(connection: Connection, kept: Table, subject: str) -> dict[tuple[str, str], list[NeedAcknowledgement]]:
    """The acknowledgements of a kind of subject, by request id and offer id."""
    rows = connection.execute(select(kept).where(kept.c.subject == subject).order_by(kept.c.acknowledged_by)).mappings()
    found: dict[tuple[str, str], list[NeedAcknowledgement]] = {}
    for row in rows:
        said = {name: row[name] for name in ("request_id", "acknowledged_by", "acknowledged_at")}
        one = Acknowledgement(**said, offer_id=row["offer_id"]) if row["offer_id"] else NeedAcknowledgement(**said)
        found.setdefault((row["request_id"], row["offer_id"]), []).append(one)
    return found
