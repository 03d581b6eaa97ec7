"""What the operator sees of work that falls due, and does about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.pages import Window
from gridlingua.services.refusals import ConflictError, NotFoundError
from gridlingua.services.scheduling import store
from gridlingua.services.scheduling.domain import Job
from gridlingua.services.scheduling.messages import JobHistory, KeptAttempt, KeptJob, KeptKind, Named, Pause
from gridlingua.services.scheduling.store import JOBS, KINDS, Found


def list_jobs(here: Context, kind: str | None, state: str | None, page: Window) -> list[KeptJob]:
    """Jobs, those due last first."""
    given = [(JOBS.c.kind, kind), (JOBS.c.state, state)]
    wanted = [column == value for column, value in given if value is not None]
    order = (JOBS.c.due.desc(), JOBS.c.kind, JOBS.c.key)
    query = select(JOBS).where(*wanted).order_by(*order).offset(page.after).limit(page.reach)
    with here.database.reading() as connection:
        return [KeptJob.model_validate(_told(row)) for row in connection.execute(query)]


def history(here: Context, kind: str, key: str) -> JobHistory:
    """A job and every attempt at it; raises ``NotFoundError``."""
    with here.database.reading() as connection:
        row = store.job(connection, kind, key)
        attempts = store.attempts(connection, kind, key)
    if row is None:
        raise _unknown(kind, key)
    told = [KeptAttempt.model_validate(_attempt(one)) for one in attempts]
    return JobHistory.model_validate(_told(row) | {"history": told})


def hasten(here: Context, named: Named) -> KeptJob:
    """Let a job be due now that waits or was given up; raises ``ConflictError`` for one that is done or of no use."""
    now = here.clock()
    with here.database.writing() as connection:
        row = store.job(connection, named.kind, named.key, lock=True)
        if row is None:
            raise _unknown(named.kind, named.key)
        if said := _against(row, now):
            raise ConflictError(f"{named.kind} {named.key} {said}")
        store.hasten(connection, row, now)
        again = store.job(connection, named.kind, named.key)
    assert again is not None
    return KeptJob.model_validate(_told(again))


def _against(row: Found, now: datetime) -> str:
    if row.state == "done":
        return f"was done at {row.finished_at.isoformat()}, and is never done twice"
    if row.state == "claimed":
        return "is under way"
    if row.until is not None and row.until <= now:
        return f"is of no use any more: its time passed at {row.until.isoformat()}"
    return ""


def list_kinds(here: Context, jobs: Sequence[Job]) -> list[KeptKind]:
    """The kinds of jobs that were ever planned."""
    served = {job.kind for job in jobs}
    with here.database.reading() as connection:
        rows = connection.execute(select(KINDS).order_by(KINDS.c.kind)).all()
    return [_kind(row, served) for row in rows]


def pause(here: Context, jobs: Sequence[Job], wish: Pause) -> KeptKind:
    """Let a kind of jobs stand still or go on, before it was ever planned too; raises ``NotFoundError``."""
    served = {job.kind for job in jobs}
    with here.database.writing() as connection:
        if wish.kind in served:
            store.register(connection, wish.kind, here.clock())
        if store.kind(connection, wish.kind, lock=True) is None:
            raise NotFoundError(f"there are no jobs of kind {wish.kind}")
        connection.execute(update(KINDS).where(KINDS.c.kind == wish.kind).values(paused=wish.paused))
        row = store.kind(connection, wish.kind)
    assert row is not None
    return _kind(row, served)


def _unknown(kind: str, key: str) -> NotFoundError:
    return NotFoundError(f"there is no job {key} of kind {kind}")


def _kind(row: Found, served: set[str]) -> KeptKind:
    return KeptKind.model_validate(_plain(row) | {"served": row.kind in served})


def _told(row: Found) -> dict[str, Any]:
    hidden = ("claim", "lease_until")
    return {name: value for name, value in _plain(row).items() if name not in hidden}


def _attempt(row: Found) -> dict[str, Any]:
    return {name: _plain(row)[name] for name in KeptAttempt.model_fields}


def _plain(row: Found) -> dict[str, Any]:
    found = row._mapping.items()
    return {name: Instant.of(value) if isinstance(value, datetime) else value for name, value in found}
