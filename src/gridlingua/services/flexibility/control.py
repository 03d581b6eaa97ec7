"""The REST interface of flexibility to the DSO's own control room."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.flexibility import activations, needs, offers, plans, store
from gridlingua.services.flexibility.calendar import Calendar
from gridlingua.services.flexibility.changes import ActivationHistory, OfferHistory, ProvidedSuspension, WhichOffer
from gridlingua.services.flexibility.messages import (
    ActivationPlan,
    Capacity,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    Load,
    PlanRequest,
    Publication,
    Which,
)
from gridlingua.services.messages import Need
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.pages import LINK, Page
from gridlingua.services.pages import found as page_found
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, reply

router = APIRouter(route_class=ExactRoute, prefix="/operator/flexibility", tags=["flexibility, operator"])
_INTERNAL: dict[str, Any] = allow("operator", data="internal")
_LISTED: dict[str, Any] = {"responses": {200: LINK}, **_INTERNAL}
_MOVED: dict[str, Any] = {
    "response_model": list[OfferHistory],
    "responses": {404: {"description": "there is no such offer"}, 409: {"description": "its state does not allow it"}},
    **_INTERNAL,
}
Needs = Annotated[list[Need], Body(min_length=1)]
Offers = Annotated[list[WhichOffer], Body(min_length=1)]
Suspensions = Annotated[list[ProvidedSuspension], Body(min_length=1)]
Capacities = Annotated[list[Capacity], Body(min_length=1)]
OfNeed = Annotated[Identifier | None, Query(alias="requestId")]


@router.get("/calendar", response_model=Calendar, **_INTERNAL)
def get_calendar(here: Here) -> Response:
    """The market's calendar that is in force (D4.3 4.4)."""
    with here.database.reading() as connection:
        return reply(store.calendar(connection))


@router.put("/calendar", response_model=Calendar, **_INTERNAL)
def put_calendar(here: Here, calendar: Calendar, asker: Asker) -> Response:
    """Put another calendar in force; needs that are recorded already keep their gates, unless all gates are open."""
    with here.database.writing() as connection:
        store.set_calendar(connection, calendar, here.clock(), asker.organisation)
    return reply(calendar)


@router.get("/capacities", response_model=list[Capacity], **_LISTED)
def list_capacities(request: Request, here: Here, page: Page) -> Response:
    """What each meter can give at most, by meter."""
    with here.database.reading() as connection:
        return page_found(request, store.list_capacities(connection, page.after, page.reach), page)


@router.put("/capacities", response_model=list[Capacity], **_INTERNAL)
def put_capacities(here: Here, body: Capacities) -> Response:
    """Keep what meters can give at most; offers that sell more of them at a time wait for verification."""
    with here.database.writing() as connection:
        store.set_capacities(connection, body)
    return reply(body)


@router.get("/needs", response_model=list[KeptNeed], **_LISTED)
def list_needs(request: Request, here: Here, page: Page, request_id: OfNeed = None) -> Response:
    """Every need (or one), with its product and gates, when it was published and who acknowledged it."""
    return page_found(request, needs.found(here, request_id, page), page)


@router.post(
    "/needs",
    status_code=201,
    response_model=list[Need],
    responses={409: {"description": "a need of the same id with other content is known, or its market is over"}},
    **_INTERNAL,
)
def record_needs(here: Here, body: Needs) -> Response:
    """Record needs, all or none of them; the same need again changes nothing.

    Each belongs to a product from then on: the next whose needs are not published yet, else the last that still takes
    offers (D4.3 4.4).
    """
    needs.record(here, body)
    return reply(body, status=201)


@router.post(
    "/needs/derivation",
    status_code=201,
    response_model=list[Need],
    responses={409: {"description": "needs of these times are known with other content, or their market is over"}},
    **_INTERNAL,
)
def derive_needs(here: Here, load: Load) -> Response:
    """Derive needs from the load of a zone against its limit, and record them; a load within its limit gives none."""
    return reply(needs.derive(here, load), status=201)


