"""The messages about what a connection point may draw and feed in (D4.3 2.1.1.1 and 4.2.1)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gridlingua.services.messages import FAILURE, Failure, Period
from gridlingua.services.wire import Identifier, Message, Name, NonNegative, Signed, Time, example

ActiveUnit = Literal["W", "kW", "MW"]


def _segment(identifier: str) -> str:
    if identifier in (".", ".."):
        raise ValueError(f"{identifier!r} leads to another path: no connection point is called so")
    return identifier


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("a limit must give a reason in words: a blank text tells nothing")
    return text


ConnectionPoint = Annotated[Identifier, AfterValidator(_segment)]
Reason = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(_words)]

LIMIT: dict[str, Any] = {
    "limitId": "limit-81",
    "connectionPoint": "DE0001234567890123",
    "reason": "Maintenance of a cable",
    "measurementUnit": "kW",
    "startTime": "2026-11-21T09:00:00Z",
    "endTime": "2026-11-21T09:15:00Z",
    "intervals": [{"time": "2026-11-21T09:00:00Z", "minimum": -5, "maximum": 20}],
}
CAPABILITY: dict[str, Any] = {
    "connectionPoint": "DE0001234567890123",
    "nominalConsumption": 100,
    "nominalProduction": 60,
    "contractualConsumption": 80,
    "contractualProduction": 60,
    "measurementUnit": "kW",
    "changeable": True,
    "obligatory": True,
}


class Interval(Message):
    """The least and the most power of a quarter-hour; above zero is drawn from the grid, below zero fed in."""

    time: Time
    minimum: Signed
    maximum: Signed


class PowerLimit(Period):
    """What a connection point may draw and feed in; a quarter-hour that is not listed is not limited."""

    model_config = example(LIMIT)

    limit_id: Identifier
    connection_point: ConnectionPoint
    reason: Reason
    measurement_unit: ActiveUnit
    intervals: Annotated[tuple[Interval, ...], Field(min_length=1)]


class Decision(Message):
    """Whether a provider keeps to a limit, and if not, why."""

    model_config = example(
        {
            "limitId": "limit-81",
            "accepted": True,
            "acknowledgedBy": "aggregator",
            "acknowledgedAt": "2026-11-20T12:00:00Z",
        }
    )

    limit_id: Identifier
    accepted: bool
    reason: Reason | None = None
    acknowledged_by: Name
    acknowledged_at: Time


class NewLimits(Message):
    """Limits to send, and to whom: the organisations named, or all that the adapter is configured for."""

    model_config = example({"limits": [LIMIT], "providers": ["aggregator"]})

    limits: Annotated[tuple[PowerLimit, ...], Field(min_length=1, max_length=100)]
    providers: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)] | None = None


class Capability(Message):
    """What a connection point can draw and feed in, and whether a limit is heeded; powers are magnitudes."""

    model_config = example(CAPABILITY)

    connection_point: ConnectionPoint
    nominal_consumption: NonNegative
    nominal_production: NonNegative
    contractual_consumption: NonNegative
    contractual_production: NonNegative
    measurement_unit: ActiveUnit
    changeable: bool
    obligatory: bool


class KnownCapability(Capability):
    """A capability, who told it (a knowledge base id), and when it was asked for."""

    model_config = example(
        CAPABILITY | {"party": "https://aggregator.example.org/kb", "askedAt": "2026-11-20T12:00:00Z"}
    )

    party: str
    asked_at: Time


class Capabilities(Message):
    """What is known of a connection point after asking, and who failed."""

    model_config = example({"known": [], "failures": [FAILURE]})

    known: tuple[KnownCapability, ...]
    failures: tuple[Failure, ...]
