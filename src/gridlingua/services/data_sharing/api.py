"""The REST interface of data sharing: what the network asks (D4.2 3.2.1), and what the DSO itself does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.data_sharing import aggregation, operations, store
from gridlingua.services.data_sharing.aggregation import ZoneQuestion
from gridlingua.services.data_sharing.anonymity import Limits
from gridlingua.services.data_sharing.domain import Granularity
from gridlingua.services.data_sharing.messages import Account, Customer, ZoneLoad, ZoneMetering
from gridlingua.services.messages import Metering, Period
from gridlingua.services.pages import LINK, Page, page_of
from gridlingua.services.wire import ExactRoute, Identifier, Message, Time, reply

router = APIRouter(route_class=ExactRoute)
_INTERNAL: dict[str, Any] = allow("operator", data="internal")
operator = APIRouter(route_class=ExactRoute, prefix="/operator/data", tags=["data sharing, operator"])


@router.get(
    "/Data/Metering",
    response_model=list[Metering] | list[ZoneMetering],
    responses={
        200: {
            "headers": {
                "Gridlingua-Gaps": {
                    "description": "how many intervals were left out for lack of a reading, and the first ten of them",
                    "schema": {"type": "string"},
                }
            }
        },
        403: {"description": "no valid grant of the user for who asks; or a zone's answer would not be anonymous"},
        404: {"description": "no such user or zone, or no complete interval of readings in the period"},
    },
    tags=["data sharing"],
    **allow("service_provider", "third_party", "data_service_provider", "end_user", data="granted"),
)
def get_metering(
    here: Here,
    kind: Annotated[Literal["User", "Anonymized"], Query(alias="type")],
    subject: Annotated[Identifier, Query(alias="id", description="a user, or a zone of the grid")],
    granularity: Annotated[Literal["1", "2", "3"], Query(description="1: 15 min, 2: hour, 3: day of the DSO's zone")],
    start: Annotated[Time, Query()],
    end: Annotated[Time, Query()],
    asker: Asker,
    grant: Annotated[
        Identifier | None, Query(description="its reference; not needed for one's own data, nor for a zone")
    ] = None,
) -> Response:
    """The mean power in kW of the intervals that lie whole in [start, end) (D4.2 3.2.1.1.1.2).

    User: what a user withdraws, on a grant. Anonymized: what the clients of a zone withdraw, their sum and their mean.
    An interval that lacks a reading is left out and named in a header, never filled.
    """
    asker.touches(subject)
    period = Period(start_time=start, end_time=end)
    level: Granularity = 1 if granularity == "1" else 2 if granularity == "2" else 3
    found: Sequence[Message]
    if kind == "Anonymized":
        found, gaps = aggregation.anonymized(here, ZoneQuestion(subject, level, period), Limits())
    else:
        is_end_user = "end_user" in asker.roles
        question = operations.Question(asker.organisation, is_end_user, subject, grant or "", level, period)
        metering, gaps = operations.metering(here, question)
        found = [metering]
    return reply(found, headers={"Gridlingua-Gaps": gaps} if gaps else {})


@operator.post(
    "/customers",
    status_code=201,
    response_model=list[Customer],
    responses={409: {"description": "a user or meter is known otherwise"}},
    **_INTERNAL,
)
def add_customers(here: Here, customers: Annotated[list[Customer], Body(min_length=1)]) -> Response:
    """Add customers, all or none of them."""
    store.add_customers(here.database, customers)
    return reply(customers, status=201)


@operator.get("/customers", response_model=list[Customer], **_INTERNAL)
def list_customers(here: Here, zone: Annotated[Identifier | None, Query()] = None) -> Response:
    """Every customer, or those of a zone."""
    with here.database.reading() as connection:
        return reply(store.all_customers(connection, zone))


@operator.put("/accounts", response_model=list[Account], **_INTERNAL)
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
    """The sum of a zone's customers for every quarter-hour of [start, end), ready for the derivation of needs."""
    return reply(operations.zone_load(here, zone, Period(start_time=start, end_time=end)))


router.include_router(operator)
