"""The messages of the exchanges (D4.2 3.2, D4.3 4.2.2), the same words for both parties."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.instants import Instant
from gridlingua.services.wire import Identifier, Message, Name, NonNegative, Positive, Time, example

PowerUnit = Literal["W", "kW", "MW", "var", "kvar", "Mvar"]
Meters = Annotated[tuple[Identifier, ...], Field(min_length=1)]

PERIOD: dict[str, Any] = {"startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T13:00:00Z"}
NEED: dict[str, Any] = {
    "requestId": "Z1.20261121T1000Z",
    "needs": 100,
    "measurementUnit": "kW",
    "direction": "Down",
    "typePower": "Active",
    **PERIOD,
    "eligibleClients": ["M000001", "M000002"],
}
OFFER: dict[str, Any] = {
    "requestId": "Z1.20261121T1000Z",
    "offerId": "O-1",
    "offer": 20,
    "measurementUnit": "kW",
    "price": 0.1,
    **PERIOD,
    "meterIds": ["M000001"],
}
ORDER: dict[str, Any] = {
    "requestId": "Z1.20261121T1000Z",
    "offerId": "O-1",
    "activation": "Yes",
    "quantity": 20,
    "measurementUnit": "kW",
    "offeredQuantity": 20,
    **PERIOD,
}
NEED_ACKNOWLEDGEMENT: dict[str, Any] = {
    "requestId": "Z1.20261121T1000Z",
    "acknowledgedBy": "aggregator",
    "acknowledgedAt": "2026-11-20T12:00:00Z",
}
ACKNOWLEDGEMENT: dict[str, Any] = {**NEED_ACKNOWLEDGEMENT, "offerId": "O-1", "acknowledgedBy": "dso"}
READING: dict[str, Any] = {"time": "2026-11-20T10:00:00Z", "measurement": 0.412, "unit": "kW"}
METERING: dict[str, Any] = {"user": "U000001", "metering": [READING]}
FAILURE: dict[str, Any] = {
    "party": "https://other.example.org/kb",
    "status": 504,
    "detail": "https://other.example.org/kb did not answer within 10 s",
    "retry": True,
}


class Period(Message):
    """From ``start_time`` until just before ``end_time``."""

    model_config = example(PERIOD)

    start_time: Time
    end_time: Time


class Need(Period):
    """What the DSO needs in a period (D4.2 3.2.2.1.1.1): ``needs`` in ``measurement_unit`` of ``eligible_clients``."""

    model_config = example(NEED)

    request_id: Identifier
    needs: Positive
    measurement_unit: PowerUnit
    direction: Literal["Up", "Down"]
    type_power: Literal["Active", "Reactive"]
    eligible_clients: Meters


class Offer(Period):
    """What a provider offers for a need (D4.2 3.2.2.1.1.2): ``offer`` in ``measurement_unit`` at ``price`` EUR/kWh."""

    model_config = example(OFFER)

    request_id: Identifier
    offer_id: Identifier
    offer: Positive
    measurement_unit: PowerUnit
    price: NonNegative
    meter_ids: Meters


class Order(Period):
    """A line of an activation plan (D4.2 3.2.2.2.1.2): Yes and how much, or No and the whole offer, declined."""

    model_config = example(ORDER)

    request_id: Identifier
    offer_id: Identifier
    activation: Literal["Yes", "No"]
    quantity: Positive
    measurement_unit: PowerUnit
    offered_quantity: Positive


class NeedAcknowledgement(Message):
    """``acknowledged_by`` has the need ``request_id`` since ``acknowledged_at``."""

    model_config = example(NEED_ACKNOWLEDGEMENT)

    request_id: Identifier
    acknowledged_by: Name
    acknowledged_at: Time


class Acknowledgement(NeedAcknowledgement):
    """``acknowledged_by`` has the offer, or the order for it, since ``acknowledged_at``."""

    model_config = example(ACKNOWLEDGEMENT)

    offer_id: Identifier


class Unacknowledged(Message):
    """What nobody acknowledged: a need, an offer, or an offer's order."""

    request_id: Identifier
    offer_id: Identifier | None = None


class Failure(Message):
    """A party (its knowledge base id, or ``adapter`` or ``network``) that failed, and whether to try again."""

    model_config = example(FAILURE)

    party: str
    status: int
    detail: str
    retry: bool


class Reading(Message):
    """The mean power over the interval that begins at ``time``."""

    model_config = example(READING)

    time: Time
    measurement: NonNegative
    unit: Literal["kW"]


class Metering(Message):
    """The readings of a user, in the order of time (D4.2 3.2.1.1.1.2)."""

    model_config = example(METERING)

    user: Identifier
    metering: Annotated[tuple[Reading, ...], Field(min_length=1)]


def acknowledge(message: Need | Offer | Order, name: str, at: datetime) -> NeedAcknowledgement | Acknowledgement:
    """Say that ``name`` received the message at ``at``."""
    said = {"request_id": message.request_id, "acknowledged_by": name, "acknowledged_at": Instant.of(at)}
    if isinstance(message, Need):
        return NeedAcknowledgement.model_validate(said)
    return Acknowledgement.model_validate({**said, "offer_id": message.offer_id})
