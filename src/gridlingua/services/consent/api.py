"""What the DSO's own staff and portal do with consents and grants."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.consent import grants as kept
from gridlingua.services.consent import operations
from gridlingua.services.consent.messages import Grant
from gridlingua.services.context import Here
from gridlingua.services.pages import LINK, Page, page_of
from gridlingua.services.wire import ExactRoute, reply

router = APIRouter(route_class=ExactRoute)
grants = APIRouter(route_class=ExactRoute, prefix="/operator/data", tags=["consent, operator"])


@grants.post(
    "/grants",
    status_code=201,
    response_model=list[Grant],
    responses={
        404: {"description": "no such user or organisation"},
        409: {"description": "a reference is known otherwise, or its grant has ended"},
    },
    **allow("operator", data="internal"),
)
def enter_grants(here: Here, asker: Asker, grants: Annotated[list[Grant], Body(min_length=1)]) -> Response:
    """Enter grants that the DSO has on its own evidence, such as a signed paper; all or none of them."""
    operations.enter_grants(here, asker, grants)
    return reply(grants, status=201)


@grants.get("/grants", response_model=list[Grant], responses={200: LINK}, **allow("operator", data="internal"))
def grants_in_force(here: Here, request: Request, page: Page) -> Response:
    """The grants that are valid or will be: those that users gave, and those that the DSO entered."""
    with here.database.reading() as connection:
        return page_of(request, kept.in_force(connection, here.clock()), page)


router.include_router(grants)
