"""What a question's period holds, and how the intervals are told that lack a reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gridlingua.services.data_sharing.domain import Granularity, intervals, quarter_before, quarter_of
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.power import required_period
from gridlingua.services.refusals import RefusedError

LONGEST = timedelta(days=366, hours=1)
GRANULARITIES = {1: "quarter-hour", 2: "hour", 3: "day"}
_NAMED_GAPS = 10


def quarters(zone: ZoneInfo, period: Period, granularity: Granularity) -> tuple[int, int]:
    """The quarter-hours that lie whole in a period, from the first until before the last.

    Raises ``RefusedError`` when they hold no whole interval of the granularity, or are more than a year.
    """
    required_period(period)
    if period.end_time.at - period.start_time.at > LONGEST:
        raise RefusedError(f"{period.start_time} to {period.end_time} is longer than 366 days; ask in parts")
    first, last = quarter_of(period.start_time.at), quarter_before(period.end_time.at)
    if next(intervals(first, last, granularity, zone), None) is None:
        name = GRANULARITIES[granularity]
        raise RefusedError(f"no whole {name} of {zone.key} lies within {period.start_time} to {period.end_time}")
    return first, last


def named(gaps: Sequence[datetime]) -> str:
    """How many intervals lack a reading, and the first ten of them; nothing without any."""
    if not gaps:
        return ""
    rest = ", ..." if len(gaps) > _NAMED_GAPS else ""  # a header is ASCII
    return f"{len(gaps)}; " + ", ".join(str(Instant.of(gap)) for gap in gaps[:_NAMED_GAPS]) + rest
