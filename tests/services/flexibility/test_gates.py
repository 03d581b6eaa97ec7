"""The gates of the market over HTTP: what comes after one is refused with its time (D4.3 4.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ..samples import DAY, need, offer
from .conftest import CALENDAR, Market


def time_of(day: int, hour: int, minute: int = 0, microsecond: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, 0, microsecond, tzinfo=UTC)


def test_an_offer_may_come_until_its_gate_and_is_refused_after_it_with_the_gates_time(
    market: Market, clock: Any
) -> None:
    clock.now = time_of(20, 16)
    assert market.offer("in-time").status_code == 200
    clock.now = time_of(20, 16, 0, 1)
    refused = market.offer("late")
    assert refused.status_code == 409
    (fault,) = refused.json()["faults"]
    said = "offers for need N1 could come until 2026-11-20T16:00:00Z, and it is 2026-11-20T16:00:00.000001Z"
    assert (fault["pointer"], fault["message"]) == ("/0", said)
    assert market.offers() == {"in-time": "active"}


def test_an_offer_that_came_in_time_is_acknowledged_again_after_its_gate(market: Market, clock: Any) -> None:
    first = market.offer()
    clock.now = time_of(20, 17)
    assert market.offer().json() == first.json()
    assert market.offer(price=9).status_code == 409


def test_nothing_of_a_message_with_a_late_offer_is_kept(market: Market, clock: Any) -> None:
    market.dso.post("/operator/flexibility/needs", [need("N2")])
    clock.now = time_of(20, 17)
    assert market.dso.post("/operator/flexibility/needs", [need("N3")]).status_code == 201
    market.dso.post("/operator/flexibility/needs/publication", {"requestIds": ["N3"]})
    assert market.offer("O1", requestId="N3").status_code == 200
    both = [offer("O2", requestId=name) for name in ("N3", "N2")]
    assert market.aggregator.post("/Flexibility/Offers", both).status_code == 409
    assert list(market.offers()) == ["O1"]


def test_a_plan_may_be_made_until_its_gate_and_is_refused_after_it_with_the_gates_time(
    market: Market, clock: Any
) -> None:
    market.offer()
    clock.now = time_of(20, 18)
    assert market.plan(reserve=True).status_code == 200
    clock.now = time_of(20, 18, 1)
    refused = market.plan()
    assert refused.status_code == 409
    (fault,) = refused.json()["faults"]
    assert fault["pointer"] == "/requestIds/0"
    assert "could be made until 2026-11-20T18:00:00Z" in fault["message"]
    assert market.dso.post("/operator/flexibility/activation-plans", DAY).status_code == 409


def test_what_was_decided_before_the_gate_is_sent_again_after_it_but_nothing_is_decided_any_more(
    market: Market, clock: Any, adapter: Any
) -> None:
    market.offer("first")
    adapter.say({"title": "Gateway Timeout", "detail": "too late", "retry": True}, 504)
    clock.now = time_of(20, 17, 58)
    assert market.plan().status_code == 504
    clock.now = time_of(20, 18, 2)
    again = market.plan()
    assert again.status_code == 504
    assert market.activations() == {"first": "sent"}


def test_a_need_is_seen_and_offered_for_from_its_publication_on(market: Market, clock: Any) -> None:
    clock.now = time_of(20, 13)
    later = need("later", startTime="2026-11-21T14:00:00Z", endTime="2026-11-21T15:00:00Z")
    assert market.dso.post("/operator/flexibility/needs", [later]).status_code == 201
    (kept,) = market.dso.get("/operator/flexibility/needs", params={"requestId": "later"}).json()
    gates = [kept[name] for name in ("product", "publication", "offersUntil", "planUntil", "publishedAt")]
    times = ["2026-11-21T00:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"]
    assert gates == ["intraday", *times, None]

    def seen() -> bool:
        found = market.aggregator.get("/Flexibility/Needs", params=DAY).json()
        return "later" in [one["requestId"] for one in found]

    times_of = {"startTime": later["startTime"], "endTime": later["endTime"]}
    assert (seen(), market.offer("O9", requestId="later", **times_of).status_code) == (False, 404)
    clock.now = time_of(21, 0)
    assert (seen(), market.offer("O9", requestId="later", **times_of).status_code) == (True, 200)


def test_a_need_that_is_published_before_its_gate_can_be_seen_at_once(market: Market, clock: Any) -> None:
    clock.now = time_of(20, 13)
    market.dso.post("/operator/flexibility/needs", [need("early")])
    market.dso.post("/operator/flexibility/needs/publication", {"requestIds": ["early"]})
    found = market.aggregator.get("/Flexibility/Needs", params=DAY).json()
    assert [one["requestId"] for one in found] == ["N1", "early"]
    assert market.offer("O1", requestId="early").status_code == 200


def test_a_need_whose_market_is_over_is_refused_with_the_last_gate_and_a_known_one_is_no_news(
    market: Market, clock: Any
) -> None:
    clock.now = time_of(21, 9)
    refused = market.dso.post("/operator/flexibility/needs", [need("late")])
    assert refused.status_code == 409
    assert "the last gate for offers of its time was 2026-11-21T07:00:00Z" in refused.json()["detail"]
    assert market.dso.post("/operator/flexibility/needs", [need()]).status_code == 201


def test_a_need_of_two_days_is_refused_with_the_end_of_the_first(market: Market) -> None:
    long = need("long", startTime="2026-11-21T00:00:00Z", endTime="2026-11-22T06:00:00Z")
    refused = market.dso.post("/operator/flexibility/needs", [long])
    assert refused.status_code == 422
    (fault,) = refused.json()["faults"]
    assert fault["pointer"] == "/0/endTime"
    assert "the day ends at 2026-11-22T00:00:00Z; make a need of each day" in fault["message"]


def test_open_gates_let_a_demonstration_be_played_at_any_hour_until_delivery_begins(market: Market, clock: Any) -> None:
    market.set(gates="open")
    clock.now = time_of(21, 9, 30)
    assert market.dso.post("/operator/flexibility/needs", [need("N2")]).status_code == 201
    assert len(market.aggregator.get("/Flexibility/Needs", params=DAY).json()) == 2
    assert market.offer().status_code == 200
    assert market.plan().json()["plan"][0]["activation"] == "Yes"
    clock.now = time_of(21, 10, 1)
    assert market.offer("too-late").status_code == 409
    assert market.offers() == {"O1": "expired"}


def test_the_calendar_is_that_of_the_source_until_another_is_set_and_gates_of_known_needs_stay(
    market: Market, clock: Any
) -> None:
    before = market.dso.get(CALENDAR).json()
    gates = [before[name] for name in ("gates", "dayAheadNeeds", "dayAheadOffers", "dayAheadPlan", "intradayNeeds")]
    assert gates == ["kept", "12:00", "16:00", "18:00", ["00:00", "06:00", "12:00", "18:00"]]
    market.set(dayAheadOffers="13:00", dayAheadPlan="14:00")
    market.dso.post("/operator/flexibility/needs", [need("N2")])
    kept = market.dso.get("/operator/flexibility/needs").json()
    assert [one["offersUntil"][11:16] for one in kept] == ["16:00", "13:00"]


@pytest.mark.parametrize("wrong", [{"dayAheadPlan": "15:00"}, {"dayAheadOffers": "25:00"}, {"colour": "red"}])
def test_a_calendar_that_cannot_be_is_refused(market: Market, wrong: dict[str, Any]) -> None:
    refused = market.dso.post(CALENDAR, wrong, method="PUT")
    assert (refused.status_code, market.dso.get(CALENDAR).json()["dayAheadPlan"]) == (422, "18:00")


def test_the_calendar_is_the_control_rooms_alone(market: Market) -> None:
    assert market.aggregator.get(CALENDAR).status_code == 403
    assert market.aggregator.post(CALENDAR, {"gates": "open"}, method="PUT").status_code == 403


def test_gates_are_in_the_dsos_time_zone(services: Any, clock: Any) -> None:
    dso = services("flexibility", time_zone="Europe/Paris")
    assert dso.post("/operator/flexibility/needs", [need()]).status_code == 201
    (kept,) = dso.get("/operator/flexibility/needs").json()
    # noon in Paris was an hour ago: too late for day-ahead
    assert (kept["product"], kept["publication"]) == ("intraday", "2026-11-20T23:00:00Z")
