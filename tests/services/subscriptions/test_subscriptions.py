"""A service provider subscribes, over the network or with a callback, and ends it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from gridlingua.catalogue import Catalogue

from ..exchanges import examples, judge, refused
from ..samples import AGGREGATOR, faults
from .conftest import SUBSCRIBE, Receiver, subscription

ACKNOWLEDGED = {"subscriptionId": "S1", "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
END = {"subscriptionId": "S1", "withdrawnAt": "2026-11-20T12:00:00Z"}
PUBLIC = "https://api.service-provider.com/1.0"


def test_a_subscription_is_acknowledged_and_again_when_it_is_sent_again(subscriptions: Any, clock: Any) -> None:
    aggregator = subscriptions.of("aggregator")
    assert aggregator.post(SUBSCRIBE, subscription()).json() == ACKNOWLEDGED
    clock.advance(hours=1)
    assert aggregator.post(SUBSCRIBE, subscription()).json() == ACKNOWLEDGED
    [kept] = aggregator.get(SUBSCRIBE).json()
    assert (kept["state"], kept["channel"], kept["callback"]) == ("active", "network", "")


def test_it_is_the_same_whether_it_comes_over_the_network_or_directly(subscriptions: Any) -> None:
    assert subscriptions.post(SUBSCRIBE, subscription(), headers=AGGREGATOR).json() == ACKNOWLEDGED
    [kept] = subscriptions.of("aggregator").get(SUBSCRIBE).json()
    assert kept["subscriptionId"] == "S1"
    ended = subscriptions.request("DELETE", SUBSCRIBE, params=END, headers=AGGREGATOR)
    assert ended.json() == ACKNOWLEDGED


def test_a_subscription_ends_at_once_and_its_end_is_acknowledged_again(subscriptions: Any, clock: Any) -> None:
    aggregator = subscriptions.of("aggregator")
    aggregator.post(SUBSCRIBE, subscription())
    end = END | {"reason": "The contract\nends."}
    assert aggregator.request("DELETE", SUBSCRIBE, params=end).json() == ACKNOWLEDGED
    clock.advance(hours=1)
    assert aggregator.request("DELETE", SUBSCRIBE, params=end).json() == ACKNOWLEDGED
    later = aggregator.request("DELETE", SUBSCRIBE, params=END | {"withdrawnAt": "2026-11-20T13:00:30Z"})
    assert later.json() == ACKNOWLEDGED | {"acknowledgedAt": "2026-11-20T13:00:00Z"}
    [kept] = aggregator.get(SUBSCRIBE).json()
    assert (kept["state"], kept["endedAt"], kept["endedBy"], kept["reason"]) == (
        "ended",
        "2026-11-20T12:00:00Z",
        "subscriber",
        "The contract\nends.",
    )


def test_what_has_ended_or_means_something_else_is_not_begun_again_under_the_same_id(
    subscriptions: Any, clock: Any
) -> None:
    aggregator = subscriptions.of("aggregator")
    aggregator.post(SUBSCRIBE, subscription())
    other = aggregator.post(SUBSCRIBE, subscription(callback=PUBLIC))
    assert (other.status_code, "another channel or callback" in other.json()["detail"]) == (409, True)
    aggregator.request("DELETE", SUBSCRIBE, params=END)
    ended = aggregator.post(SUBSCRIBE, subscription())
    assert (ended.status_code, "subscribe under a new id" in ended.json()["detail"]) == (409, True)
    assert aggregator.post(SUBSCRIBE, subscription("S2", PUBLIC)).status_code == 200


def test_an_organisation_has_one_subscription_at_a_time(subscriptions: Any) -> None:
    aggregator = subscriptions.of("aggregator")
    aggregator.post(SUBSCRIBE, subscription())
    second = aggregator.post(SUBSCRIBE, subscription("S2", PUBLIC))
    assert second.status_code == 409
    assert "subscription S1 stands" in second.json()["detail"]
    assert subscriptions.of("retailer").post(SUBSCRIBE, subscription()).status_code == 200


def test_a_subscription_of_another_and_one_there_is_not_are_the_same_to_who_asks(subscriptions: Any) -> None:
    subscriptions.of("aggregator").post(SUBSCRIBE, subscription())
    retailer = subscriptions.of("retailer")
    foreign = retailer.request("DELETE", SUBSCRIBE, params=END)
    unknown = subscriptions.of("aggregator").request("DELETE", SUBSCRIBE, params=END | {"subscriptionId": "S9"})
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["detail"] == unknown.json()["detail"].replace("S9", "S1")
    assert retailer.get(SUBSCRIBE).json() == []
    assert subscriptions.of("aggregator").get(SUBSCRIBE).json()[0]["state"] == "active"


@pytest.mark.parametrize(
    ("wish", "place", "said"),
    [
        ({"channel": "REST"}, "/callback", "needs a callback"),
        ({"channel": "network", "callback": PUBLIC}, "/callback", "has no callback"),
        ({"channel": "REST", "callback": "ftp://a.example/b"}, "/callback", "no address of http or https"),
        ({"channel": "REST", "callback": "https://"}, "/callback", "no address of http or https"),
        ({"channel": "REST", "callback": "https://a.example:99999/"}, "/callback", "no address of http or https"),
        ({"channel": "REST", "callback": "https://a.example:x/"}, "/callback", "no address of http or https"),
        ({"channel": "REST", "callback": "https://u:p@a.example/"}, "/callback", "without user name, password"),
        ({"channel": "REST", "callback": PUBLIC + "?token=1"}, "/callback", "without user name, password"),
        ({"channel": "REST", "callback": PUBLIC + "#a"}, "/callback", "without user name, password"),
        ({"channel": "REST", "callback": "http://a.example/b"}, "/callback", "ask the DSO for an exception"),
        ({"channel": "REST", "callback": "https://10.0.0.1/b"}, "/callback", "is no public address"),
        ({"channel": "REST", "callback": "not an address"}, "/callback", "match"),
        ({"channel": "REST", "callback": ""}, "/callback", "match"),
        ({"channel": "e-mail"}, "/channel", "'REST' or 'network'"),
        ({"channel": "network", "more": 1}, "/more", "not permitted"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused_with_its_reason(
    subscriptions: Any, wish: dict[str, Any], place: str, said: str
) -> None:
    answer = subscriptions.of("aggregator").post(SUBSCRIBE, {"subscriptionId": "S1"} | wish)
    assert answer.status_code == 422
    assert said in faults(answer)[place]
    assert subscriptions.of("aggregator").get(SUBSCRIBE).json() == []


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"withdrawnAt": "2026-11-20T12:01:01Z"}, "/withdrawnAt", "has not come yet"),
        ({"withdrawnAt": "2026-11-20T12:00:00"}, "/withdrawnAt", "no time with a zone"),
        ({"reason": "  "}, "/reason", "must say something"),
        ({"reason": "a\0b"}, "/reason", "match"),
        ({"reason": "x" * 513}, "/reason", "512"),
        ({"more": "1"}, "/more", "not permitted"),
    ],
)
def test_a_withdrawal_that_cannot_be_is_refused_with_its_reason(
    subscriptions: Any, change: dict[str, Any], place: str, said: str
) -> None:
    aggregator = subscriptions.of("aggregator")
    aggregator.post(SUBSCRIBE, subscription())
    answer = aggregator.request("DELETE", SUBSCRIBE, params=END | change)
    assert answer.status_code == 422
    assert said in faults(answer)[place]
    assert aggregator.get(SUBSCRIBE).json()[0]["state"] == "active"


def test_only_service_providers_subscribe_and_one_without_a_knowledge_base_not_on_the_network(
    subscriptions: Any,
) -> None:
    for name in ("third", "analyst", "dso"):
        assert subscriptions.of(name).post(SUBSCRIBE, subscription()).status_code == 403
    assert subscriptions.of("").post(SUBSCRIBE, subscription()).status_code == 401
    offline = {"id": "offline", "name": "Offline", "roles": ["service_provider"], "knowledgeBases": []}
    made = subscriptions.post("/admin/organisations", offline, method="PUT")
    assert made.status_code in (200, 201), made.text
    key = subscriptions.post("/admin/organisations/offline/credentials", {"kind": "key"}).json()
    answer = subscriptions.of("").post(SUBSCRIBE, subscription(), headers={"X-API-Key": key["key"]})
    assert "no knowledge base of yours" in faults(answer)["/channel"]


def test_of_many_at_once_one_subscription_stands(subscriptions: Any) -> None:
    codes: list[int] = []

    def ask(name: str) -> None:
        codes.append(subscriptions.of("aggregator").post(SUBSCRIBE, subscription(name)).status_code)

    threads = [threading.Thread(target=ask, args=(f"S{number % 4}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(codes) == {200: 2, 409: 6}
    kept = subscriptions.of("aggregator").get(SUBSCRIBE).json()
    assert [one["state"] for one in kept] == ["active"]


def test_the_operator_sees_all_of_them_and_may_end_one(subscriptions: Any) -> None:
    for name in ("aggregator", "retailer"):
        subscriptions.of(name).post(SUBSCRIBE, subscription())
    assert [one["organisation"] for one in subscriptions.get("/operator/subscriptions").json()] == [
        "aggregator",
        "retailer",
    ]
    ending = {"organisation": "aggregator", "subscriptionId": "S1", "reason": "Suspended by the regulator."}
    ended = subscriptions.post("/operator/subscriptions/end", ending).json()
    assert (ended["state"], ended["endedBy"], ended["reason"]) == ("ended", "operator", ending["reason"])
    again = subscriptions.post("/operator/subscriptions/end", ending | {"reason": "Other."}).json()
    assert again["reason"] == ending["reason"]
    unknown = subscriptions.post("/operator/subscriptions/end", ending | {"subscriptionId": "S9"})
    assert unknown.status_code == 404
    assert subscriptions.of("aggregator").post("/operator/subscriptions/end", ending).status_code == 403
    assert "secret" not in subscriptions.get("/operator/subscriptions").text


def test_exceptions_are_made_seen_and_taken_back_by_the_administrator(subscriptions: Any, receiver: Receiver) -> None:
    hosts = "/operator/subscriptions/hosts"
    made = subscriptions.post(hosts, {"host": receiver.host, "reason": "a test"}, method="PUT").json()
    assert (made["host"], made["reason"], made["allowedAt"]) == (receiver.host, "a test", "2026-11-20T12:00:00Z")
    assert subscriptions.get(hosts).json() == [made]
    aggregator = subscriptions.of("aggregator")
    assert aggregator.post(SUBSCRIBE, subscription(callback=receiver.url)).status_code == 200
    assert subscriptions.request("DELETE", hosts, params={"host": receiver.host}).status_code == 204
    assert subscriptions.request("DELETE", hosts, params={"host": receiver.host}).status_code == 404
    assert subscriptions.post(hosts, {"host": "a b", "reason": "x"}, method="PUT").status_code == 422
    assert aggregator.post(hosts, {"host": receiver.host, "reason": "x"}, method="PUT").status_code == 403


def test_a_secret_is_told_to_a_direct_caller_and_never_over_the_network(called_back: Any) -> None:
    place = f"{SUBSCRIBE}/S1/secret"
    first = called_back.of("aggregator").post(place)
    assert first.status_code == 201
    assert first.headers["Cache-Control"] == "no-store"
    assert first.json()["secret"].startswith("whsec_")
    assert called_back.of("aggregator").post(place).json()["secret"] != first.json()["secret"]
    assert called_back.post(place, headers=AGGREGATOR).status_code == 403
    assert called_back.of("retailer").post(place).status_code == 404
    called_back.of("retailer").post(SUBSCRIBE, subscription())
    assert called_back.of("retailer").post(place).status_code == 409


def test_every_example_of_the_catalogue_is_answered_in_the_words_of_the_catalogue(
    subscriptions: Any, catalogue: Catalogue
) -> None:
    aggregator = subscriptions.of("aggregator")
    allowed = {"host": "bems.example.org:8443", "reason": "The example of the catalogue."}
    subscriptions.post("/operator/subscriptions/hosts", allowed, method="PUT")
    cases = examples(catalogue, "flexibility/unsubscription").values()
    ends = {case["request"]["subscriptionId"]: case["request"] for case in cases}
    for case in examples(catalogue, "flexibility/subscription").values():
        request = case["request"]
        answer = aggregator.post(SUBSCRIBE, request)
        assert answer.status_code == 200, answer.text
        judge(catalogue, "flexibility/subscription", request, answer.json())
        name = request["subscriptionId"]
        end = ends.get(name, END) | {"subscriptionId": name, "withdrawnAt": END["withdrawnAt"]}
        answer = aggregator.request("DELETE", SUBSCRIBE, params=end)
        assert answer.status_code == 200, answer.text
        judge(catalogue, "flexibility/unsubscription", end, answer.json())


def test_every_request_that_the_catalogue_refuses_is_refused_here_too(subscriptions: Any, catalogue: Catalogue) -> None:
    aggregator = subscriptions.of("aggregator")
    for name, request in refused(catalogue, "flexibility/subscription", "request").items():
        assert aggregator.post(SUBSCRIBE, request).status_code == 422, name
    aggregator.post(SUBSCRIBE, subscription("flex-2026-1"))
    for name, request in refused(catalogue, "flexibility/unsubscription", "request").items():
        assert aggregator.request("DELETE", SUBSCRIBE, params=request).status_code == 422, name
    assert aggregator.get(SUBSCRIBE).json()[0]["state"] == "active"
