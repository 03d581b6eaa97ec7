"""Which of several forecasts holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.forecast.domain import Issue, first_run, holding
from gridlingua.services.quarter_hours import QUARTER

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
_HOURS = st.integers(-8, 8).map(lambda quarters: MIDNIGHT + quarters * QUARTER)
_VALUES = st.dictionaries(_HOURS, st.integers(0, 99), max_size=8)
_ISSUES = st.lists(st.builds(Issue, created=_HOURS, values=_VALUES), max_size=5)


@given(_ISSUES, _HOURS, _HOURS)
def test_each_quarter_hour_has_the_value_made_last_before_it_was_over(
    issues: list[Issue[int]], start: datetime, end: datetime
) -> None:
    found = holding(issues, start, end)
    assert list(found) == sorted(found)
    for at in {at for issue in issues for at in issue.values}:
        candidates = [issue for issue in issues if at in issue.values and issue.created < at + QUARTER]
        if not candidates or not (start <= at and at + QUARTER <= end):
            assert at not in found
            continue
        latest = max(issue.created for issue in candidates)
        last = [issue for issue in candidates if issue.created == latest][-1]
        assert found[at] == (latest, last.values[at])


@given(st.sets(_HOURS))
def test_a_run_is_what_stands_before_the_first_gap(times: set[datetime]) -> None:
    ordered = sorted(times)
    run = first_run(ordered)
    assert run == ordered[: len(run)]
    assert all(later - earlier == QUARTER for earlier, later in pairwise(run))
    if len(run) < len(ordered):
        assert ordered[len(run)] - run[-1] > timedelta(minutes=15)
