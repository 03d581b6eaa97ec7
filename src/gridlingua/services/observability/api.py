"""The REST interface of observability: what the network sends and asks (D4.2 3.2.3.1, D4.3 table 15)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.instants import Instant
from gridlingua.services.observability import inbox, open_needs, zones
from gridlingua.services.observability.messages import (
    AbnormalVoltage,
    FaultAcknowledgement,
    FaultNotification,
    GridZone,
    Opportunities,
    VoltageAcknowledgement,
)
from gridlingua.services.observability.operator_api import operator
from gridlingua.services.observability.postal_codes import PostalCode
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import reply

market = APIRouter(route_class=ExactRoute, tags=["observability"])
_PROVIDER = allow("service_provider", data="own")
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "one of the same id and time is known with other content"}
}


@market.post(
    "/GridObservability/PostCode_Fault", response_model=list[FaultAcknowledgement], responses=_CONFLICT, **_PROVIDER
)
def post_faults(here: Here, asker: Asker, faults: Annotated[list[FaultNotification], Body(min_length=1)]) -> Response:
    """Keep notified faults, all or none (D4.2 3.2.3.1.1.1.1).

    The same notification is acknowledged again; one with a later count is news of the same fault.
    """
    times = inbox.receive_faults(here, faults, asker.organisation)
    for code in sorted({place.postal_code for one in faults for place in one.fault_location_identification}):
        asker.touches(code)
    return reply(
        [
            {"faultLocationId": one.fault_location_id, "acknowledgedBy": here.name, "acknowledgedAt": Instant.of(at)}
            for one, at in zip(faults, times, strict=True)
        ]
    )


@market.post(
    "/GridObservability/AbnormalVoltage",
    response_model=list[VoltageAcknowledgement],
    responses=_CONFLICT,
    **_PROVIDER,
)
def post_abnormal_voltages(
    here: Here, asker: Asker, readings: Annotated[list[AbnormalVoltage], Body(min_length=1)]
) -> Response:
    """Keep abnormal voltages, all or none; the same reading is acknowledged again (D4.3 4.1.1)."""
    times = inbox.receive_voltages(here, readings, asker.organisation)
    for unit in sorted({one.hems_id for one in readings}):
        asker.touches(unit)
    return reply(
        [
            {"hemsId": one.hems_id, "timestamp": one.timestamp}
            | {"acknowledgedBy": here.name, "acknowledgedAt": Instant.of(at)}
            for one, at in zip(readings, times, strict=True)
        ]
    )


@market.get("/GridObservability/GridZones", response_model=list[GridZone], **_PROVIDER)
def get_grid_zones(here: Here, asker: Asker) -> Response:
    """The zones with the units that the asking provider may observe; none is an empty array (D4.3 table 15)."""
    with here.database.reading() as connection:
        found = zones.observable(connection, asker.organisation)
    for zone in found:
        asker.touches(zone.zone_id)
    return reply(found)


@market.get(
    "/GridObservability/opportunities",
    response_model=list[Opportunities],
    **allow("third_party", data="aggregated"),
)
def get_opportunities(
    here: Here,
    asker: Asker,
    zip_codes: Annotated[list[PostalCode], Query(alias="zipCodes", min_length=1, max_length=100)],
) -> Response:
    """Where more flexibility would help, at these zip codes and around; none is an empty array (D4.2 3.2.3.1.1.1.2).

    A zip code with fewer than ten meters that could help is told under its first part, or not at all.
    """
    for code in zip_codes:
        asker.touches(code)
    return reply(open_needs.around(here, zip_codes))


router = APIRouter(route_class=ExactRoute)
router.include_router(market)
router.include_router(operator)
