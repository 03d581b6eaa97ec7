"""What offers and activations go through (D4.3 3.2.5 and 3.2.6); pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OfferState = Literal["received", "active", "suspended", "expired"]
ActivationState = Literal["sent", "accepted", "cancelled"]
CLOCK = "clock"

OFFER: Mapping[str, tuple[str, ...]] = {
    "received": ("active", "expired"),
    "active": ("suspended", "expired"),
    "suspended": ("active", "expired"),
    "expired": (),
}
ACTIVATION: Mapping[str, tuple[str, ...]] = {"sent": ("accepted", "cancelled"), "accepted": (), "cancelled": ()}


@dataclass(frozen=True)
class Transition:
    """A state that began ``at`` a time (UTC), why, and by whom: an organisation, the DSO, or the ``clock``."""

    state: str
    at: datetime
    cause: str
    actor: str


@dataclass(frozen=True)
class Suspended:
    """A period [start, end) over which an offer cannot be delivered or its provider cannot respond, and why.

    It is in force from ``since`` on until its end: from when it is known where it takes away time of delivery, else
    from its own start.
    """

    start: datetime
    end: datetime
    reason: str
    received_at: datetime
    since: datetime


def refusal(table: Mapping[str, tuple[str, ...]], what: str, state: str, to: str) -> str | None:
    """Why ``what`` (such as "offer O1") cannot go from ``state`` to ``to``; None when it can."""
    if to in table[state]:
        return None
    allowed = " or ".join(table[state]) or "nothing else any more"
    return f"{what} is {state}, so it cannot become {to}; it can become {allowed}"


def due_of_offer(
    history: Sequence[Transition],
    suspensions: Sequence[Suspended],
    deadline: datetime,
    at: datetime,
    *,
    activated: bool = False,
) -> Iterator[Transition]:
    """What the clock alone has done to an offer until ``at``, and ``history`` does not have yet.

    It is suspended while any of ``suspensions`` is in force. ``deadline`` is the last instant to activate the offer,
    and ``activated`` whether it was: it expires all the same, as there is nothing more to decide about it.
    """
    state, last = history[-1].state, history[-1].at
    if state == "expired":
        return
    times = sorted({time for one in suspensions for time in (one.since, one.end)})
    for time in (one for one in times if last < one <= min(at, deadline) and state != "received"):
        now = "suspended" if any(one.since <= time < one.end for one in suspensions) else "active"
        if now != state:
            cause = "its suspension has begun" if now == "suspended" else "its suspension is over"
            yield Transition(now, time, cause, CLOCK)
            state = now
    if at > deadline:
        passed = "the deadline to activate it has passed"
        cause = f"it was activated, and {passed}" if activated else passed
        yield Transition("expired", max(deadline, last), cause, CLOCK)


def due_of_activation(history: Sequence[Transition], deadline: datetime, at: datetime) -> Iterator[Transition]:
    """What the clock alone has done to an activation until ``at``: who has not answered by ``deadline`` will not."""
    if history[-1].state == "sent" and at > deadline:
        yield Transition("cancelled", max(deadline, history[-1].at), "not answered in time", CLOCK)
