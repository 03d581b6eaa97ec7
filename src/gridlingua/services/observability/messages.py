"""The messages of the observability exchanges (D4.2 3.2.3, D4.3 4.1), the same words for both parties."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictInt

from gridlingua.services.observability.postal_codes import PostalCode
from gridlingua.services.wire import Identifier, Message, Name, NonNegative, Positive, Time, example


def _segment(identifier: str) -> str:
    if identifier in (".", ".."):
        raise ValueError(f"{identifier!r} leads to another path: no HEMS is called so")
    return identifier


HemsId = Annotated[Identifier, AfterValidator(_segment)]
Count = Annotated[StrictInt, Field(ge=1, le=10_000)]
Volts = Annotated[NonNegative, Field(le=440)]

_CODE = "4405-123"
_HEMS = "ID1234"
_DECIDED: dict[str, Any] = {
    "postalCode": _CODE,
    "acknowledgedBy": "aggregator",
    "acknowledgedAt": "2026-11-20T12:00:00Z",
}
FAULT: dict[str, Any] = {
    "faultLocationId": "GAIA-2026-0041",
    "startTime": "2026-11-20T03:12:30Z",
    "timestamp": "2026-11-20T03:15:45Z",
    "faultLocationIdentification": [{"postalCode": _CODE, "faultyHems": 3}],
}
VOLTAGE: dict[str, Any] = {
    "hemsId": _HEMS,
    "postalCode": _CODE,
    "voltage": Decimal("198.4"),
    "unit": "V",
    "abnormalVoltage": "Low",
    "timestamp": "2026-11-20T19:42:10Z",
}
STATUS: dict[str, Any] = {
    "hemsId": _HEMS,
    "status": "on",
    "abnormalVoltage": "Yes",
    "timestamp": "2026-11-20T15:11:20Z",
}
READING: dict[str, Any] = {"hemsId": _HEMS, "voltage": 240, "unit": "V", "timestamp": "2026-11-20T15:11:20Z"}
ZONE: dict[str, Any] = {"zoneId": "PRT-SS-0417", "postalCode": "4200-013", "countryCode": "PT", "hemsIds": [_HEMS]}
OPPORTUNITY: dict[str, Any] = {
    "opportunityId": "Up.20261123T1400Z.20261123T1630Z",
    "message": "The number of EVs charging during 14h00 and 16h30 should increase by 6. "
    "Distributed storage devices were not found in this area.",
    "direction": "Up",
    "quantity": Decimal("44.4"),
    "measurementUnit": "kW",
    "startTime": "2026-11-23T14:00:00Z",
    "endTime": "2026-11-23T16:30:00Z",
}
SERIES: dict[str, Any] = {
    "customerId": "alo092883",
    "applianceId": "car",
    "applianceType": 1,
    "usage": "Consumption",
    "measurementType": "Power",
    "measurementUnit": "kW",
    "measurements": [{"time": "2026-01-15T00:00:00+00:00", "measurement": Decimal("3.68")}],
}


class ThresholdAcknowledgement(Message):
    """A provider applies a threshold to a postal code from now on (D4.2 3.2.3.2.1.1 and 2)."""

    model_config = example(_DECIDED)

    postal_code: PostalCode
    acknowledged_by: Name
    acknowledged_at: Time


class SubscriptionDecision(ThresholdAcknowledgement):
    """Whether a provider monitors a postal code from now on, and why not (D4.2 3.2.3.2.1.3)."""

    model_config = example(_DECIDED | {"status": "Accepted"})

    status: Literal["Accepted", "Denied"]
    reason: Name | None = None


class FaultyPlace(Message):
    """How many HEMS of a postal code do not answer."""

    postal_code: PostalCode
    faulty_hems: Count


class FaultNotification(Message):
    """A potential fault: since when HEMS have not answered, when they were counted, and where (D4.2 3.2.3.1.1.1.1)."""

    model_config = example(FAULT)

    fault_location_id: Identifier
    start_time: Time
    timestamp: Time
    fault_location_identification: Annotated[tuple[FaultyPlace, ...], Field(min_length=1)]


class FaultAcknowledgement(Message):
    """``acknowledged_by`` has the fault since ``acknowledged_at``."""

    model_config = example(
        {"faultLocationId": FAULT["faultLocationId"], "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    )

    fault_location_id: Identifier
    acknowledged_by: Name
    acknowledged_at: Time


class AbnormalVoltage(Message):
    """A reading of a HEMS outside 207 V to 253 V, one phase at an instant (D4.3 4.1.1)."""

    model_config = example(VOLTAGE)

    hems_id: Identifier
    postal_code: PostalCode
    voltage: Volts
    unit: Literal["V"]
    abnormal_voltage: Literal["Low", "High"]
    timestamp: Time


class VoltageAcknowledgement(Message):
    """``acknowledged_by`` has the reading of an instant since ``acknowledged_at``."""

    model_config = example(
        {
            "hemsId": _HEMS,
            "timestamp": VOLTAGE["timestamp"],
            "acknowledgedBy": "dso",
            "acknowledgedAt": "2026-11-20T12:00:00Z",
        }
    )

    hems_id: Identifier
    timestamp: Time
    acknowledged_by: Name
    acknowledged_at: Time


class HemsStatus(Message):
    """Whether a HEMS communicates, and whether its voltage is abnormal (D4.2 3.2.3.2.1.4)."""

    model_config = example(STATUS)

    hems_id: Identifier
    status: Literal["on", "off"]
    abnormal_voltage: Literal["Yes", "No", "Unknown"]
    timestamp: Time


class HemsVoltage(Message):
    """The last voltage that a HEMS measured (D4.2 3.2.3.2.1.5)."""

    model_config = example(READING)

    hems_id: Identifier
    voltage: Volts
    unit: Literal["V"]
    timestamp: Time


class Units(Message):
    """The units of a zone in a country (ISO 3166-1 alpha-2) that may be observed."""

    zone_id: Identifier
    country_code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    hems_ids: Annotated[tuple[HemsId, ...], Field(min_length=1)]


class GridZone(Units):
    """A zone that may be observed, where it lies, and its units (D4.3 table 15)."""

    model_config = example(ZONE)

    postal_code: PostalCode


class Opportunity(Message):
    """What would help the grid at a zip code: a sentence, and the power that should move (D4.2 3.2.3.1.1.1.2)."""

    model_config = example(OPPORTUNITY)

    opportunity_id: Identifier
    message: Annotated[str, Field(max_length=1000)]
    direction: Literal["Up", "Down"]
    quantity: Positive
    measurement_unit: Literal["kW"]
    start_time: Time
    end_time: Time


class Opportunities(Message):
    """The opportunities at a zip code, in the order of time."""

    model_config = example({"zipCode": "4200-013", "opportunities": [OPPORTUNITY]})

    zip_code: PostalCode
    opportunities: tuple[Opportunity, ...]


class Measurement(Message):
    """A value of an appliance for the interval that begins at ``time``."""

    time: Time
    measurement: NonNegative


class ApplianceSeries(Message):
    """What an appliance of a customer takes or gives, as a data service provider estimates it (D4.2 3.2.3.3.1.1).

    ``appliance_type`` 1 is an electric vehicle, 2 a heat pump, 3 a photovoltaic system, 4 another.
    """

    model_config = example(SERIES)

    customer_id: Identifier
    appliance_id: Identifier
    appliance_type: Literal[1, 2, 3, 4]
    usage: Literal["Consumption", "Production"]
    measurement_type: Literal["Power", "Energy"]
    measurement_unit: Literal["W", "kW", "MW", "Wh", "kWh", "MWh"]
    measurements: Annotated[tuple[Measurement, ...], Field(min_length=1)]
