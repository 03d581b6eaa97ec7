"""The REST interface of the aggregator: what the DSO sends (D4.2 3.2.2.2), and what the aggregator itself does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response

from gridlingua.services import records
from gridlingua.services.access import Asker, allow
from gridlingua.services.aggregator import operations, store
from gridlingua.services.aggregator.messages import (
    Bidding,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    MeteringRequest,
    Price,
)
from gridlingua.services.context import Here
from gridlingua.services.messages import (
    Acknowledgement,
    Metering,
    Need,
    NeedAcknowledgement,
    Order,
    Period,
    Reading,
    acknowledge,
)
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.wire import ExactRoute, Identifier, reply

router = APIRouter(route_class=ExactRoute)
operator = APIRouter(route_class=ExactRoute, prefix="/operator/aggregator", tags=["aggregator, operator"])
_OPERATOR: dict[str, Any] = allow("operator", data="internal")


@router.post(
    "/Flexibility/Needs",
    response_model=list[NeedAcknowledgement],
    responses={409: {"description": "a need of the same id with other content is known"}},
    tags=["aggregator"],
    **allow("dso", data="own"),
)
def post_needs(here: Here, needs: Annotated[list[Need], Body(min_length=1)], asker: Asker) -> Response:
    """Keep the DSO's needs, all or none; the same need again is acknowledged again (D4.2 3.2.2.2.1.1)."""
    times = operations.receive_needs(here, needs, asker.knowledge_base or asker.organisation)
    return reply([acknowledge(need, here.name, at) for need, at in zip(needs, times, strict=True)])


@router.post(
    "/Flexibility/ActivationPlan",
    response_model=list[Acknowledgement],
    responses={
        404: {"description": "an order names an offer that was never made to this DSO"},
        409: {"description": "an order does not fit its offer, or says something else than before"},
    },
    tags=["aggregator"],
    **allow("dso", data="own"),
)
def post_activation_plan(here: Here, orders: Annotated[list[Order], Body(min_length=1)], asker: Asker) -> Response:
    """Keep the DSO's orders, all or none; the same order again is acknowledged again (D4.2 3.2.2.2.1.2)."""
    times = operations.receive_plan(here, orders, asker.knowledge_base or asker.organisation)
    return reply([acknowledge(order, here.name, at) for order, at in zip(orders, times, strict=True)])


@operator.put("/prices", response_model=list[Price], **_OPERATOR)
def put_prices(here: Here, prices: list[Price]) -> Response:
    """Replace the price list."""
    operations.set_prices(here, prices)
    return reply(prices)


@operator.get("/prices", response_model=list[Price], **_OPERATOR)
def get_prices(here: Here) -> Response:
    """The price list."""
    with here.database.reading() as connection:
        return reply(records.find(connection, store.PRICES, Price))


@operator.post(
    "/offers",
    response_model=Bidding,
    responses={**RELAYED, 207: {"model": Bidding, "description": PARTIAL}},
    description=f"""Ask for the needs of a window, offer what the price list holds for them, and keep what was said.

Each DSO gets the offers for its own needs: those it did not acknowledge before once more, and the new ones as a message
of their own. New offers that their DSO refuses (a 4xx without `retry`) are forgotten.{FAILURES}""",
    **_OPERATOR,
)
def make_offers(here: Here, window: Period) -> Response:
    bidding, headers = operations.bid(here, window)
    return reply(bidding, status=207 if bidding.failures else 200, headers=headers)


@operator.get("/offers", response_model=list[KeptOffer], **_OPERATOR)
def list_offers(here: Here) -> Response:
    """Every offer that was made, and who acknowledged it."""
    return reply(operations.list_offers(here))


@operator.get("/needs", response_model=list[KeptNeed], **_OPERATOR)
def list_needs(here: Here) -> Response:
    """Every need that was published to this aggregator."""
    return reply(operations.list_needs(here))


@operator.get("/activation-plans", response_model=list[KeptOrder], **_OPERATOR)
def list_orders(here: Here) -> Response:
    """Every order that came."""
    return reply(operations.list_orders(here))


@operator.post("/metering", response_model=list[Metering], responses=RELAYED, **_OPERATOR)
def fetch_metering(here: Here, request: MeteringRequest) -> Response:
    """Fetch a user's metering and keep it; fetched again, it takes the place of what was kept.

    Where several DSOs are asked, it is that of the first one that has the user. **Failures** are told only when none
    has: a problem document, that of the DSO itself when it is one, else the first one's status with a `detail` that
    names every DSO and why it failed.
    """
    metering, headers = operations.fetch_metering(here, request)
    return reply(metering, headers=headers)


@operator.get("/metering", response_model=list[Reading], **_OPERATOR)
def get_metering(
    here: Here,
    user: Annotated[Identifier, Query()],
    granularity: Annotated[Literal["1", "2", "3"], Query()] = "1",
) -> Response:
    """The readings of a user that were fetched."""
    with here.database.reading() as connection:
        return reply(store.metering(connection, user, int(granularity)))


router.include_router(operator)
