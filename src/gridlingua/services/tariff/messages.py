"""The messages about grid tariffs (D4.3 4.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.messages import Period
from gridlingua.services.wire import Identifier, Message, Name, Signed, Time, example

TARIFF: dict[str, Any] = {
    "tariffId": "T-2026-11-21-EVENING",
    "zoneId": "Z1",
    "publishedAt": "2026-11-20T12:00:00Z",
    "startTime": "2026-11-21T17:00:00Z",
    "endTime": "2026-11-21T17:15:00Z",
    "resolution": "PT15M",
    "priceUnit": "EUR/kWh",
    "boundaryUnit": "kW",
    "tiers": [
        {
            "lowerBoundary": 0,
            "upperBoundary": Decimal("6.9"),
            "prices": [{"startTime": "2026-11-21T17:00:00Z", "price": Decimal("0.042")}],
        }
    ],
}


class Price(Message):
    """The price of the quarter-hour from ``start_time`` on; below zero it is paid to the customer."""

    start_time: Time
    price: Annotated[Signed, Field(ge=Decimal("-9.999"), le=Decimal("9.999"))]


class Tier(Message):
    """The prices of power between two boundaries; below zero is fed in."""

    lower_boundary: Signed
    upper_boundary: Signed
    prices: Annotated[tuple[Price, ...], Field(min_length=1)]


class Tariff(Period):
    """What using the grid costs in a zone, by quarter-hour and tier of power."""

    model_config = example(TARIFF)

    tariff_id: Identifier
    zone_id: Identifier
    published_at: Time
    resolution: Literal["PT15M"]
    price_unit: Literal["EUR/kWh", "EUR/kW"]
    boundary_unit: Literal["W", "kW", "MW"]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]


class TariffAcknowledgement(Message):
    """``acknowledged_by`` has the tariff since ``acknowledged_at``."""

    model_config = example(
        {"tariffId": TARIFF["tariffId"], "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    )

    tariff_id: Identifier
    acknowledged_by: Name
    acknowledged_at: Time


class Which(Message):
    """The tariffs to send, and to whom: the organisations named, or all that the adapter is configured for."""

    model_config = example({"tariffIds": [TARIFF["tariffId"]], "providers": ["aggregator"]})

    tariff_ids: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)]
    providers: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)] | None = None
