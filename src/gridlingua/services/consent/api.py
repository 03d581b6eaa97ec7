"""The REST interface of consent: what organisations ask (D4.2 3.2.1.1.1.1), and what the DSO's staff and portal do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.consent import authorization, network, notices, operations, settings
from gridlingua.services.consent import grants as kept
from gridlingua.services.consent.messages import (
    Authorization,
    Consent,
    ConsentHistory,
    Decision,
    Ending,
    Grant,
    Link,
    Notice,
    Purpose,
    Question,
    Settings,
    StateName,
)
from gridlingua.services.context import Here
from gridlingua.services.messages import Period
from gridlingua.services.network import FAILURES, RELAYED
from gridlingua.services.pages import LINK, Page, found, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, Name, Time, reply

router = APIRouter(route_class=ExactRoute)
grants = APIRouter(route_class=ExactRoute, prefix="/operator/data", tags=["consent, operator"])
operator = APIRouter(route_class=ExactRoute, prefix="/operator/consent", tags=["consent, operator"])
_OPERATOR: dict[str, Any] = allow("operator", data="internal")
_PORTAL: dict[str, Any] = allow("operator", "portal", data="internal")
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "there is none of this name"}}
_CLOSED: dict[int | str, dict[str, Any]] = {
    **_UNKNOWN,
    409: {"description": "the consent does not stand so that this could be done; the detail says how it stands"},
}
Reference = Annotated[Identifier, Path()]


@router.get(
    "/Data/Authorization",
    response_model=Authorization,
    responses={409: {"description": "too many questions of the asker wait for this user"}},
    tags=["consent"],
    **allow("service_provider", data="own"),
)
def get_authorization(
    here: Here,
    asker: Asker,
    user: Annotated[Identifier, Query(alias="endUser")],
    start: Annotated[Time, Query()],
    end: Annotated[Time, Query()],
) -> Response:
    """How a user's consent stands to the asker reading their data of a period (D4.2 3.2.1.1.1.1).

    A question that was not asked before is asked now; asked again it is the same, however often. A user whom nobody
    knows is told as one who does not answer.
    """
    period = Period(start_time=start, end_time=end)
    return reply(authorization.authorize(here, asker, user, period))


@grants.post(
    "/grants",
    status_code=201,
    response_model=list[Grant],
    responses={
        404: {"description": "no such user or organisation"},
        409: {"description": "a reference is known otherwise, or its grant has ended"},
    },
    **_OPERATOR,
)
def enter_grants(here: Here, asker: Asker, grants: Annotated[list[Grant], Body(min_length=1)]) -> Response:
    """Enter grants that the DSO has on its own evidence, such as a signed paper; all or none of them."""
    operations.enter_grants(here, asker, grants)
    return reply(grants, status=201)


@grants.get("/grants", response_model=list[Grant], responses={200: LINK}, **_OPERATOR)
def grants_in_force(here: Here, asker: Asker, request: Request, page: Page) -> Response:
    """The grants that are valid or will be: those that users gave, and those that the DSO entered."""
    with here.database.reading() as connection:
        valid = kept.in_force(connection, here.clock())
    _touched(asker, (one.user for one in valid[page.after : page.after + page.limit]))
    return page_of(request, valid, page)


def _touched(asker: Asker, users: Iterable[str]) -> None:
    """Tell the usage log every user whom a page shows."""
    for user in users:
        asker.touches(user)


@operator.get("/records", response_model=list[Consent], responses={200: LINK}, **_PORTAL)
def list_consents(
    here: Here,
    asker: Asker,
    request: Request,
    page: Page,
    state: Annotated[StateName | None, Query()] = None,
    organisation: Annotated[Name | None, Query()] = None,
    user: Annotated[Identifier | None, Query()] = None,
) -> Response:
    """Consents in the order they were asked for or entered."""
    rows = operations.consents(here, page, state, organisation, user)
    _touched(asker, (one.user for one in rows[: page.limit]))
    return found(request, rows, page)


@operator.get("/records/{reference}", response_model=ConsentHistory, responses=_UNKNOWN, **_PORTAL)
def get_consent(here: Here, asker: Asker, reference: Reference) -> Response:
    """A consent with every transition: when, why, by whom, by whose link, and what the user was told."""
    return reply(operations.consent(here, asker, reference))


@operator.post("/records/{reference}/decision", response_model=ConsentHistory, responses=_CLOSED, **_PORTAL)
def decide(here: Here, asker: Asker, reference: Reference, one: Decision) -> Response:
    """Keep what the user decided at the DSO's own portal or counter."""
    return reply(operations.decide(here, asker, reference, one))


