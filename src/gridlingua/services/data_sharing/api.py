"""The REST interface of data sharing: what the network asks (D4.2 3.2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from gridlingua.services.access import Asker, allow
from gridlingua.services.context import Here
from gridlingua.services.data_sharing import aggregation, flexibility, operations
from gridlingua.services.data_sharing.aggregation import ZoneQuestion
from gridlingua.services.data_sharing.anonymity import Limits
from gridlingua.services.data_sharing.domain import Granularity
from gridlingua.services.data_sharing.messages import FlexibilityData, ZoneMetering
from gridlingua.services.data_sharing.operator import operator
from gridlingua.services.messages import Metering, Period
from gridlingua.services.routes import ExactRoute
from gridlingua.services.wire import Identifier, Message, Time, reply

router = APIRouter(route_class=ExactRoute)


@router.get(
    "/Data/Metering",
    response_model=list[Metering] | list[ZoneMetering],
    responses={
        200: {
            "headers": {
                "Gridlingua-Gaps": {
                    "description": "how many intervals were left out for lack of a reading, and the first ten of them",
                    "schema": {"type": "string"},
                }
            }
        },
        403: {"description": "no valid grant of the user for who asks; or a zone's answer would not be anonymous"},
        404: {"description": "no such user or zone, or no complete interval of readings in the period"},
    },
    tags=["data sharing"],
    **allow("service_provider", "third_party", "data_service_provider", "end_user", data="granted"),
)
def get_metering(
    here: Here,
    kind: Annotated[Literal["User", "Anonymized"], Query(alias="type")],
    subject: Annotated[Identifier, Query(alias="id", description="a user, or a zone of the grid")],
    granularity: Annotated[Literal["1", "2", "3"], Query(description="1: 15 min, 2: hour, 3: day of the DSO's zone")],
    start: Annotated[Time, Query()],
    end: Annotated[Time, Query()],
    asker: Asker,
    grant: Annotated[
        Identifier | None, Query(description="its reference; not needed for one's own data, nor for a zone")
    ] = None,
) -> Response:
    """The mean power in kW of the intervals that lie whole in [start, end) (D4.2 3.2.1.1.1.2).

    User: what a user withdraws, on a grant. Anonymized: what the clients of a zone withdraw, their sum and their mean.
    An interval that lacks a reading is left out and named in a header, never filled.
    """
    asker.touches(subject)
    period = Period(start_time=start, end_time=end)
    level: Granularity = 1 if granularity == "1" else 2 if granularity == "2" else 3
    found: Sequence[Message]
    if kind == "Anonymized":
        found, gaps = aggregation.anonymized(here, ZoneQuestion(subject, level, period), Limits(here.fewest_clients))
    else:
        is_end_user = "end_user" in asker.roles
        question = operations.Question(asker.organisation, is_end_user, subject, grant or "", level, period)
        metering, gaps = operations.metering(here, question)
        found = [metering]
    return reply(found, headers={"Gridlingua-Gaps": gaps} if gaps else {})


@router.get(
    "/Data/Flexibility",
    response_model=FlexibilityData,
    responses={404: {"description": "no such zone, or nothing is or was needed in it"}},
    tags=["data sharing"],
    **allow("service_provider", "third_party", "data_service_provider", data="open"),
)
def get_flexibility(
    here: Here,
    zone: Annotated[Identifier, Query(alias="zoneId")],
    start_time: Annotated[Time, Query(alias="startTime")],
    end_time: Annotated[Time, Query(alias="endTime")],
    asker: Asker,
) -> Response:
    """The published needs of a zone in [startTime, endTime), past and to come (D4.2 3.2.1.1.1.3)."""
    asker.touches(zone)
    return reply(flexibility.flexibility_data(here, zone, Period(start_time=start_time, end_time=end_time)))


router.include_router(operator)
