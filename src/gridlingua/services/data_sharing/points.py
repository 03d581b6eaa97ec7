"""Metering points by kind, and what each kind may say of its place in the grid (D4.2 4.2, tables 15 to 19); pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args

from gridlingua.errors import Fault
from gridlingua.services.postal_codes import PostalCode
from gridlingua.services.wire import Identifier, Message, example

Kind = Literal["LVClient", "SpecialLVClient", "MVClient", "SecondarySubstation", "PrimarySubstation"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CLIENTS: tuple[Kind, ...] = ("LVClient", "SpecialLVClient", "MVClient")

POINT: dict[str, Any] = {
    "meterId": "M000001",
    "kind": "LVClient",
    "user": "U000001",
    "zone": "Z1",
    "postalCode": "4000-123",
    "secondarySubstation": "SS-17",
    "secondaryFeeder": "SS-17-2",
    "primarySubstation": "PS-3",
    "primaryFeeder": "PS-3-5",
}
PLACES = ("secondary_substation", "secondary_feeder", "primary_substation", "primary_feeder")


class Point(Message):
    """A metering point: of a client, who is its ``user`` and lives in a ``zone``, or of a substation.

    The rest says where the grid feeds it: a feeder of a secondary substation, which a feeder of a primary one feeds.
    """

    model_config = example(POINT)

    meter_id: Identifier
    kind: Kind
    user: Identifier | None = None
    zone: Identifier | None = None
    postal_code: PostalCode | None = None
    secondary_substation: Identifier | None = None
    secondary_feeder: Identifier | None = None
    primary_substation: Identifier | None = None
    primary_feeder: Identifier | None = None


def complete(point: Point) -> Point:
    """The point with its user: whoever is not named otherwise is known by the meter (D4.2 3.2.1.1.1.2)."""
    if point.kind in CLIENTS and point.user is None:
        return point.model_copy(update={"user": point.meter_id})
    return point


def faults(point: Point, place: str = "") -> Iterator[Fault]:
    """What of a point does not fit its kind or the rest of it."""
    if point.kind in CLIENTS:
        if point.zone is None:
            yield Fault(f"{place}/zone", f"{point.kind} {point.meter_id} needs the zone that it is in")
    elif point.user is not None:
        yield Fault(f"{place}/user", f"{point.meter_id} is a {point.kind}: it has no user")
    beyond = {"MVClient": 2, "SecondarySubstation": 2, "PrimarySubstation": 4}.get(point.kind, 0)
    for name in PLACES[:beyond]:
        if getattr(point, name) is not None:
            field = Point.model_fields[name].alias
            yield Fault(f"{place}/{field}", f"{point.meter_id} is a {point.kind}, which has no {field}")
    for feeder, substation in (PLACES[1::-1], PLACES[3:1:-1]):
        if getattr(point, feeder) is not None and getattr(point, substation) is None:
            field = Point.model_fields[substation].alias
            yield Fault(f"{place}/{field}", f"{point.meter_id} names a feeder without its {field}")
