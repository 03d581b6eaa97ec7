"""Grants: on what a user's data is read, and what the DSO's own staff enters of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.exc import IntegrityError, OperationalError

from gridlingua.errors import Fault
from gridlingua.services.consent import store, turns
from gridlingua.services.consent.domain import State
from gridlingua.services.consent.messages import Grant
from gridlingua.services.consent.settings import RETENTION_DAYS, purpose_of
from gridlingua.services.consent.store import Cause
from gridlingua.services.consent.tables import RECORDS
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.records import duplicates
from gridlingua.services.refusals import ConflictError, ForbiddenError, RefusedError

_SERIALIZATION_FAILURE = "40001"


@dataclass(frozen=True)
class _Asked:
    reference: str
    organisation: str
    user: str
    kind: str

    def __str__(self) -> str:
        kind = self.kind.replace("_", " ")
        return f"grant {self.reference} does not let {self.organisation} read the {kind} of {self.user}"


def require(
    connection: Connection,
    *,
    reference: str,
    organisation: str,
    user: str,
    kind: str,
    start: datetime,
    end: datetime,
    now: datetime,
    lock: bool = True,
) -> Grant:
    """The grant on which ``organisation`` may read ``kind`` of ``user`` in [start, end), at this moment.

    Ask it in the very transaction that reads the data, as its first statement. With ``lock`` a withdrawal waits until
    that transaction ends, so that either the data was read first or the reading is refused (a transaction of SQLite
    sees one moment anyhow). Raises ``ForbiddenError``: in the same words for a grant that there
    is not and for that of somebody else or of another user, so that a stranger's grant stays unseen.
    """
    asked = _Asked(reference, organisation, user, kind)
    row = _found(connection, asked, lock=lock)
    if row is None or row["organisation"] != organisation or row["user_id"] != user:
        raise ForbiddenError(f"{asked}; ask the user for one")
    if said := _lacking(row, kind, start, end, now):
        raise ForbiddenError(f"{asked}{said}")
    return store.grant_of(row)


def _found(connection: Connection, asked: _Asked, *, lock: bool) -> RowMapping | None:
    query = select(RECORDS).where(RECORDS.c.grant_reference == asked.reference)
    if lock:
        turns.share(connection, asked.reference)
    try:
        return connection.execute(query.with_for_update(read=True) if lock else query).mappings().one_or_none()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _SERIALIZATION_FAILURE:
            raise
        # the row of a grant changes once, when it ends: this transaction began before that, and cannot see how
        raise ForbiddenError(f"{asked}: it was ended at this very moment") from error


def _lacking(row: RowMapping, kind: str, start: datetime, end: datetime, now: datetime) -> str:
    """In words, why a grant does not do for this; nothing when it does."""
    state = store.standing(row).at(now)
    if state in {State.WITHDRAWN, State.REVOKED}:
        return f": it was {state} at {Instant.of(row['changed_at'])}"
    if state is not State.GRANTED:
        return f": it expired at {row['valid_until']}"
    if now < row["valid_from_utc"]:
        return f": it is valid from {row['valid_from']}"
    if kind not in row["kinds"]:
        return f": it is for {', '.join(row['kinds']).replace('_', ' ')}"
    if start < row["valid_from_utc"] or end > row["valid_until_utc"]:
        asked = f"from {Instant.of(start)} to {Instant.of(end)}"
        return f" {asked}: it covers {row['valid_from']} to {row['valid_until']}"
    return ""


def enter(connection: Connection, grants: Sequence[Grant], now: datetime, actor: str) -> None:
    """Enter grants that the DSO has on its own evidence, all or none; one known already, and in force, stays.

    Raises ``RefusedError`` for one that does not last, ``ConflictError`` for a reference that is known otherwise.
    """
    faults = [
        Fault(f"/{position}/validUntil", f"{one.valid_until} is not after {one.valid_from}; a grant must last")
        for position, one in enumerate(grants)
        if one.valid_until <= one.valid_from
    ]
    if faults := faults + duplicates(["reference"], grants):
        raise RefusedError(faults)
    conflicts = [
        Fault(f"/{place}", said) for place, one in enumerate(grants) if (said := _enter(connection, one, now, actor))
    ]
    if conflicts:
        raise ConflictError(conflicts)


def _enter(connection: Connection, one: Grant, now: datetime, actor: str) -> str:
    """Enter a grant, or say how it is known otherwise."""
    same = RECORDS.c.grant_reference == one.reference
    known = store.find(connection, same)
    if known is None:
        try:
            with connection.begin_nested():
                store.add(connection, _record(connection, one, now), Cause("entered by the DSO", actor))
            return ""
        except IntegrityError:  # somebody else entered it in between: now it can be seen and compared
            known = store.find(connection, same)
            assert known is not None
    if (state := store.standing(known).at(now)) is not State.GRANTED:
        return f"grant {one.reference} is {state}; enter a new one under a new reference"
    before = store.grant_of(known)
    fields = type(one).model_fields
    differing = [str(fields[name].alias) for name in fields if getattr(before, name) != getattr(one, name)]
    told = f"reference {one.reference} is already known with another {', '.join(differing)}"
    return f"{told}; send it as it was, or under a new id" if differing else ""


def _record(connection: Connection, one: Grant, now: datetime) -> dict[str, Any]:
    """The record of a grant that nobody asked for."""
    said = purpose_of(connection, one.grantee)
    return {
        "reference": new_reference("C"),
        "grant_reference": one.reference,
        "organisation": one.grantee,
        "user_id": one.user,
        "kinds": list(one.kinds),
        **store.period_values(Period(start_time=one.valid_from, end_time=one.valid_until)),
        "purpose": said.purpose if said else "",
        "retention_days": said.retention_days if said else RETENTION_DAYS,
        "state": State.GRANTED,
        "changed_at": now,
        "answer_by": now,
        "requested_at": now,
    }


def new_reference(letter: str) -> str:
    """A new reference: no secret, and yet not to be guessed from another."""
    return f"{letter}-{secrets.token_hex(8)}"


def in_force(connection: Connection, now: datetime) -> list[Grant]:
    """The grants that are valid or will be, in the order they were given."""
    return [store.grant_of(row) for row in store.find_all(connection, store.in_state(State.GRANTED, now))]
