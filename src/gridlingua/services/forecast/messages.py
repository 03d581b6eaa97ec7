"""The messages of the forecast exchanges (D4.3 4.2 and 4.3), and what the DSO's own staff sees of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.messages import Period
from gridlingua.services.wire import Identifier, Message, Name, NonNegative, Signed, Time, example

Cost = Annotated[Signed, Field(ge=Decimal("-9.999"), le=Decimal("9.999"))]
ActiveUnit = Literal["W", "kW", "MW"]
Technology = Literal["ElectricVehicle", "HeatPump", "PhotovoltaicSystem", "WindTurbine", "Other"]
Kind = Literal["ActivePower", "Baseline", "Flexibility", "Generation", "Load"]

_QUARTER: dict[str, Any] = {"startTime": "2026-11-21T18:00:00Z", "endTime": "2026-11-21T18:15:00Z"}
_MADE: dict[str, Any] = {"createdAt": "2026-11-20T10:30:00Z", **_QUARTER}
_SERIES: dict[str, Any] = {
    "forecastId": "F-1",
    "assetId": "portfolio-valverde",
    **_MADE,
    "resolution": "PT15M",
    "measurementUnit": "kW",
}
_ACKNOWLEDGED: dict[str, Any] = {"acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
ACTIVE_POWER: dict[str, Any] = {
    "assetId": "heatpump-0042",
    **_MADE,
    "valueSource": "Expected",
    "activePower": 2.35,
    "measurementUnit": "kW",
}
BASELINE: dict[str, Any] = {**_SERIES, "baseline": [{"startTime": _QUARTER["startTime"], "power": 170.5}]}
_MOVED: dict[str, Any] = {"startTime": _QUARTER["startTime"], "power": 31.2, "marginalCost": 0.04}
FLEXIBILITY: dict[str, Any] = {
    **_SERIES,
    "costUnit": "EUR/kWh",
    "directions": [{"direction": way, "flexibility": [_MOVED]} for way in ("Up", "Down")],
}
ZONE_FORECAST: dict[str, Any] = {
    "zoneId": "Z1",
    "technology": "Other",
    **_MADE,
    "resolution": "PT15M",
    "measurementUnit": "kW",
    "forecast": [{"startTime": _QUARTER["startTime"], "power": 341}],
}


class Forecast(Period):
    """What all forecasts have in common: the period they are about, and when they were made."""

    created_at: Time


class ActivePower(Forecast):
    """The mean power of an asset over a period of an hour at most; above zero is drawn from the grid (D4.3 4.2.1)."""

    model_config = example(ACTIVE_POWER)

    asset_id: Identifier
    value_source: Literal["Measured", "Expected"]
    active_power: Signed
    measurement_unit: ActiveUnit


class PowerAcknowledgement(Message):
    """``acknowledged_by`` has the power of an asset's interval since ``acknowledged_at``."""

    model_config = example({"assetId": "heatpump-0042", "startTime": _QUARTER["startTime"], **_ACKNOWLEDGED})

    asset_id: Identifier
    start_time: Time
    acknowledged_by: Name
    acknowledged_at: Time


class _Series(Forecast):
    forecast_id: Identifier
    asset_id: Identifier
    resolution: Literal["PT15M"]
    measurement_unit: ActiveUnit


class BaselinePoint(Message):
    """The mean power of the quarter-hour from ``start_time`` on; above zero is drawn from the grid."""

    start_time: Time
    power: Signed


class Baseline(_Series):
    """What an asset will draw or feed in if nothing is activated (D4.3 4.2.1), one value for each quarter-hour."""

    model_config = example(BASELINE)

    baseline: Annotated[tuple[BaselinePoint, ...], Field(min_length=1)]


class FlexibilityPoint(Message):
    """How far the power can be moved in the quarter-hour from ``start_time`` on, and what that costs in EUR/kWh."""

    start_time: Time
    power: NonNegative
    marginal_cost: Cost


class Direction(Message):
    """One direction of a forecast of flexibility."""

    direction: Literal["Up", "Down"]
    flexibility: Annotated[tuple[FlexibilityPoint, ...], Field(min_length=1)]


class FlexibilityForecast(_Series):
    """How far the power of an asset could be moved up and down (D4.3 4.2.1); it is no offer."""

    model_config = example(FLEXIBILITY)

    cost_unit: Literal["EUR/kWh"]
    directions: Annotated[tuple[Direction, ...], Field(min_length=1)]


class ForecastAcknowledgement(Message):
    """``acknowledged_by`` has the forecast since ``acknowledged_at``."""

    model_config = example({"forecastId": "F-1", **_ACKNOWLEDGED})

    forecast_id: Identifier
    acknowledged_by: Name
    acknowledged_at: Time


class ZonePoint(Message):
    """The mean power of the quarter-hour from ``start_time`` on, a magnitude."""

    start_time: Time
    power: NonNegative


class ZoneForecast(Forecast):
    """What the appliances of a technology in a zone will draw, or generate (D4.3 4.2.2 and 4.3)."""

    model_config = example(ZONE_FORECAST)

    zone_id: Identifier
    technology: Technology
    resolution: Literal["PT15M"]
    measurement_unit: ActiveUnit
    forecast: Annotated[tuple[ZonePoint, ...], Field(min_length=1)]


class KeptForecast(Message):
    """A forecast as it came: its ``message``, who sent or entered it and when, and whether it is the newest of its key.

    The key is the kind, who it is from, what it is about (asset, or zone and technology) and the period.
    """

    model_config = example(
        {
            "kind": "Baseline",
            "provider": "aggregator",
            "receivedAt": "2026-11-20T12:00:00Z",
            "holds": True,
            "message": BASELINE,
        }
    )

    kind: Kind
    provider: str
    received_at: Time
    holds: bool
    message: Baseline | FlexibilityForecast | ActivePower | ZoneForecast


class FlexibleQuarter(Message):
    """How far a provider expects to be able to move an asset in a quarter-hour: kW, at EUR/kWh."""

    model_config = example({"provider": "aggregator", "assetId": "M000001", "direction": "Down", **_MOVED})

    provider: str
    asset_id: Identifier
    direction: Literal["Up", "Down"]
    start_time: Time
    power: NonNegative
    marginal_cost: Cost
