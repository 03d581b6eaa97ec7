"""What the DSO's own staff does with observability: set, ask, see faults through, declare what may be observed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.messages import Period
from gridlingua.services.network import FAILURES, PARTIAL, RELAYED
from gridlingua.services.observability import appliances, hems, inbox, monitoring, register, zones
from gridlingua.services.observability.event_messages import CodeCount, Event, Kind, Transition, WholeEvent
from gridlingua.services.observability.events import State
from gridlingua.services.observability.messages import GridZone, HemsId
from gridlingua.services.observability.operator_messages import (
    Again,
    DataRequest,
    DeclaredZone,
    FetchedData,
    HemsAnswers,
    KeptSeries,
    KnownHems,
    Monitoring,
    Setting,
    Settings,
)
from gridlingua.services.observability.postal_codes import PostalCode
from gridlingua.services.observability.store import HEMS
from gridlingua.services.pages import LINK, Page, found, page_of
from gridlingua.services.refusals import NotFoundError
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, Time, reply

operator = APIRouter(route_class=ExactRoute, prefix="/operator/observability", tags=["observability, operator"])
_OPERATOR = allow("operator", data="internal")
_PAGED: dict[int | str, dict[str, Any]] = {200: LINK}
_NO_EVENT: dict[int | str, dict[str, Any]] = {404: {"description": "no such event"}}
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Code = Annotated[PostalCode | None, Query(alias="postalCode")]
Start = Annotated[Time | None, Query(alias="startTime")]
End = Annotated[Time | None, Query(alias="endTime")]
Provider = Annotated[Identifier | None, Query(description="the organisation to ask; without it, all")]


def _partial(model: type[Any]) -> dict[int | str, dict[str, Any]]:
    return {**RELAYED, 207: {"model": model, "description": PARTIAL}}


@operator.post(
    "/monitoring",
    response_model=Settings,
    responses=_partial(Settings),
    description=f"""Say where to monitor and from when on something is a potential fault, and send it to the providers.

