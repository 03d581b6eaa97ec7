"""The quarter-hours in which power, flexibility and prices are told; pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from gridlingua.errors import Fault
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.power import period_faults

QUARTER = timedelta(minutes=15)
_OFF = "is off the grid: quarter-hours begin at :00, :15, :30 and :45"


def on_the_grid(at: datetime) -> bool:
    """Whether a quarter-hour begins at this instant."""
    return at.minute % 15 == 0 and at.second == 0 and at.microsecond == 0


def whole_faults(period: Period, place: str) -> Iterator[Fault]:
    """What keeps a period from being whole quarter-hours."""
    yield from period_faults(period, place)
    for time, name in ((period.start_time, "startTime"), (period.end_time, "endTime")):
        if not on_the_grid(time.at):
            yield Fault(f"{place}/{name}", f"{time} {_OFF}")


def point_faults(period: Period, times: Sequence[Instant], place: str, name: str = "startTime") -> Iterator[Fault]:
    """What is wrong with the times of values by quarter-hour, each the field ``name`` of an element of ``place``."""
    seen: dict[datetime, int] = {}
    for index, time in enumerate(times):
        where = f"{place}/{index}/{name}"
        if not on_the_grid(time.at):
            yield Fault(where, f"{time} {_OFF}")
        elif not period.start_time.at <= time.at < period.end_time.at:
            yield Fault(where, f"{time} is not within the period, {period.start_time} to {period.end_time}")
        elif time.at in seen:
            yield Fault(where, f"{time} stands at {place}/{seen[time.at]} already")
        seen.setdefault(time.at, index)


def missing_faults(period: Period, times: Sequence[Instant], place: str) -> Iterator[Fault]:
    """The fault of values that leave out a quarter-hour of their period."""
    needed = (period.end_time.at - period.start_time.at) // QUARTER
    given = len({time.at for time in times})
    if given < needed:
        said = f"there must be a value for each of the {needed} quarter-hours of the period; values given: {given}"
        yield Fault(place, said)
