"""What the DSO's own staff and systems say to data sharing (D4.2 3.2.1): customers, grants and the load of a zone."""

from __future__ import annotations

from typing import Any, Literal

from gridlingua.services.wire import Identifier, Message, NonNegative, Text, Time, example

CUSTOMER: dict[str, Any] = {"user": "U000001", "meterId": "M000001", "zone": "Z1"}
GRANT: dict[str, Any] = {
    "reference": "G-49d259db",
    "user": "U000001",
    "grantee": "https://aggregator.example.org/kb",
    "validFrom": "2026-11-01T00:00:00Z",
    "validUntil": "2027-11-01T00:00:00Z",
}


class Customer(Message):
    """An end user, the meter, and the zone of the grid."""

    model_config = example(CUSTOMER)

    user: Identifier
    meter_id: Identifier
    zone: Identifier


class Grant(Message):
    """Lets the knowledge base ``grantee`` read the metering of ``user``, from ``valid_from`` until ``valid_until``."""

    model_config = example(GRANT)

    reference: Identifier
    user: Identifier
    grantee: Text
    valid_from: Time
    valid_until: Time


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
