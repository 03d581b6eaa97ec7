"""The REST interface of settlement: what providers send and see (D4.3 3.2.4), and what the DSO itself does."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.flexibility.messages import Which
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.pages import LINK, Page, page_of
from gridlingua.services.routes import ExactRoute
from gridlingua.services.settlement import operations, sending, sheet, views
from gridlingua.services.settlement.messages import Baseline, BaselineAcknowledgement
from gridlingua.services.settlement.statements import (
    Answer,
    Closing,
    Computation,
    KeptBaseline,
    Line,
    Month,
    OwnAnswer,
    Resolution,
    Sending,
    Statement,
    Table,
)
from gridlingua.services.settlement.views import Filter
from gridlingua.services.wire import Identifier, Time, reply

router = APIRouter(route_class=ExactRoute)
operator = APIRouter(route_class=ExactRoute, prefix="/operator/settlement", tags=["settlement, operator"])
_MINE: dict[str, Any] = {"tags": ["settlement"], **allow("service_provider", data="own")}
_STAFF = allow("operator", data="internal")
_PLACE = "/{provider}/{requestId}/{offerId}/{version}"
ProviderQuery = Annotated[Identifier | None, Query()]
NeedQuery = Annotated[Identifier | None, Query(alias="requestId")]
NeedPath = Annotated[Identifier, Path(alias="requestId")]
OfferPath = Annotated[Identifier, Path(alias="offerId")]
MonthQuery = Annotated[Month | None, Query(description="the month in which delivery began, in the DSO's time zone")]


@router.post(
    "/Flexibility/Baseline",
    response_model=list[BaselineAcknowledgement],
    responses={
        404: {"description": "a meter is in no offer of this provider on that day"},
        409: {"description": "a baseline worked out at the same time is known with other powers"},
    },
    **_MINE,
)
def post_baselines(here: Here, asker: Asker, told: Annotated[list[Baseline], Body(min_length=1)]) -> Response:
    """Baselines of meters, a day each, all or none of them; the same again is acknowledged again (D4.3 3.2.4).

    A later `createdAt` replaces an earlier one, until the last delivery ordered of the meter on that day begins; from
    then on a baseline of that day is refused.
    """
    for one in told:
        asker.touches(one.meter_id)
    came = operations.receive_baselines(here, told, asker.organisation)
    return reply([views.acknowledged(one, here.name, at) for one, at in zip(told, came, strict=True)])


@router.get("/Flexibility/Settlement", response_model=list[Line], responses={200: LINK}, **_MINE)
def get_settlement(
    request: Request, here: Here, asker: Asker, page: Page, month: MonthQuery = None, request_id: NeedQuery = None
) -> Response:
    """What the asking provider's own offers come to, as far as it was reported to it."""
    wanted = Filter(provider=asker.organisation, month=month, request_id=request_id)
    return page_of(request, views.given(here, wanted), page)


@router.get(
    "/Flexibility/Settlement/{requestId}/{offerId}",
    response_model=Statement,
    responses={404: {"description": "nothing was reported of such an offer"}},
    **_MINE,
)
def get_statement(here: Here, asker: Asker, request_id: NeedPath, offer_id: OfferPath) -> Response:
    """One of the asking provider's own offers, quarter-hour by quarter-hour, with its gaps and its history."""
    return reply(views.given_statement(here, (asker.organisation, request_id, offer_id), asker))


@router.post(
    "/Flexibility/DeliveryReport/Answer",
    response_model=list[Line],
    responses={
        404: {"description": "such a report was never given to the asking provider"},
        409: {"description": "the state of a report does not allow the answer"},
    },
    **_MINE,
)
def answer_reports(here: Here, asker: Asker, told: Annotated[list[OwnAnswer], Body(min_length=1)]) -> Response:
    """Confirm or dispute one's own reports later than in the reply to them, all or none (D4.3 3.2.4, figure 10).

    The same answer again is no news. What was confirmed may be disputed until it is settled.
    """
    return reply(operations.answer_own(here, told, asker))


@operator.get("/baselines", response_model=list[KeptBaseline], responses={200: LINK}, **_STAFF)
def list_baselines(
    request: Request,
    here: Here,
    asker: Asker,
    page: Page,
    start_time: Annotated[Time, Query(alias="startTime")],
    end_time: Annotated[Time, Query(alias="endTime")],
    provider: ProviderQuery = None,
    meter_id: Annotated[Identifier | None, Query(alias="meterId")] = None,
) -> Response:
    """The baselines of days that overlap [startTime, endTime), in the order they came, in kW."""
    return page_of(request, views.baselines(here, (start_time, end_time), provider, meter_id, asker), page)


