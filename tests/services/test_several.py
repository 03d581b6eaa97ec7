"""Services whose adapter has several responders: every reply counts, every failure is named."""

from __future__ import annotations

from typing import Any

import pytest
import simplejson

from .samples import DAY, acknowledge_all, answer, need

NORTH, SOUTH = "https://north.example.org/kb", "https://south.example.org/kb"
LATE = {"party": SOUTH, "status": 504, "detail": "did not answer within 10 s", "retry": True}
METERING = {"user": "U1", "grant": "G", "granularity": 1, "start": DAY["startTime"], "end": DAY["endTime"]}
READING = {"time": "2026-11-20T10:00:00Z", "measurement": 1, "unit": "kW"}


def envelope(replies: dict[str, object], *failures: dict[str, Any]) -> dict[str, Any]:
    """What an adapter says that has several responders."""
    told = [{"party": party, "message": message} for party, message in replies.items()]
    return {"replies": told, "failures": list(failures)}


def acknowledgement(name: str, request_id: str = "N1") -> dict[str, str]:
    return {"requestId": request_id, "acknowledgedBy": name, "acknowledgedAt": "2026-11-20T12:30:00Z"}


def publish(dso: Any) -> Any:
    return dso.post("/operator/flexibility/needs/publication", DAY)


def test_the_acknowledgements_of_all_providers_are_kept_even_of_those_that_share_a_name(
    with_need: Any, adapter: Any
) -> None:
    said = [acknowledgement("one name"), acknowledgement("one name")]
    adapter.say(envelope({NORTH: said[:1], SOUTH: said[1:]}))
    published = publish(with_need)
    found = published.json()
    assert (published.status_code, found["acknowledgements"], found["failures"]) == (200, said, [])
    assert with_need.get("/operator/flexibility/needs").json()[0]["acknowledgements"] == said


def test_a_provider_that_fails_is_named_and_the_others_acknowledgements_are_kept(with_need: Any, adapter: Any) -> None:
    adapter.say(envelope({NORTH: [acknowledgement("north")]}, LATE), 207)
    published = publish(with_need)
    found = published.json()
    assert (published.status_code, found["failures"], found["unacknowledged"]) == (207, [LATE], [])
    (kept,) = with_need.get("/operator/flexibility/needs").json()
    assert kept["acknowledgements"] == [acknowledgement("north")]


@pytest.mark.parametrize("worthless", [{}, [{"requestId": "N1"}], [acknowledgement("south", "N9")]])
def test_a_worthless_acknowledgement_of_one_provider_is_its_failure_alone(
    with_need: Any, adapter: Any, worthless: object
) -> None:
    adapter.say(envelope({NORTH: [acknowledgement("north")], SOUTH: worthless}))
    published = publish(with_need)
    (failure,) = published.json()["failures"]
    assert (published.status_code, failure["party"], failure["status"]) == (207, SOUTH, 502)
    assert published.json()["acknowledgements"] == [acknowledgement("north")]


def test_only_worthless_acknowledgements_are_a_bad_gateway_that_names_everybody(with_need: Any, adapter: Any) -> None:
    adapter.say(envelope({NORTH: {}, SOUTH: {}}))
    failed = publish(with_need)
    assert failed.status_code == 502
    assert NORTH in failed.json()["detail"]
    assert SOUTH in failed.json()["detail"]


@pytest.mark.parametrize(
    "garbled",
    [{"replies": [{}], "failures": []}, {"replies": None, "failures": []}, {"replies": [], "failures": ["late"]}],
)
def test_replies_that_cannot_be_told_apart_are_a_bad_gateway(with_need: Any, adapter: Any, garbled: object) -> None:
    adapter.say(garbled)
    failed = publish(with_need)
    assert (failed.status_code, failed.json()["party"]) == (502, "adapter")


def test_no_reply_at_all_is_told_and_is_not_an_empty_result(with_need: Any, adapter: Any) -> None:
    adapter.say(envelope({}))
    assert publish(with_need).status_code == 503


@pytest.fixture
def aggregator(services: Any) -> Any:
    client = services("aggregator", name="aggregator")
    for name, *bases in (("north", NORTH), ("south", SOUTH, SOUTH + "/2")):
        known = {"id": name, "name": name.title(), "roles": ["dso"], "knowledgeBases": bases}
        assert client.post("/admin/organisations", known, method="PUT").status_code == 201
    price = {"meterId": "M1", "capacity": 2, "measurementUnit": "kW", "price": 1}
    assert client.post("/operator/aggregator/prices", [price], method="PUT").status_code == 200
    return client


def bid(aggregator: Any) -> Any:
    return aggregator.post("/operator/aggregator/offers", DAY)


def test_needs_come_from_every_dso_and_say_which_and_who_failed_is_named(aggregator: Any, adapter: Any) -> None:
    strange = [need("N1", eligibleClients=["M8"]), need("N2", eligibleClients=["M9"])]
    adapter.say(envelope({NORTH: strange[:1], NORTH + "/2": strange[1:]}, LATE), 207)
    made = bid(aggregator)
    assert (made.status_code, made.json()["failures"], made.json()["offers"]) == (207, [LATE], [])
    assert made.json()["needs"] == [strange[0] | {"sender": NORTH}, strange[1] | {"sender": NORTH + "/2"}]


