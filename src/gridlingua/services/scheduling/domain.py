"""The rules of work that falls due; pure functions.

What is guaranteed: a job is begun by one process at a time, and again after a process died over it, as long as its time
has not passed. So its effect happens at least once on the wire; once only where the receiver knows the same message
again, which is why a job that sends must send the same message id at every attempt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from gridlingua.errors import GridlinguaError, RemoteError
from gridlingua.services.context import Context

State = Literal["pending", "claimed", "done", "failed", "missed"]
Outcome = Literal["running", "done", "retry", "failed", "missed", "lost"]

LEASE = timedelta(seconds=60)
"""A process that does not say within this time that it is still at it is taken for dead."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
MOST_ATTEMPTS = 20
"""A job without a time by which it must be done is given up after as many attempts: a little over three hours."""


class Due(NamedTuple):
    """A job to be done from ``at`` on; after ``until`` it is of no use any more (None: it always is).

    ``key`` makes it itself within its kind: the same key is never done twice.
    """

    key: str
    at: datetime
    until: datetime | None = None


Plan = Callable[[datetime, Context], Iterable[tuple[str, datetime] | Due]]
Run = Callable[[Context, str], str | None]


@dataclass(frozen=True)
class Job:
    """A kind of work that falls due.

    ``plan(now, here)`` names what is due now, what will be in the next hours, and what fell due while nobody was there
    (``scheduling.planned_until`` tells since when); naming the same again is no news, unless it is of use for longer
    and still waits. ``run(here, key)`` does one of
    them, outside of any transaction, and may say in words what it did. It raises ``RemoteError`` with ``retry`` to be
    tried again, and any other ``GridlinguaError`` when that would not help.
    """

    kind: str
    plan: Plan
    run: Run


class LaterError(RemoteError):
    """A party failed, and said how long to leave it alone."""

    def __init__(self, message: str, *, party: str, status: int, after: timedelta) -> None:
        super().__init__(message, party=party, status=status, retry=True)
        self.after = after


@dataclass(frozen=True)
class Verdict:
    """What becomes of a job after an attempt; ``next_at`` is when a pending one is tried again."""

    state: State
    detail: str
    next_at: datetime | None = None


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after so many failed attempts: twice as long each time, and between half and all of it."""
    whole: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return whole * (0.5 + jitter / 2)


def after_error(error: Exception, attempts: int, now: datetime, until: datetime | None, jitter: float) -> Verdict:
    """The verdict on a failed attempt; ``jitter`` is at random from 0 to 1, so that not all come back at once.

    An error that nobody foresaw is tried again: it may be of the moment.
    """
    said = words(str(error) or type(error).__name__)
    helps = error.retry if isinstance(error, RemoteError) else not isinstance(error, GridlinguaError)
    if not helps:
        return Verdict("failed", said)
    at = now + max(backoff(attempts, jitter), getattr(error, "after", timedelta()))
    if until is None:
        gives_up = attempts >= MOST_ATTEMPTS
        return Verdict("failed", f"given up after {attempts} attempts: {said}") if gives_up else _again(said, at)
    if at >= until:
        at = until - FIRST_WAIT  # a last attempt before it is of no use
    if at <= now:
        return Verdict("failed", f"given up after {attempts} attempts, for its time has passed: {said}")
    return _again(said, at)


def words(said: str) -> str:
    """What a job or a party said, as it can be kept and shown: bounded, and without control characters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "\ufffd", said)[:2000]


def _again(said: str, at: datetime) -> Verdict:
    return Verdict("pending", said, at)


def after_its_time(attempts: int, until: datetime, detail: str, *, begun: bool) -> Verdict:
    """The verdict on a job whose time has passed; ``begun`` says that a process died over it."""
    if begun:
        said = f"a process died over it, so it may have been done; its time passed at {until.isoformat()}"
        return Verdict("failed", said)
    if attempts:
        return Verdict("failed", f"given up after {attempts} attempts, at {until.isoformat()}: {detail}")
    return Verdict("missed", f"nobody was there to do it before {until.isoformat()}, when its time passed")
