"""What the data sharing service does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gridlingua.services.context import Context
from gridlingua.services.data_sharing import store
from gridlingua.services.data_sharing.domain import (
    Granularity,
    instant_of,
    intervals,
    kilowatts,
    means,
    quarter_before,
    quarter_of,
)
from gridlingua.services.data_sharing.messages import Grant, ZoneLoad
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Metering, Period, Reading
from gridlingua.services.power import required_period
from gridlingua.services.refusals import ConflictError, ForbiddenError, NotFoundError, RefusedError

LONGEST = timedelta(days=366, hours=1)
_GRANULARITIES = {1: "quarter-hour", 2: "hour", 3: "day"}
_NAMED_GAPS = 10


@dataclass(frozen=True)
class Question:
    """Who asks for whose metering, on what grant, how fine, and of when."""

    requester: str
    user: str
    grant: str
    granularity: Granularity
    period: Period


def metering(here: Context, question: Question) -> tuple[Metering, str]:
    """The metering, and in words which intervals were left out because a reading is missing (or nothing).

    Raises ``ForbiddenError`` without a requester or a grant, ``NotFoundError`` for an unknown user or no reading,
    ``RefusedError`` for a period that holds no whole interval or is longer than a year.
    """
    if not question.requester:
        raise ForbiddenError("who asks is not said: the header Gridlingua-Requester must name a knowledge base")
    first, last = _quarters(here, question)
    with here.database.reading() as connection:
        customer = store.customer_id(connection, question.user)
        if customer is None:
            raise NotFoundError(f"there is no user {question.user}")
        _require(store.grant(connection, question.grant), question, here.clock())
        found = means(store.readings(connection, customer, first, last), first, last, question.granularity, here.zone)
    if not found.values:
        raise NotFoundError(_nothing(question, found.gaps))
    readings = tuple(Reading(time=Instant.of(at), measurement=mean, unit="kW") for at, mean in found.values)
    return Metering(user=question.user, metering=readings), _named(found.gaps)


def _quarters(here: Context, question: Question) -> tuple[int, int]:
    period = required_period(question.period)
    if period.end_time.at - period.start_time.at > LONGEST:
        raise RefusedError(f"{period.start_time} to {period.end_time} is longer than 366 days; ask in parts")
    first, last = quarter_of(period.start_time.at), quarter_before(period.end_time.at)
    if next(intervals(first, last, question.granularity, here.zone), None) is None:
        name = _GRANULARITIES[question.granularity]
        raise RefusedError(f"no whole {name} of {here.zone.key} lies within {period.start_time} to {period.end_time}")
    return first, last


def _require(grant: Grant | None, question: Question, now: datetime) -> None:
    asked = f"grant {question.grant} does not let {question.requester} read the metering of {question.user}"
    if grant is None or grant.grantee != question.requester or grant.user != question.user:
        raise ForbiddenError(
            f"{asked}; ask the user for one"
        )  # the same words for all: a stranger's grant stays unseen
    if now >= grant.valid_until.at:
        raise ForbiddenError(f"{asked}: it expired at {grant.valid_until}")
    if now < grant.valid_from.at:
        raise ForbiddenError(f"{asked}: it is valid from {grant.valid_from}")


def _nothing(question: Question, gaps: Sequence[datetime]) -> str:
    name, period = _GRANULARITIES[question.granularity], question.period
    said = f"user {question.user} has no complete {name} of readings from {period.start_time} to {period.end_time}"
    return f"{said}; {len(gaps)} lack a reading"


def _named(gaps: Sequence[datetime]) -> str:
    if not gaps:
        return ""
    rest = ", ..." if len(gaps) > _NAMED_GAPS else ""  # a header is ASCII
    return f"{len(gaps)}; " + ", ".join(str(Instant.of(gap)) for gap in gaps[:_NAMED_GAPS]) + rest


def zone_load(here: Context, zone: str, period: Period) -> ZoneLoad:
    """The sum of a zone's customers by quarter-hour; raises ``ConflictError`` where a customer lacks a reading."""
    required_period(period)
    first, last = quarter_of(period.start_time.at), quarter_before(period.end_time.at)
    if first >= last or last - first > LONGEST // timedelta(minutes=15):
        raise RefusedError(f"{period.start_time} to {period.end_time} must hold a quarter-hour, and 366 days at most")
    with here.database.reading() as connection:
        customers = store.all_customers(connection, zone)
        if not customers:
            raise NotFoundError(f"there is no customer in zone {zone}")
        sums = store.zone_sums(connection, zone, first, last)
    for quarter in range(first, last):
        _, count = sums.get(quarter, (0, 0))
        if count != len(customers):
            at = Instant.of(instant_of(quarter, here.zone))
            raise ConflictError(
                f"zone {zone} at {at}: {count} of {len(customers)} customers have a reading; a sum needs all"
            )
    return ZoneLoad(
        zone=zone,
        measurement_unit="kW",
        start=Instant.of(instant_of(first, here.zone)),
        load=tuple(kilowatts(sums[quarter][0]) for quarter in range(first, last)),
        meter_ids=tuple(customer.meter_id for customer in customers),
    )
