"""The REST interface of the aggregator: what the DSO sends (D4.2 3.2.2.2), and what the aggregator itself does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response

from gridlingua.services import records
from gridlingua.services.access import Asker, allow
from gridlingua.services.aggregator import activations, baselines, operations, store
from gridlingua.services.aggregator.messages import (
    Answering,
    Authorized,
    Authorizing,
    Baselining,
    Bidding,
    KeptAnswer,
    KeptNeed,
    KeptOffer,
    KeptOrder,
    KeptReport,
    MeteringRequest,
    Price,
    Subscribed,
    Subscribing,
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
from gridlingua.services.routes import ExactRoute
from gridlingua.services.settlement.messages import BaselineAcknowledgement, Decision, DeliveryReport
from gridlingua.services.wire import Identifier, reply

router = APIRouter(route_class=ExactRoute)
operator = APIRouter(route_class=ExactRoute, prefix="/operator/aggregator", tags=["aggregator, operator"])
_OPERATOR: dict[str, Any] = allow("operator", data="internal")
_AUTHORIZE = (
    f"""Ask the DSO for a user's authorization; asked again, it tells whether the user has decided.{FAILURES}"""
)
_SUBSCRIBE = f"""Be sent needs and plans by the DSO: over the network, or to a callback, signed.

The secret of the signature is asked for and kept, so that what `dso` signs is let in as its own.{FAILURES}"""


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


@router.post(
    "/Flexibility/DeliveryReport", response_model=list[Decision], tags=["aggregator"], **allow("dso", data="own")
)
def post_delivery_reports(
    here: Here, reports: Annotated[list[DeliveryReport], Body(min_length=1)], asker: Asker
) -> Response:
    """Confirm what agrees with the order and the own baseline, dispute the rest in words (D4.3 3.2.4)."""
    return reply(activations.receive_reports(here, reports, asker.knowledge_base or asker.organisation))


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


@operator.post("/subscriptions", response_model=Subscribed, responses=RELAYED, description=_SUBSCRIBE, **_OPERATOR)
def subscribe(here: Here, wish: Subscribing) -> Response:
    told, headers = activations.subscribe(here, wish)
    return reply(told, headers=headers)


@operator.post("/authorizations", response_model=Authorized, responses=RELAYED, description=_AUTHORIZE, **_OPERATOR)
def authorize(here: Here, wish: Authorizing) -> Response:
    told, headers = activations.authorize(here, wish)
    return reply(told, headers=headers)


@operator.post(
    "/activation-responses",
    response_model=list[KeptAnswer],
    responses={**RELAYED, 207: {"model": list[KeptAnswer], "description": PARTIAL}},
    description=f"""Say the same to every activation that has no answer yet, and once more what no DSO acknowledged.

The reply is what a DSO acknowledged.{FAILURES}""",
    **_OPERATOR,
)
def answer_activations(here: Here, wish: Answering) -> Response:
    heard = activations.answer(here, wish)
    return reply([one for _, said in heard.found for one in said], status=heard.status, headers=heard.headers)


@operator.post(
    "/baselines",
    response_model=list[BaselineAcknowledgement],
    responses=RELAYED,
    description=f"""Make baselines of a day from the readings that were fetched of the days before, and send them.

A baseline is the mean of the same quarter-hour of the day over all days that are known.{FAILURES}""",
    **_OPERATOR,
)
def send_baselines(here: Here, wish: Baselining) -> Response:
    _, heard = baselines.send(here, wish)
    return reply([one for _, said in heard.found for one in said], status=heard.status, headers=heard.headers)


@operator.get("/delivery-reports", response_model=list[KeptReport], **_OPERATOR)
def list_reports(here: Here) -> Response:
    """The delivery reports that came, and what was said to them."""
    with here.database.reading() as connection:
        return reply(store.reports(connection))


router.include_router(operator)
