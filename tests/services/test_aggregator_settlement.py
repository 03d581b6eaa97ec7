"""The aggregator after the plan: subscription, answers to activations, baselines and what it says to reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import simplejson
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.aggregator import settling
from gridlingua.services.aggregator.messages import DsoOrder
from gridlingua.services.aggregator.settling import baseline, quarters
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Reading
from gridlingua.services.settlement.messages import DeliveryReport

from .samples import DAY, DSO, FROM_DSO, answer, content, need

LISBON = ZoneInfo("Europe/Lisbon")
NIGHT = datetime(2026, 11, 21, tzinfo=UTC)
REPORT = "/Flexibility/DeliveryReport"


def acknowledging(call: Any) -> Any:
    """A DSO with the need N1, with an hour of metering, that acknowledges everything."""
    if call.path == "/Data/Metering":
        days = [
            {"time": Instant.of(NIGHT - timedelta(days=day) + step * timedelta(minutes=15)).text, "measurement": day,
             "unit": "kW"}
            for day in (2, 1)
            for step in range(96)
        ]  # fmt: skip
        return answer([{"user": "U1", "metering": days}])
    if call.method == "GET":
        return answer([need()], Gridlingua_Responder=DSO)
    said = {"acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    body = call.body if isinstance(call.body, list) else [call.body]
    keys = ("requestId", "offerId", "meterId", "subscriptionId")
    told: Any = [{key: one[key] for key in keys if key in one} | said for one in body]
    return answer(told if isinstance(call.body, list) else told[0], Gridlingua_Responder=DSO)


def order_of(offer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    copied = {key: offer[key] for key in ("requestId", "offerId", "measurementUnit", "startTime", "endTime")}
    return copied | {"activation": "Yes", "quantity": offer["offer"], "offeredQuantity": offer["offer"]} | changes


@pytest.fixture
def activated(aggregator: Any, adapter: Any) -> list[dict[str, Any]]:
    """The aggregator's offers M2 (2 kW) and M1+M3 (1.75 kW): the first is ordered whole, the other declined."""
    adapter.answers = acknowledging
    offers: list[dict[str, Any]] = content(aggregator.post("/operator/aggregator/offers", DAY))["offers"]
    plan = [order_of(offers[0]), order_of(offers[1], activation="No")]
    assert aggregator.post("/Flexibility/ActivationPlan", plan, headers=FROM_DSO).status_code == 200
    return offers


def test_activations_are_answered_once_and_what_was_declined_is_not(
    aggregator: Any, adapter: Any, activated: Any
) -> None:
    said = aggregator.post("/operator/aggregator/activation-responses", {"status": "Accepted"})
    (kept,) = said.json()
    assert (said.status_code, kept["offerId"], kept["acknowledged"]) == (200, activated[0]["offerId"], True)
    (sent,) = adapter.calls[-1].body
    assert sent == {
        "requestId": "N1",
        "offerId": activated[0]["offerId"],
        "status": "Accepted",
        "startTime": activated[0]["startTime"],
        "respondedAt": "2026-11-20T12:00:00Z",
    }
    assert adapter.calls[-1].to == DSO
    assert aggregator.post("/operator/aggregator/activation-responses", {"status": "Cancelled"}).json() == []


def test_an_answer_that_did_not_arrive_is_sent_again_as_it_was(aggregator: Any, adapter: Any, activated: Any) -> None:
    adapter.answers = lambda _call: (504, {}, b'{"title": "Gateway Timeout", "retry": true}')
    wish = {"status": "Cancelled", "reason": "defrosting"}
    assert aggregator.post("/operator/aggregator/activation-responses", wish).status_code == 504
    adapter.answers = acknowledging
    (kept,) = aggregator.post("/operator/aggregator/activation-responses", {"status": "Accepted"}).json()
    assert (kept["status"], kept["reason"]) == ("Cancelled", "defrosting")
    assert adapter.calls[-1].body == adapter.calls[-2].body


def test_a_subscription_to_a_callback_fetches_the_secret_and_lets_in_what_is_signed_with_it(
    services: Any, tmp_path: Path
) -> None:
    dso = services("subscriptions", "flexibility", name="dso")
    own = {"database": f"sqlite:///{tmp_path / 'aggregator.sqlite'}", "name": "aggregator"}
    aggregator = services("aggregator", network=f"{dso.url}/1.0", network_key=dso.keys["aggregator"], **own)
    host = {"host": aggregator.url.removeprefix("http://"), "reason": "a neighbour of this test"}
    assert dso.request("PUT", "/operator/subscriptions/hosts", json=host).status_code == 200
    wish = {"subscriptionId": "S1", "channel": "REST", "callback": f"{aggregator.url}/1.0", "dso": "north-grid"}
    assert content(aggregator.post("/operator/aggregator/subscriptions", wish))["acknowledgedBy"] == "dso"
    assert dso.post("/operator/flexibility/needs", [need()]).status_code == 201
    published = dso.post("/operator/flexibility/needs/publication", DAY)
    assert [one["acknowledgedBy"] for one in published.json()["acknowledgements"]] == ["aggregator"], published.text
    assert [one["sender"] for one in aggregator.get("/operator/aggregator/needs").json()] == ["north-grid"]


def fetch(aggregator: Any, user: str = "U1") -> None:
    period = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-21T00:00:00Z"}
    asked = {"user": user, "grant": "G", "granularity": 1} | period
    assert aggregator.post("/operator/aggregator/metering", asked).status_code == 200


