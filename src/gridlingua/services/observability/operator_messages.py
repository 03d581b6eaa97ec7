"""What the DSO's own staff says to the observability service, and gets back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from gridlingua.services.messages import FAILURE, Failure, Period
from gridlingua.services.observability.events import Severity
from gridlingua.services.observability.messages import (
    READING,
    SERIES,
    STATUS,
    ZONE,
    ApplianceSeries,
    Count,
    HemsStatus,
    HemsVoltage,
    Units,
)
from gridlingua.services.observability.postal_codes import PostalCode
from gridlingua.services.wire import Identifier, Message, Positive, Time, example

DAY = {"seconds": 86_400, "minutes": 1_440, "hours": 24}
Operation = Literal["FaultyHems", "ElapsedTime", "Subscription"]
Providers = Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)]
Codes = Annotated[tuple[PostalCode, ...], Field(min_length=1, max_length=100)]

_SETTING: dict[str, Any] = {
    "number": 1,
    "operation": "FaultyHems",
    "postalCode": "4405-123",
    "message": {"minNbrHemsFaulty": 3},
    "providers": ["https://aggregator.example.org/kb"],
    "sentBy": "control-room",
    "recordedAt": "2026-11-20T12:00:00Z",
    "answers": [
        {
            "party": "https://aggregator.example.org/kb",
            "acknowledgedBy": "aggregator",
            "acknowledgedAt": "2026-11-20T12:00:01Z",
        }
    ],
    "failures": [],
}


class Monitoring(Message):
    """Where to monitor, by postal codes or zones, and from when on something is a potential fault (D4.3 4.1.1).

    The thresholds are sent before the subscription, which a provider decides by them. Without ``providers`` (their
    organisations) it is sent to all that the adapter is configured for.
    """

    model_config = example(
        {
            "postalCodes": ["4405-123"],
            "minNbrHemsFaulty": 3,
            "minTimeOfInterruption": 180,
            "unit": "seconds",
            "providers": ["aggregator"],
        }
    )

    postal_codes: Codes | None = None
    zone_ids: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)] | None = None
    subscribe: bool = True
    min_nbr_hems_faulty: Count | None = None
    min_time_of_interruption: Positive | None = None
    unit: Literal["seconds", "minutes", "hours"] | None = None
    providers: Providers | None = None

    @model_validator(mode="after")
    def _whole(self) -> Monitoring:
        if (self.postal_codes is None) == (self.zone_ids is None):
            raise ValueError("say where by postalCodes, or by zoneIds")
        if (self.min_time_of_interruption is None) != (self.unit is None):
            raise ValueError("give minTimeOfInterruption and unit together")
        if self.unit and self.min_time_of_interruption and self.min_time_of_interruption > DAY[self.unit]:
            raise ValueError(f"minTimeOfInterruption is above a day: {DAY[self.unit]} {self.unit} at most")
        if not self.subscribe and self.min_nbr_hems_faulty is None and self.unit is None:
            raise ValueError("there is nothing to send: subscribe, or give a threshold")
        return self


class Again(Message):
    """Of which postal codes to send again what somebody has not acknowledged; of all when none is named."""

    model_config = example({"postalCodes": ["4405-123"]})

    postal_codes: Codes | None = None


class Setting(Message):
    """A threshold or subscription that was sent, and what each provider (its knowledge base id) said last.

    ``answers`` are acknowledgements and decisions, ``failures`` who did not say anything of worth; without either it
    has not been sent. ``providers`` is empty when it is for all that the adapter is configured for.
    """

    model_config = example(_SETTING)

    number: int
    operation: Operation
    postal_code: str
    message: dict[str, Any]
    providers: tuple[str, ...]
    sent_by: str
    recorded_at: Time
    answers: tuple[dict[str, Any], ...]
    failures: tuple[Failure, ...]


class Settings(Message):
    """What was sent, and all who failed at any of it."""

    model_config = example({"settings": [_SETTING], "failures": [FAILURE]})

    settings: tuple[Setting, ...]
    failures: tuple[Failure, ...]


class KnownHems(Message):
    """What is known of a HEMS from a provider (its knowledge base id), with when it was asked for."""

    model_config = example(
        {
            "hemsId": STATUS["hemsId"],
            "party": "https://aggregator.example.org/kb",
            "status": STATUS,
            "statusAskedAt": "2026-11-20T15:12:00Z",
            "voltage": READING,
            "voltageAskedAt": "2026-11-20T15:12:00Z",
            "severity": None,
        }
    )

    hems_id: str
    party: str
    status: HemsStatus | None = None
    status_asked_at: Time | None = None
    voltage: HemsVoltage | None = None
    voltage_asked_at: Time | None = None
    severity: Severity | None = None


class HemsAnswers(Message):
    """What is known of a HEMS after asking, and who failed."""

    model_config = example({"known": [], "failures": [FAILURE]})

    known: tuple[KnownHems, ...]
    failures: tuple[Failure, ...]


class DeclaredZone(Units):
    """A zone and its observable units as the operator declares them; ``provider``, if named, alone may observe them.

    Without ``postal_code`` it is the one that most of the zone's metering points have.
    """

    model_config = example(ZONE | {"provider": "aggregator"})

    postal_code: PostalCode | None = None
    provider: Identifier | None = None


class DataRequest(Period):
    """Whose appliances to ask for, how fine (1: quarter-hours, 2: hours), of when, and from whom (an organisation)."""

    model_config = example(
        {
            "customerIds": ["alo092883"],
            "granularity": 2,
            "startTime": "2026-01-15T00:00:00Z",
            "endTime": "2026-01-16T00:00:00Z",
            "provider": "analyst",
        }
    )

    customer_ids: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)]
    granularity: Literal[1, 2]
    provider: Identifier | None = None


class KeptSeries(ApplianceSeries):
    """A series of an appliance, who it is from (a knowledge base id), how fine, and when it was fetched last."""

    model_config = example(
        SERIES | {"party": "https://analyst.example.org/kb", "granularity": 2, "fetchedAt": "2026-11-20T12:00:00Z"}
    )

    party: str
    granularity: Literal[1, 2]
    fetched_at: Time


class FetchedData(Message):
    """The series that were fetched, and who failed."""

    model_config = example({"series": [], "failures": [FAILURE]})

    series: tuple[KeptSeries, ...]
    failures: tuple[Failure, ...]
