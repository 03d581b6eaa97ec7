"""How a consent stands, and what may become of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.consent.domain import STATUSES, TRANSITIONS, Standing, State, answer_by, moved
from gridlingua.services.refusals import ConflictError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STATES = st.sampled_from(State)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
ENDS = {State.REFUSED, State.EXPIRED, State.WITHDRAWN, State.REVOKED}


def test_every_state_has_its_transitions_and_its_status() -> None:
    assert set(TRANSITIONS) == set(STATUSES) == set(State)
    assert {state for state, after in TRANSITIONS.items() if not after} == ENDS


@given(STATES, STATES)
def test_what_the_table_has_happens_and_the_rest_is_refused_with_what_could_be(before: State, after: State) -> None:
    if after in TRANSITIONS[before]:
        assert moved("C-1", before, after) is after
        return
    with pytest.raises(ConflictError) as refused:
        moved("C-1", before, after)
    (fault,) = refused.value.faults
    assert fault.message.startswith("consent C-1 ")
    assert ("nothing more can become of it" in fault.message) == (before in ENDS)


@given(st.lists(STATES, max_size=8))
def test_a_consent_is_decided_once_and_ends_once(wanted: list[State]) -> None:
    state, path = State.REQUESTED, []
    for after in wanted:
        try:
            state = moved("C-1", state, after)
        except ConflictError:
            continue
        path.append(state)
    assert len(path) <= 2
    assert path.count(State.GRANTED) <= 1
    assert len([one for one in path if one in ENDS]) <= 1


@given(STATES, INSTANTS, INSTANTS, INSTANTS)
def test_the_clock_ends_what_is_open_or_granted_and_nothing_else(
    state: State, answer: datetime, end: datetime, now: datetime
) -> None:
    standing = Standing(state, answer, end)
    over = {State.REQUESTED: now >= min(answer, end), State.GRANTED: now >= end}.get(state, False)
    assert standing.at(now) is (State.EXPIRED if over else state)
    assert standing.at(now + timedelta(days=9999)) is (state if state in ENDS else State.EXPIRED)


def test_a_question_waits_no_longer_than_its_period() -> None:
    assert answer_by(NOW, 30, NOW + timedelta(days=99)) == NOW + timedelta(days=30)
    assert answer_by(NOW, 30, NOW + timedelta(days=3)) == NOW + timedelta(days=3)
