"""Several at once, on both databases: one outcome, and nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from threading import Barrier
from typing import Any

from ..samples import acknowledge_all, need
from .conftest import IDS, OFFERS, PLANS, Market

ROUNDS = 4


def at_once(calls: Sequence[Callable[[], Any]]) -> list[int]:
    """The statuses of calls that are let go together."""
    gate = Barrier(len(calls))

    def held(call: Callable[[], Any]) -> int:
        gate.wait()
        return int(call().status_code)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(held, calls))


def test_two_answers_to_one_activation_have_one_outcome(market: Market) -> None:
    for number in range(ROUNDS):
        market.offer(f"O{number}", offer=10)
    market.plan()
    for number in range(ROUNDS):
        name = f"O{number}"
        statuses = at_once([partial(market.answer, status, name) for status in ("Accepted", "Cancelled")])
        assert sorted(statuses) == [200, 409]
        outcome = ("accepted", "cancelled")[statuses.index(200)]
        assert [state for state, _, _ in market.history("activations", name)] == ["sent", outcome]


def test_the_same_answer_many_times_at_once_is_acknowledged_each_time_and_kept_once(market: Market) -> None:
    market.offer()
    market.plan()
    assert at_once([lambda: market.answer("Accepted")] * 6) == [200] * 6
    assert [state for state, _, _ in market.history("activations")] == ["sent", "accepted"]


def test_plans_answers_and_offers_at_once_never_order_more_than_is_needed(market: Market, adapter: Any) -> None:
    for number in range(4):
        market.offer(f"O{number}", offer=40, price=number)
    market.plan(reserve=True)
    calls: list[Callable[[], Any]] = [market.plan, market.plan, lambda: market.answer("Cancelled", "O0")]
    calls += [lambda: market.offer("late", offer=40, price=0), lambda: market.suspend(offerId="O3")]
    statuses = at_once(calls)
    assert set(statuses) == {200}
    lacking = sum(one["needs"] for one in market.plan().json()["uncovered"])
    orders = market.dso.get(PLANS).json()
    assert max(Counter(order["offerId"] for order in orders).values()) == 1
    standing = [one for one in orders if one["activation"] == "Yes" and one["state"] != "cancelled"]
    assert sum(order["quantity"] for order in standing) + lacking == 100
    assert market.activations()["O0"] == "cancelled"
    for name in market.offers():
        states = [state for state, _, _ in market.history(name=name)]
        assert all(one != next_ for one, next_ in pairwise(states))
    assert {(call.path, call.to) for call in adapter.calls} == {
        ("/Flexibility/ActivationPlan", "https://aggregator.example.org/kb")
    }


def test_an_offer_is_verified_once_however_many_try(market: Market) -> None:
    market.set(verification="manual")
    market.offer()
    which = IDS | {"provider": "aggregator", "reason": "checked"}
    statuses = at_once([lambda: market.dso.post(f"{OFFERS}/verification", [which])] * 4)
    assert sorted(statuses) == [200, 409, 409, 409]
    assert [state for state, _, _ in market.history()] == ["received", "active"]


def test_what_the_clock_does_is_written_down_once(market: Market, clock: Any) -> None:
    market.offer()
    market.plan()
    clock.now = datetime(2026, 11, 20, 17, tzinfo=UTC)
    at_once([market.plan] * 4)
    assert market.history("activations")[1:] == [("cancelled", "2026-11-20T12:30:00Z", "clock")]


def test_the_same_need_recorded_many_times_at_once_has_one_product(market: Market, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    statuses = at_once([lambda: market.dso.post("/operator/flexibility/needs", [need("N2")])] * 6)
    assert statuses == [201] * 6
    (kept,) = market.dso.get("/operator/flexibility/needs", params={"requestId": "N2"}).json()
    assert kept["product"] == "day_ahead"
