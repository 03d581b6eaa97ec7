"""What becomes of a job that failed, and of one whose time has passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.errors import MessageError, RemoteError
from gridlingua.services.scheduling.domain import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    LaterError,
    after_error,
    after_its_time,
    backoff,
    words,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FOUR = NOON + timedelta(hours=4)
AWAY = RemoteError("they are away", retry=True)
jitters = st.floats(0, 1)


@given(st.integers(1, 10_000), jitters)
def test_a_wait_grows_to_its_limit_and_never_beyond(attempts: int, jitter: float) -> None:
    assert FIRST_WAIT / 2 <= backoff(attempts, jitter) <= LONGEST_WAIT
    assert backoff(attempts, jitter) <= backoff(attempts + 1, jitter)


def test_the_first_waits_double() -> None:
    assert [backoff(attempts, 1).total_seconds() for attempts in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert backoff(1, 0).total_seconds() == 2.5


@given(st.integers(1, 500), jitters, st.timedeltas(timedelta(seconds=1), timedelta(hours=5)))
def test_a_job_is_tried_again_later_and_before_its_time_has_passed_or_not_at_all(
    attempts: int, jitter: float, left: timedelta
) -> None:
    verdict = after_error(AWAY, attempts, NOON, NOON + left, jitter)
    if verdict.state == "pending":
        assert verdict.next_at is not None
        assert NOON < verdict.next_at < NOON + left
    else:
        assert verdict.state == "failed"
        assert left <= FIRST_WAIT


def test_the_last_attempt_is_just_before_the_time_passes() -> None:
    verdict = after_error(AWAY, 12, FOUR - timedelta(minutes=1), FOUR, 1)
    assert verdict.next_at == FOUR - FIRST_WAIT
    given_up = after_error(AWAY, 13, FOUR - FIRST_WAIT, FOUR, 1)
    assert (given_up.state, given_up.detail) == (
        "failed",
        "given up after 13 attempts, for its time has passed: they are away",
    )


def test_a_job_without_an_end_is_given_up_after_enough_attempts() -> None:
    assert after_error(AWAY, MOST_ATTEMPTS - 1, NOON, None, 1).state == "pending"
    assert after_error(AWAY, MOST_ATTEMPTS, NOON, None, 1).state == "failed"


def test_a_party_that_asks_to_be_left_alone_for_longer_is() -> None:
    asks = LaterError("slow down", party="a", status=429, after=timedelta(minutes=3))
    assert after_error(asks, 1, NOON, FOUR, 0).next_at == NOON + timedelta(minutes=3)
    hurries = LaterError("now", party="a", status=503, after=timedelta())
    assert after_error(hurries, 1, NOON, FOUR, 1).next_at == NOON + FIRST_WAIT


@pytest.mark.parametrize("error", [RemoteError("no"), MessageError("no")])
def test_what_would_not_help_is_not_tried_again(error: Exception) -> None:
    assert after_error(error, 1, NOON, FOUR, 1).state == "failed"


def test_what_nobody_foresaw_is_tried_again() -> None:
    verdict = after_error(KeyError("x"), 1, NOON, FOUR, 1)
    assert (verdict.state, verdict.detail) == ("pending", "'x'")
    assert after_error(ValueError(), 1, NOON, FOUR, 1).detail == "ValueError"


def test_a_job_whose_time_has_passed_says_how_far_it_came() -> None:
    missed = after_its_time(0, FOUR, "", begun=False)
    assert missed.state == "missed"
    assert missed.detail == "nobody was there to do it before 2026-11-20T16:00:00+00:00, when its time passed"
    assert after_its_time(3, FOUR, "away", begun=False).detail.startswith("given up after 3 attempts")
    died = after_its_time(1, FOUR, "", begun=True)
    assert (died.state, "may have been done" in died.detail) == ("failed", True)


@given(st.text())
def test_what_a_party_says_can_be_kept(said: str) -> None:
    kept = words(said * 50)
    assert len(kept) <= 2000
    assert not set(kept) & set(map(chr, [*range(9), *range(11, 32), 127]))
    kept.encode()