What is wanted is kept before it is sent, also when all fail: send it again.{FAILURES}""",
    **_OPERATOR,
)
def want_monitoring(here: Here, asker: Asker, wanted: Monitoring) -> Response:
    settings, headers = monitoring.want(here, wanted, asker.client or asker.organisation)
    return reply(settings, status=207 if settings.failures else 200, headers=headers)


@operator.post(
    "/monitoring/sending",
    response_model=Settings,
    responses=_partial(Settings),
    description=f"""Send again what stands to the providers who have not acknowledged it.{FAILURES}""",
    **_OPERATOR,
)
def send_again(here: Here, which: Again) -> Response:
    settings, headers = monitoring.again(here, which.postal_codes)
    return reply(settings, status=207 if settings.failures else 200, headers=headers)


@operator.get("/monitoring", response_model=list[Setting], responses=_PAGED, **_OPERATOR)
def list_monitoring(
    request: Request,
    here: Here,
    page: Page,
    code: Code = None,
    earlier: Annotated[bool, Query(description="also what something later took the place of")] = False,
) -> Response:
    """What is wanted of each postal code, and what each provider said to it."""
    return page_of(request, monitoring.listed(here, None if code is None else [code], earlier=earlier), page)


@operator.get("/events", response_model=list[Event], responses=_PAGED, **_OPERATOR)
def list_events(
    request: Request,
    here: Here,
    page: Page,
    kind: Kind | None = None,
    state: State | None = None,
    provider: Identifier | None = None,
    code: Code = None,
    start: Start = None,
    end: End = None,
) -> Response:
    """Faults and abnormal voltages, the newest first."""
    wanted = register.Filter(kind, state, provider, code, start.at if start else None, end.at if end else None)
    return found(request, register.listed(here, wanted, page), page)


@operator.get("/events/{number}", response_model=WholeEvent, responses=_NO_EVENT, **_OPERATOR)
def get_event(here: Here, asker: Asker, number: Number) -> Response:
    """An event with every notice of it and every step of its life."""
    event = register.whole(here, number)
    asker.touches(event.subject)
    return reply(event)


@operator.post(
    "/events/{number}/transitions",
    response_model=WholeEvent,
    responses=_NO_EVENT | {409: {"description": "the event cannot go from its state to this one"}},
    **_OPERATOR,
)
def move_event(here: Here, asker: Asker, number: Number, wanted: Transition) -> Response:
    """Bring an event to its next state, and keep who did it and why."""
    inbox.move(here, number, wanted, asker.client or asker.organisation)
    return reply(register.whole(here, number))


@operator.get("/postal-codes", response_model=list[CodeCount], responses=_PAGED, **_OPERATOR)
def count_events(
    request: Request,
    here: Here,
    page: Page,
    kind: Kind | None = None,
    state: State | None = None,
    start: Start = None,
    end: End = None,
) -> Response:
    """How many events each postal code has."""
    wanted = register.Filter(kind, state, start=start.at if start else None, end=end.at if end else None)
    return page_of(request, register.counts(here, wanted), page)


@operator.get("/hems", response_model=list[KnownHems], responses=_PAGED, **_OPERATOR)
def list_hems(request: Request, here: Here, page: Page) -> Response:
    """What is known last of every HEMS that was asked about."""
    with here.database.reading() as connection:
        return page_of(request, hems.last_known(connection), page)


@operator.get(
    "/hems/{hemsId}",
    response_model=list[KnownHems],
    responses={404: {"description": "nothing is known of this HEMS"}},
    **_OPERATOR,
)
def get_hems(here: Here, asker: Asker, hems_id: Annotated[HemsId, Path(alias="hemsId")]) -> Response:
    """What is known last of a HEMS, from each provider."""
    asker.touches(hems_id)
    with here.database.reading() as connection:
        known = hems.last_known(connection, HEMS.c.hems_id == hems_id)
    if not known:
        raise NotFoundError(f"nothing is known of HEMS {hems_id}; ask for its status or voltage first")
    return reply(known)


@operator.post(
    "/hems/{hemsId}/status",
    response_model=HemsAnswers,
    responses=_partial(HemsAnswers),
    description=f"Ask over the network whether a HEMS communicates, and keep the answer (D4.2 3.2.3.2.1.4).{FAILURES}",
    **_OPERATOR,
)
def ask_status(
    here: Here, asker: Asker, hems_id: Annotated[HemsId, Path(alias="hemsId")], provider: Provider = None
) -> Response:
    asker.touches(hems_id)
    answers, headers = hems.ask(here, hems_id, "Status", provider)
    return reply(answers, status=207 if answers.failures else 200, headers=headers)


@operator.post(
    "/hems/{hemsId}/voltage",
    response_model=HemsAnswers,
    responses=_partial(HemsAnswers),
    description=f"Ask over the network for the last voltage of a HEMS, and keep it (D4.2 3.2.3.2.1.5).{FAILURES}",
    **_OPERATOR,
)
def ask_voltage(
    here: Here, asker: Asker, hems_id: Annotated[HemsId, Path(alias="hemsId")], provider: Provider = None
) -> Response:
    asker.touches(hems_id)
    answers, headers = hems.ask(here, hems_id, "Voltage", provider)
    return reply(answers, status=207 if answers.failures else 200, headers=headers)


@operator.put(
    "/zones",
    response_model=list[DeclaredZone],
    responses={404: {"description": "no such organisation"}, 409: {"description": "a HEMS is in another zone"}},
    **_OPERATOR,
)
def declare_zones(
    here: Here, declared: Annotated[list[DeclaredZone], Body(alias="zones", min_length=1, max_length=10_000)]
) -> Response:
    """Declare zones and the units in them that may be observed, all or none; what a zone had before is replaced."""
    return reply(zones.declare(here, declared))


@operator.get("/zones", response_model=list[GridZone], responses=_PAGED, **_OPERATOR)
def list_zones(request: Request, here: Here, page: Page) -> Response:
    """Every declared zone with all its units."""
    with here.database.reading() as connection:
        return page_of(request, zones.observable(connection), page)


@operator.delete("/zones/{zoneId}", status_code=204, responses={404: {"description": "no such zone"}}, **_OPERATOR)
def remove_zone(here: Here, zone: Annotated[Identifier, Path(alias="zoneId")]) -> Response:
    """Take a zone and its units out: nobody may observe them any longer."""
    zones.remove(here, zone)
    return Response(status_code=204)


@operator.post(
    "/disaggregated-data",
    response_model=FetchedData,
    responses=_partial(FetchedData),
    description=f"""Ask data service providers for the appliances of customers, and keep the answer (D4.2 3.2.3.3.1.1).

The provider answers for the customers' consent (D4.3 4.1.3).{FAILURES}""",
    **_OPERATOR,
)
def fetch_data(here: Here, asker: Asker, wanted: DataRequest) -> Response:
    for customer in wanted.customer_ids:
        asker.touches(customer)
    data, headers = appliances.fetch(here, wanted)
    return reply(data, status=207 if data.failures else 200, headers=headers)


@operator.get("/disaggregated-data", response_model=list[KeptSeries], responses=_PAGED, **_OPERATOR)
def list_data(
    request: Request,
    here: Here,
    asker: Asker,
    page: Page,
    customer: Annotated[Identifier | None, Query(alias="customerId")] = None,
    start: Start = None,
    end: End = None,
) -> Response:
    """The series of appliances that were fetched, of a customer or of all; of a period when both its ends are given."""
    period = Period(start_time=start, end_time=end) if start and end else None
    series = appliances.listed(here, customer, period, page)
    for one in series:
        asker.touches(one.customer_id)
    return found(request, series, page)
