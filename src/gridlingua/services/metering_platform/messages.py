"""What a meter says at its customer interface (D4.3 2.2 and 3.4.2; labels of Enedis-NOI-CPT_54E)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.sendings import SENT, Sending
from gridlingua.services.wire import Message, Name, NonNegative, Time, example

Prm = Annotated[str, Field(pattern=r"^[0-9]{14}$", description="the point de référence mesure, 14 digits")]
ApparentUnit = Literal["VA", "kVA"]
Label = Literal[
    "EAST", "EAIT", "IRMS1", "URMS1", "PREF", "PCOUP", "SINSTS", "SMAXSN", "SINSTI", "CCASN", "CCAIN"
]  # fmt: skip
Quantity = Literal[
    "ActiveEnergy",
    "Current",
    "Voltage",
    "PowerLimit",
    "CutoffPower",
    "ApparentPower",
    "InjectedPower",
    "ActivePower",
]

_AT: dict[str, Any] = {"meterId": "21345678901234", "timestamp": "2026-11-20T11:59:30Z"}


class MeterReading(Message):
    """A meter and an instant."""

    meter_id: Prm
    timestamp: Time


class CutoffPower(MeterReading):
    """The power at which a meter cuts off, from an instant on; 0 when it is cut off (PCOUP)."""

    model_config = example({**_AT, "cutoffPower": 6, "measurementUnit": "kVA"})

    cutoff_power: NonNegative
    measurement_unit: ApparentUnit


class InjectedPower(MeterReading):
    """What a customer feeds in at an instant; above zero is towards the grid (SINSTI)."""

    model_config = example({**_AT, "injectedPower": 2874, "measurementUnit": "VA"})

    injected_power: NonNegative
    measurement_unit: ApparentUnit


class PowerOverrun(MeterReading):
    """Whether more is drawn at an instant than is subscribed (STGE), and both powers."""

    model_config = example({**_AT, "overrun": True, "power": 6420, "subscribedPower": 6000, "measurementUnit": "VA"})

    overrun: bool
    power: NonNegative
    subscribed_power: NonNegative
    measurement_unit: ApparentUnit


class ReadingAcknowledgement(MeterReading):
    """``acknowledged_by`` has the reading since ``acknowledged_at``."""

    model_config = example({**_AT, "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"})

    acknowledged_by: Name
    acknowledged_at: Time


class DataPoint(Message):
    """One of the eleven numbers of a frame, a magnitude."""

    label: Label
    quantity: Quantity
    value: NonNegative
    unit: Literal["Wh", "A", "V", "VA", "W"]
    timestamp: Time


class Frame(MeterReading):
    """The eleven numbers of a meter at an instant."""

    model_config = example(
        {
            **_AT,
            "readings": [
                {"label": "URMS1", "quantity": "Voltage", "value": 228, "unit": "V", "timestamp": _AT["timestamp"]}
            ],
        }
    )

    readings: Annotated[tuple[DataPoint, ...], Field(min_length=1)]


class MeterSending(Sending):
    """What was sent to whom its users have consented, who failed, and the meters of which nobody may be told."""

    model_config = example({"sent": [SENT], "failures": [], "withheld": ["30001234567890"]})

    withheld: tuple[str, ...]
