"""The REST interface of subscriptions (D4.3 4.4): what service providers send, and what the DSO sees of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from gridlingua.services import pages
from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.instants import Instant
from gridlingua.services.pages import LINK, Page
from gridlingua.services.routes import ExactRoute
from gridlingua.services.subscriptions import operations
from gridlingua.services.subscriptions.messages import (
    AllowedHost,
    Delivery,
    Ending,
    Host,
    KeptSubscription,
    Organisation,
    OwnedSubscription,
    Secret,
    Subscription,
    SubscriptionAcknowledgement,
    Withdrawal,
)
from gridlingua.services.wire import Identifier, reply

router = APIRouter(route_class=ExactRoute)
_OWN: dict[str, Any] = {"tags": ["subscriptions"]} | allow("service_provider", data="own")
_LOOK: dict[str, Any] = allow("operator", "admin", "auditor", data="internal")
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "there is no such subscription of this organisation"}}


@router.post(
    "/Flexibility/Subscribe",
    response_model=SubscriptionAcknowledgement,
    responses={409: {"description": "the id is taken or has ended, or another subscription stands"}},
    **_OWN,
)
def subscribe(here: Here, asker: Asker, subscription: Subscription) -> Response:
    """Be sent needs and activation plans, on the network or at a REST interface of one's own (D4.3 4.4).

    The same again is acknowledged again. An organisation has one subscription at a time. Callbacks go to public
    addresses over https, are signed after Standard Webhooks, and carry an `Idempotency-Key`.
    """
    at = operations.subscribe(here, asker.organisation, subscription)
    return reply(_acknowledged(subscription.subscription_id, here.name, Instant.of(at)))


@router.delete("/Flexibility/Subscribe", response_model=SubscriptionAcknowledgement, responses=_UNKNOWN, **_OWN)
def unsubscribe(here: Here, asker: Asker, withdrawal: Annotated[Withdrawal, Query()]) -> Response:
    """Be sent nothing any more, at once and for good; the same again is acknowledged again (D4.3 4.4)."""
    at = operations.withdraw(here, asker.organisation, withdrawal)
    return reply(_acknowledged(withdrawal.subscription_id, here.name, Instant.of(at)))


@router.get("/Flexibility/Subscribe", response_model=list[KeptSubscription], **_OWN)
def list_own(here: Here, asker: Asker) -> Response:
    """The asker's own subscriptions, and how they ended."""
    return reply(operations.list_own(here, asker.organisation))


@router.post(
    "/Flexibility/Subscribe/{subscriptionId}/secret",
    status_code=201,
    response_model=Secret,
    responses=_UNKNOWN | {409: {"description": "nothing is signed for this subscription"}},
    **_OWN,
)
def make_secret(here: Here, asker: Asker, name: Annotated[Identifier, Path(alias="subscriptionId")]) -> Response:
    """A new secret by which callbacks are signed, told this once and to a direct caller only.

    The former one goes on for 24 hours: until then there are two signatures.
    """
    return reply(operations.new_secret(here, asker, name), status=201, headers={"Cache-Control": "no-store"})


def _acknowledged(subscription_id: str, name: str, at: Instant) -> SubscriptionAcknowledgement:
    return SubscriptionAcknowledgement(subscription_id=subscription_id, acknowledged_by=name, acknowledged_at=at)


operator = APIRouter(route_class=ExactRoute, prefix="/operator/subscriptions", tags=["subscriptions, operator"])


@operator.get("", response_model=list[OwnedSubscription], responses={200: LINK}, **_LOOK)
def list_all(request: Request, here: Here, page: Page) -> Response:
    """Every subscription, and how it ended."""
    return pages.found(request, operations.list_all(here, page), page)


@operator.post("/end", response_model=OwnedSubscription, responses=_UNKNOWN, **allow("operator", data="internal"))
def end(here: Here, ending: Ending) -> Response:
    """End a subscription; its organisation may subscribe anew under another id."""
    return reply(operations.end(here, ending))


@operator.get("/deliveries", response_model=list[Delivery], responses={200: LINK}, **_LOOK)
def list_deliveries(
    request: Request, here: Here, page: Page, organisation: Annotated[Organisation | None, Query()] = None
) -> Response:
    """Messages to subscribers and what became of them, the newest first; what they said is not kept here."""
    return pages.found(request, operations.list_deliveries(here, organisation, page), page)


@operator.get("/hosts", response_model=list[AllowedHost], **_LOOK)
def list_hosts(here: Here) -> Response:
    """The hosts that may be called back although they have no TLS, or are in no public network."""
    return reply(operations.list_hosts(here))


@operator.put("/hosts", response_model=AllowedHost, **allow("admin", data="internal"))
def allow_host(here: Here, asker: Asker, host: Host) -> Response:
    """Let a host be called back as it is; without this, callbacks go to public addresses over https only."""
    return reply(operations.allow_host(here, asker, host))


@operator.delete(
    "/hosts",
    status_code=204,
    responses={404: {"description": "this host is no exception"}},
    **allow("admin", data="internal"),
)
def forbid_host(here: Here, host: Annotated[str, Query(max_length=260, pattern=r"^[^\x00]+$")]) -> Response:
    """Take an exception back."""
    operations.forbid_host(here, host)
    return Response(status_code=204)


router.include_router(operator)
