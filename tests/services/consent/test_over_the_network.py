"""The question of consent goes out over the network, and the answer is applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ..samples import answer

EXCHANGE = Path(__file__).parents[3] / "graph_patterns/data_sharing/consent_request"
HOME = "https://home.example.org/kb"


def answering(**decisions: str) -> Any:
    """An adapter whose user decides so by nature of the data; ``by`` says who answers."""

    def answers(call: Any) -> Any:
        jsonschema.validate(call.body, json.loads((EXCHANGE / "request.schema.json").read_text()))
        said = {"acknowledgedBy": decisions.get("by", "U1"), "acknowledgedAt": "2026-11-20T12:30:00+01:00"}
        return answer({"requestId": call.body["requestId"], "decision": decisions[call.body["nature"]]} | said)

    return answers


def test_the_user_is_told_everything_and_the_answer_is_applied(desk: Any, adapter: Any) -> None:
    desk.purpose()
    reference = desk.asked()
    adapter.answers = answering(LoadCurve="Given")
    done = desk.act(reference, "question", to=HOME)
    assert (done.status_code, done.json()["state"]) == (200, "granted"), done.text
    (call,) = adapter.calls
    assert (call.method, call.path, call.to) == ("POST", "/Data/Consent", HOME)
    assert call.body == {
        "requestId": reference,
        "endUser": "U1",
        "nature": "LoadCurve",
        "purpose": "Flexibility offers: we find out when your heat pump can pause.",
        "retention": "P90D",
        "recipients": ["Aggregator"],
        "withdrawal": "At any time and without giving a reason: on the page of dso that you get when you have decided, "
        "or by asking dso.",
        "startTime": "2026-11-01T00:00:00Z",
        "endTime": "2027-11-01T00:00:00Z",
    }
    last = done.json()["history"][-1]
    assert (last["cause"], last["actor"]) == (f"answered over the network by {HOME}", "user, by U1")
    assert last["shown"] == {"metering": "Given at 2026-11-20T12:30:00+01:00"}
    assert desk.ask().json()["grant"] == done.json()["grant"]


def test_a_user_who_says_no_over_the_network_has_refused(desk: Any, adapter: Any) -> None:
    reference = desk.asked()
    adapter.answers = answering(LoadCurve="Refused")
    assert desk.act(reference, "question", to=HOME).json()["state"] == "refused"
    assert desk.ask().json()["status"] == "Refused"


def test_each_kind_of_data_is_asked_for_apart_and_refused_apart(desk: Any, adapter: Any) -> None:
    desk.purpose(kinds=["metering", "voltage", "injected_power"])
    reference = desk.asked()
    adapter.answers = answering(LoadCurve="Refused", Voltage="Given", InjectedPower="Given")
    assert desk.act(reference, "question", to=HOME).json()["kinds"] == ["voltage", "injected_power"]
    ids = [call.body["requestId"] for call in adapter.calls]
    assert ids == [f"{reference}.{kind}" for kind in ("metering", "voltage", "injected_power")]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ([], "the answer is worthless"),
        ({"requestId": "C-1"}, "answered was C-1"),
        ({"decision": "Later"}, "the answer is worthless: /decision"),
        ({"acknowledgedBy": "Aggregator"}, "Aggregator receives the data, and cannot consent to it"),
    ],
)
def test_an_answer_that_is_none_changes_nothing(desk: Any, adapter: Any, message: Any, said: str) -> None:
    reference = desk.asked()
    whole = {"requestId": reference, "decision": "Given", "acknowledgedBy": "U1"}
    at = {"acknowledgedAt": "2026-11-20T12:30:00Z"}
    adapter.say(whole | at | message if isinstance(message, dict) else message)
    failed = desk.act(reference, "question", to=HOME)
    assert (failed.status_code, said in failed.json()["detail"]) == (502, True), failed.text
    assert [one["after"] for one in desk.record(reference)["history"]] == ["requested"]


def test_where_one_of_several_questions_fails_nothing_is_applied(desk: Any, adapter: Any) -> None:
    desk.purpose(kinds=["metering", "voltage"])
    reference = desk.asked()
    given = answering(LoadCurve="Given", Voltage="Given")

    def half(call: Any) -> Any:
        late = answer({"title": "late", "status": 504, "detail": "the home is asleep", "retry": True}, 504)
        return late if call.body["nature"] == "Voltage" else given(call)

    adapter.answers = half
    assert desk.act(reference, "question", to=HOME).status_code == 504
    assert desk.record(reference)["state"] == "requested"
    adapter.answers = given
    assert desk.act(reference, "question", to=HOME).json()["kinds"] == ["metering", "voltage"]


def test_who_wants_the_data_is_never_asked_for_the_user(desk: Any, adapter: Any) -> None:
    reference = desk.asked()
    adapter.answers = answering(LoadCurve="Given")
    refused = desk.act(reference, "question", to="https://aggregator.example.org/kb")
    assert (refused.status_code, "is Aggregator itself" in refused.json()["detail"]) == (422, True)
    assert desk.act(reference, "question").status_code == 422
    assert adapter.calls == []


def test_an_answer_that_comes_after_another_decision_is_too_late(desk: Any, adapter: Any) -> None:
    reference = desk.asked()
    path = desk.link(reference)
    given = answering(LoadCurve="Given")

    def slow(call: Any) -> Any:
        assert desk.press(path, "refuse").status_code == 303  # the same user, on the page
        return given(call)

    adapter.answers = slow
    late = desk.act(reference, "question", to=HOME)
    assert (late.status_code, "was refused" in late.json()["detail"]) == (409, True)
    assert desk.ask().json()["status"] == "Refused"
