"""The same request sent twice under one ``Idempotency-Key`` is carried out once, and answered twice.

After the IETF draft "The Idempotency-Key HTTP Header Field": the key is the caller's; with another body it is refused
(422), while the first request still runs the second is told so (409). What failed on our side (5xx) may be tried again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from gridlingua.services.organisations import metadata
from gridlingua.services.refusals import ConflictError, RefusedError
from gridlingua.storage import Database, UTCInstant

KEPT = timedelta(hours=24)
LEASE = timedelta(hours=1)  # longer than any request; then a process that died over it does not answer for it any more
LONGEST = 255
_FOR_THE_WHOLE_REPLY = frozenset({"content-length"})  # made anew

REPLIES = Table(
    "accounts_idempotency",
    metadata,
    Column("organisation", String, primary_key=True),
    Column("client", String, primary_key=True),
    Column("operation", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("begun_at", UTCInstant, nullable=False, index=True),
    Column("status", Integer),
    Column("headers", JSON),
    Column("body", LargeBinary),
)


@dataclass(frozen=True)
class Attempt:
    """A request under a key: of whom, at which operation (method and path with its query), and its body's digest."""

    organisation: str
    client: str
    operation: str
    key: str
    digest: str


@dataclass(frozen=True)
class Kept:
    """A reply that was given before."""

    status: int
    headers: dict[str, str]
    body: bytes


def attempt(organisation: str, client: str, operation: str, key: str, body: bytes) -> Attempt:
    """The attempt of a request; raises ``RefusedError`` for a key that is empty or longer than 255 characters."""
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise RefusedError(f"Idempotency-Key: 1 to {LONGEST} printable characters, such as a UUID, not {key[:40]!r}")
    return Attempt(organisation, client, operation, key, hashlib.sha256(body).hexdigest())


def begin(database: Database, one: Attempt, now: datetime) -> Kept | None:
    """The reply that was given to this request before, or None: carry it out, and ``finish`` or ``forget`` it.

    Raises ``RefusedError`` when the key was used for another body, ``ConflictError`` while the first one runs.
    """
    with database.writing() as connection:
        connection.execute(delete(REPLIES).where(REPLIES.c.begun_at < now - KEPT))
        try:
            with connection.begin_nested():
                connection.execute(insert(REPLIES).values(**vars(one), begun_at=now))
        except IntegrityError:
            return _again(connection, one, now)
    return None


def _again(connection: Connection, one: Attempt, now: datetime) -> Kept | None:
    row = connection.execute(select(REPLIES).where(*_same(one)).with_for_update()).one()
    if row.digest != one.digest:
        raise RefusedError(f"Idempotency-Key {one.key} was used for another body; take a new key for a new request")
    if row.status is not None:
        if row.body is None:
            said = "was carried out, and its reply held a secret that is shown once"
            raise ConflictError(f"the request with Idempotency-Key {one.key} {said}; take a new key for a new one")
        return Kept(row.status, row.headers, row.body)
    if now - row.begun_at < LEASE:
        raise ConflictError(
            f"the first request with Idempotency-Key {one.key} is still under way; ask again in a moment"
        )
    connection.execute(update(REPLIES).where(*_same(one)).values(begun_at=now))
    return None


def finish(database: Database, one: Attempt, reply: Kept) -> None:
    """Keep the reply for whoever asks again; of one that may not be stored, such as a secret, that it was given."""
    headers = {name: value for name, value in reply.headers.items() if name.lower() not in _FOR_THE_WHOLE_REPLY}
    is_secret = "no-store" in headers.get("cache-control", "")
    with database.writing() as connection:
        given = {"status": reply.status, "headers": headers, "body": None if is_secret else reply.body}
        connection.execute(update(REPLIES).where(*_same(one)).values(**given))


def forget(database: Database, one: Attempt) -> None:
    """Let the same request be tried anew: it failed before it had an outcome."""
    with database.writing() as connection:
        connection.execute(delete(REPLIES).where(*_same(one)))


def _same(one: Attempt) -> list[ColumnElement[bool]]:
    names = ("organisation", "client", "operation", "key")
    return [REPLIES.c[name] == getattr(one, name) for name in names]
