"""What the data sharing service does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services import records
from gridlingua.services.consent import grants
from gridlingua.services.context import Context
from gridlingua.services.data_sharing import store
from gridlingua.services.data_sharing.domain import (
    Granularity,
    instant_of,
    kilowatts,
    means,
    quarter_before,
    quarter_of,
)
from gridlingua.services.data_sharing.messages import Account, ZoneLoad
from gridlingua.services.data_sharing.periods import GRANULARITIES, LONGEST, named, quarters
from gridlingua.services.data_sharing.points import Point, complete
from gridlingua.services.data_sharing.points import faults as point_faults
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Metering, Period, Reading
from gridlingua.services.power import required_period
from gridlingua.services.refusals import ConflictError, ForbiddenError, NotFoundError, RefusedError


@dataclass(frozen=True)
class Question:
    """Who (which organisation, an end user or not) asks for whose metering, on what grant, how fine, and of when."""

    organisation: str
    is_end_user: bool
    user: str
    grant: str
    granularity: Granularity
    period: Period


def metering(here: Context, question: Question) -> tuple[Metering, str]:
    """The metering, and in words which intervals were left out because a reading is missing (or nothing).

    Raises ``ForbiddenError`` without a grant, ``NotFoundError`` where there is no reading, ``RefusedError`` for a
    period that holds no whole interval or is longer than a year.
    """
    first, last = quarters(here.zone, question.period, question.granularity)
    with here.database.reading() as connection:
        _permit(connection, question, here.clock())
        point = store.customer_id(connection, question.user)
        if point is None:
            raise NotFoundError(f"there is no user {question.user}")
        found = means(store.readings(connection, point, first, last), first, last, question.granularity, here.zone)
    if not found.values:
        raise NotFoundError(_nothing(question, found.gaps))
    readings = tuple(Reading(time=Instant.of(at), measurement=mean, unit="kW") for at, mean in found.values)
    return Metering(user=question.user, metering=readings), named(found.gaps)


def _permit(connection: Connection, question: Question, now: datetime) -> None:
    """Raises ``ForbiddenError`` unless the data is the asker's own, or on a grant."""
    if question.is_end_user and store.user_of(connection, question.organisation) == question.user:
        return
    if not question.grant:
        raise ForbiddenError(f"the metering of {question.user} is given on a grant: name its reference in grant")
    grants.require(
        connection,
        reference=question.grant,
        organisation=question.organisation,
        user=question.user,
        kind="metering",
        start=question.period.start_time.at,
        end=question.period.end_time.at,
        now=now,
    )


def _nothing(question: Question, gaps: Sequence[datetime]) -> str:
    name, period = GRANULARITIES[question.granularity], question.period
    said = f"user {question.user} has no complete {name} of readings from {period.start_time} to {period.end_time}"
    return f"{said}; {len(gaps)} lack a reading"


def zone_load(here: Context, zone: str, period: Period) -> ZoneLoad:
    """The net sum of a zone's customers by quarter-hour; raises ``ConflictError`` where a customer lacks a reading."""
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


def put_accounts(here: Context, accounts: Sequence[Account]) -> None:
    """Keep whose account is whose, all or none; raises ``NotFoundError`` for a user there is not."""
    with here.database.writing() as connection:
        known = {customer.user for customer in store.all_customers(connection)}
        unknown = [
            Fault(f"/{i}/user", f"no user {one.user}") for i, one in enumerate(accounts) if one.user not in known
        ]
        if unknown:
            raise NotFoundError(unknown)
        if faults := records.duplicates(["organisation"], accounts):
            raise RefusedError(faults)
        store.put_accounts(connection, accounts)


def add_points(here: Context, points: Sequence[Point]) -> list[Point]:
    """Keep points, all or none, and return them as they are kept; those known alike stay.

    Raises ``RefusedError`` for what does not fit a point's kind, ``ConflictError`` for what is known otherwise.
    """
    whole = [complete(point) for point in points]
    faults = [fault for position, point in enumerate(whole) for fault in point_faults(point, f"/{position}")]
    if faults := faults + records.duplicates(["meter_id"], whole):
        raise RefusedError(faults)
    try:
        with here.database.writing() as connection:
            known = {point.meter_id: point for point in store.all_points(connection)}
            otherwise = [
                Fault(f"/{i}", f"{point.meter_id} is known otherwise; replace it by an import that replaces")
                for i, point in enumerate(whole)
                if known.get(point.meter_id, point) != point
            ]
            if otherwise:
                raise ConflictError(otherwise)
            store.insert_points(connection, [point for point in whole if point.meter_id not in known])
    except IntegrityError as error:
        raise ConflictError("a user of these points has another meter; a user has one") from error
    return whole
