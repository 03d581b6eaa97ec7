"""Grid tariffs: entered, answered once they are published, and sent."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
import simplejson

from ..exchanges import examples, judge, refused
from ..samples import answer, content, faults

AGGREGATOR = "https://aggregator.example.org/kb"
TARIFFS, SENDING, ASKED = (
    "/operator/tariff/grid-tariffs",
    "/operator/tariff/grid-tariffs/sending",
    "/1.0/Tariff/GridTariff",
)
DAY = {"zoneId": "Z1", "startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}


@pytest.fixture
def dso(services: Any) -> Any:
    return services("tariff")


def tariff(name: str = "T1", hour: int = 17, **changes: Any) -> dict[str, Any]:
    start = f"2026-11-21T{hour:02}:00:00Z"
    price = {"startTime": start, "price": Decimal("0.042")}
    return {
        "tariffId": name,
        "zoneId": "Z1",
        "publishedAt": "2026-11-20T12:00:00Z",
        "startTime": start,
        "endTime": f"2026-11-21T{hour:02}:15:00Z",
        "resolution": "PT15M",
        "priceUnit": "EUR/kWh",
        "boundaryUnit": "kW",
        "tiers": [{"lowerBoundary": 0, "upperBoundary": Decimal("6.9"), "prices": [price]}],
    } | changes


def acknowledge(call: Any) -> Any:
    said = {"acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    return answer([{"tariffId": one["tariffId"]} | said for one in call.body], Gridlingua_Responder=AGGREGATOR)


def test_every_shipped_question_is_answered_as_the_exchange_has_it(dso: Any, catalogue: Any, clock: Any) -> None:
    shipped = examples(catalogue, "tariff/grid_tariff_query").values()
    for messages in shipped:
        if messages["reply"]:
            assert dso.post(TARIFFS, messages["reply"]).status_code == 201
    clock.now = clock.now.replace(year=2027)
    for messages in shipped:
        found = dso.of("aggregator").get(ASKED, params=messages["request"])
        assert (found.status_code, content(found)) == (200, messages["reply"])
        judge(catalogue, "tariff/grid_tariff_query", messages["request"], content(found))


def test_every_shipped_tariff_is_sent_one_by_one_and_acknowledged(dso: Any, adapter: Any, catalogue: Any) -> None:
    adapter.answers = acknowledge
    for example, messages in examples(catalogue, "tariff/grid_tariff").items():
        adapter.calls.clear()
        # the examples are of one zone and time: each gets a zone of its own
        new = [one | {"zoneId": f"{one['zoneId']}.{len(example)}"} for one in messages["request"]]
        assert dso.post(TARIFFS, new).status_code == 201
        names = [one["tariffId"] for one in new]
        sent = dso.post(SENDING, {"tariffIds": names})
        assert sent.status_code == 200, sent.text
        for call, one in zip(adapter.calls, sorted(new, key=lambda one: one["startTime"]), strict=True):
            body = simplejson.loads(call.raw, use_decimal=True)
            assert (call.path, body) == ("/Tariff/GridTariff", [one])
            judge(catalogue, "tariff/grid_tariff", body, simplejson.loads(acknowledge(call)[2]))
        assert {one["answers"][0]["tariffId"] for one in sent.json()["sent"]} == set(names)
        adapter.calls.clear()
        assert dso.post(SENDING, {"tariffIds": names}).status_code == 200
        assert adapter.calls == []


def test_every_tariff_that_the_exchange_refuses_cannot_be_entered(dso: Any, catalogue: Any) -> None:
    for name, request in refused(catalogue, "tariff/grid_tariff", "request").items():
        assert dso.post(TARIFFS, request).status_code == 422, name
    assert dso.get(TARIFFS).json() == []


def test_a_tariff_is_told_once_it_is_published(dso: Any, clock: Any) -> None:
    dso.post(TARIFFS, [tariff(publishedAt="2026-11-20T13:00:00Z")])
    assert dso.of("aggregator").get(ASKED, params=DAY).json() == []
    clock.advance(hours=1)
    assert len(dso.of("aggregator").get(ASKED, params=DAY).json()) == 1
    assert dso.of("aggregator").get(ASKED, params=DAY | {"zoneId": "Z2"}).json() == []
    before = DAY | {"endTime": "2026-11-21T17:00:00Z"}
    assert dso.of("aggregator").get(ASKED, params=before).json() == []


def test_a_zone_has_one_tariff_at_a_time(dso: Any) -> None:
    assert dso.post(TARIFFS, [tariff()]).status_code == 201
    assert dso.post(TARIFFS, [tariff()]).status_code == 201
    conflict = dso.post(TARIFFS, [tariff("T2", 18), tariff("T3")])
    said = "zone Z1 has tariff T1 from 2026-11-21T17:00:00Z to 2026-11-21T17:15:00Z; one at a time"
    assert (conflict.status_code, faults(conflict)) == (409, {"/1/startTime": said})
    assert dso.post(TARIFFS, [tariff(priceUnit="EUR/kW")]).status_code == 409
    assert [one["tariffId"] for one in dso.get(TARIFFS).json()] == ["T1"]
    assert dso.post(TARIFFS, [tariff("T4", zoneId="Z2")]).status_code == 201


def test_of_two_tariffs_entered_at_once_for_a_zone_and_time_one_holds(dso: Any) -> None:
    barrier, statuses = Barrier(4), []

    def enter(name: str) -> None:
        sender = dso.of("dso")
        barrier.wait()
        statuses.append(sender.post(TARIFFS, [tariff(name)]).status_code)

    threads = [Thread(target=enter, args=(f"T{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409]
    assert len(dso.get(TARIFFS).json()) == 1


def test_what_is_not_entered_cannot_be_sent(dso: Any, adapter: Any) -> None:
    missing = dso.post(SENDING, {"tariffIds": ["T9"]})
    assert (missing.status_code, faults(missing)) == (404, {"/tariffIds/0": "there is no tariff T9"})
    assert adapter.calls == []


def test_a_tariff_that_nobody_acknowledged_can_be_sent_again(dso: Any, adapter: Any) -> None:
    dso.post(TARIFFS, [tariff()])
    adapter.say([], Gridlingua_Responder=AGGREGATOR)
    assert dso.post(SENDING, {"tariffIds": ["T1"]}).status_code == 502
    adapter.answers = acknowledge
    assert dso.post(SENDING, {"tariffIds": ["T1"]}).status_code == 200
    (sent,) = dso.get(SENDING).json()
    assert ([one["party"] for one in sent["answers"]], sent["failures"]) == ([AGGREGATOR], [])


def test_providers_ask_and_operators_enter(dso: Any) -> None:
    assert dso.of("third").get(ASKED, params=DAY).status_code == 403
    assert dso.of("aggregator").post(TARIFFS, [tariff()]).status_code == 403
    assert dso.of("").get(ASKED, params=DAY).status_code == 401
