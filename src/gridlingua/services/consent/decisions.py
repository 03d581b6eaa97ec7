"""What the user or the DSO makes of a consent; each in the transaction of its caller."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from gridlingua.services.consent import grants, notices, store, turns
from gridlingua.services.consent.domain import State
from gridlingua.services.consent.store import Cause
from gridlingua.services.consent.tables import RECORDS
from gridlingua.services.refusals import NotFoundError, RefusedError


def record(connection: Connection, reference: str, *, lock: bool = False) -> RowMapping:
    """The record of a consent; raises ``NotFoundError`` for one there is not.

    With ``lock`` nobody else changes it, or reads on its grant, before this transaction ends.
    """
    same = RECORDS.c.reference == reference
    found = store.find(connection, same)
    if found is not None and lock:
        if found["grant_reference"]:
            turns.exclude(connection, found["grant_reference"])  # before the row: whoever reads takes them so, too
        found = store.find(connection, same, lock=True)
    if found is None:
        raise NotFoundError(f"there is no consent {reference}")
    return found


def give(connection: Connection, row: RowMapping, kinds: Sequence[str], now: datetime, cause: Cause) -> str:
    """Let the asking organisation read those kinds of data; returns the reference of the new grant.

    Raises ``RefusedError`` for kinds that nobody asked for, ``ConflictError`` when the question is open no more.
    """
    if not kinds or set(kinds) - set(row["kinds"]):
        raise RefusedError(f"consent {row['reference']} is about {', '.join(row['kinds'])}; give one of these or more")
    in_order = [kind for kind in row["kinds"] if kind in kinds]
    reference = grants.new_reference("G")
    store.move(connection, row, State.GRANTED, now, cause, grant_reference=reference, kinds=in_order)
    _tell(connection, row, State.GRANTED, now)
    return reference


def refuse(connection: Connection, row: RowMapping, now: datetime, cause: Cause) -> None:
    """Keep that the user said no; raises ``ConflictError`` when the question is open no more."""
    store.move(connection, row, State.REFUSED, now, cause)
    _tell(connection, row, State.REFUSED, now)


def withdraw(connection: Connection, row: RowMapping, now: datetime, cause: Cause) -> None:
    """End a grant because its user says so; raises ``ConflictError`` when it is not in force."""
    store.move(connection, row, State.WITHDRAWN, now, cause)
    _tell(connection, row, State.WITHDRAWN, now)


def revoke(connection: Connection, row: RowMapping, now: datetime, cause: Cause) -> None:
    """End a grant because the DSO says so; raises ``ConflictError`` when it is not in force."""
    store.move(connection, row, State.REVOKED, now, cause)
    _tell(connection, row, State.REVOKED, now)


def end_all(connection: Connection, user: str, now: datetime, cause: str, actor: str) -> list[str]:
    """End what a user is asked and has granted, because the user is one no more; returns the consents that ended.

    A grant in force, or that will be, is revoked; a question that waits expires, so that nobody answers it for whoever
    has the user's meter or id next. For the transaction in which the user leaves, before anything else of it.
    """
    open_ = store.in_state(State.GRANTED, now) | store.in_state(State.REQUESTED, now)
    ended = []
    for one in store.find_all(connection, RECORDS.c.user_id == user, open_):
        row = record(connection, one["reference"], lock=True)
        state = store.standing(row).at(now)  # as it is behind the lock
        if state is State.GRANTED:
            revoke(connection, row, now, Cause(cause, actor))
        elif state is State.REQUESTED:
            store.move(connection, row, State.EXPIRED, now, Cause(cause, actor))
        if state in {State.GRANTED, State.REQUESTED}:
            ended.append(row["reference"])
    return ended


def _tell(connection: Connection, row: RowMapping, state: State, now: datetime) -> None:
    notices.write(connection, row["reference"], row["user_id"], state, now)
