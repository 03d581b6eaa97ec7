"""What the operator is told of work that falls due, and tells the scheduler."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.wire import Message, Time, example

Key = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
State = Literal["pending", "claimed", "done", "failed", "missed"]
_NAMED: dict[str, Any] = {"kind": "flexibility.needs", "key": "day-ahead.2026-11-21.aggregator"}
_ATTEMPT: dict[str, Any] = {
    "begunAt": "2026-11-20T12:00:00Z",
    "endedAt": "2026-11-20T12:00:10Z",
    "outcome": "retry",
    "detail": "https://aggregator.example.org/kb did not answer within 10 s",
}
_JOB: dict[str, Any] = {
    **_NAMED,
    "due": "2026-11-20T12:00:00Z",
    "until": "2026-11-20T16:00:00Z",
    "state": "pending",
    "nextAt": "2026-11-20T12:00:14Z",
    "attempts": 1,
    "finishedAt": None,
    "detail": _ATTEMPT["detail"],
}
_KIND: dict[str, Any] = {
    "kind": "flexibility.needs",
    "since": "2026-11-01T00:00:00Z",
    "plannedUntil": "2026-11-20T12:00:00Z",
    "paused": False,
    "served": True,
}


class Named(Message):
    """A job by its kind and key."""

    model_config = example(_NAMED)

    kind: Key
    key: Key


class KeptJob(Named):
    """A job: when it is due, until when it is of use, how often it was tried and when it will be, and what was said."""

    model_config = example(_JOB)

    due: Time
    until: Time | None
    state: State
    next_at: Time
    attempts: int
    finished_at: Time | None
    detail: str


class KeptAttempt(Message):
    """An attempt at a job; ``outcome`` is ``lost`` when the process died over it."""

    model_config = example(_ATTEMPT)

    begun_at: Time
    ended_at: Time | None
    outcome: Literal["running", "done", "retry", "failed", "missed", "lost"]
    detail: str


class JobHistory(KeptJob):
    """A job and every attempt at it, in the order of time."""

    model_config = example({**_JOB, "history": [_ATTEMPT]})

    history: tuple[KeptAttempt, ...]


class KeptKind(Message):
    """A kind of jobs, since when it is kept and until when planned; ``served`` tells whether this process does it."""

    model_config = example(_KIND)

    kind: Key
    since: Time
    planned_until: Time
    paused: bool
    served: bool


class Pause(Message):
    """Whether a kind of jobs stands still."""

    model_config = example({"kind": "flexibility.needs", "paused": True})

    kind: Key
    paused: bool
