"""The REST interface of flexibility: what the network asks (D4.2 3.2.2), and what the DSO itself does."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from gridlingua.services import records
from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.flexibility import operations, store
from gridlingua.services.flexibility.messages import (
    ActivationPlan,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    Load,
    Publication,
    Which,
)
from gridlingua.services.messages import Acknowledgement, Need, Offer, Period, acknowledge
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.power import required_period
from gridlingua.services.wire import ExactRoute, Identifier, Time, reply

router = APIRouter(route_class=ExactRoute)
_NETWORK: dict[str, Any] = {"tags": ["flexibility"]}
_INTERNAL: dict[str, Any] = allow("operator", data="internal")
Needs = Annotated[list[Need], Body(min_length=1)]
Offers = Annotated[list[Offer], Body(min_length=1)]


@router.get("/Flexibility/Needs", response_model=list[Need], **_NETWORK, **allow("service_provider", data="open"))
def get_needs(
    here: Here, start_time: Annotated[Time, Query(alias="startTime")], end_time: Annotated[Time, Query(alias="endTime")]
) -> Response:
    """The needs that overlap [startTime, endTime); none is an empty array (D4.2 3.2.2.1.1.1)."""
    period = required_period(Period(start_time=start_time, end_time=end_time))
    with here.database.reading() as connection:
        within = records.overlapping(store.NEEDS, period.start_time.at, period.end_time.at)
        return reply(records.find(connection, store.NEEDS, Need, within))


@router.post(
    "/Flexibility/Offers",
    response_model=list[Acknowledgement],
    responses={
        404: {"description": "an offer names a need that does not exist"},
        409: {"description": "an offer of the same ids with other content is known"},
    },
    **_NETWORK,
    **allow("service_provider", data="own"),
)
def post_offers(here: Here, offers: Offers, asker: Asker) -> Response:
    """Offers for known needs, all or none of them; the same offer again is acknowledged again (D4.2 3.2.2.1.1.2)."""
    times = operations.receive_offers(here, offers, asker.organisation)
    return reply([acknowledge(offer, here.name, at) for offer, at in zip(offers, times, strict=True)])


operator = APIRouter(route_class=ExactRoute, prefix="/operator/flexibility", tags=["flexibility, operator"])


@operator.get("/needs", response_model=list[KeptNeed], **_INTERNAL)
def list_needs(here: Here, request_id: Annotated[Identifier | None, Query(alias="requestId")] = None) -> Response:
    """Every need (or one), when it was recorded and who acknowledged it."""
    return reply(operations.list_needs(here, request_id))


@operator.post(
    "/needs",
    status_code=201,
    response_model=list[Need],
    responses={409: {"description": "a need of the same id with other content is known"}},
    **_INTERNAL,
)
def record_needs(here: Here, needs: Needs) -> Response:
    """Record needs, all or none of them; the same need again changes nothing."""
    operations.record_needs(here, needs)
    return reply(needs, status=201)


@operator.post(
    "/needs/derivation",
    status_code=201,
    response_model=list[Need],
    responses={409: {"description": "needs of these times are known with other content"}},
    **_INTERNAL,
)
def derive_needs(here: Here, load: Load) -> Response:
    """Derive needs from the load of a zone against its limit, and record them; a load within its limit gives none."""
    return reply(operations.derive(here, load), status=201)


@operator.post(
    "/needs/publication",
    response_model=Publication,
    responses={**RELAYED, 207: {"model": Publication, "description": PARTIAL}},
    description=f"""Send needs to the service providers and keep their acknowledgements (D4.2 3.2.2.2.1.1).

A need that no provider acknowledged is in `unacknowledged`; publish it again.{FAILURES}""",
    **_INTERNAL,
)
def publish_needs(here: Here, which: Which) -> Response:
    publication, headers = operations.publish(here, which)
    return reply(publication, status=207 if publication.failures else 200, headers=headers)


@operator.get("/offers", response_model=list[KeptOffer], **_INTERNAL)
def list_offers(here: Here, request_id: Annotated[Identifier | None, Query(alias="requestId")] = None) -> Response:
    """Every offer (or those for one need), who made it and when it came."""
    return reply(operations.list_offers(here, request_id))


@operator.post(
    "/activation-plans",
    response_model=ActivationPlan,
    responses={**RELAYED, 207: {"model": ActivationPlan, "description": PARTIAL}},
    description=f"""Select offers in order of merit, and keep the orders (D4.2 3.2.2.2.1.2).

Each provider is sent the orders for its own offers, and its acknowledgements are kept.

An order stands once it is given. Called again, offers that came later are set against what is still needed, and orders
that their provider did not acknowledge are sent again.{FAILURES}""",
    **_INTERNAL,
)
def send_activation_plan(here: Here, which: Which) -> Response:
    plan, headers = operations.plan(here, which)
    return reply(plan, status=207 if plan.failures else 200, headers=headers)


@operator.get("/activation-plans", response_model=list[KeptOrder], **_INTERNAL)
def list_orders(here: Here, request_id: Annotated[Identifier | None, Query(alias="requestId")] = None) -> Response:
    """Every order (or those for one need), when it was given and who acknowledged it."""
    return reply(operations.list_orders(here, request_id))


router.include_router(operator)
