"""The admin API: organisations, credentials, signing keys; the usage log, processing operations and incidents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.accounts import credentials, organisations, records, tokens, webhooks
from gridlingua.services.accounts.messages import (
    Active,
    Credential,
    Incident,
    IssuedCredential,
    NewCredential,
    NewIncident,
    NewIncidentStep,
    NewOrganisation,
    Organisation,
    Processing,
    SigningKey,
    Slug,
    Use,
    WebhookSecret,
)
from gridlingua.services.context import Here
from gridlingua.services.pages import LINK, Page, found, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, Time, reply

router = APIRouter(route_class=ExactRoute, prefix="/admin", tags=["accounts, admin"])
_ADMIN: dict[str, Any] = allow("admin", data="internal")
_AUDITOR: dict[str, Any] = allow("auditor", data="internal")
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "there is none of this name"}}
_TAKEN: dict[int | str, dict[str, Any]] = {409: {"description": "it contradicts what is known"}}
_PAGED: dict[int | str, dict[str, Any]] = {200: LINK}
Id = Annotated[Slug, Path()]


@router.get("/organisations", response_model=list[Organisation], responses=_PAGED, **_ADMIN)
def list_organisations(here: Here, request: Request, page: Page) -> Response:
    """Every organisation, by id."""
    with here.database.reading() as connection:
        return page_of(request, organisations.find(connection), page)


@router.put(
    "/organisations",
    response_model=Organisation,
    responses={201: {"model": Organisation, "description": "it is new"}, **_TAKEN},
    **_ADMIN,
)
def put_organisation(here: Here, one: NewOrganisation) -> Response:
    """Enter an organisation, or change its name, roles and knowledge bases."""
    with here.database.writing() as connection:
        is_new = organisations.put(connection, one, here.clock())
        (kept,) = organisations.find(connection, one.id)
    return reply(kept, status=201 if is_new else 200)


@router.put("/organisations/{id}/active", response_model=Organisation, responses=_UNKNOWN, **_ADMIN)
def switch_organisation(here: Here, id: Id, one: Active) -> Response:  # noqa: A002 - the name in the path
    """Let an organisation in, or keep it out from this moment on."""
    with here.database.writing() as connection:
        organisations.switch(connection, id, active=one.active)
        (kept,) = organisations.find(connection, id)
    return reply(kept)


@router.get("/organisations/{id}/credentials", response_model=list[Credential], responses=_UNKNOWN, **_ADMIN)
def list_credentials(here: Here, id: Id) -> Response:  # noqa: A002
    """The clients and API keys of an organisation; never their secrets."""
    with here.database.reading() as connection:
        return reply(organisations.credentials_of(connection, id))


@router.post(
    "/organisations/{id}/credentials",
    status_code=201,
    response_model=IssuedCredential,
    responses=_UNKNOWN,
    **_ADMIN,
)
def issue_credential(here: Here, id: Id, one: NewCredential) -> Response:  # noqa: A002
    """Make a client of OAuth 2 or an API key; its secret is shown this once."""
    expires_at = one.expires_at.at if one.expires_at else None
    with here.database.writing() as connection:
        made = credentials.issue(
            connection, one.kind, id, here.clock(), label=one.label, roles=one.roles, expires_at=expires_at
        )
    is_key = one.kind == "key"
    issued = IssuedCredential(id=made.id, secret=None if is_key else made.secret, key=made.key if is_key else None)
    return reply(issued, status=201, headers={"Cache-Control": "no-store"})


@router.put("/organisations/{id}/webhook", status_code=204, responses=_UNKNOWN, **_ADMIN)
def put_webhook(here: Here, id: Id, one: WebhookSecret) -> Response:  # noqa: A002
    """Let in what an organisation posts here with its signature (Standard Webhooks); the former secret ends."""
    with here.database.writing() as connection:
        webhooks.put(connection, id, one.secret, here.clock())
    return Response(status_code=204)


@router.delete("/organisations/{id}/webhook", status_code=204, responses=_UNKNOWN, **_ADMIN)
def remove_webhook(here: Here, id: Id) -> Response:  # noqa: A002
    """Let nothing in any more that an organisation signs."""
    with here.database.writing() as connection:
        webhooks.remove(connection, id)
    return Response(status_code=204)


@router.put("/credentials/{id}/active", response_model=Active, responses=_UNKNOWN, **_ADMIN)
def switch_credential(here: Here, id: Annotated[Identifier, Path()], one: Active) -> Response:  # noqa: A002
    """Let a client or API key be used, or not any more; its tokens end with it."""
    with here.database.writing() as connection:
        credentials.switch(connection, id, active=one.active)
    return reply(one)


@router.post("/signing-keys", status_code=201, response_model=SigningKey, **_ADMIN)
def rotate_keys(here: Here, request: Request) -> Response:
    """Sign with a new key from now on; what the former one signed stays good until it expires."""
    with here.database.writing() as connection:
        row = request.app.state.tokens.rotate(connection, here.clock())
    return reply(SigningKey(kid=row["kid"]), status=201)


@router.delete("/signing-keys/{kid}", response_model=SigningKey, responses=_UNKNOWN, **_ADMIN)
def revoke_key(here: Here, kid: Annotated[Identifier, Path()]) -> Response:
    """Let no token that this key signed be good any more: for a key that may be in wrong hands."""
    with here.database.writing() as connection:
        tokens.revoke(connection, kid, here.clock())
    return reply(SigningKey(kid=kid))


@router.get("/usage", response_model=list[Use], responses=_PAGED, **_AUDITOR)
def list_uses(
    here: Here,
    request: Request,
    page: Page,
    organisation: Annotated[Slug | None, Query()] = None,
    since: Annotated[Time | None, Query()] = None,
) -> Response:
    """Who did what on whose data, when, and how it ended."""
    with here.database.reading() as connection:
        return found(request, records.uses(connection, page, organisation, since.at if since else None), page)


@router.get("/processing", response_model=list[Processing], **_AUDITOR)
def list_processing(here: Here) -> Response:
    """The registry of processing operations."""
    with here.database.reading() as connection:
        return reply(records.processing(connection))


@router.put("/processing", response_model=Processing, **_AUDITOR)
def put_processing(here: Here, one: Processing) -> Response:
    """Enter a processing operation, or change it."""
    with here.database.writing() as connection:
        records.put_processing(connection, one, here.clock())
    return reply(one)


@router.delete("/processing/{id}", response_model=list[Processing], responses=_UNKNOWN, **_AUDITOR)
def remove_processing(here: Here, id: Id) -> Response:  # noqa: A002
    """Take an operation out of the registry; returns those that are left."""
    with here.database.writing() as connection:
        records.remove_processing(connection, id)
        return reply(records.processing(connection))


@router.get("/incidents", response_model=list[Incident], responses=_PAGED, **_AUDITOR)
def list_incidents(here: Here, request: Request, page: Page) -> Response:
    """Incidents in the order they were reported."""
    with here.database.reading() as connection:
        return found(request, records.incidents(connection, page), page)


@router.post("/incidents", status_code=201, response_model=Incident, **allow("auditor", "operator", data="internal"))
def report_incident(here: Here, asker: Asker, one: NewIncident) -> Response:
    """Report an incident."""
    with here.database.writing() as connection:
        return reply(records.report_incident(connection, one, asker.organisation, here.clock()), status=201)


@router.post("/incidents/{number}/steps", response_model=Incident, responses={**_UNKNOWN, **_TAKEN}, **_AUDITOR)
def take_step(
    here: Here, asker: Asker, number: Annotated[int, Path(ge=1, le=2**31 - 1)], one: NewIncidentStep
) -> Response:
    """Lead an incident on: triaged, then handled."""
    with here.database.writing() as connection:
        return reply(records.take_step(connection, number, one, asker.organisation, here.clock()))
