"""The calendar of the flexibility market (D4.3 4.4): products, and until when each thing may be sent; pure functions.

Times of the day are the DSO's local ones, so the day that a day-ahead product is for has 23, 24 or 25 hours. Leads and
lengths are hours that pass, whatever the clocks on the wall do in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from gridlingua.services.instants import Instant
from gridlingua.services.wire import Message, example

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Minutes = Annotated[int, Field(strict=True, gt=0, le=7 * 24 * 60)]
_NEEDED = "day-ahead: needs, then offers, then the plan; intraday: the lead, then offers, then the plan before delivery"


class Calendar(Message):
    """When needs are published, and until when offers and plans may be sent; the defaults are those of D4.3 4.4.

    ``gates`` are ``kept``, or ``open`` for a demonstration: then every need can be seen, offered for and planned at
    once, until its delivery begins. ``verification`` of offers is ``automatic`` (those that keep the rules become
    active when they come) or ``manual``, and so is ``planning`` at the gates. Times of the day are local, everything
    else is in minutes. An activation that is not answered ``answer_minutes`` after it was given, at the gate for plans
    (5 minutes later than it was given at the earliest), or when it begins, is cancelled.
    """

    model_config = example({"gates": "kept", "dayAheadNeeds": "12:00", "intradayNeeds": ["00:00", "12:00"]})

    gates: Literal["kept", "open"] = "kept"
    verification: Literal["automatic", "manual"] = "automatic"
    planning: Literal["automatic", "manual"] = "automatic"
    day_ahead_needs: Clock = "12:00"
    day_ahead_offers: Clock = "16:00"
    day_ahead_plan: Clock = "18:00"
    intraday_needs: Annotated[tuple[Clock, ...], Field(min_length=1, max_length=96)] = (
        "00:00",
        "06:00",
        "12:00",
        "18:00",
    )
    intraday_lead_minutes: Minutes = 6 * 60
    intraday_length_minutes: Minutes = 12 * 60
    intraday_offers_minutes: Minutes = 3 * 60
    intraday_plan_minutes: Minutes = 2 * 60
    answer_minutes: Minutes = 30

    @model_validator(mode="after")
    def _in_order(self) -> Calendar:
        day_ahead = self.day_ahead_needs < self.day_ahead_offers < self.day_ahead_plan
        before = self.intraday_plan_minutes < self.intraday_offers_minutes < self.intraday_lead_minutes
        if not (day_ahead and before):
            raise ValueError(f"gates must follow each other ({_NEEDED})")
        return self


@dataclass(frozen=True)
class Product:
    """What a need is traded as: with the others of [start, end) published at ``publication``; all times in UTC.

    Offers may come until ``offers`` and plans until ``plan``, both included.
    """

    kind: Literal["day_ahead", "intraday"]
    start: datetime
    end: datetime
    publication: datetime
    offers: datetime
    plan: datetime

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether all of [start, end) is in the product."""
        return self.start <= start and end <= self.end


def told(at: datetime, zone: ZoneInfo) -> str:
    """An instant in local time, as a gate is told."""
    return Instant.of(at.astimezone(zone)).text


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins, in UTC."""
    return _at(day, "00:00", zone)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def day_ahead(calendar: Calendar, zone: ZoneInfo, day: date) -> Product:
    """The day-ahead product of a local day."""
    before = day - timedelta(days=1)
    gates = (calendar.day_ahead_needs, calendar.day_ahead_offers, calendar.day_ahead_plan)
    publication, offers, plan = (_at(before, gate, zone) for gate in gates)
    following = midnight(day + timedelta(days=1), zone)
    return Product("day_ahead", midnight(day, zone), following, publication, offers, plan)


def intraday(calendar: Calendar, publication: datetime, delivery: datetime) -> Product:
    """The intraday product whose needs are published at ``publication``, of a need that begins at ``delivery``.

    D4.3's T of "until T-3h" is taken as the beginning of each need, not of the window of twelve hours: else what is
    found nine hours ahead would be too late for the end of every window.
    """
    start = publication + timedelta(minutes=calendar.intraday_lead_minutes)
    return Product(
        "intraday",
        start,
        start + timedelta(minutes=calendar.intraday_length_minutes),
        publication,
        delivery - timedelta(minutes=calendar.intraday_offers_minutes),
        delivery - timedelta(minutes=calendar.intraday_plan_minutes),
    )


def products(calendar: Calendar, zone: ZoneInfo, start: datetime, end: datetime) -> list[Product]:
    """The products that cover all of a need of [start, end): day-ahead first, then intraday ones as they are published.

    None when the need crosses a local midnight and fits into no intraday window.
    """
    found = (day_ahead(calendar, zone, start.astimezone(zone).date()), *_runs(calendar, zone, start))
    return [product for product in found if product.covers(start, end)]


def _runs(calendar: Calendar, zone: ZoneInfo, start: datetime) -> Iterator[Product]:
    reach = timedelta(minutes=calendar.intraday_lead_minutes + calendar.intraday_length_minutes)
    day, last = (start - reach).astimezone(zone).date(), start.astimezone(zone).date()
    while day <= last:
        for clock in sorted(set(calendar.intraday_needs)):
            yield intraday(calendar, _at(day, clock, zone), start)
        day += timedelta(days=1)


def product_of(
    calendar: Calendar, zone: ZoneInfo, start: datetime, end: datetime, recorded: datetime
) -> Product | None:
    """The product of a need of [start, end) that is recorded at that time; None when every gate for offers is past.

    Recorded in time it is day-ahead. Later it belongs to the next intraday run that has not been published; when there
    is none, it is late, and published at once as what leaves most time for offers, the last of these runs. With open
    gates that is so after the gate for offers too.
    """
    known = products(calendar, zone, start, end)
    in_time = [one for one in known if recorded <= one.publication]
    if in_time:
        return min(in_time, key=lambda one: (one.kind != "day_ahead", one.publication))
    late = known if calendar.gates == "open" else [one for one in known if recorded <= one.offers]
    return max(late, key=lambda one: (one.offers, one.publication), default=None)
