"""How a consent stands, and what may become of it; pure functions.

A consent is asked for, given or refused, and ends: by the clock, by the user, or by the DSO (the statuses of
data_sharing/authorization). Expiry is a matter of the clock: nobody has to write it down for it to be so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from gridlingua.services.refusals import ConflictError

Status = Literal["Requested", "Given", "Refused", "Withdrawn", "Revoked", "Expired"]


class State(StrEnum):
    """Where a consent stands."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.GRANTED, State.REFUSED, State.EXPIRED}),
    State.GRANTED: frozenset({State.WITHDRAWN, State.REVOKED, State.EXPIRED}),
    State.REFUSED: frozenset(),
    State.EXPIRED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.REVOKED: frozenset(),
}
"""Whoever wants more after an end asks anew, for another period: what was said stays said."""

STATUSES: Mapping[State, Status] = {
    State.REQUESTED: "Requested",
    State.GRANTED: "Given",
    State.REFUSED: "Refused",
    State.EXPIRED: "Expired",
    State.WITHDRAWN: "Withdrawn",
    State.REVOKED: "Revoked",
}
"""The words of data_sharing/authorization."""

_SAID = {
    State.REQUESTED: "waits for an answer",
    State.GRANTED: "was given",
    State.REFUSED: "was refused",
    State.EXPIRED: "has expired",
    State.WITHDRAWN: "was withdrawn by the user",
    State.REVOKED: "was revoked by the DSO",
}
_WANTED = {
    State.GRANTED: "given",
    State.REFUSED: "refused",
    State.EXPIRED: "expired",
    State.WITHDRAWN: "withdrawn",
    State.REVOKED: "revoked",
}


@dataclass(frozen=True)
class Standing:
    """What is kept of a consent's state: ``answer_by`` ends the question, ``valid_until`` the consent itself."""

    state: State
    answer_by: datetime
    valid_until: datetime

    @property
    def expires_at(self) -> datetime | None:
        """When the clock ends it; nothing for what has ended already."""
        if self.state is State.REQUESTED:
            return min(self.answer_by, self.valid_until)
        return self.valid_until if self.state is State.GRANTED else None

    def at(self, now: datetime) -> State:
        """The state at an instant: what is kept, unless its time is over."""
        end = self.expires_at
        return State.EXPIRED if end is not None and now >= end else self.state


def moved(reference: str, before: State, after: State) -> State:
    """The state after a transition; raises ``ConflictError`` in words for one that there is not."""
    if after in TRANSITIONS[before]:
        return after
    possible = " or ".join(sorted(_WANTED[state] for state in TRANSITIONS[before] if state is not State.EXPIRED))
    rest = f"it can only be {possible}" if possible else "nothing more can become of it"
    raise ConflictError(f"consent {reference} {_SAID[before]}, so it cannot be {_WANTED.get(after, after)}; {rest}")


def answer_by(now: datetime, days: int, end: datetime) -> datetime:
    """Until when a question may be answered: ``days`` from now, and never after its period."""
    return min(now + timedelta(days=days), end)
