"""What the scheduler does, one transaction after the other; a job runs in none of them."""

from __future__ import annotations

import logging
import random
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType

from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.services.context import Context
from gridlingua.services.scheduling import domain, store
from gridlingua.services.scheduling.domain import Due, Job, Verdict
from gridlingua.services.scheduling.store import Found

_LOG = logging.getLogger(__name__)
_BEAT = domain.LEASE.total_seconds() / 4
_RECENTLY = timedelta(minutes=10)


@dataclass(frozen=True)
class Done:
    """A job that was attempted, or whose time had passed, and what became of it."""

    kind: str
    key: str
    verdict: Verdict


def jobs_of(services: Iterable[ModuleType]) -> tuple[Job, ...]:
    """The kinds of jobs of these services: what each exposes as ``jobs``.

    Raises ``MessageError`` when two of them call different work the same.
    """
    jobs = tuple(job for service in services for job in getattr(service, "jobs", ()))
    kinds = [job.kind for job in jobs]
    if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        raise MessageError(f"two kinds of jobs are called {', '.join(twice)}")
    return jobs


def run_due(here: Context, jobs: Sequence[Job]) -> list[Done]:
    """Plan, tell what was missed, and do everything that is due by ``here.clock``, one job after the other."""
    plan(here, jobs)
    done = tell_missed(here, jobs)
    while one := run_next(here, jobs):
        done.append(one)
    return done


def planned_until(here: Context, kind: str) -> datetime:
    """Until when a kind of jobs was planned: its plan must name what fell due since. The present, the first time."""
    with here.database.reading() as connection:
        row = store.kind(connection, kind)
    return here.clock() if row is None else row.planned_until


def plan(here: Context, jobs: Sequence[Job]) -> None:
    """Keep what is due of each kind; a kind whose plan fails is logged, and does not keep the others from theirs."""
    for job in jobs:
        try:
            _plan(here, job)
        except Exception:
            _LOG.exception("what is due of %s cannot be planned", job.kind)


def _plan(here: Context, job: Job) -> None:
    now = here.clock()
    wanted = {due.key: due for due in (Due(*one) for one in job.plan(now, here))}
    with here.database.reading() as connection:
        kind = store.kind(connection, job.kind)
        new = store.news(connection, job.kind, list(wanted.values()))
    since = kind.since if kind else now
    new = [due for due in new if due.until is None or due.until > since]  # before that, nobody had promised it
    if kind and not new and now - kind.planned_until < _RECENTLY:
        return
    with here.database.writing() as connection:
        store.register(connection, job.kind, now)
        store.add(connection, job.kind, new)
        store.planned(connection, job.kind, now)


def tell_missed(here: Context, jobs: Sequence[Job]) -> list[Done]:
    """Give up every job whose time has passed, and say so aloud."""
    now, kinds = here.clock(), _kinds(jobs)
    with here.database.reading() as connection:
        if not store.any_late(connection, kinds, now):
            return []
    done = []
    with here.database.writing() as connection:
        for row in store.late(connection, kinds, now):
            verdict = domain.after_its_time(row.attempts, row.until, row.detail, begun=row.claim is not None)
            store.close(connection, row, now, verdict)
            done.append(Done(row.kind, row.key, verdict))
    for one in done:
        _LOG.error("%s %s %s: %s", one.kind, one.key, one.verdict.state, one.verdict.detail)
    return done


def run_next(here: Context, jobs: Sequence[Job]) -> Done | None:
    """Do the one job that is due longest; None when there is nothing to do."""
    now, kinds, token = here.clock(), _kinds(jobs), uuid.uuid4().hex
    with here.database.reading() as connection:  # to look costs no lock
        due = store.next_at(connection, kinds, now)
    if due is None or due > now:
        return None
    with here.database.writing() as connection:
        row = store.claim(connection, kinds, now, token)
    if row is None:
        return None
    verdict = _attempt(here, next(job for job in jobs if job.kind == row.kind), row, token)
    with here.database.writing() as connection:
        held = store.settle(connection, token, here.clock(), verdict)
    _tell(row, verdict, held)
    return Done(row.kind, row.key, verdict)


def _attempt(here: Context, job: Job, row: Found, token: str) -> Verdict:
    try:
        with _kept_alive(here, token):
            said = job.run(here, row.key)
        return Verdict("done", domain.words(said or ""))
    except Exception as error:
        if not isinstance(error, GridlinguaError):
            _LOG.exception("%s %s failed for a reason that nobody foresaw", row.kind, row.key)
        return domain.after_error(error, row.attempts, here.clock(), row.until, random.random())


def _tell(row: Found, verdict: Verdict, held: bool) -> None:
    if not held:
        _LOG.error("%s %s took so long that another process took it over; it may be done twice", row.kind, row.key)
    elif verdict.state == "failed":
        _LOG.error("%s %s failed: %s", row.kind, row.key, verdict.detail)
    elif verdict.state == "pending":
        _LOG.warning("%s %s is tried again at %s: %s", row.kind, row.key, verdict.next_at, verdict.detail)


@contextmanager
def _kept_alive(here: Context, token: str) -> Iterator[None]:
    """Renew the lease of a claim as long as the work goes on."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(_BEAT):
            try:
                with here.database.writing() as connection:
                    store.renew(connection, token, here.clock())
            except Exception:
                _LOG.exception("a lease cannot be renewed")

    beating = threading.Thread(target=renew, name="lease", daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _kinds(jobs: Sequence[Job]) -> list[str]:
    return [job.kind for job in jobs]
