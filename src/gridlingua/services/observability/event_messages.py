"""What the DSO's own staff sees and does of events: faults, and runs of abnormal voltages."""

from __future__ import annotations

from typing import Any, Literal

from gridlingua.services.observability.events import Severity, State
from gridlingua.services.observability.messages import FAULT, AbnormalVoltage, FaultNotification
from gridlingua.services.wire import Message, Text, Time, example

Kind = Literal["Fault", "AbnormalVoltage"]

_EVENT: dict[str, Any] = {
    "number": 1,
    "kind": "Fault",
    "provider": "aggregator",
    "subject": FAULT["faultLocationId"],
    "side": None,
    "occurrence": 1,
    "state": "Received",
    "severity": "Critical",
    "startTime": FAULT["startTime"],
    "lastSeen": FAULT["timestamp"],
    "receivedAt": "2026-11-20T03:15:46Z",
    "places": [{"postalCode": "4405-123", "hems": 3}],
}
_STEP: dict[str, Any] = {
    "at": "2026-11-20T12:00:00Z",
    "before": "Received",
    "after": "Acknowledged",
    "actor": "control-room",
    "cause": "seen",
}


class Place(Message):
    """A postal code of an event, and how many HEMS there were affected when they were counted last."""

    postal_code: str
    hems: int


class Event(Message):
    """A potential fault, or a run of abnormal voltages of a HEMS to one side, from its first notice until it is over.

    ``subject`` is the fault's id at its provider, or the HEMS; the same subject after an event is over is the next
    ``occurrence``. The severity is the worst that was notified (EN 50160).
    """

    model_config = example(_EVENT)

    number: int
    kind: Kind
    provider: str
    subject: str
    side: Literal["Low", "High"] | None
    occurrence: int
    state: State
    severity: Severity
    start_time: Time
    last_seen: Time
    received_at: Time
    places: tuple[Place, ...]


class Step(Message):
    """A step in the life of an event: when, from which state to which, by whom and why."""

    model_config = example(_STEP)

    at: Time
    before: State | None
    after: State
    actor: str
    cause: str


class WholeEvent(Event):
    """An event with every notice of it, in the order they came, and every step of its life."""

    model_config = example(_EVENT | {"notices": [FAULT], "history": [_STEP]})

    notices: tuple[FaultNotification | AbnormalVoltage, ...]
    history: tuple[Step, ...]


class Transition(Message):
    """The state that an event is to go to, and why."""

    model_config = example({"state": "Acknowledged", "cause": "crew 7 is on its way"})

    state: State
    cause: Text


class CodeCount(Message):
    """How many events a postal code has: by kind, by state, and the HEMS that were counted in those not over."""

    model_config = example(
        {"postalCode": "4405-123", "faults": 1, "abnormalVoltages": 2, "states": {"Received": 3}, "hemsAffected": 4}
    )

    postal_code: str
    faults: int
    abnormal_voltages: int
    states: dict[State, int]
    hems_affected: int
