"""What the DSO keeps of consents: a record each, and every transition for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from gridlingua.services.consent.domain import Standing, State, moved
from gridlingua.services.consent.messages import Grant
from gridlingua.services.consent.tables import RECORDS, TRANSITIONS
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period


@dataclass(frozen=True)
class Cause:
    """Why a consent moves, and by whom; ``shown`` is what the user was told, where the user decided.

    ``link`` is what ``evidence`` tells of the link by which it came.
    """

    said: str
    actor: str
    shown: Mapping[str, Any] | None = None
    link: Mapping[str, str] | None = None


def standing(row: RowMapping) -> Standing:
    """How a record stands."""
    return Standing(State(row["state"]), row["answer_by"], row["valid_until_utc"])


def grant_of(row: RowMapping) -> Grant:
    """The grant of a record that has one."""
    return Grant(
        reference=row["grant_reference"],
        user=row["user_id"],
        grantee=row["organisation"],
        valid_from=Instant(row["valid_from_utc"], row["valid_from"]),
        valid_until=Instant(row["valid_until_utc"], row["valid_until"]),
        kinds=tuple(row["kinds"]),
    )


def period_values(period: Period) -> dict[str, Any]:
    """The columns of a record's period."""
    start, end = period.start_time, period.end_time
    written = {"valid_from": start.text, "valid_until": end.text}
    return written | {"valid_from_utc": start.at, "valid_until_utc": end.at}


def find(connection: Connection, *conditions: Any, lock: bool = False) -> RowMapping | None:
    """The one record that fulfils the conditions; with ``lock`` nobody else changes it before this transaction ends."""
    query = select(RECORDS).where(*conditions)
    return connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()


def find_all(connection: Connection, *conditions: Any, offset: int = 0, limit: int | None = None) -> list[RowMapping]:
    """The records that fulfil every condition, in the order they came."""
    query = select(RECORDS).where(*conditions).order_by(RECORDS.c.number).offset(offset).limit(limit)
    return list(connection.execute(query).mappings())


def in_state(state: State, now: datetime) -> Any:
    """The condition that a record is in a state at this moment, by the clock."""
    kept = RECORDS.c.state == state
    answerable = (RECORDS.c.answer_by > now) & (RECORDS.c.valid_until_utc > now)
    lapsed = (RECORDS.c.state == State.REQUESTED) & ~answerable
    if state is State.REQUESTED:
        return kept & answerable
    if state is State.GRANTED:
        return kept & (RECORDS.c.valid_until_utc > now)
    if state is State.EXPIRED:
        return kept | lapsed | ((RECORDS.c.state == State.GRANTED) & (RECORDS.c.valid_until_utc <= now))
    return kept


def add(connection: Connection, values: Mapping[str, Any], cause: Cause) -> None:
    """Add a record with its first transition."""
    connection.execute(insert(RECORDS).values(**values))
    note(connection, values["reference"], "", values["state"], values["changed_at"], cause)


def move(connection: Connection, row: RowMapping, after: State, now: datetime, cause: Cause, **values: Any) -> None:
    """Move a record that was found with ``lock``; raises ``ConflictError`` for a transition that there is not."""
    before = standing(row).at(now)
    moved(row["reference"], before, after)
    same = RECORDS.c.reference == row["reference"]
    connection.execute(update(RECORDS).where(same).values(state=after, changed_at=now, **values))
    note(connection, row["reference"], before, after, now, cause)


def note(connection: Connection, reference: str, before: str, after: str, at: datetime, cause: Cause) -> None:
    """Write into the history of a consent, where it stays; ``before`` is ``after`` where the consent does not move."""
    shown = dict(cause.shown or {}) | ({"link": dict(cause.link)} if cause.link else {})
    said = {"cause": cause.said, "actor": cause.actor, "shown": shown}
    kept = {"reference": reference, "before": str(before), "after": str(after), "at": at}
    connection.execute(insert(TRANSITIONS).values(**kept, **said))


def history(connection: Connection, reference: str) -> list[RowMapping]:
    """Every transition of a record, and every link that was made of it, in the order they came."""
    query = select(TRANSITIONS).where(TRANSITIONS.c.reference == reference).order_by(TRANSITIONS.c.number)
    return list(connection.execute(query).mappings())