@operator.post(
    "/reports",
    response_model=Computation,
    responses={404: {"description": "a need does not exist, or none overlaps the period"}},
    **_STAFF,
)
def compute_reports(here: Here, asker: Asker, which: Which) -> Response:
    """Compute the delivery reports of needs whose delivery is over, and keep them.

    Computed again, a report that comes out the same stays as it is; where a reading or a baseline has changed it, there
    is a new version, which takes the place of the one before. What was settled stays settled until its successor is.
    """
    return reply(operations.compute(here, which, asker))


@operator.get("/reports", response_model=list[Line], responses={200: LINK}, **_STAFF)
def list_reports(
    request: Request,
    here: Here,
    page: Page,
    provider: ProviderQuery = None,
    request_id: NeedQuery = None,
    month: MonthQuery = None,
) -> Response:
    """Every version of every report, by the time of delivery."""
    return page_of(request, views.versions(here, Filter(provider, month, request_id)), page)


@operator.get(
    "/reports" + _PLACE,
    response_model=Statement,
    responses={404: {"description": "there is no such report"}},
    **_STAFF,
)
def get_report(
    here: Here,
    asker: Asker,
    provider: Annotated[Identifier, Path()],
    request_id: NeedPath,
    offer_id: OfferPath,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """A version of a report, quarter-hour by quarter-hour, with its gaps and its history."""
    return reply(views.statement(here, (provider, request_id, offer_id), version, asker))


@operator.post(
    "/reports/sending",
    response_model=Sending,
    responses={**RELAYED, 207: {"model": Sending, "description": PARTIAL}},
    description=f"""Send providers the current reports that they have not answered, and keep whether they confirm.

A report with gaps is sent as one message for each stretch without a gap, and is confirmed when all of them are. A
report in which nothing is measurable has no message: the provider reads it at `GET /Flexibility/Settlement`.
{FAILURES}""",
    **_STAFF,
)
def send_reports(here: Here, asker: Asker, which: Which) -> Response:
    found, headers = sending.send(here, which, asker)
    return reply(found, status=207 if found.failures else 200, headers=headers)


@operator.post(
    "/answers",
    response_model=list[Line],
    responses={
        404: {"description": "there is no such report"},
        409: {"description": "the state of a report does not allow the answer"},
    },
    **_STAFF,
)
def record_answers(here: Here, asker: Asker, told: Annotated[list[Answer], Body(min_length=1)]) -> Response:
    """Record what providers answered outside the network, all or none; the same answer again is no news."""
    return reply(operations.answer(here, told, asker))


@operator.post(
    "/resolutions",
    response_model=list[Line],
    responses={404: {"description": "there is no such report"}, 409: {"description": "a report is not disputed"}},
    **_STAFF,
)
def resolve_disputes(here: Here, asker: Asker, told: Annotated[list[Resolution], Body(min_length=1)]) -> Response:
    """Let disputed reports stand, each for a reason, all or none.

    Where the provider is right, correct the reading instead and compute again: the new version goes to the provider.
    """
    return reply(operations.resolve(here, told, asker))


@operator.post("/closings", response_model=list[Line], **_STAFF)
def settle(here: Here, asker: Asker, closing: Closing) -> Response:
    """Settle the confirmed reports of a month; returns those that are settled now.

    What is disputed or not answered stays open. Of a new version of what was settled, the difference is due.
    """
    return reply(operations.settle(here, closing, asker))


@operator.get("/table", response_model=Table, **_STAFF)
def get_table(here: Here, month: Annotated[Month, Query()], provider: ProviderQuery = None) -> Response:
    """The settlement table of a month: the current report of each offer, and totals by provider."""
    return reply(views.table(here, Filter(provider=provider, month=month)))


@operator.get(
    "/table.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "the table as CSV"}},
    **_STAFF,
)
def get_sheet(here: Here, month: Annotated[Month, Query()], provider: ProviderQuery = None) -> Response:
    """The lines of the settlement table of a month as CSV, with a heading; units stand in the names of the columns."""
    lines = views.table(here, Filter(provider=provider, month=month)).lines
    named = {"Content-Disposition": f'attachment; filename="settlement-{month}.csv"'}
    return Response(sheet.sheet(lines), media_type="text/csv", headers=named)


router.include_router(operator)