@operator.post("/records/{reference}/withdrawal", response_model=ConsentHistory, responses=_CLOSED, **_PORTAL)
def withdraw(here: Here, asker: Asker, reference: Reference, one: Ending) -> Response:
    """End a grant because its user said so at the DSO's own portal; it takes effect at once."""
    return reply(operations.withdraw(here, asker, reference, one))


@operator.post("/records/{reference}/revocation", response_model=ConsentHistory, responses=_CLOSED, **_PORTAL)
def revoke(here: Here, asker: Asker, reference: Reference, one: Ending) -> Response:
    """End a grant because the DSO says so; it takes effect at once."""
    return reply(operations.revoke(here, asker, reference, one))


@operator.post(
    "/records/{reference}/question",
    response_model=ConsentHistory,
    responses={**RELAYED, **_CLOSED},
    description="Ask the user over the network, at the knowledge base that speaks for them, and apply the answer "
    "(data_sharing/consent_request). Each kind of data is asked for in a message of its own; nothing is applied before "
    "all are answered." + FAILURES,
    **_PORTAL,
)
def ask_over_the_network(here: Here, asker: Asker, reference: Reference, one: Question) -> Response:
    return reply(network.ask(here, asker, reference, one))


@operator.post("/records/{reference}/link", status_code=201, response_model=Link, responses=_CLOSED, **_OPERATOR)
def make_link(here: Here, asker: Asker, request: Request, reference: Reference) -> Response:
    """Make a link for the user of a consent, and end an earlier one of the same use; it is shown this once."""
    made = operations.link(here, asker, reference, str(request.base_url))
    return reply(made, status=201, headers={"Cache-Control": "no-store"})


@operator.get("/purposes", response_model=list[Purpose], responses={200: LINK}, **_PORTAL)
def list_purposes(here: Here, request: Request, page: Page) -> Response:
    """For what every organisation asks, as far as it was set; the others with a sentence that fits most."""
    with here.database.reading() as connection:
        return page_of(request, settings.purposes(connection), page)


@operator.put("/purposes", response_model=Purpose, responses=_UNKNOWN, **_OPERATOR)
def put_purpose(here: Here, one: Purpose) -> Response:
    """Set for what an organisation asks from now on; what users were asked already stays as they read it."""
    operations.put_purpose(here, one)
    return reply(one)


@operator.get("/settings", response_model=Settings, **_PORTAL)
def get_settings(here: Here) -> Response:
    """How users are asked."""
    with here.database.reading() as connection:
        return reply(settings.settings(connection))


@operator.put("/settings", response_model=Settings, **_OPERATOR)
def put_settings(here: Here, one: Settings) -> Response:
    """Set how users are asked from now on."""
    with here.database.writing() as connection:
        settings.put_settings(connection, one)
    return reply(one)


@operator.get("/notices", response_model=list[Notice], responses={200: LINK}, **_PORTAL)
def list_notices(
    here: Here,
    asker: Asker,
    request: Request,
    page: Page,
    sent: Annotated[bool | None, Query(description="true: those that were sent; false: those that were not")] = None,
) -> Response:
    """The outbox: what the DSO's mail system has to tell users, in the order it was written."""
    with here.database.reading() as connection:
        rows = notices.find(connection, page, sent=sent)
    _touched(asker, (one.user for one in rows[: page.limit]))
    return found(request, rows, page)


@operator.post("/notices/{number}/sent", response_model=Notice, responses=_UNKNOWN, **_PORTAL)
def mark_notice_sent(here: Here, asker: Asker, number: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """Keep that a notice was sent; the first time counts."""
    with here.database.writing() as connection:
        one = notices.mark_sent(connection, number, here.clock())
    asker.touches(one.user)
    return reply(one)


router.include_router(grants)
router.include_router(operator)
