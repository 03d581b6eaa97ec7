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
    """A period of delivery [start, end) over which an offer cannot be activated, why, and since when that is known."""

    start: datetime
    end: datetime
    reason: str
    received_at: datetime


def refusal(table: Mapping[str, tuple[str, ...]], what: str, state: str, to: str) -> str | None:
    """Why ``what`` (such as "offer O1") cannot go from ``state`` to ``to``; None when it can."""
    if to in table[state]:
        return None
    allowed = " or ".join(table[state]) or "nothing else any more"
    return f"{what} is {state}, so it cannot become {to}; it can become {allowed}"


def due_of_offer(
    history: Sequence[Transition], suspensions: Sequence[Suspended], deadline: datetime, at: datetime
) -> Iterator[Transition]:
    """What the clock alone has done to an offer until ``at``, and ``history`` does not have yet.

    A suspension is over when the last of ``suspensions`` is. ``deadline`` is the last instant to activate the offer.
    """
    last = history[-1]
    if last.state == "expired":
        return
    over = max((one.end for one in suspensions), default=None)
    if last.state == "suspended" and over is not None and over <= min(at, deadline):
        yield Transition("active", max(over, last.at), "its suspension is over", CLOCK)
    if at > deadline:
        yield Transition("expired", max(deadline, last.at), "the deadline to activate it has passed", CLOCK)


def due_of_activation(history: Sequence[Transition], deadline: datetime, at: datetime) -> Iterator[Transition]:
    """What the clock alone has done to an activation until ``at``: who has not answered by ``deadline`` will not."""
    if history[-1].state == "sent" and at > deadline:
        yield Transition("cancelled", max(deadline, history[-1].at), "not answered in time", CLOCK)
