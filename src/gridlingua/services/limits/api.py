"""The REST interface of limits: what the DSO's own staff sends and asks (D4.3 2.1.1.1)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.limits import operations
from gridlingua.services.limits.messages import Capabilities, ConnectionPoint, KnownCapability, NewLimits
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.pages import LINK, Page, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.sendings import Sending, Sent
from gridlingua.services.wire import Identifier, reply

router = APIRouter(route_class=ExactRoute, prefix="/operator/limits", tags=["limits, operator"])
_OPERATOR = allow("operator", data="internal")
Point = Annotated[ConnectionPoint, Path(alias="connectionPoint")]


def _partial(model: type[Any]) -> dict[int | str, dict[str, Any]]:
    return {**RELAYED, 207: {"model": model, "description": PARTIAL}}


@router.post(
    "/power-limits",
    response_model=Sending,
    responses=_partial(Sending),
    description=f"""Send limits of connection points to the providers, and keep their decisions (D4.3 2.1.1.1).

The limits are kept before they are sent, also when all fail: send them again.{FAILURES}""",
    **_OPERATOR,
)
def impose(here: Here, asker: Asker, wanted: NewLimits) -> Response:
    for one in wanted.limits:
        asker.touches(one.connection_point)
    sent, headers = operations.impose(here, wanted, asker.client or asker.organisation)
    return reply(sent, status=207 if sent.failures else 200, headers=headers)


@router.post(
    "/power-limits/sending",
    response_model=Sending,
    responses={**_partial(Sending), 422: {"description": "the Idempotency-Key is none"}},
    description=f"Send limits again to the providers who have not decided on them.{FAILURES}",
    **_OPERATOR,
)
def send_again(here: Here, _asker: Asker) -> Response:
    sent, headers = operations.again(here)
    return reply(sent, status=207 if sent.failures else 200, headers=headers)


@router.get("/power-limits", response_model=list[Sent], responses={200: LINK}, **_OPERATOR)
def list_limits(
    request: Request, here: Here, page: Page, limit: Annotated[Identifier | None, Query(alias="limitId")] = None
) -> Response:
    """The limits that were sent, and what each provider decided."""
    return page_of(request, operations.listed(here, limit), page)


@router.post(
    "/capabilities/{connectionPoint}",
    response_model=Capabilities,
    responses=_partial(Capabilities),
    description=f"Ask over the network what can be limited at a connection point, and keep it.{FAILURES}",
    **_OPERATOR,
)
def ask_capability(here: Here, asker: Asker, point: Point, provider: Identifier | None = None) -> Response:
    asker.touches(point)
    known, failures, headers = operations.ask(here, point, provider)
    found = Capabilities(known=tuple(known), failures=tuple(failures))
    return reply(found, status=207 if failures else 200, headers=headers)


@router.get(
    "/capabilities/{connectionPoint}",
    response_model=list[KnownCapability],
    responses={404: {"description": "nothing is known of this connection point"}},
    **_OPERATOR,
)
def get_capability(here: Here, asker: Asker, point: Point) -> Response:
    """What was told last of a connection point, by each provider."""
    asker.touches(point)
    return reply(operations.known(here, point))