@pytest.fixture
def two_dsos(aggregator: Any, adapter: Any) -> Any:
    """An aggregator between two DSOs that both have a need N1, and acknowledge offers."""

    def answers(call: Any) -> Any:
        if call.method == "GET":
            return answer(envelope({NORTH: [need()], SOUTH: [need(needs=7)]}))
        return acknowledge_all(call)

    adapter.answers = answers
    return aggregator


def test_every_dso_gets_the_offers_for_its_own_needs_alone(two_dsos: Any, adapter: Any) -> None:
    made = bid(two_dsos)
    assert (made.status_code, [one["dso"] for one in made.json()["offers"]]) == (200, [NORTH, SOUTH])
    assert [call.to for call in adapter.calls] == ["", NORTH, SOUTH]
    assert all(len(call.body) == 1 and "dso" not in call.body[0] for call in adapter.calls[1:])
    kept = two_dsos.get("/operator/aggregator/offers").json()
    assert [(one["dso"], len(one["acknowledgements"])) for one in kept] == [(NORTH, 1), (SOUTH, 1)]
    assert bid(two_dsos).json()["offers"] == []


def test_a_dso_that_fails_is_named_and_gets_its_offers_the_next_time(two_dsos: Any, adapter: Any) -> None:
    whole = adapter.answers
    late = answer({"title": "Gateway Timeout", "detail": "too late", "retry": True}, 504)
    adapter.answers = lambda call: late if call.to == SOUTH else whole(call)
    made = bid(two_dsos)
    assert (made.status_code, [one["party"] for one in made.json()["failures"]]) == (207, [SOUTH])
    assert [one["dso"] for one in made.json()["unacknowledged"]] == [SOUTH]
    adapter.answers = whole
    assert [one["dso"] for one in bid(two_dsos).json()["offers"]] == [SOUTH]


def test_an_order_is_for_an_offer_that_was_made_to_the_dso_that_gives_it(two_dsos: Any) -> None:
    offer, _ = bid(two_dsos).json()["offers"]
    told = {name: offer[name] for name in ("requestId", "offerId", "measurementUnit", "startTime", "endTime")}
    plan = [told | {"activation": "Yes", "quantity": 2, "offeredQuantity": 2}]

    def send(dso: str) -> Any:
        return two_dsos.post("/Flexibility/ActivationPlan", plan, headers={"Gridlingua-Requester": dso}).status_code

    assert [send(dso) for dso in (SOUTH + "/2", "", NORTH)] == [404, 403, 200]
    (kept,) = two_dsos.get("/operator/aggregator/activation-plans").json()
    assert kept["dso"] == NORTH


def test_two_dsos_may_call_their_needs_the_same(aggregator: Any) -> None:
    for dso, amount in ((NORTH, 100), (SOUTH, 7)):
        sender = {"Gridlingua-Requester": dso}
        assert aggregator.post("/Flexibility/Needs", [need(needs=amount)], headers=sender).status_code == 200
    kept = aggregator.get("/operator/aggregator/needs").json()
    assert [(one["sender"], one["needs"]) for one in kept] == [(NORTH, 100), (SOUTH, 7)]


def test_a_dso_whose_needs_are_worthless_keeps_nobody_elses_away(aggregator: Any, adapter: Any) -> None:
    adapter.say(envelope({NORTH: [need(eligibleClients=["M8"])], SOUTH: [{"requestId": "N1"}]}))
    found = bid(aggregator).json()
    assert [one["sender"] for one in found["needs"]] == [NORTH]
    assert "the needs that came are worthless" in found["failures"][0]["detail"]


def test_metering_comes_from_the_first_dso_that_has_the_user(aggregator: Any, adapter: Any) -> None:
    absent = LATE | {"status": 404, "detail": "there is no user U1", "retry": False}
    readings = [{"user": "U1", "metering": [READING]}]
    adapter.say(envelope({NORTH: [{"user": "U2", "metering": [READING]}], SOUTH: readings}, absent), 207)
    fetched = aggregator.post("/operator/aggregator/metering", METERING)
    assert (fetched.status_code, fetched.json()) == (200, readings)
    assert aggregator.get("/operator/aggregator/metering", params={"user": "U1"}).json() == [READING]


def test_metering_that_no_dso_has_is_a_failure_that_names_all_of_them(aggregator: Any, adapter: Any) -> None:
    adapter.say(envelope({NORTH: [{"user": "U2", "metering": [READING]}]}, LATE), 207)
    failed = aggregator.post("/operator/aggregator/metering", METERING)
    assert failed.status_code == 504
    assert f"{SOUTH}: did not answer" in failed.json()["detail"]
    assert f"{NORTH}: asked for U1, got U2" in failed.json()["detail"]


def test_exact_numbers_come_through_an_envelope(aggregator: Any, adapter: Any) -> None:
    text = simplejson.dumps(envelope({NORTH: [need(eligibleClients=["M8"])]})).replace("100", "100.000000000000000001")
    adapter.answers = lambda _call: (200, {}, text.encode())
    assert "100.000000000000000001" in bid(aggregator).text