def baselines(aggregator: Any, meter: str = "M2", user: str = "U1") -> Any:
    wish = {"start": DAY["startTime"], "end": DAY["endTime"], "meters": [{"user": user, "meterId": meter}]}
    return aggregator.post("/operator/aggregator/baselines", wish)


def test_a_baseline_is_the_mean_of_the_days_before_and_is_sent_and_kept(
    aggregator: Any, adapter: Any, activated: Any
) -> None:
    fetch(aggregator)
    sent = baselines(aggregator)
    assert (sent.status_code, [one["meterId"] for one in sent.json()]) == (200, ["M2"])
    (told,) = simplejson.loads(adapter.calls[-1].raw, use_decimal=True)
    assert (told["measurementUnit"], len(told["baseline"])) == ("kW", 96)
    assert {point["power"] for point in told["baseline"]} == {Decimal("1.5")}


def test_a_baseline_without_readings_is_refused_by_its_user(aggregator: Any, adapter: Any) -> None:
    adapter.answers = acknowledging
    refused = baselines(aggregator, user="U2")
    assert (refused.status_code, "readings of user U2 lack" in refused.json()["detail"]) == (404, True)


def report(offer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A report of one quarter-hour: 2 kW ordered, and delivered, of a baseline of 1.5 kW."""
    ids = {key: offer[key] for key in ("requestId", "offerId", "startTime", "endTime")}
    quarter = {"time": offer["startTime"], "ordered": 2, "baseline": Decimal("1.5"), "metered": -1,
               "delivered": Decimal("2.5")} | changes  # fmt: skip
    return ids | {"direction": "Down", "measurementUnit": "kW", "intervals": [quarter]}


def judged(aggregator: Any, told: dict[str, Any]) -> tuple[str, str]:
    (decision,) = aggregator.post(REPORT, [told], headers=FROM_DSO).json()
    return decision["decision"], decision["reason"]


def test_a_report_that_agrees_with_order_and_baseline_is_confirmed_and_answered_the_same_again(
    aggregator: Any, activated: Any, clock: Any
) -> None:
    fetch(aggregator)
    baselines(aggregator)
    first = aggregator.post(REPORT, [report(activated[0])], headers=FROM_DSO)
    clock.advance(hours=1)
    assert aggregator.post(REPORT, [report(activated[0])], headers=FROM_DSO).json() == first.json()
    assert judged(aggregator, report(activated[0])) == ("Confirmed", "")
    (kept,) = content(aggregator.get("/operator/aggregator/delivery-reports"))
    assert (kept["dso"], kept["decision"]) == (DSO, "Confirmed")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ordered": 3}, "2 kW was ordered, not 3 kW"),
        ({"baseline": 1, "delivered": 2}, "our baseline at 2026-11-21T10:00:00Z is 1.5 kW, not 1 kW"),
        ({"delivered": 1}, "delivered at 2026-11-21T10:00:00Z is not what changed in the direction Down"),
    ],
)
def test_a_report_that_does_not_agree_is_disputed_in_words(
    aggregator: Any, activated: Any, changes: dict[str, Any], why: str
) -> None:
    fetch(aggregator)
    baselines(aggregator)
    decision, reason = judged(aggregator, report(activated[0], **changes))
    assert (decision, why.replace("2026-11-21T10:00:00Z", activated[0]["startTime"]) in reason) == ("Disputed", True)


@pytest.mark.parametrize(
    ("metered", "delivered", "is_right"),
    [("-1", "2", True), ("-1", "2.5", True), ("-1", "2.6", False), ("3", "0", True), ("3", "-1.5", True)],
)
def test_of_offers_that_share_their_meters_each_is_told_a_part_of_what_changed(
    metered: str, delivered: str, is_right: bool
) -> None:
    told = report({"requestId": "N1", "offerId": "A", **DAY}, metered=Decimal(metered), delivered=Decimal(delivered))
    order = {"requestId": "N1", "offerId": "A", "offer": 2, "measurementUnit": "kW", **DAY}
    judged = DeliveryReport.model_validate(told), DsoOrder.model_validate({"dso": "north", **order_of(order)})
    assert (settling.objection(*judged, {}, Decimal("0.001"), is_shared=True) == "") is is_right
    alone = settling.objection(*judged, {}, Decimal("0.001")) == ""
    assert alone is (Decimal("1.5") - Decimal(metered) == Decimal(delivered))


def test_a_report_of_what_was_never_ordered_is_disputed(aggregator: Any, activated: Any) -> None:
    assert judged(aggregator, report(activated[1]))[0] == "Disputed"
    assert judged(aggregator, report(activated[0] | {"offerId": "O-other"}))[0] == "Disputed"


@given(st.sampled_from([(2026, 3, 29, 92), (2026, 10, 25, 100), (2026, 11, 21, 96)]), st.integers(1, 5))
def test_a_baseline_has_every_quarter_of_a_day_of_23_24_or_25_hours(day: tuple[int, ...], known: int) -> None:
    year, month, date, count = day
    start = datetime(year, month, date, tzinfo=LISBON).astimezone(UTC)
    end = (datetime(year, month, date, tzinfo=LISBON) + timedelta(days=1)).astimezone(UTC)
    first = start - timedelta(days=known)
    readings = [Reading(time=Instant.of(at), measurement=Decimal(2), unit="kW") for at in quarters(first, start)]
    points = baseline(readings, start, end, LISBON)
    assert (len(points), {point.power for point in points}) == (count, {Decimal(2)})


def test_readings_of_the_day_itself_make_no_baseline() -> None:
    reading = Reading(time=Instant.of(NIGHT), measurement=Decimal(1), unit="kW")
    assert baseline([reading], NIGHT, NIGHT + timedelta(days=1), LISBON) == []
