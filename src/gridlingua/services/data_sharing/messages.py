"""What the DSO's own staff and systems say to data sharing (D4.2 3.2.1): points, accounts, zones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.messages import Reading
from gridlingua.services.wire import Identifier, Message, Name, NonNegative, Time, example

CUSTOMER: dict[str, Any] = {"user": "U000001", "meterId": "M000001", "zone": "Z1"}


ZONE_METERING: dict[str, Any] = {
    "zone": "Z1",
    "aggregate": "Sum",
    "clients": 214,
    "metering": [{"time": "2026-11-19T18:00:00Z", "measurement": 140.9, "unit": "kW"}],
}


class Customer(Message):
    """An end user, the meter, and the zone of the grid."""

    model_config = example(CUSTOMER)

    user: Identifier
    meter_id: Identifier
    zone: Identifier


class Account(Message):
    """The ``organisation`` (an account with the role end_user) that is the end user ``user``, and needs no grant."""

    model_config = example({"organisation": "customer-000001", "user": "U000001"})

    organisation: Name
    user: Identifier


class ZoneMetering(Message):
    """The sum or the mean of what the ``clients`` of a zone withdraw, in the order of time (D4.2 3.2.1.1.1.2)."""

    model_config = example(ZONE_METERING)

    zone: Identifier
    aggregate: Literal["Sum", "Mean"]
    clients: int
    metering: Annotated[tuple[Reading, ...], Field(min_length=1)]


class ZoneLoad(Message):
    """The load of a zone: the sum of its customers for every quarter-hour from ``start`` on, without a gap."""

    model_config = example(
        {
            "zone": "Z1",
            "measurementUnit": "kW",
            "start": "2026-11-20T18:00:00Z",
            "load": [29.5],
            "meterIds": ["M000001"],
        }
    )

    zone: Identifier
    measurement_unit: Literal["kW"]
    start: Time
    load: tuple[NonNegative, ...]
    meter_ids: tuple[Identifier, ...]
