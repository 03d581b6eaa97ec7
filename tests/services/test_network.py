"""What a service makes of its adapter's answers, with a real server in the adapter's place."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .samples import DAY, acknowledge_all, need


def test_the_adapters_own_headers_are_passed_on_and_no_others(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    published = with_need.post("/operator/flexibility/needs/publication", {"requestIds": ["N1"]})
    found = {name: published.headers.get(name) for name in ("Gridlingua-Rows", "Server-Timing", "X-Other")}
    assert found == {"Gridlingua-Rows": "7", "Server-Timing": "ask;dur=3", "X-Other": None}


@pytest.mark.parametrize(
    "worthless",
    [
        {"requestId": "N1"},
        [{"requestId": "N1"}],
        [{"requestId": "N9", "acknowledgedBy": "x", "acknowledgedAt": DAY["endTime"]}],
    ],
)
def test_a_worthless_acknowledgement_is_a_bad_gateway(with_need: Any, adapter: Any, worthless: object) -> None:
    adapter.say(worthless)
    failed = with_need.post("/operator/flexibility/needs/publication", DAY)
    assert failed.status_code == 502
    assert "acknowledge" in failed.json()["detail"]


def test_a_refusal_of_the_other_party_is_passed_on_as_it_is(with_need: Any, adapter: Any) -> None:
    document = {
        "type": "https://example.org/shape",
        "title": "Refused",
        "status": 422,
        "detail": "/0/needs: too much",
        "faults": [{"pointer": "/0/needs", "message": "too much"}],
    }
    adapter.say(document, 422, Gridlingua_Verdict="refused")
    refused = with_need.post("/operator/flexibility/needs/publication", DAY)
    assert (refused.status_code, refused.json()) == (422, document)
    assert refused.headers["Gridlingua-Verdict"] == "refused"


def test_an_adapter_that_is_not_there_is_told_with_the_remedy(services: Any) -> None:
    dso = services("flexibility", network="http://127.0.0.1:9")
    dso.post("/operator/flexibility/needs", [need()])
    failed = dso.post("/operator/flexibility/needs/publication", DAY)
    assert failed.status_code == 503
    assert failed.json()["retry"] is True
    assert "http://127.0.0.1:9 cannot be reached: start it with `gridlingua adapter`" in failed.json()["detail"]


def test_a_service_without_an_adapter_says_which_setting_is_missing(services: Any) -> None:
    dso = services("flexibility", network="")
    dso.post("/operator/flexibility/needs", [need()])
    failed = dso.post("/operator/flexibility/needs/publication", DAY)
    assert (failed.status_code, "GRIDLINGUA_NETWORK" in failed.json()["detail"]) == (503, True)


def test_an_adapter_that_is_too_slow_is_given_up_on(services: Any, adapter: Any) -> None:
    dso = services("flexibility", timeout=0.2)
    dso.post("/operator/flexibility/needs", [need()])
    adapter.answers = lambda call: (time.sleep(0.5), acknowledge_all(call))[1]
    failed = dso.post("/operator/flexibility/needs/publication", DAY)
    assert (failed.status_code, "did not answer within 0.2 s" in failed.json()["detail"]) == (504, True)


def test_an_adapter_that_talks_nonsense_is_a_bad_gateway(with_need: Any, adapter: Any) -> None:
    for nonsense in ((200, {}, b"<html>"), (500, {}, b"oops"), (302, {"Location": "http://127.0.0.1:9/"}, b"")):
        adapter.answers = lambda _call, nonsense=nonsense: nonsense
        assert with_need.post("/operator/flexibility/needs/publication", DAY).status_code == 502
