"""The REST interface of flexibility to service providers, direct or over the network (D4.2 3.2.2, D4.3 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Context, Here
from gridlingua.services.flexibility import activations, control, needs, offers
from gridlingua.services.flexibility.changes import ActivationAnswer, Suspension
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Acknowledgement, Need, Offer, Period, acknowledge
from gridlingua.services.pages import LINK, MOST, Window
from gridlingua.services.pages import found as page_found
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Time, reply

router = APIRouter(route_class=ExactRoute)
_NETWORK: dict[str, Any] = {"tags": ["flexibility"]}
_OWN: dict[str, Any] = _NETWORK | allow("service_provider", data="own")
_UNKNOWN = {"description": "the asker made no such offer, or was given no order for it"}
Offers = Annotated[list[Offer], Body(min_length=1)]
Suspensions = Annotated[list[Suspension], Body(min_length=1)]
Answered = Annotated[list[ActivationAnswer], Body(min_length=1)]


@router.get(
    "/Flexibility/Needs",
    response_model=list[Need],
    responses={200: LINK},
    **_NETWORK,
    **allow("service_provider", data="open"),
)
def get_needs(
    request: Request,
    here: Here,
    start_time: Annotated[Time, Query(alias="startTime")],
    end_time: Annotated[Time, Query(alias="endTime")],
    limit: Annotated[int | None, Query(ge=1, le=MOST, description="how many at most; all when absent")] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="how many to leave out")] = 0,
) -> Response:
    """The published needs that overlap [startTime, endTime); none is an empty array (D4.2 3.2.2.1.1.1)."""
    period = Period(start_time=start_time, end_time=end_time)
    if limit is None:  # the network cannot follow a link to the next page
        return reply(needs.ask(here, period, after))
    page = Window(limit, after)
    return page_found(request, needs.ask(here, period, after, page.reach), page)


@router.post(
    "/Flexibility/Offers",
    response_model=list[Acknowledgement],
    responses={
        404: {"description": "an offer names a need that does not exist"},
        409: {"description": "an offer of the same ids with other content is known, or its gate is past"},
    },
    **_OWN,
)
def post_offers(here: Here, body: Offers, asker: Asker) -> Response:
    """Offers for published needs until their gate, all or none of them (D4.2 3.2.2.1.1.2, D4.3 4.4).

    The same offer again is acknowledged again.
    """
    for meter in {meter for offer in body for meter in offer.meter_ids}:
        asker.touches(meter)
    times = offers.receive(here, body, asker.organisation)
    return reply([acknowledge(offer, here.name, at) for offer, at in zip(body, times, strict=True)])


@router.post(
    "/Flexibility/OfferSuspension",
    response_model=list[Acknowledgement],
    responses={404: _UNKNOWN, 409: {"description": "the offer is not active, or activated already"}},
    **_OWN,
)
def post_suspensions(here: Here, body: Suspensions, asker: Asker) -> Response:
    """Offers of the asker that cannot be delivered over a period (D4.3 3.2.5), all or none of them.

    The same suspension again is acknowledged again.
    """
    times = offers.suspend(here, [(asker.organisation, one) for one in body], asker.organisation)
    return reply(_acknowledged(here, body, times))


@router.post(
    "/Flexibility/ActivationResponse",
    response_model=list[Acknowledgement],
    responses={404: _UNKNOWN, 409: {"description": "it was answered otherwise, declined, or the answer is too late"}},
    **_OWN,
)
def post_answers(here: Here, body: Answered, asker: Asker) -> Response:
    """What the asker says to its activations (D4.3 3.2.6), all or none of them; each is answered once.

    The same answer again is acknowledged again.
    """
    times = activations.receive_answers(here, body, asker.organisation)
    return reply(_acknowledged(here, body, times))


def _acknowledged(
    here: Context, told: Sequence[Suspension | ActivationAnswer], times: Sequence[datetime]
) -> list[Acknowledgement]:
    return [
        Acknowledgement(
            request_id=one.request_id, offer_id=one.offer_id, acknowledged_by=here.name, acknowledged_at=Instant.of(at)
        )
        for one, at in zip(told, times, strict=True)
    ]


router.include_router(control.router)
