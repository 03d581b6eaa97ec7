"""The messages of baselines and delivery reports (D4.3 3.2.4), as the exchanges have them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from gridlingua.services.messages import PERIOD, Period
from gridlingua.services.settlement.delivery import Direction
from gridlingua.services.wire import Identifier, Message, Name, Number, Signed, Time, example

_DAY: dict[str, Any] = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
BASELINE: dict[str, Any] = {
    "meterId": "M000001",
    **_DAY,
    "createdAt": "2026-11-20T15:12:00Z",
    "measurementUnit": "kW",
    "baseline": [{"time": "2026-11-21T00:00:00Z", "power": 0.22}],
}
OFFER_IDS: dict[str, Any] = {"requestId": "Z1.20261121T1000Z", "offerId": "O-1"}
DECISION: dict[str, Any] = {
    **OFFER_IDS,
    "decision": "Confirmed",
    "reason": "",
    "acknowledgedBy": "aggregator",
    "acknowledgedAt": "2026-11-23T09:00:00Z",
}

Reason = Annotated[str, Field(max_length=512, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Decided = Literal["Confirmed", "Disputed"]


class BaselinePoint(Message):
    """The mean power over the quarter-hour that begins at ``time``, positive from the grid to the customer."""

    time: Time
    power: Signed


class Baseline(Period):
    """What a meter would have drawn without any activation, one day in quarter-hours (D4.3 3.2.4)."""

    model_config = example(BASELINE)

    meter_id: Identifier
    created_at: Time
    measurement_unit: Literal["W", "kW", "MW"]
    baseline: Annotated[tuple[BaselinePoint, ...], Field(min_length=1, max_length=100)]


class BaselineAcknowledgement(Message):
    """``acknowledged_by`` has the baseline of a meter since ``acknowledged_at``."""

    model_config = example({"meterId": "M000001", "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T15:12:01Z"})

    meter_id: Identifier
    acknowledged_by: Name
    acknowledged_at: Time


class ReportedQuarter(Message):
    """A quarter-hour of a delivery report: what was ordered, the baseline, what was metered and what was delivered."""

    time: Time
    ordered: Number
    baseline: Number
    metered: Number
    delivered: Number


class DeliveryReport(Period):
    """What was ordered of an offer and what its meters show was delivered: every quarter-hour of the period, in kW."""

    model_config = example(
        {
            **OFFER_IDS,
            "direction": "Down",
            **PERIOD,
            "measurementUnit": "kW",
            "intervals": [
                {"time": "2026-11-21T10:00:00Z", "ordered": 20, "baseline": 48, "metered": 32, "delivered": 16}
            ],
        }
    )

    request_id: Identifier
    offer_id: Identifier
    direction: Direction
    measurement_unit: Literal["kW"]
    intervals: Annotated[tuple[ReportedQuarter, ...], Field(min_length=1)]


class Decision(Message):
    """Whether a provider confirms what is reported of an offer; who disputes says why."""

    model_config = example(DECISION)

    request_id: Identifier
    offer_id: Identifier
    decision: Decided
    reason: Reason = ""
    acknowledged_by: Name
    acknowledged_at: Time

    @model_validator(mode="after")
    def _reasoned(self) -> Decision:
        if self.decision == "Disputed" and not self.reason.strip():
            raise ValueError("a report that is Disputed needs a reason: say what is wrong with it")
        return self
