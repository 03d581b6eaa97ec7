"""What the DSO sends over the network: kept before it is sent, with who acknowledged it and who failed.

A dispatch is one message of one exchange about one subject (a postal code, a meter, a tariff). It goes to the
organisations it is for, or to everybody that the adapter addresses; what is missing can be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from gridlingua.errors import Fault, RemoteError
from gridlingua.services import answers, documents
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Failure
from gridlingua.services.organisations import knowledge_bases
from gridlingua.services.refusals import ConflictError, NotFoundError
from gridlingua.services.wire import Message
from gridlingua.storage import UTCInstant, upsert

A = TypeVar("A", bound=Message)
T = TypeVar("T")
_ANSWERED = 200


@dataclass(frozen=True)
class Book:
    """The tables in which a service keeps what it sends: ``sent``, and ``heard`` of each party."""

    sent: Table
    heard: Table


def book(service: str, metadata: MetaData) -> Book:
    """The tables of a service, named after it."""
    sent = Table(
        f"{service}_dispatches",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("operation", String, nullable=False),
        Column("subject", String, nullable=False, index=True),
        Column("path", String, nullable=False),
        Column("body", Text, nullable=False),
        Column("recipients", JSON, nullable=False),
        Column("sent_by", String, nullable=False),
        Column("recorded_at", UTCInstant, nullable=False),
    )
    heard = Table(
        f"{service}_dispatches_heard",
        metadata,
        Column("dispatch", ForeignKey(sent.c.number), primary_key=True),
        Column("party", String, primary_key=True),
        Column("status", Integer, nullable=False),
        Column("said", Text, nullable=False),
        Column("retry", Boolean, nullable=False),
        Column("at", UTCInstant, nullable=False),
    )
    return Book(sent, heard)


@dataclass(frozen=True)
class Draft:
    """A message to be sent: POST ``body`` to ``path`` of the own adapter, by ``recipients`` (knowledge base ids).

    No recipients are all that the adapter is configured for. ``operation`` and ``subject`` say what it is about.
    """

    operation: str
    subject: str
    path: str
    body: Any
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dispatch(Draft):
    """What was sent, by whom and when; ``answers`` and ``failures`` are by party, as they were heard last."""

    number: int = 0
    sent_by: str = ""
    recorded_at: Instant = Instant.parse("2000-01-01T00:00:00Z")  # noqa: RUF009 - an Instant never changes
    answers: tuple[tuple[str, Any], ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def missing(self) -> tuple[str, ...] | None:
        """Who is to be sent it: nobody when this is None, all that the adapter is configured for when it is empty."""
        if not self.failures:
            return None if self.answers else self.recipients
        known = all(":" in one.party for one in self.failures)
        return tuple(one.party for one in self.failures) if known else self.recipients


def recipients(connection: Connection, organisations: Iterable[str]) -> tuple[str, ...]:
    """The knowledge bases of organisations; raises ``NotFoundError`` for one that has none."""
    found: list[str] = []
    for one in organisations:
        mine = knowledge_bases(connection, one)
        if not mine:
            raise NotFoundError(f"organisation {one} has no knowledge base here; enter one, and it can be sent to")
        found += mine
    return tuple(found)


def record(connection: Connection, kept: Book, drafts: Sequence[Draft], by: str, at: datetime) -> list[int]:
    """Keep what is about to be sent; returns the numbers by which the dispatches are known."""
    rows = [
        {
            "operation": one.operation,
            "subject": one.subject,
            "path": one.path,
            "body": documents.written({"": one.body}),
            "recipients": list(one.recipients),
            "sent_by": by,
            "recorded_at": at,
        }
        for one in drafts
    ]
    return [connection.execute(insert(kept.sent).values(row)).inserted_primary_key[0] for row in rows]  # type: ignore[index]


def record_once(connection: Connection, kept: Book, drafts: Sequence[Draft], by: str, at: datetime) -> list[int]:
    """Keep what has an id of its own, its subject; what was kept before for the same recipients keeps its number.

    Raises ``ConflictError`` for one that was kept with other content, for whomever.
    """
    known: dict[tuple[str, str], list[Dispatch]] = {}
    for one in find(connection, kept, kept.sent.c.subject.in_([draft.subject for draft in drafts])):
        known.setdefault((one.operation, one.subject), []).append(one)
    faults, numbers = [], []
    for position, draft in enumerate(drafts):
        before = known.get((draft.operation, draft.subject), [])
        if any(one.body != _as_kept(draft.body) for one in before):
            said = f"{draft.subject} was sent before with other content; send it under a new id"
            faults.append(Fault(f"/{position}", said))
        same = [one.number for one in before if one.recipients == draft.recipients]
        numbers += same[-1:] or record(connection, kept, [draft], by, at)
    if faults:
        raise ConflictError(faults)
    return numbers


def _as_kept(body: Any) -> Any:
    return documents.opened(documents.written({"": body}))[""]


def send(here: Context, kept: Book, one: Dispatch, reader: Callable[[Any], A]) -> Answers[A]:
    """Send a dispatch to whoever has not acknowledged it, and keep what is heard; in no transaction.

    ``reader`` makes a message of a reply, or raises ``RemoteError``: then that party has failed.
    """
    missing = one.missing
    if missing is None:
        return Answers([])
    heard = answers.together(_posted(here, one, reader, party) for party in missing or ("",))
    with here.database.writing() as connection:
        _keep(connection, kept, one.number, heard, here.clock())
    return heard


def _posted(here: Context, one: Dispatch, reader: Callable[[Any], A], to: str) -> Answers[A]:
    try:
        return answers.read(here.network.post(one.path, one.body, to=to), reader).addressed(to)
    except RemoteError as error:
        return Answers([], [(to or error.party, error)])


def asked(
    here: Context, path: str, params: Mapping[str, str | Sequence[str]], reader: Callable[[Any], T], to: str
) -> Answers[T]:
    """What a party, or everybody when ``to`` is empty, answers to a question; who fails is named, not raised."""
    try:
        return answers.read(here.network.get(path, params, to=to), reader).addressed(to)
    except RemoteError as error:
        return Answers([], [(to or error.party, error)])


def _keep(connection: Connection, kept: Book, number: int, heard: Answers[A], at: datetime) -> None:
    """What is heard takes the place of what was; who has acknowledged once has it, whoever fails later."""
    mine = kept.heard.c.dispatch == number
    connection.execute(delete(kept.heard).where(mine, kept.heard.c.status != _ANSWERED))
    has = set(connection.execute(select(kept.heard.c.party).where(mine)).scalars())
    rows: dict[str, dict[str, Any]] = {}
    for party, error in heard.errors:
        if party not in has:
            rows[party] = {"status": error.status, "said": str(error), "retry": error.retry}
    for party, said in heard.found:
        rows[party] = {"status": _ANSWERED, "said": documents.written(said), "retry": False}
    upsert(connection, kept.heard, [{"dispatch": number, "party": who, "at": at} | row for who, row in rows.items()])


def send_all(
    here: Context, kept: Book, numbers: Sequence[int], reader_of: Callable[[Dispatch], Callable[[Any], A]]
) -> tuple[list[Dispatch], Answers[A]]:
    """Send what somebody has not acknowledged of these dispatches; gives them as they are then, and what was heard.

    Raises ``RemoteError`` when something was sent and nobody said anything of worth; it is kept and can be sent again.
    """
    these = kept.sent.c.number.in_(numbers)
    with here.database.reading() as connection:
        found = find(connection, kept, these)
    missing = [one for one in found if one.missing is not None]
    heard = answers.together(send(here, kept, one, reader_of(one)) for one in missing)
    if missing:
        heard.required()
    with here.database.reading() as connection:
        return find(connection, kept, these), heard


def find(connection: Connection, kept: Book, *conditions: ColumnElement[bool]) -> list[Dispatch]:
    """The dispatches that fulfil every condition, with what was heard, in the order they were made."""
    rows = connection.execute(select(kept.sent).where(*conditions).order_by(kept.sent.c.number)).mappings().all()
    numbers = select(kept.sent.c.number).where(*conditions)
    heard: dict[int, list[RowMapping]] = {}
    query = select(kept.heard).where(kept.heard.c.dispatch.in_(numbers)).order_by(kept.heard.c.party)
    for row in connection.execute(query).mappings():
        heard.setdefault(row["dispatch"], []).append(row)
    return [_dispatch(row, heard.get(row["number"], [])) for row in rows]


def standing(found: Sequence[Dispatch]) -> list[Dispatch]:
    """Those that no later one of the same operation and subject, to all of their recipients, takes the place of."""
    return [one for one in found if not any(_replaces(later, one) for later in found if later.number > one.number)]


def _replaces(later: Dispatch, one: Dispatch) -> bool:
    if (later.operation, later.subject) != (one.operation, one.subject):
        return False
    return not later.recipients or (bool(one.recipients) and set(one.recipients) <= set(later.recipients))


def _dispatch(row: RowMapping, heard: Sequence[RowMapping]) -> Dispatch:
    return Dispatch(
        operation=row["operation"],
        subject=row["subject"],
        path=row["path"],
        body=documents.opened(row["body"])[""],
        recipients=tuple(row["recipients"]),
        number=row["number"],
        sent_by=row["sent_by"],
        recorded_at=Instant.of(row["recorded_at"]),
        answers=tuple((one["party"], documents.opened(one["said"])) for one in heard if one["status"] == _ANSWERED),
        failures=tuple(
            Failure(party=one["party"], status=one["status"], detail=one["said"], retry=one["retry"])
            for one in heard
            if one["status"] != _ANSWERED
        ),
    )
