"""Data of appliances, fetched over the network and kept."""

from __future__ import annotations

from typing import Any

import pytest
import simplejson

from ..exchanges import examples, refused
from ..samples import content
from .conftest import AGGREGATOR, RETAILER

DATA = "/operator/observability/disaggregated-data"
MORNING = {"startTime": "2026-06-15T10:00:00Z", "endTime": "2026-06-15T11:00:00Z"}


def say(adapter: Any, message: Any) -> None:
    """Let the adapter answer this message digit by digit."""
    headers = {"Content-Type": "application/json", "Gridlingua-Responder": AGGREGATOR}
    adapter.answers = lambda _call: (200, headers, simplejson.dumps(message, use_decimal=True).encode())


def series(**changes: Any) -> dict[str, Any]:
    return {
        "customerId": "C1",
        "applianceId": "pv",
        "applianceType": 3,
        "usage": "Production",
        "measurementType": "Power",
        "measurementUnit": "kW",
        "measurements": [{"time": "2026-06-15T10:00:00Z", "measurement": 1}],
    } | changes


def request(**changes: Any) -> dict[str, Any]:
    return {"customerIds": ["C1"], "granularity": 1} | MORNING | changes


def test_every_shipped_example_is_fetched_and_listed_by_appliance(dso: Any, adapter: Any, catalogue: Any) -> None:
    for messages in examples(catalogue, "observability/disaggregated_data").values():
        say(adapter, messages["reply"])
        fetched = dso.post(DATA, messages["request"])
        assert fetched.status_code == 200, fetched.text
        for one in messages["reply"]:
            asked = {name: messages["request"][name] for name in ("startTime", "endTime")}
            listed = content(dso.get(DATA, params=asked | {"customerId": one["customerId"]}))
            mine = [{name: found[name] for name in one} for found in listed]
            assert one in mine
            assert {(found["party"], found["fetchedAt"]) for found in listed} == {(AGGREGATOR, "2026-11-20T12:00:00Z")}


def test_the_question_goes_out_with_every_customer(dso: Any, adapter: Any) -> None:
    say(adapter, [])
    dso.post(DATA, request(customerIds=["C1", "C2"], provider="retailer"))
    (call,) = adapter.calls
    assert (call.method, call.path, call.to) == ("GET", "/GridObservability/disaggregatedData", RETAILER)
    assert call.query == {"customerIds": "C2", "granularity": "1"} | MORNING  # the last of two: the test reads a dict


def test_whoever_gives_a_reply_that_the_exchange_refuses_has_failed(dso: Any, adapter: Any, catalogue: Any) -> None:
    cases = catalogue.exchanges["observability/disaggregated_data"].rejects
    asked = {case.name: case.messages["request"] for case in cases}
    for name, reply in refused(catalogue, "observability/disaggregated_data", "reply").items():
        say(adapter, reply)
        assert dso.post(DATA, asked[name]).status_code == 502, name
    assert dso.get(DATA).json() == []


def test_what_is_fetched_again_takes_the_place_of_what_was(dso: Any, adapter: Any, clock: Any) -> None:
    for value in (1, 2):
        say(adapter, [series(measurements=[{"time": "2026-06-15T10:00:00Z", "measurement": value}])])
        assert dso.post(DATA, request()).status_code == 200
        clock.advance(hours=1)
    (kept,) = dso.get(DATA).json()
    assert ([one["measurement"] for one in kept["measurements"]], kept["fetchedAt"]) == ([2], "2026-11-20T13:00:00Z")


def test_only_the_values_of_the_period_are_listed(dso: Any, adapter: Any) -> None:
    times = [f"2026-06-15T10:{minute}:00Z" for minute in ("00", "15", "30")]
    say(adapter, [series(measurements=[{"time": at, "measurement": 1} for at in times])])
    dso.post(DATA, request())
    asked = {"startTime": times[1], "endTime": times[2]}
    assert [one["time"] for one in dso.get(DATA, params=asked).json()[0]["measurements"]] == [times[1]]
    later = {"startTime": "2026-06-16T10:00:00Z", "endTime": "2026-06-16T11:00:00Z"}
    assert dso.get(DATA, params=later).json() == []


def test_who_failed_is_named_and_what_the_others_say_is_kept(dso: Any, adapter: Any) -> None:
    failure = {"party": RETAILER, "status": 504, "detail": "too late", "retry": True}
    say(adapter, {"replies": [{"party": AGGREGATOR, "message": [series()]}], "failures": [failure]})
    fetched = dso.post(DATA, request())
    assert (fetched.status_code, fetched.json()["failures"]) == (207, [failure])
    assert len(dso.get(DATA).json()) == 1


@pytest.mark.parametrize(
    "wrong", [{"customerIds": []}, {"granularity": 3}, {"endTime": MORNING["startTime"]}, {"customerIds": ["a b"]}]
)
def test_what_cannot_be_asked_is_refused(dso: Any, adapter: Any, wrong: Any) -> None:
    assert dso.post(DATA, request(**wrong)).status_code == 422
    assert adapter.calls == []


def test_only_operators_see_what_was_fetched(dso: Any, provider: Any) -> None:
    assert provider.get(DATA).status_code == 403
    assert provider.post(DATA, request()).status_code == 403
