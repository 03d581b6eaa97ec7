"""Subscriptions and thresholds: wanted by the operator, sent to the providers, acknowledged or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ..exchanges import examples, judge
from ..samples import answer, content, faults
from .conftest import AGGREGATOR, RETAILER

PATH = "/operator/observability/monitoring"
SAID = {"acknowledgedBy": "Monitoring Services, Lda", "acknowledgedAt": "2026-01-28T06:02:11Z"}
WANTED = {"postalCodes": ["4405-123"], "minNbrHemsFaulty": 3, "minTimeOfInterruption": 180, "unit": "seconds"}


def acknowledge(call: Any) -> Any:
    """What a provider's adapter says when it takes everything."""
    code = call.path.split("/")[2].replace("%20", " ")
    decided = {"status": "Accepted"} if call.path.count("/") == 2 else {}
    return answer({"postalCode": code} | decided | SAID, Gridlingua_Responder=AGGREGATOR)


def test_thresholds_are_sent_before_the_subscription_that_is_decided_by_them(dso: Any, adapter: Any) -> None:
    adapter.answers = acknowledge
    sent = dso.post(PATH, WANTED)
    assert sent.status_code == 200, sent.text
    assert [(call.path, call.body) for call in adapter.calls] == [
        ("/GridObservability/4405-123/HEMS_Nbr", {"minNbrHemsFaulty": 3}),
        ("/GridObservability/4405-123/HEMS_Elps_Time", {"minTimeOfInterruption": 180, "unit": "seconds"}),
        ("/GridObservability/4405-123", {}),
    ]
    said = [one["answers"] for one in sent.json()["settings"]]
    assert said == [[{"party": AGGREGATOR} | SAID]] * 2 + [[{"party": AGGREGATOR, "status": "Accepted"} | SAID]]
    assert sent.json()["failures"] == []
    assert dso.get(PATH, params={"postalCode": "4405-123"}).json() == sent.json()["settings"]


@pytest.mark.parametrize("exchange", ["monitoring_subscription", "faulty_hems_threshold", "elapsed_time_threshold"])
def test_every_shipped_example_is_sent_and_its_reply_understood(
    dso: Any, adapter: Any, catalogue: Any, exchange: str
) -> None:
    for messages in examples(catalogue, f"observability/{exchange}").values():
        adapter.calls.clear()
        adapter.say(messages["reply"], Gridlingua_Responder=AGGREGATOR)
        request = dict(messages["request"])
        code = request.pop("postalCode")
        thresholds = {} if exchange == "monitoring_subscription" else {"subscribe": False}
        sent = dso.post(PATH, {"postalCodes": [code]} | request | thresholds)
        assert sent.status_code == 200, sent.text
        (call,) = adapter.calls
        path = call.path.split("/")[2].replace("%20", " ")
        told = {name: Decimal(value) if isinstance(value, str) and name != "unit" else value
                for name, value in call.body.items()}  # fmt: skip
        judge(catalogue, f"observability/{exchange}", {"postalCode": path} | told, messages["reply"])
        (heard,) = sent.json()["settings"][0]["answers"]
        assert heard == {"party": AGGREGATOR} | {k: v for k, v in messages["reply"].items() if k != "postalCode"}


def test_a_provider_that_fails_is_named_and_it_alone_is_sent_it_again(dso: Any, adapter: Any) -> None:
    failure = {"party": RETAILER, "status": 504, "detail": "too late", "retry": True}
    reply = {"postalCode": "4405-123", "status": "Accepted"} | SAID
    adapter.say({"replies": [{"party": AGGREGATOR, "message": reply}], "failures": [failure]}, 207)
    sent = dso.post(PATH, {"postalCodes": ["4405-123"]})
    assert (sent.status_code, sent.json()["failures"]) == (207, [failure])
    (kept,) = dso.get(PATH).json()
    assert [one["party"] for one in kept["answers"]] == [AGGREGATOR]
    assert kept["failures"] == [failure]

    adapter.calls.clear()
    adapter.say(reply, Gridlingua_Responder=RETAILER)
    again = dso.post(f"{PATH}/sending", {})
    assert again.status_code == 200
    assert [(call.path, call.to) for call in adapter.calls] == [("/GridObservability/4405-123", RETAILER)]
    (kept,) = dso.get(PATH).json()
    assert [one["party"] for one in kept["answers"]] == [AGGREGATOR, RETAILER]
    assert kept["failures"] == []
    adapter.calls.clear()
    assert dso.post(f"{PATH}/sending", {}).json() == {"settings": [], "failures": []}
    assert adapter.calls == []


def test_what_nobody_heard_is_kept_and_sent_again_to_all(dso: Any, adapter: Any) -> None:
    problem = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": "no network", "retry": True}
    adapter.answers = lambda _call: answer(problem, 503)
    assert dso.post(PATH, {"postalCodes": ["4405-123"]}).status_code == 503
    (kept,) = dso.get(PATH).json()
    assert (kept["answers"], [one["status"] for one in kept["failures"]]) == ([], [503])
    adapter.calls.clear()
    adapter.answers = acknowledge
    assert dso.post(f"{PATH}/sending", {"postalCodes": ["4405-123"]}).status_code == 200
    assert [call.to for call in adapter.calls] == [""]
    assert dso.get(PATH).json()[0]["failures"] == []


