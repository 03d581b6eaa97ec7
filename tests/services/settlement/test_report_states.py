"""The life of a delivery report."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from gridlingua.services.refusals import ConflictError
from gridlingua.services.settlement.states import TRANSITIONS, State, require

STATES: tuple[State, ...] = get_args(State)


def reached(start: State) -> set[State]:
    found: set[State] = {start}
    while further := {then for now in found for then in TRANSITIONS[now]} - found:
        found |= further
    return found


@pytest.mark.parametrize(("now", "then"), list(product(STATES, STATES)))
def test_every_transition_is_in_the_table_or_is_refused_with_what_is_allowed(now: State, then: State) -> None:
    if then in TRANSITIONS[now]:
        require("report 1", now, then)
        return
    with pytest.raises(ConflictError, match=f"report 1 is {now} and cannot become {then}; it c") as refused:
        require("report 1", now, then)
    assert all(allowed in str(refused.value) for allowed in TRANSITIONS[now])


def test_every_state_is_reached_from_a_draft_and_nothing_leaves_what_is_superseded() -> None:
    assert reached("draft") == set(STATES)
    assert TRANSITIONS["superseded"] == frozenset()


def test_nothing_is_settled_that_was_not_confirmed() -> None:
    assert [now for now in STATES if "settled" in TRANSITIONS[now]] == ["confirmed"]
