"""Limits of connection points: sent, decided on, and what can be limited asked before."""

from __future__ import annotations

from typing import Any

import pytest
import simplejson

from ..exchanges import examples, judge, refused
from ..samples import answer, faults

AGGREGATOR, RETAILER = "https://aggregator.example.org/kb", "https://retailer.example.org/kb"
LIMITS, CAPABILITIES = "/operator/limits/power-limits", "/operator/limits/capabilities"
SAID = {"acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}


@pytest.fixture
def dso(services: Any) -> Any:
    return services("limits")


def limit(name: str = "L1", **changes: Any) -> dict[str, Any]:
    return {
        "limitId": name,
        "connectionPoint": "DE1",
        "reason": "Maintenance of a cable",
        "measurementUnit": "kW",
        "startTime": "2026-11-21T09:00:00Z",
        "endTime": "2026-11-21T09:15:00Z",
        "intervals": [{"time": "2026-11-21T09:00:00Z", "minimum": -5, "maximum": 20}],
    } | changes


def accept(call: Any) -> Any:
    said = [{"limitId": one["limitId"], "accepted": True} | SAID for one in call.body]
    return answer(said, Gridlingua_Responder=AGGREGATOR)


def say(adapter: Any, message: Any) -> None:
    headers = {"Content-Type": "application/json", "Gridlingua-Responder": AGGREGATOR}
    adapter.answers = lambda _call: (200, headers, simplejson.dumps(message, use_decimal=True).encode())


def test_every_shipped_example_is_sent_limit_by_limit_and_decided_on(dso: Any, adapter: Any, catalogue: Any) -> None:
    for name, messages in examples(catalogue, "limits/power_limit").items():
        adapter.calls.clear()
        decided = {one["limitId"]: one for one in messages["reply"]}
        adapter.answers = lambda call, decided=decided: answer(
            [decided[one["limitId"]] for one in call.body], Gridlingua_Responder=AGGREGATOR
        )
        sent = dso.post(LIMITS, {"limits": messages["request"]})
        assert sent.status_code == 200, (name, sent.text)
        assert {call.path for call in adapter.calls} == {"/Limits/PowerLimit"}
        for call, one in zip(adapter.calls, messages["request"], strict=True):
            body = simplejson.loads(call.raw, use_decimal=True)
            assert body == [one]
            judge(catalogue, "limits/power_limit", body, [decided[one["limitId"]]])
        told = [one["answers"] for one in sent.json()["sent"]]
        assert told == [[{"party": AGGREGATOR} | decided[one["limitId"]]] for one in messages["request"]]


def test_every_limit_that_the_exchange_refuses_is_not_sent(dso: Any, adapter: Any, catalogue: Any) -> None:
    for name, request in refused(catalogue, "limits/power_limit", "request").items():
        assert dso.post(LIMITS, {"limits": request}).status_code == 422, name
    assert adapter.calls == []
    assert dso.get(LIMITS).json() == []


@pytest.mark.parametrize(
    "reply",
    [
        [],
        [{"limitId": "L2", "accepted": True} | SAID],
        [{"limitId": "L1", "accepted": False} | SAID],
        [{"limitId": "L1", "accepted": False, "reason": " "} | SAID],
    ],
)
def test_a_decision_that_is_none_is_a_failure(dso: Any, adapter: Any, reply: Any) -> None:
    say(adapter, reply)
    assert dso.post(LIMITS, {"limits": [limit()]}).status_code == 502
    assert [one["party"] for one in dso.get(LIMITS).json()[0]["failures"]] == [AGGREGATOR]


def test_a_limit_goes_again_to_who_has_not_decided_and_to_nobody_else(dso: Any, adapter: Any) -> None:
    failure = {"party": RETAILER, "status": 504, "detail": "too late", "retry": True}
    decision = [{"limitId": "L1", "accepted": False, "reason": "the pool heats"} | SAID]
    say(adapter, {"replies": [{"party": AGGREGATOR, "message": decision}], "failures": [failure]})
    assert dso.post(LIMITS, {"limits": [limit()]}).status_code == 207
    adapter.calls.clear()
    adapter.answers = accept
    assert dso.post(f"{LIMITS}/sending").status_code == 200
    assert dso.post(LIMITS, {"limits": [limit()]}).status_code == 200
    assert [call.to for call in adapter.calls] == [RETAILER]
    (kept,) = dso.get(LIMITS, params={"limitId": "L1"}).json()
    assert [(one["party"], one["accepted"]) for one in kept["answers"]] == [(AGGREGATOR, False), (RETAILER, True)]


def test_a_limit_can_be_sent_to_others_later_and_never_with_other_content(dso: Any, adapter: Any) -> None:
    adapter.answers = accept
    for provider in ("aggregator", "retailer"):
        assert dso.post(LIMITS, {"limits": [limit()], "providers": [provider]}).status_code == 200
    assert [call.to for call in adapter.calls] == [AGGREGATOR, RETAILER]
    conflict = dso.post(LIMITS, {"limits": [limit("L2"), limit(reason="Something else")]})
    assert conflict.status_code == 422  # one connection point, two limits at one time
    conflict = dso.post(LIMITS, {"limits": [limit("L2", connectionPoint="DE2"), limit(reason="Something else")]})
    assert (conflict.status_code, list(faults(conflict))) == (409, ["/1"])
    assert len(dso.get(LIMITS).json()) == 2


def test_every_shipped_capability_is_asked_for_and_kept(dso: Any, adapter: Any, catalogue: Any) -> None:
    for messages in examples(catalogue, "limits/capability").values():
        adapter.calls.clear()
        say(adapter, messages["reply"])
        point = messages["request"]["connectionPoint"]
        assert dso.get(f"{CAPABILITIES}/{point}").status_code == 404
        assert dso.post(f"{CAPABILITIES}/{point}").status_code == 200
        assert [(call.method, call.path) for call in adapter.calls] == [("GET", f"/Limits/Capability/{point}")]
        (known,) = simplejson.loads(dso.get(f"{CAPABILITIES}/{point}").text, use_decimal=True)
        assert known == messages["reply"] | {"party": AGGREGATOR, "askedAt": "2026-11-20T12:00:00Z"}


def test_whoever_gives_a_capability_that_the_exchange_refuses_has_failed(
    dso: Any, adapter: Any, catalogue: Any
) -> None:
    cases = {case.name: case.messages["request"] for case in catalogue.exchanges["limits/capability"].rejects}
    for name, reply in refused(catalogue, "limits/capability", "reply").items():
        say(adapter, reply)
        assert dso.post(f"{CAPABILITIES}/{cases[name]['connectionPoint']}").status_code == 502, name


def test_limits_are_for_operators(dso: Any, adapter: Any) -> None:
    provider = dso.of("aggregator")
    assert provider.post(LIMITS, {"limits": [limit()]}).status_code == 403
    assert provider.get(f"{CAPABILITIES}/DE1").status_code == 403
    assert adapter.calls == []