@pytest.mark.parametrize(
    "reply",
    [
        {"postalCode": "4405-124", "status": "Accepted"} | SAID,
        {"postalCode": "4405-123", "status": "Perhaps"} | SAID,
        ["4405-123"],
    ],
)
def test_who_says_nonsense_has_failed(dso: Any, adapter: Any, reply: Any) -> None:
    adapter.say(reply, Gridlingua_Responder=AGGREGATOR)
    assert dso.post(PATH, {"postalCodes": ["4405-123"]}).status_code == 502
    assert [one["party"] for one in dso.get(PATH).json()[0]["failures"]] == [AGGREGATOR]


def test_a_denial_is_an_answer_with_its_reason(dso: Any, adapter: Any) -> None:
    adapter.say({"postalCode": "75011", "status": "Denied", "reason": "couldn't reach postal code"} | SAID)
    sent = dso.post(PATH, {"postalCodes": ["75011"]})
    assert sent.json()["settings"][0]["answers"][0]["reason"] == "couldn't reach postal code"
    assert dso.post(f"{PATH}/sending", {}).json()["settings"] == []


def test_a_later_threshold_takes_the_place_of_the_earlier_which_is_kept(dso: Any, adapter: Any) -> None:
    adapter.answers = acknowledge
    for number in (3, 5):
        dso.post(PATH, {"postalCodes": ["2311 EZ"], "minNbrHemsFaulty": number, "subscribe": False})
    assert adapter.calls[0].path == "/GridObservability/2311%20EZ/HEMS_Nbr"
    assert [one["message"] for one in dso.get(PATH).json()] == [{"minNbrHemsFaulty": 5}]
    assert len(dso.get(PATH, params={"earlier": "true"}).json()) == 2


def test_it_can_be_sent_to_named_providers_alone(dso: Any, adapter: Any) -> None:
    adapter.answers = acknowledge
    dso.post(PATH, {"postalCodes": ["4405-123"], "providers": ["retailer", "aggregator"]})
    assert [call.to for call in adapter.calls] == [RETAILER, AGGREGATOR]
    unknown = dso.post(PATH, {"postalCodes": ["4405-123"], "providers": ["analyst"]})
    assert unknown.status_code == 404
    assert "organisation analyst has no knowledge base" in unknown.json()["detail"]


def test_what_one_provider_is_told_later_leaves_what_another_was_told(dso: Any, adapter: Any) -> None:
    adapter.answers = acknowledge
    for number, providers in ((3, ["aggregator"]), (4, ["retailer"]), (5, ["aggregator"])):
        wanted = {"postalCodes": ["4405-123"], "minNbrHemsFaulty": number, "subscribe": False}
        assert dso.post(PATH, wanted | {"providers": providers}).status_code == 200
    stands = [(one["message"]["minNbrHemsFaulty"], one["providers"]) for one in dso.get(PATH).json()]
    assert stands == [(4, [RETAILER]), (5, [AGGREGATOR])]


def test_a_zone_is_watched_by_its_postal_code(dso: Any, adapter: Any) -> None:
    adapter.answers = acknowledge
    zone = {"zoneId": "F1", "postalCode": "1200-109", "countryCode": "PT", "hemsIds": ["ID1"]}
    assert dso.post("/operator/observability/zones", [zone], method="PUT").status_code == 200
    assert dso.post(PATH, {"zoneIds": ["F1"]}).json()["settings"][0]["postalCode"] == "1200-109"
    assert list(faults(dso.post(PATH, {"zoneIds": ["F1", "F2"]}))) == ["/zoneIds/1"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, "say where"),
        ({"postalCodes": ["4405-123"], "zoneIds": ["Z1"]}, "say where"),
        ({"postalCodes": ["4405-12"]}, "four digits, a hyphen and three digits"),
        ({"postalCodes": ["sw1a 1aa"]}, "as the post writes it"),
        (WANTED | {"minNbrHemsFaulty": 0}, "greater than or equal to 1"),
        (WANTED | {"minNbrHemsFaulty": Decimal("2.5")}, "valid integer"),
        (WANTED | {"minTimeOfInterruption": 90_000}, "above a day"),
        ({"postalCodes": ["4405-123"], "unit": "hours"}, "together"),
        ({"postalCodes": ["4405-123"], "subscribe": False}, "nothing to send"),
    ],
)
def test_what_cannot_be_wanted_is_refused_in_words_and_nothing_is_sent(
    dso: Any, adapter: Any, wanted: Any, said: str
) -> None:
    refused = dso.post(PATH, wanted)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]
    assert adapter.calls == []
    assert content(dso.get(PATH)) == []


def test_only_the_own_operators_say_what_is_watched(dso: Any, provider: Any) -> None:
    assert provider.post(PATH, WANTED).status_code == 403
    assert provider.get(PATH).status_code == 403
