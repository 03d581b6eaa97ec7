"""What the DSO's own staff and systems say to data sharing (D4.2 3.2.1): points, accounts, zones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.data_sharing.domain import Granularity
from gridlingua.services.data_sharing.points import POINT, Kind
from gridlingua.services.messages import Reading
from gridlingua.services.wire import Identifier, Message, Name, NonNegative, Positive, Signed, Time, example

CUSTOMER: dict[str, Any] = {"user": "U000001", "meterId": "M000001", "zone": "Z1"}


ZONE_METERING: dict[str, Any] = {
    "zone": "Z1",
    "aggregate": "Sum",
    "clients": 214,
    "metering": [{"time": "2026-11-19T18:00:00Z", "measurement": 140.9, "unit": "kW"}],
}


FLEXIBILITY_DATA: dict[str, Any] = {
    "zoneId": "Z1",
    "granularity": 2,
    "dates": ["2026-11-20T19:00:00Z"],
    "kind": ["Historical"],
    "needs": [100],
    "measurementUnit": ["kW"],
    "direction": ["Down"],
    "typePower": ["Active"],
    "eligibleClients": [["M000001", "M000002"]],
}


MEASURED: dict[str, Any] = {
    "meterId": "M000001",
    "time": "2026-11-20T10:00:00Z",
    "activeWithdrawn": 0.412,
    "activeInjected": 0,
    "reactiveWithdrawn": 0.06,
    "reactiveInjected": None,
    "voltage": 231.4,
    "current": 1.8,
    "tap": None,
}


_FED_BY = ("secondarySubstation", "secondaryFeeder", "primarySubstation", "primaryFeeder")
_REJECTED = {"line": 7, "reason": "there is no point with the meter 'M9'; import the points first"}


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


class FlexibilityData(Message):
    """The needs of a zone (D4.2 3.2.1.1.1.3): the elements of the arrays at one position are one need."""

    model_config = example(FLEXIBILITY_DATA)

    zone_id: Identifier
    granularity: Granularity
    dates: tuple[Time, ...]
    kind: tuple[Literal["Historical", "Forecast"], ...]
    needs: tuple[Positive, ...]
    measurement_unit: tuple[Literal["kW", "kvar"], ...]
    direction: tuple[Literal["Up", "Down"], ...]
    type_power: tuple[Literal["Active", "Reactive"], ...]
    eligible_clients: tuple[tuple[Identifier, ...], ...]


class ZoneLoad(Message):
    """The load of a zone: the net sum of its customers for every quarter-hour from ``start`` on, without a gap.

    Net is withdrawn less injected, and below zero where the zone feeds in.
    """

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
    load: tuple[Signed, ...]
    meter_ids: tuple[Identifier, ...]


class Topology(Message):
    """A client or producer, and what feeds it (D4.2 table 19); what is not known, or is not there, is null."""

    model_config = example({name: POINT[name] for name in ("meterId", "kind", *_FED_BY)})

    meter_id: Identifier
    kind: Kind
    secondary_substation: Identifier | None
    secondary_feeder: Identifier | None
    primary_substation: Identifier | None
    primary_feeder: Identifier | None


class ZoneClients(Message):
    """A zone, how many clients are in it and, when its metering is never told anonymized, why not."""

    model_config = example({"kind": "postal_code", "zone": "4000-123", "clients": 214, "refusal": None})

    kind: Literal[
        "zone", "postal_code", "primary_substation", "primary_feeder", "secondary_substation", "secondary_feeder"
    ]
    zone: Identifier
    clients: int
    refusal: str | None


class Gaps(Message):
    """A point that lacks readings: how many of how many quarter-hours, and when its last one began, if there is any."""

    model_config = example(
        {"meterId": "M000001", "kind": "LVClient", "missing": 4, "expected": 96, "last": "2026-11-20T22:45:00Z"}
    )

    meter_id: Identifier
    kind: Kind
    missing: int
    expected: int
    last: Time | None


class Measured(Message):
    """The means of a quarter-hour at a point; what was not measured is null.

    Active power is in kW and reactive power in kvar, each withdrawn from the grid and injected into it; ``voltage`` is
    in V, ``current`` in A, and ``tap`` the position of a transformer's tap changer.
    """

    model_config = example(MEASURED)

    meter_id: Identifier
    time: Time
    active_withdrawn: NonNegative | None
    active_injected: NonNegative | None
    reactive_withdrawn: NonNegative | None
    reactive_injected: NonNegative | None
    voltage: NonNegative | None
    current: NonNegative | None
    tap: int | None


class Rejected(Message):
    """A row that was put aside."""

    line: int
    reason: str


class Imported(Message):
    """What became of a file: how many rows it has, were new, changed or completed what was known, or said nothing new.

    ``rejected`` are the first hundred of those that were ``bad``.
    """

    model_config = example({"rows": 96, "added": 95, "changed": 0, "known": 0, "bad": 1, "rejected": [_REJECTED]})

    rows: int
    added: int
    changed: int
    known: int
    bad: int
    rejected: tuple[Rejected, ...]
