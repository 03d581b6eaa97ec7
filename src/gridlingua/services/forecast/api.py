"""The REST interface of forecasts: what providers send and ask (D4.3 4.2), and what the DSO itself enters."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.forecast import operations, store
from gridlingua.services.forecast.messages import (
    ActivePower,
    Baseline,
    FlexibilityForecast,
    FlexibleQuarter,
    ForecastAcknowledgement,
    KeptForecast,
    Kind,
    PowerAcknowledgement,
    ZoneForecast,
)
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.pages import LINK, Page, found, page_of
from gridlingua.services.power import required_period
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, Time, reply

market = APIRouter(route_class=ExactRoute, tags=["forecast"])
operator = APIRouter(route_class=ExactRoute, prefix="/operator/forecast", tags=["forecast, operator"])
_PROVIDER = allow("service_provider", data="own")
_OPERATOR = allow("operator", data="internal")
_CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "one of the same id is known with other content"}}
_ZONE: dict[int | str, dict[str, Any]] = {404: {"description": "no forecast of this zone, of whatever time"}}
Start = Annotated[Time, Query(alias="startTime")]
End = Annotated[Time, Query(alias="endTime")]
Zone = Annotated[Identifier, Query(alias="zoneId")]


@market.post("/Forecast/ActivePower", response_model=list[PowerAcknowledgement], responses=_CONFLICT, **_PROVIDER)
def post_active_power(here: Here, asker: Asker, powers: Annotated[list[ActivePower], Body(min_length=1)]) -> Response:
    """Mean powers of assets, measured or expected, all or none; the one made last holds (D4.3 4.2.1)."""
    times = operations.receive_powers(here, powers, asker.organisation)
    _touch(asker, {one.asset_id for one in powers})
    said = [_acknowledged(here, at) for at in times]
    return reply(
        [{"assetId": one.asset_id, "startTime": str(one.start_time)} | at for one, at in zip(powers, said, strict=True)]
    )


@market.post("/Forecast/Baseline", response_model=list[ForecastAcknowledgement], responses=_CONFLICT, **_PROVIDER)
def post_baselines(here: Here, asker: Asker, forecasts: Annotated[list[Baseline], Body(min_length=1)]) -> Response:
    """What assets will draw or feed in if nothing is activated, all or none; the one made last holds (D4.3 4.2.1)."""
    times = operations.receive_baselines(here, forecasts, asker.organisation)
    _touch(asker, {one.asset_id for one in forecasts})
    said = [_acknowledged(here, at) for at in times]
    return reply([{"forecastId": one.forecast_id} | at for one, at in zip(forecasts, said, strict=True)])


@market.post("/Forecast/Flexibility", response_model=list[ForecastAcknowledgement], responses=_CONFLICT, **_PROVIDER)
def post_flexibility(
    here: Here, asker: Asker, forecasts: Annotated[list[FlexibilityForecast], Body(min_length=1)]
) -> Response:
    """How far assets could be moved, all or none; the one made last holds; it is no offer (D4.3 4.2.1)."""
    times = operations.receive_flexibility(here, forecasts, asker.organisation)
    _touch(asker, {one.asset_id for one in forecasts})
    said = [_acknowledged(here, at) for at in times]
    return reply([{"forecastId": one.forecast_id} | at for one, at in zip(forecasts, said, strict=True)])


def _touch(asker: Asker, assets: set[str]) -> None:
    for asset in sorted(assets):
        asker.touches(asset)


def _acknowledged(here: Here, at: Any) -> dict[str, str]:
    return {"acknowledgedBy": here.name, "acknowledgedAt": str(Instant.of(at))}


@market.get(
    "/Forecast/Generation",
    response_model=list[ZoneForecast],
    responses=_ZONE,
    **allow("service_provider", data="open"),
)
def get_generation(here: Here, asker: Asker, zone: Zone, start: Start, end: End) -> Response:
    """What a zone will generate in [startTime, endTime), by technology; none then is an empty array (D4.3 4.2.2)."""
    asker.touches(zone)
    return reply(operations.zone_forecast(here, "Generation", zone, Period(start_time=start, end_time=end)))


@market.get(
    "/Forecast/Load",
    response_model=list[ZoneForecast],
    responses=_ZONE,
    **allow("service_provider", data="open"),
)
def get_load(here: Here, asker: Asker, zone: Zone, start: Start, end: End) -> Response:
    """What a zone will draw in [startTime, endTime), by technology; none then is an empty array (D4.3 4.2.2)."""
    asker.touches(zone)
    return reply(operations.zone_forecast(here, "Load", zone, Period(start_time=start, end_time=end)))


@operator.post("/generation", status_code=201, response_model=list[ZoneForecast], responses=_CONFLICT, **_OPERATOR)
def enter_generation(
    here: Here, asker: Asker, forecasts: Annotated[list[ZoneForecast], Body(min_length=1)]
) -> Response:
    """Enter what zones will generate, all or none; the forecast made last holds, quarter-hour by quarter-hour."""
    operations.enter(here, "Generation", forecasts, asker.organisation)
    return reply(forecasts, status=201)


@operator.post("/load", status_code=201, response_model=list[ZoneForecast], responses=_CONFLICT, **_OPERATOR)
def enter_load(here: Here, asker: Asker, forecasts: Annotated[list[ZoneForecast], Body(min_length=1)]) -> Response:
    """Enter what zones will draw, all or none; the forecast made last holds, quarter-hour by quarter-hour."""
    operations.enter(here, "Load", forecasts, asker.organisation)
    return reply(forecasts, status=201)


@operator.get("/issues", response_model=list[KeptForecast], responses={200: LINK}, **_OPERATOR)
def list_issues(
    request: Request,
    here: Here,
    _asker: Asker,
    page: Page,
    kind: Kind,
    provider: Identifier | None = None,
    subject: Annotated[Identifier | None, Query(description="an asset, or a zone")] = None,
    start: Annotated[Time | None, Query(alias="startTime")] = None,
    end: Annotated[Time | None, Query(alias="endTime")] = None,
) -> Response:
    """Every forecast of a kind that came or was entered, in that order; `holds` marks the newest of its key."""
    issues = store.ISSUES.c
    conditions = [issues.kind == kind]
    conditions += [] if provider is None else [issues.provider == provider]
    conditions += [] if subject is None else [issues.subject == subject]
    conditions += [] if start is None else [issues.end_time_utc > start.at]
    conditions += [] if end is None else [issues.start_time_utc < end.at]
    return found(request, operations.kept(here, conditions, page), page)


@operator.get("/flexibility", response_model=list[FlexibleQuarter], responses={200: LINK}, **_OPERATOR)
def list_flexibility(
    request: Request,
    here: Here,
    asker: Asker,
    page: Page,
    assets: Annotated[list[Identifier], Query(alias="assetIds", min_length=1, max_length=1000)],
    start: Start,
    end: End,
) -> Response:
    """How far providers expect to be able to move assets in [startTime, endTime): what holds of all that they sent."""
    required_period(Period(start_time=start, end_time=end))
    _touch(asker, set(assets))
    with here.database.reading() as connection:
        return page_of(request, store.flexibility_forecasts(connection, assets, start.at, end.at), page)


router = APIRouter(route_class=ExactRoute)
router.include_router(market)
router.include_router(operator)
