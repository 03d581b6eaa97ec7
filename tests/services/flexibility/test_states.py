"""States of offers and activations (D4.3 3.2.5, 3.2.6), apart from any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.flexibility.states import (
    ACTIVATION,
    OFFER,
    Suspended,
    Transition,
    due_of_activation,
    due_of_offer,
    refusal,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEGAL = {
    ("received", "active"),
    ("active", "suspended"),
    ("suspended", "active"),
    ("received", "expired"),
    ("active", "expired"),
    ("suspended", "expired"),
    ("sent", "accepted"),
    ("sent", "cancelled"),
}
HOURS = st.integers(-50, 50).map(lambda hours: NOON + timedelta(hours=hours))


def since(state: str, at: datetime = NOON) -> Transition:
    return Transition(state, at, "cause", "actor")


@pytest.mark.parametrize("table", [OFFER, ACTIVATION])
def test_the_transitions_are_those_of_the_source_and_no_other(table: dict[str, tuple[str, ...]]) -> None:
    for state, to in product(table, table):
        said = refusal(table, "offer O", state, to)
        assert (said is None) == ((state, to) in LEGAL)
        assert said is None or said.startswith(f"offer O is {state}, so it cannot become {to}; it can become ")


@given(st.sampled_from(sorted(OFFER)), st.lists(st.tuples(HOURS, HOURS), max_size=3), HOURS, HOURS)
def test_the_clock_makes_legal_transitions_in_order_and_each_once(
    state: str, periods: list[tuple[datetime, datetime]], deadline: datetime, at: datetime
) -> None:
    suspensions = [Suspended(*sorted(period), "r", NOON, min(period)) for period in periods]
    history = [since(state)]
    made = list(due_of_offer(history, suspensions, deadline, at))
    for before, after in zip([*history, *made], made, strict=False):
        assert (before.state, after.state) in LEGAL
        assert before.at <= after.at
    assert (history + made)[-1].state == "expired" or (at <= deadline and state != "expired")
    assert list(due_of_offer(history + made, suspensions, deadline, at)) == []


def test_a_suspended_offer_is_active_again_when_the_last_suspension_is_over_and_expires_at_its_deadline() -> None:
    periods = [Suspended(NOON, NOON + timedelta(hours=end), "r", NOON, NOON) for end in (2, 1)]
    deadline = NOON + timedelta(hours=6)
    assert list(due_of_offer([since("suspended")], periods, deadline, NOON + timedelta(hours=1.5))) == []
    active, expired = due_of_offer([since("suspended")], periods, deadline, NOON + timedelta(hours=7))
    assert (active.state, active.at) == ("active", NOON + timedelta(hours=2))
    assert (expired.state, expired.at, expired.actor) == ("expired", deadline, "clock")


def test_a_suspension_that_begins_later_leaves_the_offer_active_until_then() -> None:
    start, end = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    made = due_of_offer([since("active")], [Suspended(start, end, "r", NOON, start)], end, end)
    assert [(one.state, one.at) for one in made] == [("suspended", start), ("active", end)]


@pytest.mark.parametrize(("hours", "states"), [(0.5, []), (1, []), (1.01, ["cancelled"])])
def test_an_activation_can_be_answered_until_its_deadline_and_is_cancelled_after_it(
    hours: float, states: list[str]
) -> None:
    made = due_of_activation([since("sent")], NOON + timedelta(hours=1), NOON + timedelta(hours=hours))
    assert [one.state for one in made] == states


@pytest.mark.parametrize("state", ["accepted", "cancelled"])
def test_an_activation_that_was_answered_stays_so(state: str) -> None:
    assert list(due_of_activation([since("sent"), since(state)], NOON, NOON + timedelta(days=1))) == []
