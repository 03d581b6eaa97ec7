"""Quarter-hours, hours and local days of readings, apart from any database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.data_sharing.domain import instant_of, intervals, kilowatts, means, quarter_before, quarter_of

LISBON, BERLIN, KOLKATA = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
FIRST = quarter_of(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 7, 1), 96)]
)
@pytest.mark.parametrize("zone", [LISBON, BERLIN])
def test_a_local_day_has_as_many_quarter_hours_as_the_clock_says(day: date, quarters: int, zone: ZoneInfo) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    end = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
    (found,) = intervals(quarter_of(start), quarter_before(end.astimezone(UTC)), 3, zone)
    assert found[1] - found[0] == quarters


@pytest.mark.parametrize(("granularity", "count"), [(1, 92), (2, 23), (3, 1)])
def test_the_day_of_summer_time_is_averaged_over_what_it_has(granularity: int, count: int) -> None:
    begin = quarter_of(datetime(2026, 3, 29, tzinfo=LISBON))
    found = means({begin + i: 1000 + i for i in range(92)}, begin, begin + 92, granularity, LISBON)
    assert (len(found.values), found.gaps) == (count, [])
    assert found.values[0][0].isoformat() == "2026-03-29T00:00:00+00:00"
    if granularity == 3:
        assert found.values[0][1] == Decimal("1.0455")  # the mean of 1000 … 1091 W


@given(
    st.dictionaries(st.integers(FIRST, FIRST + 900), st.integers(0, 20_000), max_size=900),
    st.integers(0, 300),
    st.integers(0, 600),
    st.sampled_from([1, 2, 3]),
    st.sampled_from([LISBON, BERLIN, KOLKATA]),
)
def test_every_whole_interval_is_a_mean_or_a_gap_and_nothing_is_filled(
    readings: dict[int, int], skip: int, length: int, granularity: int, zone: ZoneInfo
) -> None:
    first, last = FIRST + skip, FIRST + skip + length
    found = means(readings, first, last, granularity, zone)
    whole = {instant_of(begin, zone): range(begin, end) for begin, end in intervals(first, last, granularity, zone)}
    assert sorted([at for at, _ in found.values] + found.gaps) == list(whole)
    for at, mean in found.values:
        quarters = whole[at]
        assert abs(mean * 1000 * len(quarters) - sum(readings[quarter] for quarter in quarters)) <= Decimal("0.05")
    for at in found.gaps:
        assert any(quarter not in readings for quarter in whole[at])


@given(st.integers(0, 300), st.integers(0, 600), st.sampled_from([2, 3]), st.sampled_from([LISBON, BERLIN, KOLKATA]))
def test_intervals_follow_each_other_on_the_local_grid_within_the_period(
    skip: int, length: int, granularity: int, zone: ZoneInfo
) -> None:
    found = list(intervals(FIRST + skip, FIRST + skip + length, granularity, zone))
    for begin, end in found:
        local = instant_of(begin, zone)
        assert local.minute == 0
        assert granularity == 2 or local.hour == 0
        assert FIRST + skip <= begin < end <= FIRST + skip + length
    assert all(one[1] == following[0] for one, following in zip(found, found[1:], strict=False))  # noqa: RUF007


def test_a_period_off_the_grid_holds_only_the_quarter_hours_that_lie_whole_in_it() -> None:
    start = datetime(2026, 11, 20, 10, 0, 0, 1, tzinfo=UTC)
    end = datetime(2026, 11, 20, 10, 44, 59, 999_999, tzinfo=UTC)
    found = [
        instant_of(begin, LISBON).isoformat()
        for begin, _ in intervals(quarter_of(start), quarter_before(end), 1, LISBON)
    ]
    assert found == ["2026-11-20T10:15:00+00:00"]


@given(st.integers(0, 10**7))
def test_one_reading_is_exact(watts: int) -> None:
    assert kilowatts(watts) * 1000 == watts
    assert "E" not in str(kilowatts(watts))
