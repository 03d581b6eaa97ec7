"""The register of contracts, as the DSO's staff keeps it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.accounts.messages import Slug
from gridlingua.services.context import Here
from gridlingua.services.pages import LINK, Page, found
from gridlingua.services.portfolios import store
from gridlingua.services.portfolios.messages import Contract
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, reply

router = APIRouter(route_class=ExactRoute, prefix="/operator/portfolios", tags=["portfolios, operator"])
_OPERATOR: dict[str, Any] = allow("operator", data="internal")
Contracts = Annotated[list[Contract], Body(min_length=1, max_length=10_000)]


@router.put(
    "",
    response_model=list[Contract],
    responses={
        404: {"description": "there is no such provider"},
        409: {"description": "a meter has another contract at that time"},
    },
    **_OPERATOR,
)
def enter_contracts(here: Here, asker: Asker, contracts: Contracts) -> Response:
    """Enter contracts, all or none. From the first one on, offers of a meter are taken from its provider alone."""
    for one in contracts:
        asker.touches(one.meter_id)
    with here.database.writing() as connection:
        store.enter(connection, contracts)
    return reply(contracts)


@router.get("", response_model=list[Contract], responses={200: LINK}, **_OPERATOR)
def list_contracts(
    here: Here, request: Request, page: Page, provider: Annotated[Slug | None, Query()] = None
) -> Response:
    """Every contract, or those of a provider."""
    with here.database.reading() as connection:
        return found(request, store.find(connection, page, provider), page)


@router.delete(
    "/{provider}/{meterId}",
    status_code=204,
    responses={404: {"description": "there is no such contract"}},
    **_OPERATOR,
)
def remove_contracts(
    here: Here,
    asker: Asker,
    provider: Annotated[Slug, Path()],
    meter: Annotated[Identifier, Path(alias="meterId")],
) -> Response:
    """Take all contracts of a provider for a meter out."""
    asker.touches(meter)
    with here.database.writing() as connection:
        store.remove(connection, provider, meter)
    return Response(status_code=204)
