"""What falls due at the gates of the market, on a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from gridlingua.services import scheduling
from gridlingua.services.flexibility import jobs
from gridlingua.services.scheduling import run_due
from gridlingua.web.services import Settings, create_app

from ..conftest import running
from ..samples import acknowledge_all, answer, need
from .conftest import PLANS, Market

ACKNOWLEDGED = {"acknowledgedBy": "a provider", "acknowledgedAt": "2026-11-20T11:00:00Z"}


@dataclass(frozen=True)
class Watched:
    """A market whose jobs are done when the test says what time it is."""

    market: Market
    adapter: Any
    clock: Any
    here: Any

    def at(self, hour: int, minute: int = 0, day: int = 20) -> list[str]:
        """What was sent by the jobs that are due at that time."""
        self.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
        before = len(self.adapter.calls)
        run_due(self.here, jobs)
        return [call.path.rsplit("/", 1)[-1] for call in self.adapter.calls[before:]]


@pytest.fixture
def watched(database_url: str, adapter: Any, clock: Any) -> Iterator[Watched]:
    app = create_app(Settings(("flexibility",), database_url, network=adapter.url, name="dso"), clock)
    here = app.state.context
    here.database.upgrade(scheduling.metadata)
    adapter.answers = acknowledge_all
    clock.now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    with running(app) as client:
        run_due(here, jobs)
        yield Watched(Market(client, client.of("aggregator")), adapter, clock, here)


def record(watched: Watched, name: str = "N1", **changes: Any) -> None:
    assert watched.market.dso.post("/operator/flexibility/needs", [need(name, **changes)]).status_code == 201


def test_a_day_is_published_planned_and_closed_at_its_gates_each_once(watched: Watched) -> None:
    record(watched)
    assert watched.at(11, 59) == []
    assert watched.at(12) == ["Needs"]
    watched.market.offer("O1", offer=60, price=1)
    watched.market.offer("O2", offer=60, price=2)
    watched.market.offer("O3", offer=60, price=3)
    assert watched.at(16) == []
    assert watched.at(16, 1) == ["ActivationPlan"]
    assert watched.market.activations() == {"O1": "sent", "O2": "sent"}
    assert watched.market.answer("Accepted", "O2", respondedAt="2026-11-20T16:05:00Z").status_code == 200
    assert watched.at(17, 44) == []
    assert watched.at(17, 45) == ["ActivationPlan"]
    assert watched.market.activations() == {"O1": "cancelled", "O2": "accepted", "O3": "sent"}
    assert watched.market.answer("Accepted", "O3", respondedAt="2026-11-20T17:50:00Z").status_code == 200
    assert watched.at(19) == []
    assert watched.market.offers() == {"O1": "expired", "O2": "expired", "O3": "expired"}
    states = [state for state, _, _ in watched.market.history("activations", "O1")]
    assert states == ["sent", "cancelled"]


def test_a_need_that_is_late_is_published_at_once_and_one_for_a_later_run_with_that_run(watched: Watched) -> None:
    watched.at(13)
    record(watched, "later")
    assert watched.at(13, 1) == []
    assert watched.at(23, 59) == []
    assert watched.at(0, day=21) == ["Needs"]
    watched.clock.now = datetime(2026, 11, 21, 2, tzinfo=UTC)
    record(watched, "late", endTime="2026-11-21T11:30:00Z")
    assert watched.at(2, 1, day=21) == ["Needs"]
    assert [one["requestId"] for one in watched.adapter.calls[-1].body] == ["late"]


def test_a_need_of_the_last_moment_before_its_gate_is_published_by_itself_whenever_it_can_be_seen(
    watched: Watched,
) -> None:
    record(watched)
    watched.at(11, 59)
    watched.clock.now = datetime(2026, 11, 20, 11, 59, 59, tzinfo=UTC)
    assert watched.at(12) == ["Needs"]
    watched.clock.now = datetime(2026, 11, 20, 11, 59, 59, tzinfo=UTC)  # received then, and seen only after noon's job
    record(watched, "N2")
    assert watched.at(12, 1) == ["Needs"]
    assert [[one["requestId"] for one in call.body] for call in watched.adapter.calls] == [["N1"], ["N2"]]
    assert watched.at(12, 2) == []


PUBLICATION = "/operator/flexibility/needs/publication"


def test_what_everybody_has_acknowledged_before_the_gate_is_not_published_again(watched: Watched) -> None:
    record(watched)
    record(watched, "N2")
    watched.clock.advance(hours=1)
    assert watched.market.dso.post(PUBLICATION, {"requestIds": ["N1"]}).status_code == 200
    assert watched.at(12) == ["Needs"]
    assert [one["requestId"] for one in watched.adapter.calls[-1].body] == ["N2"]


@pytest.mark.parametrize("failed", [True, False])
def test_what_a_provider_did_not_get_before_the_gate_is_published_at_it(watched: Watched, failed: bool) -> None:
    parties = ["https://aggregator.example.org/kb", "https://retailer.example.org/kb"]

    def say(call: Any) -> Any:
        told = [{"requestId": one["requestId"]} | ACKNOWLEDGED for one in call.body]
        heard = parties[: 1 if failed else 2]
        silent = [{"party": one, "status": 504, "detail": "late", "retry": False} for one in parties[len(heard) :]]
        return answer({"replies": [{"party": one, "message": told} for one in heard], "failures": silent})

    watched.adapter.answers = say
    record(watched)
    watched.clock.advance(hours=1)
    watched.market.dso.post(PUBLICATION, {"requestIds": ["N1"]})
    assert watched.at(12) == (["Needs"] if failed else [])


def test_what_fell_due_while_nobody_was_there_is_done_as_long_as_it_is_of_use(watched: Watched) -> None:
    record(watched)
    assert watched.at(15) == ["Needs"]
    watched.market.offer()
    assert watched.at(17, 50) == ["ActivationPlan"]
    assert watched.market.activations() == {"O1": "sent"}


def test_a_provider_that_is_away_at_the_gate_is_tried_again(watched: Watched) -> None:
    record(watched)
    watched.adapter.answers = lambda _call: answer({"title": "Gateway Timeout", "detail": "late", "retry": True}, 504)
    assert watched.at(12) == ["Needs"]
    watched.adapter.answers = acknowledge_all
    assert watched.at(12, 1) == ["Needs"]
    assert watched.at(12, 30) == []
    (kept,) = watched.market.dso.get("/operator/flexibility/needs").json()
    assert (kept["publishedAt"], len(kept["acknowledgements"])) == ("2026-11-20T12:00:00Z", 1)


def test_where_people_plan_nothing_is_planned_by_the_clock_and_with_open_gates_nothing_falls_due(
    watched: Watched,
) -> None:
    watched.market.set(planning="manual")
    record(watched)
    assert watched.at(12) == ["Needs"]
    watched.market.offer()
    assert watched.at(17, 50) == []
    watched.market.set(gates="open")
    record(watched, "N2", startTime="2026-11-22T10:00:00Z", endTime="2026-11-22T11:00:00Z")
    assert watched.at(18, day=21) == []
    assert watched.market.dso.get(PLANS).json() == []


def test_a_product_for_which_nobody_offers_is_closed_without_a_plan(watched: Watched) -> None:
    record(watched)
    watched.at(12)
    assert watched.at(16, 1) == watched.at(17, 45) == watched.at(19) == []
