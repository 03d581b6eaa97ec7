"""Acknowledgements that came back for what was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, MetaData, String, Table, select

from gridlingua.errors import RemoteError
from gridlingua.services import answers
from gridlingua.services.answers import Answers
from gridlingua.services.messages import Acknowledgement, NeedAcknowledgement
from gridlingua.services.network import Reply
from gridlingua.services.wire import Message
from gridlingua.storage import UTCInstant, upsert

A = TypeVar("A", NeedAcknowledgement, Acknowledgement)
Key = tuple[str, ...]


def table(name: str, metadata: MetaData) -> Table:
    """A table of who acknowledged which ``subject`` (need, offer, order); ``offer_id`` is empty for a need.

    ``party`` is the knowledge base at which it was sent, as far as it is known; its name stands in ``acknowledged_by``.
    """
    keys = ("subject", "party", "request_id", "offer_id", "acknowledged_by")
    return Table(
        name,
        metadata,
        *(Column(key, String, primary_key=True) for key in keys),
        Column("acknowledged_at", String, nullable=False),
        Column("acknowledged_at_utc", UTCInstant, nullable=False),
    )


def received(reply: Reply, model: type[A], sent: Sequence[Message]) -> Answers[list[A]]:
    """The acknowledgements of each party; who acknowledges nonsense, or what was not sent, is one that failed."""
    known = {_subject(message) for message in sent}

    def read(body: Any) -> list[A]:
        found = answers.messages(model, body, "the acknowledgement is")
        if strangers := [_subject(one) for one in found if _subject(one) not in known]:
            raise RemoteError(f"acknowledged was what was not sent: {' '.join(strangers[0])}", party="network")
        return found

    return answers.read(reply, read)


def told(heard: Answers[list[Any]]) -> list[Any]:
    """The acknowledgements of all parties."""
    return [one for _, found in heard.found for one in found]


def _subject(message: Any) -> tuple[str, str]:
    return message.request_id, getattr(message, "offer_id", "")


def missing(sent: Sequence[Message], found: Sequence[NeedAcknowledgement]) -> list[dict[str, str]]:
    """The ids of what was sent and acknowledged by nobody."""
    heard = {_subject(one) for one in found}
    silent = [_subject(message) for message in sent if _subject(message) not in heard]
    return [{"requestId": request} | ({"offerId": offer} if offer else {}) for request, offer in silent]


def keep(
    connection: Connection, kept: Table, subject: str, found: Iterable[tuple[str, Sequence[NeedAcknowledgement]]]
) -> None:
    """Keep acknowledgements by party; a later one of the same party takes the place of the earlier."""
    rows = []
    for party, acknowledgements in found:
        for one in acknowledgements:
            request_id, offer_id = _subject(one)
            row = {"subject": subject, "party": party, "request_id": request_id, "offer_id": offer_id}
            at = {"acknowledged_at": one.acknowledged_at.text, "acknowledged_at_utc": one.acknowledged_at.at}
            rows.append(row | {"acknowledged_by": one.acknowledged_by} | at)
    upsert(connection, kept, rows)


def find(
    connection: Connection, kept: Table, subject: str, *by: str, request_ids: Collection[str] | None = None
) -> dict[Key, list[NeedAcknowledgement]]:
    """The acknowledgements of a kind of subject, by the columns named; only of ``request_ids`` where they are given."""
    order = (kept.c.acknowledged_by, kept.c.party)
    query = select(kept).where(kept.c.subject == subject).order_by(*order)
    if request_ids is not None:
        query = query.where(kept.c.request_id.in_(set(request_ids)))
    rows = connection.execute(query).mappings()
    found: dict[Key, list[NeedAcknowledgement]] = {}
    for row in rows:
        said = {name: row[name] for name in ("request_id", "acknowledged_by", "acknowledged_at")}
        one = Acknowledgement(**said, offer_id=row["offer_id"]) if row["offer_id"] else NeedAcknowledgement(**said)
        found.setdefault(tuple(row[name] for name in by), []).append(one)
    return found