@router.post(
    "/needs/publication",
    response_model=Publication,
    responses={**RELAYED, 207: {"model": Publication, "description": PARTIAL}},
    description=f"""Send needs to the service providers and keep their acknowledgements (D4.2 3.2.2.2.1.1).

A need that no provider acknowledged is in `unacknowledged`; publish it again.{FAILURES}""",
    **_INTERNAL,
)
def publish_needs(here: Here, which: Which) -> Response:
    publication, headers = needs.publish(here, which)
    return reply(publication, status=207 if publication.failures else 200, headers=headers)


@router.get("/offers", response_model=list[KeptOffer], **_LISTED)
def list_offers(request: Request, here: Here, page: Page, request_id: OfNeed = None) -> Response:
    """Every offer (or those for one need), who made it, when it came, and its state."""
    return page_found(request, offers.found(here, request_id, page), page)


@router.get("/offers/states", response_model=list[OfferHistory], **_LISTED)
def list_offer_states(request: Request, here: Here, page: Page, request_id: OfNeed = None) -> Response:
    """The state of every offer (or of those for one need), and each transition with its time, cause and actor."""
    return page_found(request, offers.histories(here, request_id, page), page)


@router.post("/offers/verification", **_MOVED)
def verify_offers(here: Here, body: Offers, asker: Asker) -> Response:
    """Make received offers active, all or none of them; from then on they can be activated (D4.3 3.2.5)."""
    return reply(offers.verify(here, body, asker.organisation))


@router.post("/offers/suspension", **_MOVED)
def suspend_offers(here: Here, body: Suspensions, asker: Asker) -> Response:
    """Suspend active offers over a period, all or none of them (D4.3 3.2.5)."""
    suspensions = [(one.provider, one) for one in body]
    offers.suspend(here, suspensions, asker.organisation)
    return reply(offers.told(here, [(one.provider, one.request_id, one.offer_id) for one in body]))


@router.post("/offers/resumption", **_MOVED)
def resume_offers(here: Here, body: Offers, asker: Asker) -> Response:
    """Lift every suspension of offers before its end, all or none of them."""
    return reply(offers.resume(here, body, asker.organisation))


@router.post(
    "/activation-plans",
    response_model=ActivationPlan,
    responses={**RELAYED, 207: {"model": ActivationPlan, "description": PARTIAL}},
    description=f"""Select offers in order of merit, and keep the orders (D4.2 3.2.2.2.1.2, D4.3 4.4).

Each provider is sent the orders for its own offers, and its acknowledgements are kept.

An order stands once it is given. Called again before the gate, offers that came later are set against what is still
needed, what a cancelled activation left open counts as needed, and orders that their provider did not acknowledge are
sent again. With `reserve` nothing is declined yet. `undecided` names the offers without an order, and why. `totals` are
EUR of all orders that stand, paid as bid or at the clearing price.{FAILURES}""",
    **_INTERNAL,
)
def send_activation_plan(here: Here, which: PlanRequest) -> Response:
    plan, headers = plans.plan(here, which)
    return reply(plan, status=207 if plan.failures else 200, headers=headers)


@router.get("/activation-plans", response_model=list[KeptOrder], **_LISTED)
def list_orders(request: Request, here: Here, page: Page, request_id: OfNeed = None) -> Response:
    """Every order (or those for one need), who acknowledged it, and the state of the activation."""
    return page_found(request, activations.found(here, request_id, page), page)


@router.get("/activations/states", response_model=list[ActivationHistory], **_LISTED)
def list_activation_states(request: Request, here: Here, page: Page, request_id: OfNeed = None) -> Response:
    """The state of every activation (or of those for one need), and each transition with time, cause and actor."""
    return page_found(request, activations.histories(here, request_id, page), page)
