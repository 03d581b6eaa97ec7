"""The status and the voltage of HEMS, asked for over the network and kept."""

from __future__ import annotations

from typing import Any

import pytest

from ..exchanges import examples, refused
from ..samples import answer
from .conftest import AGGREGATOR, RETAILER

HEMS = "/operator/observability/hems"
WHAT = {"hems_status": "status", "hems_voltage": "voltage"}


def plain(message: Any) -> Any:
    """A message with floats for decimals, as the test's adapter writes JSON."""
    return {name: float(value) if name == "voltage" else value for name, value in message.items()}


@pytest.mark.parametrize("exchange", WHAT)
def test_every_shipped_example_is_asked_for_and_kept(dso: Any, adapter: Any, catalogue: Any, exchange: str) -> None:
    what = WHAT[exchange]
    shipped = examples(catalogue, f"observability/{exchange}").values()
    for messages in sorted(shipped, key=lambda one: one["reply"]["timestamp"]):
        adapter.calls.clear()
        unit, said = messages["request"]["hemsId"], plain(messages["reply"])
        adapter.say(said, Gridlingua_Responder=AGGREGATOR)
        asked = dso.post(f"{HEMS}/{unit}/{what}")
        assert asked.status_code == 200, asked.text
        assert [(call.method, call.path) for call in adapter.calls] == [
            ("GET", f"/GridObservability/HEMS/{unit}/{what.title()}")
        ]
        (known,) = dso.get(f"{HEMS}/{unit}").json()
        assert (known["party"], known[f"{what}AskedAt"]) == (AGGREGATOR, "2026-11-20T12:00:00Z")
        assert known[what] == said


@pytest.mark.parametrize("exchange", WHAT)
def test_whoever_gives_a_reply_that_the_exchange_refuses_has_failed(
    dso: Any, adapter: Any, catalogue: Any, exchange: str
) -> None:
    # what the shapes say of clocks is judged by the adapter alone
    for name, reply in refused(catalogue, f"observability/{exchange}", "reply").items():
        if name == "clock_not_set":
            continue
        adapter.say(plain(reply), Gridlingua_Responder=AGGREGATOR)
        asked = dso.post(f"{HEMS}/ID1234/{WHAT[exchange]}")
        assert asked.status_code == 502, name
    assert dso.get(HEMS).json() == []


def test_the_last_known_is_what_was_measured_last_whenever_it_was_asked(dso: Any, adapter: Any, clock: Any) -> None:
    for minute, volts in ((10, 240), (30, 203.4), (20, 230)):
        at = f"2026-11-20T11:{minute}:00Z"
        adapter.say({"hemsId": "ID1", "voltage": volts, "unit": "V", "timestamp": at}, Gridlingua_Responder=AGGREGATOR)
        dso.post(f"{HEMS}/ID1/voltage")
        clock.advance(minutes=1)
    (known,) = dso.get(HEMS).json()
    assert (known["voltage"]["voltage"], known["severity"], known["status"]) == (203.4, "Minor", None)


def test_who_failed_is_named_beside_what_the_others_say(dso: Any, adapter: Any) -> None:
    said = {"hemsId": "ID1", "status": "off", "abnormalVoltage": "Unknown", "timestamp": "2026-11-20T11:00:00Z"}
    failure = {"party": RETAILER, "status": 404, "detail": "there is no HEMS ID1", "retry": False}
    adapter.say({"replies": [{"party": AGGREGATOR, "message": said}], "failures": [failure]}, 207)
    asked = dso.post(f"{HEMS}/ID1/status")
    assert (asked.status_code, asked.json()["failures"]) == (207, [failure])
    assert [one["status"] for one in asked.json()["known"]] == [said]


def test_one_provider_can_be_asked_alone_and_its_refusal_is_passed_on(dso: Any, adapter: Any) -> None:
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "there is no HEMS ID1"}
    adapter.answers = lambda _call: answer(problem, 404)
    asked = dso.post(f"{HEMS}/ID1/status", params={"provider": "retailer"})
    assert (asked.status_code, asked.json()["detail"]) == (404, "there is no HEMS ID1")
    assert [call.to for call in adapter.calls] == [RETAILER]


@pytest.mark.parametrize("unit", ["%2E%2E", "a%20b", "x" * 65])
def test_an_id_that_no_hems_has_is_refused_before_anybody_is_asked(dso: Any, adapter: Any, unit: str) -> None:
    assert dso.post(f"{HEMS}/{unit}/status").status_code in {404, 422}
    assert adapter.calls == []


def test_of_what_was_never_asked_nothing_is_known(dso: Any, provider: Any) -> None:
    assert dso.get(f"{HEMS}/ID1").status_code == 404
    assert provider.get(HEMS).status_code == 403
