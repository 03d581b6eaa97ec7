"""The REST interface of grid tariffs: what providers ask, and what the DSO itself enters and sends (D4.3 4.3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.messages import Period
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.pages import LINK, Page, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.sendings import Sending, Sent
from gridlingua.services.tariff import operations
from gridlingua.services.tariff.messages import Tariff, Which
from gridlingua.services.wire import Identifier, Time, reply

market = APIRouter(route_class=ExactRoute, tags=["tariff"])
operator = APIRouter(route_class=ExactRoute, prefix="/operator/tariff", tags=["tariff, operator"])
_OPERATOR = allow("operator", data="internal")


@market.get("/Tariff/GridTariff", response_model=list[Tariff], **allow("service_provider", data="open"))
def get_tariffs(
    here: Here,
    asker: Asker,
    zone: Annotated[Identifier, Query(alias="zoneId")],
    start: Annotated[Time, Query(alias="startTime")],
    end: Annotated[Time, Query(alias="endTime")],
) -> Response:
    """The published tariffs of a zone that overlap [startTime, endTime), whole; none is an empty array (D4.3 4.3)."""
    asker.touches(zone)
    return reply(operations.of_zone(here, zone, Period(start_time=start, end_time=end)))


@operator.post(
    "/grid-tariffs",
    status_code=201,
    response_model=list[Tariff],
    responses={409: {"description": "an id is known otherwise, or the zone has a tariff at that time"}},
    **_OPERATOR,
)
def enter_tariffs(here: Here, tariffs: Annotated[list[Tariff], Body(min_length=1, max_length=1000)]) -> Response:
    """Enter tariffs, all or none; the same tariff again changes nothing."""
    operations.enter(here, tariffs)
    return reply(tariffs, status=201)


@operator.get("/grid-tariffs", response_model=list[Tariff], responses={200: LINK}, **_OPERATOR)
def list_tariffs(
    request: Request, here: Here, page: Page, zone: Annotated[Identifier | None, Query(alias="zoneId")] = None
) -> Response:
    """Every tariff, or those of a zone, published or not."""
    return page_of(request, operations.entered(here, zone), page)


@operator.post(
    "/grid-tariffs/sending",
    response_model=Sending,
    responses={**RELAYED, 207: {"model": Sending, "description": PARTIAL}},
    description=f"Send tariffs to the providers who have not acknowledged them (D4.3 table 16, step 3).{FAILURES}",
    **_OPERATOR,
)
def send_tariffs(here: Here, asker: Asker, which: Which) -> Response:
    sent, headers = operations.send(here, which, asker.client or asker.organisation)
    return reply(sent, status=207 if sent.failures else 200, headers=headers)


@operator.get("/grid-tariffs/sending", response_model=list[Sent], responses={200: LINK}, **_OPERATOR)
def list_sent(request: Request, here: Here, page: Page) -> Response:
    """The tariffs that were sent, and what each provider said."""
    return page_of(request, operations.listed(here), page)


router = APIRouter(route_class=ExactRoute)
router.include_router(market)
router.include_router(operator)
