"""What is kept of work that falls due: kinds of jobs, jobs, and every attempt at one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from gridlingua.services.scheduling.domain import LEASE, Due, Outcome, Verdict
from gridlingua.storage import UTCInstant

metadata = MetaData()
KINDS = Table(
    "scheduling_kinds",
    metadata,
    Column("kind", String, primary_key=True),
    Column("since", UTCInstant, nullable=False),
    Column("planned_until", UTCInstant, nullable=False),
    Column("paused", Boolean, nullable=False),
)
JOBS = Table(
    "scheduling_jobs",
    metadata,
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("due", UTCInstant, nullable=False),
    Column("until", UTCInstant),
    Column("state", String, nullable=False),
    Column("next_at", UTCInstant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claim", String),
    Column("lease_until", UTCInstant),
    Column("finished_at", UTCInstant),
    Column("detail", String, nullable=False),
    Index("scheduling_jobs_by_state", "state", "next_at"),
)
ATTEMPTS = Table(
    "scheduling_attempts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("claim", String, nullable=False),
    Column("begun_at", UTCInstant, nullable=False),
    Column("ended_at", UTCInstant),
    Column("outcome", String, nullable=False),
    Column("detail", String, nullable=False),
    ForeignKeyConstraint(["kind", "key"], ["scheduling_jobs.kind", "scheduling_jobs.key"]),
    Index("scheduling_attempts_by_job", "kind", "key"),
)
Found = Row[Any]


def _named(kind: str, key: str) -> list[Any]:
    return [JOBS.c.kind == kind, JOBS.c.key == key]


def kind(connection: Connection, name: str, *, lock: bool = False) -> Found | None:
    """A kind of jobs that was planned before."""
    query = select(KINDS).where(KINDS.c.kind == name)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def register(connection: Connection, name: str, at: datetime) -> None:
    """Begin to keep jobs of that kind, unless it is known."""
    row = {"kind": name, "since": at, "planned_until": at, "paused": False}
    connection.execute(_insert(connection, KINDS).values(row).on_conflict_do_nothing())


def planned(connection: Connection, name: str, at: datetime) -> None:
    """Keep that everything due until ``at`` is planned."""
    earlier = [KINDS.c.kind == name, KINDS.c.planned_until < at]
    connection.execute(update(KINDS).where(*earlier).values(planned_until=at))


def news(connection: Connection, name: str, dues: Sequence[Due]) -> list[Due]:
    """Those that are not kept yet, or wait and are of use for longer than was known."""
    known: dict[str, Found] = {}
    columns = (JOBS.c.key, JOBS.c.state, JOBS.c.until)
    for begin in range(0, len(dues), 500):  # a statement has room for so many parameters
        some = JOBS.c.key.in_([due.key for due in dues[begin : begin + 500]])
        rows = connection.execute(select(*columns).where(JOBS.c.kind == name, some))
        known |= {row.key: row for row in rows}
    return [due for due in dues if due.key not in known or _is_longer(due, known[due.key])]


def _is_longer(due: Due, known: Found) -> bool:
    bounded = due.until is not None and known.until is not None
    return bounded and known.state == "pending" and due.until > known.until


def add(connection: Connection, name: str, dues: Iterable[Due]) -> None:
    """Keep what is due; of one that is known and waits, until when it is of use."""
    waiting = {"state": "pending", "attempts": 0, "detail": ""}
    rows = [
        {"kind": name, "key": due.key, "due": due.at, "until": due.until, "next_at": due.at} | waiting
        for due in sorted(dues)  # two processes that plan never wait for each other in a ring
    ]
    if rows:
        statement = _insert(connection, JOBS)
        longer = {"until": statement.excluded.until}
        where = (JOBS.c.state == "pending") & (JOBS.c.until < statement.excluded.until)
        keys = [JOBS.c.kind, JOBS.c.key]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=longer, where=where), rows)


def _insert(connection: Connection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _free(now: datetime) -> Any:
    """The condition that nobody is at a job, or that who was is taken for dead."""
    pending = JOBS.c.state == "pending"
    return or_(pending, (JOBS.c.state == "claimed") & (JOBS.c.lease_until <= now))


def _timely(now: datetime) -> Any:
    return or_(JOBS.c.until.is_(None), JOBS.c.until > now)


def _working(kinds: Collection[str]) -> Any:
    paused = select(KINDS.c.kind).where(KINDS.c.paused)
    return JOBS.c.kind.in_(kinds) & JOBS.c.kind.not_in(paused)


def next_at(connection: Connection, kinds: Collection[str], now: datetime) -> datetime | None:
    """When the next job of these kinds is due."""
    due = func.min(func.coalesce(JOBS.c.lease_until, JOBS.c.next_at), type_=UTCInstant)
    waiting = [JOBS.c.state.in_(("pending", "claimed")), _timely(now), _working(kinds)]
    found: datetime | None = connection.execute(select(due).where(*waiting)).scalar_one()
    return found


def claim(connection: Connection, kinds: Collection[str], now: datetime, token: str) -> Found | None:
    """Take the job that is due longest, for as long as its lease is renewed; None when there is none to take.

    Two processes never take the same: on PostgreSQL the row is locked and passed over by the other, on SQLite there is
    one writer at a time.
    """
    due = [_free(now), JOBS.c.next_at <= now, _timely(now), _working(kinds)]
    order = (JOBS.c.next_at, JOBS.c.kind, JOBS.c.key)
    query = select(JOBS).where(*due).order_by(*order).limit(1).with_for_update(skip_locked=True)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.claim is not None:
        end_attempt(connection, row.claim, now, "lost", "the process that was at it is taken for dead")
    taken = {"state": "claimed", "claim": token, "lease_until": now + LEASE, "attempts": row.attempts + 1}
    connection.execute(update(JOBS).where(*_named(row.kind, row.key)).values(**taken))
    _note(connection, row, token, now, None, "running", "")
    return connection.execute(select(JOBS).where(*_named(row.kind, row.key))).one()


def renew(connection: Connection, token: str, now: datetime, lease: timedelta = LEASE) -> bool:
    """Say that the claim still stands; False when it does not."""
    mine = update(JOBS).where(JOBS.c.claim == token, JOBS.c.state == "claimed")
    return bool(connection.execute(mine.values(lease_until=now + lease)).rowcount)


def settle(connection: Connection, token: str, now: datetime, verdict: Verdict) -> bool:
    """Keep what became of a claimed job; False, and nothing is changed, when somebody else has taken it meanwhile."""
    mine = update(JOBS).where(JOBS.c.claim == token, JOBS.c.state == "claimed")
    held = bool(connection.execute(mine.values(**_settled(verdict, now))).rowcount)
    if held:
        outcome: Outcome = "retry" if verdict.state == "pending" else verdict.state  # type: ignore[assignment]
        end_attempt(connection, token, now, outcome, verdict.detail)
    return held


def _settled(verdict: Verdict, now: datetime) -> dict[str, Any]:
    ended: dict[str, Any] = {"finished_at": now}
    again: dict[str, Any] = {"next_at": verdict.next_at}
    return {"state": verdict.state, "detail": verdict.detail, "claim": None, "lease_until": None} | (
        again if verdict.state == "pending" else ended
    )


def any_late(connection: Connection, kinds: Collection[str], now: datetime) -> bool:
    """Whether there is a free job whose time has passed."""
    past = [_free(now), JOBS.c.until <= now, JOBS.c.kind.in_(kinds)]
    return connection.execute(select(JOBS.c.key).where(*past).limit(1)).one_or_none() is not None


def late(connection: Connection, kinds: Collection[str], now: datetime) -> Sequence[Found]:
    """Free jobs whose time has passed, for the caller alone, paused or not."""
    query = select(JOBS).where(_free(now), JOBS.c.until <= now, JOBS.c.kind.in_(kinds)).order_by(JOBS.c.due)
    return connection.execute(query.with_for_update(skip_locked=True)).all()


def close(connection: Connection, row: Found, now: datetime, verdict: Verdict) -> None:
    """Keep what became of a free job that nobody will do any more."""
    if row.claim is not None:
        end_attempt(connection, row.claim, now, "lost", "the process that was at it is taken for dead")
    connection.execute(update(JOBS).where(*_named(row.kind, row.key)).values(**_settled(verdict, now)))
    _note(connection, row, "", now, now, verdict.state, verdict.detail)


def _note(
    connection: Connection, row: Found, token: str, begun: datetime, ended: datetime | None, outcome: str, detail: str
) -> None:
    values = {"claim": token, "begun_at": begun, "ended_at": ended, "outcome": outcome, "detail": detail}
    connection.execute(insert(ATTEMPTS).values(kind=row.kind, key=row.key, **values))


def end_attempt(connection: Connection, token: str, now: datetime, outcome: Outcome, detail: str) -> None:
    """Keep how a running attempt ended."""
    running = update(ATTEMPTS).where(ATTEMPTS.c.claim == token, ATTEMPTS.c.outcome == "running")
    connection.execute(running.values(ended_at=now, outcome=outcome, detail=detail))


def job(connection: Connection, kind_: str, key: str, *, lock: bool = False) -> Found | None:
    """A job."""
    query = select(JOBS).where(*_named(kind_, key))
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def hasten(connection: Connection, row: Found, now: datetime) -> None:
    """Let a job that waits or was given up be due now."""
    again = {"state": "pending", "next_at": now, "finished_at": None}
    connection.execute(update(JOBS).where(*_named(row.kind, row.key)).values(**again))


def attempts(connection: Connection, kind_: str, key: str) -> Sequence[Found]:
    """What was tried, in the order of time."""
    query = select(ATTEMPTS).where(ATTEMPTS.c.kind == kind_, ATTEMPTS.c.key == key).order_by(ATTEMPTS.c.number)
    return connection.execute(query).all()
