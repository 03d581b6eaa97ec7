"""The REST interface of what meters say: asked by providers, sent by the DSO's gateway (D4.3 2.2 and 3.4.2)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.metering_platform import operations
from gridlingua.services.metering_platform.messages import (
    CutoffPower,
    Frame,
    InjectedPower,
    MeterReading,
    MeterSending,
    PowerOverrun,
    Prm,
)
from gridlingua.services.metering_platform.operations import CUTOFF, INJECTED, OVERRUN, Operation
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.pages import LINK, Page, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.sendings import Sending, Sent
from gridlingua.services.wire import Identifier, reply

market = APIRouter(route_class=ExactRoute, tags=["metering platform"])
operator = APIRouter(route_class=ExactRoute, prefix="/operator/metering-platform", tags=["metering platform, operator"])
_OPERATOR = allow("operator", data="internal")
_SENDING = f"""Send readings to the providers whom their users have granted them, and to nobody else.

Meters of which nobody may be told are in `withheld`.{FAILURES}"""


def _partial(model: type[Any]) -> dict[int | str, dict[str, Any]]:
    return {**RELAYED, 207: {"model": model, "description": PARTIAL}}


@market.get(
    "/Metering/Frame",
    response_model=Frame,
    responses={
        403: {"description": "no grant of the meter's user for all that a frame holds"},
        404: {"description": "the meter has not said anything yet"},
    },
    **allow("service_provider", data="granted"),
)
def get_frame(
    here: Here,
    asker: Asker,
    meter: Annotated[Prm, Query(alias="meterId")],
    grant: Annotated[Identifier, Query()],
) -> Response:
    """The last frame of a meter, on a grant of its user (D4.3 3.4.2)."""
    asker.touches(meter)
    return reply(operations.frame(here, meter, grant, asker.organisation))


@operator.post("/frames", status_code=201, response_model=list[Frame], **_OPERATOR)
def keep_frames(
    here: Here, asker: Asker, frames: Annotated[list[Frame], Body(min_length=1, max_length=1000)]
) -> Response:
    """Keep the last frame of each meter, all or none; an older one than is known changes nothing."""
    for one in frames:
        asker.touches(one.meter_id)
    operations.keep_frames(here, frames)
    return reply(frames, status=201)


@operator.post(
    "/cutoff-powers",
    response_model=MeterSending,
    responses=_partial(MeterSending),
    description=_SENDING,
    **_OPERATOR,
)
def send_cutoff_powers(
    here: Here, asker: Asker, readings: Annotated[list[CutoffPower], Body(min_length=1, max_length=500)]
) -> Response:
    return _sent(here, asker, CUTOFF, readings)


@operator.post(
    "/injected-powers",
    response_model=MeterSending,
    responses=_partial(MeterSending),
    description=_SENDING,
    **_OPERATOR,
)
def send_injected_powers(
    here: Here, asker: Asker, readings: Annotated[list[InjectedPower], Body(min_length=1, max_length=500)]
) -> Response:
    return _sent(here, asker, INJECTED, readings)


@operator.post(
    "/power-overruns",
    response_model=MeterSending,
    responses=_partial(MeterSending),
    description=_SENDING,
    **_OPERATOR,
)
def send_power_overruns(
    here: Here, asker: Asker, readings: Annotated[list[PowerOverrun], Body(min_length=1, max_length=500)]
) -> Response:
    return _sent(here, asker, OVERRUN, readings)


def _sent(here: Here, asker: Asker, operation: Operation, readings: list[Any]) -> Response:
    one: MeterReading
    for one in readings:
        asker.touches(one.meter_id)
    sent, headers = operations.send(here, operation, readings, asker.client or asker.organisation)
    return reply(sent, status=207 if sent.failures else 200, headers=headers)


@operator.post(
    "/sendings",
    response_model=Sending,
    responses={**_partial(Sending), 422: {"description": "the Idempotency-Key is none"}},
    description=f"Send again what somebody who may still have it has not acknowledged.{FAILURES}",
    **_OPERATOR,
)
def send_again(here: Here, _asker: Asker) -> Response:
    sent, headers = operations.again(here)
    return reply(sent, status=207 if sent.failures else 200, headers=headers)


@operator.get("/sendings", response_model=list[Sent], responses={200: LINK}, **_OPERATOR)
def list_sent(
    request: Request, here: Here, page: Page, meter: Annotated[Prm | None, Query(alias="meterId")] = None
) -> Response:
    """What was sent of meters, and what each provider said."""
    return page_of(request, operations.listed(here, meter), page)


router = APIRouter(route_class=ExactRoute)
router.include_router(market)
router.include_router(operator)
