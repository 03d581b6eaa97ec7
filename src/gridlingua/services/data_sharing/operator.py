"""What the DSO's own staff and systems do with metering points and readings."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.data_sharing import imports, measured, operations, overview, store
from gridlingua.services.data_sharing.messages import (
    Account,
    Customer,
    Gaps,
    Imported,
    Measured,
    Topology,
    ZoneClients,
    ZoneLoad,
)
from gridlingua.services.data_sharing.points import Kind, Point
from gridlingua.services.messages import Period
from gridlingua.services.pages import LINK, Page, found, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, Time, reply

_INTERNAL: dict[str, Any] = allow("operator", data="internal")
_PAGED: dict[int | str, dict[str, Any]] = {200: LINK}
operator = APIRouter(route_class=ExactRoute, prefix="/operator/data", tags=["data sharing, operator"])
Start = Annotated[Time, Query()]
End = Annotated[Time, Query()]
InZone = Annotated[Identifier | None, Query(description="of this declared zone alone")]


@operator.post(
    "/points",
    status_code=201,
    response_model=list[Point],
    responses={409: {"description": "a meter or user is known otherwise"}},
    **_INTERNAL,
)
def add_points(here: Here, points: Annotated[list[Point], Body(min_length=1)]) -> Response:
    """Add metering points of clients and substations, all or none of them; one known alike stays (D4.2 4.2)."""
    return reply(operations.add_points(here, points), status=201)


@operator.get("/points", response_model=list[Point], responses=_PAGED, **_INTERNAL)
def list_points(
    here: Here, request: Request, page: Page, kind: Annotated[Kind | None, Query()] = None, zone: InZone = None
) -> Response:
    """Every metering point, or those of a kind, or in a declared zone."""
    with here.database.reading() as connection:
        return found(request, overview.points(connection, kind, zone, page), page)


@operator.get("/topology", response_model=list[Topology], responses=_PAGED, **_INTERNAL)
def list_topology(here: Here, request: Request, page: Page, zone: InZone = None) -> Response:
    """Which feeders and substations feed each client (D4.2 table 19)."""
    with here.database.reading() as connection:
        return found(request, overview.topology(connection, zone, page), page)


@operator.get("/zones", response_model=list[ZoneClients], responses=_PAGED, **_INTERNAL)
def list_zones(here: Here, request: Request, page: Page) -> Response:
    """Every zone with its clients, and why its metering is never told anonymized, if it is not."""
    with here.database.reading() as connection:
        return page_of(request, overview.zones(connection, here.fewest_clients), page)


@operator.get("/gaps", response_model=list[Gaps], responses=_PAGED, **_INTERNAL)
def list_gaps(here: Here, request: Request, page: Page, start: Start, end: End, zone: InZone = None) -> Response:
    """The points that lack a reading of withdrawn power in a quarter-hour of [start, end), and how many they lack."""
    return found(request, overview.gaps(here, Period(start_time=start, end_time=end), zone, page), page)


@operator.get(
    "/readings",
    response_model=list[Measured],
    responses={200: LINK, 404: {"description": "there is no point with the meter"}},
    **_INTERNAL,
)
def list_readings(
    here: Here,
    request: Request,
    asker: Asker,
    page: Page,
    meter: Annotated[Identifier, Query(alias="meterId")],
    start: Start,
    end: End,
) -> Response:
    """What was measured at a point in [start, end): power drawn and fed in, active and reactive, voltage, current, tap.

    A quarter-hour of which nothing is known is left out; a quantity that was not measured is null.
    """
    asker.touches(meter)
    return found(request, measured.measured(here, meter, Period(start_time=start, end_time=end), page), page)


@operator.post(
    "/imports",
    response_model=Imported,
    max_body_size=2**30,
    responses={422: {"description": "rows are bad: `faults` names the first hundred; nothing was imported"}},
    openapi_extra=_INTERNAL["openapi_extra"]
    | {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}},
    dependencies=_INTERNAL["dependencies"],
)
async def import_file(
    here: Here,
    request: Request,
    skip_bad: Annotated[bool, Query(alias="skipBad", description="import the good rows all the same")] = False,
    replace: Annotated[bool, Query(description="let new values take the place of what is known")] = False,
) -> Response:
    """Import a CSV file of points or of readings, all of it or nothing, with the columns of `gridlingua import`."""
    return await imports.receive(here, request, skip_bad=skip_bad, replace=replace)


@operator.post(
    "/customers",
    status_code=201,
    response_model=list[Customer],
    responses={409: {"description": "a user or meter is known otherwise"}},
    **_INTERNAL,
)
def add_customers(here: Here, customers: Annotated[list[Customer], Body(min_length=1)]) -> Response:
    """Add low voltage clients, all or none of them."""
    store.add_customers(here.database, customers)
    return reply(customers, status=201)


@operator.get("/customers", response_model=list[Customer], **_INTERNAL)
def list_customers(here: Here, zone: InZone = None) -> Response:
    """Every client, or those of a zone."""
    with here.database.reading() as connection:
        return reply(store.all_customers(connection, zone))


@operator.put(
    "/accounts",
    response_model=list[Account],
    responses={404: {"description": "there is no such user"}},
    **_INTERNAL,
)
def put_accounts(here: Here, accounts: Annotated[list[Account], Body(min_length=1)]) -> Response:
    """Say which accounts are end users' own: such an account asks for that user's data without a grant."""
    operations.put_accounts(here, accounts)
    return reply(accounts)


@operator.get("/accounts", response_model=list[Account], responses={200: LINK}, **_INTERNAL)
def list_accounts(here: Here, request: Request, page: Page) -> Response:
    """Every account that is an end user's own."""
    with here.database.reading() as connection:
        return page_of(request, store.all_accounts(connection), page)


@operator.get(
    "/zones/{zone}/load",
    response_model=ZoneLoad,
    responses={404: {"description": "no customer in the zone"}, 409: {"description": "a customer lacks a reading"}},
    **_INTERNAL,
)
def zone_load(
    here: Here, zone: Annotated[Identifier, Path()], start: Annotated[Time, Query()], end: Annotated[Time, Query()]
) -> Response:
    """What a zone's customers draw less what they feed in, by quarter-hour of [start, end), to derive needs from."""
    return reply(operations.zone_load(here, zone, Period(start_time=start, end_time=end)))
