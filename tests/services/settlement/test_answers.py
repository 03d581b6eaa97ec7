"""Delivery reports on their way to the providers, their answers, disputes, and settlement."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import simplejson

from gridlingua.services.settlement import store
from gridlingua.services.settlement.messages import Baseline

from ..exchanges import judge
from ..samples import DSO, PROVIDER, answer, content, faults
from .conftest import HOUR, PERIOD, WHICH, Grid, at, baseline

SENDING = "/operator/settlement/reports/sending"
REPORTS = "/operator/settlement/reports"
NOVEMBER = {"month": "2026-11"}
Compute = Callable[[], dict[str, Any]]


def says(decision: str = "Confirmed", reason: str = "") -> Callable[[Any], Any]:
    """A provider that answers every report of a call alike."""
    said = {"decision": decision, "acknowledgedBy": "Aggregator One", "acknowledgedAt": "2026-11-23T09:00:00Z"}
    more = {"reason": reason} if reason else {}
    return lambda call: answer(
        [{"requestId": one["requestId"], "offerId": one["offerId"]} | said | more for one in call.body]
    )


def told(decision: str = "Confirmed", version: int = 1, reason: str = "") -> dict[str, Any]:
    """An answer by telephone, as the operator records it."""
    return {
        "provider": "aggregator",
        "requestId": "N1",
        "offerId": "O1",
        "version": version,
        "decision": decision,
        "reason": reason,
        "acknowledgedBy": "Aggregator One",
        "acknowledgedAt": "2026-11-23T09:00:00Z",
    }


def resolution(version: int = 1, reason: str = "the meter was checked") -> dict[str, Any]:
    return {"provider": "aggregator", "requestId": "N1", "offerId": "O1", "version": version, "reason": reason}


def history(dso: Any, version: int = 1) -> list[tuple[str, str, str]]:
    events = dso.get(f"{REPORTS}/aggregator/N1/O1/{version}").json()["history"]
    return [(one["state"], one["author"], one["cause"]) for one in events]


def table(dso: Any) -> Any:
    return content(dso.get("/operator/settlement/table", params=NOVEMBER))


@pytest.fixture
def made(computed: Compute) -> None:
    """The report of O1: 1.42 EUR, a draft."""
    assert computed()["made"]


def test_a_report_goes_to_its_provider_who_confirms_it(made: None, dso: Any, adapter: Any, catalogue: Any) -> None:
    adapter.answers = says()
    sent = dso.post(SENDING, WHICH)
    assert (sent.status_code, sent.json()["failures"]) == (200, [])
    assert [one["state"] for one in sent.json()["reports"]] == ["confirmed"]
    (call,) = adapter.calls
    assert (call.method, call.path, call.to) == ("POST", "/Flexibility/DeliveryReport", PROVIDER)
    (report,) = call.body
    intervals = report.pop("intervals")
    assert report == {"requestId": "N1", "offerId": "O1", "direction": "Down", **PERIOD, "measurementUnit": "kW"}
    assert intervals[2] == {
        "time": "2026-11-21T10:30:00Z", "ordered": 20, "baseline": 50, "metered": "29.6", "delivered": "20.4"
    }  # fmt: skip
    assert history(dso)[1:] == [
        ("sent", "dso", f"sent to {PROVIDER}"),
        ("confirmed", "aggregator", "confirmed by Aggregator One at 2026-11-23T09:00:00Z"),
    ]
    assert (dso.post(SENDING, WHICH).json()["reports"], len(adapter.calls)) == ([], 1)


def test_what_is_sent_is_what_the_network_carries(made: None, dso: Any, adapter: Any, catalogue: Any) -> None:
    adapter.answers = says("Disputed", "The meter was changed.")
    dso.post(SENDING, WHICH)
    (call,) = adapter.calls
    _, _, reply = adapter.answers(call)
    judge(catalogue, "flexibility/delivery_report", exactly(call.raw), exactly(reply))


def exactly(raw: bytes) -> Any:
    return simplejson.loads(raw, use_decimal=True)


def test_a_disputed_report_is_held_until_the_operator_resolves_it_with_a_reason(
    made: None, dso: Any, adapter: Any
) -> None:
    adapter.answers = says("Disputed", "The fuse of site 7 was out.")
    assert dso.post(SENDING, WHICH).json()["reports"][0]["state"] == "disputed"
    assert dso.post("/operator/settlement/closings", NOVEMBER).json() == []
    (total,) = table(dso)["totals"]
    assert (total["held"], total["payable"], total["settled"]) == (Decimal("1.42"), 0, 0)
    for nothing in ("", "  "):
        assert dso.post("/operator/settlement/resolutions", [resolution(reason=nothing)]).status_code == 422


def test_a_resolved_dispute_is_settled_and_its_reason_stays_on_record(made: None, dso: Any, adapter: Any) -> None:
    adapter.answers = says("Disputed", "The fuse of site 7 was out.")
    dso.post(SENDING, WHICH)
    (line,) = dso.post("/operator/settlement/resolutions", [resolution()]).json()
    assert line["state"] == "confirmed"
    (line,) = content(dso.post("/operator/settlement/closings", NOVEMBER))
    assert (line["state"], line["settled"], line["due"]) == ("settled", Decimal("1.42"), 0)
    assert history(dso)[2:] == [
        ("disputed", "aggregator", "disputed by Aggregator One at 2026-11-23T09:00:00Z: The fuse of site 7 was out."),
        ("confirmed", "dso", "dispute resolved: the meter was checked"),
        ("settled", "dso", "settled: 1.42 EUR due"),
    ]
    assert dso.post("/operator/settlement/closings", NOVEMBER).json() == []
    refused = dso.post("/operator/settlement/resolutions", [resolution()])
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "report 1 of offer O1 of aggregator for need N1 is settled, not disputed; there is nothing to resolve"
    )


def test_a_provider_that_cannot_be_reached_gets_its_report_the_next_time(made: None, dso: Any, adapter: Any) -> None:
    adapter.say({"title": "Gateway Timeout", "detail": "nobody answered", "party": PROVIDER, "retry": True}, 504)
    failed = dso.post(SENDING, WHICH)
    assert (failed.status_code, failed.json()["detail"], failed.json()["retry"]) == (504, "nobody answered", True)
    assert [state for state, _, _ in history(dso)] == ["draft"]
    adapter.answers = says()
    assert dso.post(SENDING, WHICH).json()["reports"][0]["state"] == "confirmed"


def test_a_provider_that_does_not_decide_has_the_report_and_is_asked_again(made: None, dso: Any, adapter: Any) -> None:
    adapter.say([])
    assert dso.post(SENDING, WHICH).json()["reports"][0]["state"] == "sent"
    adapter.answers = says()
    assert dso.post(SENDING, WHICH).json()["reports"][0]["state"] == "confirmed"
    assert [state for state, _, _ in history(dso)] == ["draft", "sent", "confirmed"]


def test_an_answer_that_is_worthless_leaves_the_report_as_it_was(made: None, dso: Any, adapter: Any) -> None:
    said = {"decision": "Disputed", "acknowledgedBy": "A", "acknowledgedAt": "2026-11-23T09:00:00Z"}
    mine = {"requestId": "N1", "offerId": "O1"}
    for worthless in (
        [{**said, **mine}],
        [{**said, **mine, "offerId": "O9", "reason": "no"}],
        [{**mine}],
        {"a": 1},
        [7],
    ):
        adapter.say(worthless)
        assert dso.post(SENDING, WHICH).status_code == 502
    assert [state for state, _, _ in history(dso)] == ["draft"]


def test_a_real_provider_that_knows_nothing_of_the_order_disputes_the_report(
    made: None, dso: Any, adapter: Any, services: Any
) -> None:
    adapter.forward(services("aggregator", name="aggregator"), DSO)
    (line,) = dso.post(SENDING, WHICH).json()["reports"]
    assert line["state"] == "disputed"
    assert history(dso)[-1][2].endswith("no activation of this offer was ordered")


def test_a_report_with_a_gap_is_sent_in_parts_without_it_and_is_confirmed_when_all_parts_are(
    ordered: Grid, dso: Any, adapter: Any, clock: Any
) -> None:
    dso.of("aggregator").post("/Flexibility/Baseline", [baseline()])
    ordered.read("M1", {clock_: watts for clock_, watts in HOUR.items() if clock_ != "10:15"})
    clock.now = at("12:00")
    dso.post(REPORTS, WHICH)
    second = says("Disputed", "the second half is wrong")
    adapter.answers = lambda call: (second if call.body[0]["startTime"].endswith("10:30:00Z") else says())(call)
    (line,) = dso.post(SENDING, WHICH).json()["reports"]
    assert (line["state"], line["gaps"]) == ("disputed", 1)
    parts = [
        (call.body[0]["startTime"], call.body[0]["endTime"], len(call.body[0]["intervals"])) for call in adapter.calls
    ]
    assert parts == [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:15:00Z", 1),
        ("2026-11-21T10:30:00Z", "2026-11-21T11:00:00Z", 2),
    ]
    assert history(dso)[-1][2].endswith("the second half is wrong")


def test_a_report_in_which_nothing_is_measurable_is_no_message_and_the_provider_reads_it(
    ordered: Grid, dso: Any, adapter: Any, clock: Any
) -> None:
    clock.now = at("12:00")
    dso.post(REPORTS, WHICH)
    assert dso.of("aggregator").get("/Flexibility/Settlement").json() == []
    assert dso.post(SENDING, WHICH).json()["reports"][0]["state"] == "sent"
    assert adapter.calls == []
    (line,) = content(dso.of("aggregator").get("/Flexibility/Settlement"))
    assert (line["state"], line["gaps"], line["amount"]) == ("sent", 4, 0)


@pytest.fixture
def two_providers(ordered: Grid, dso: Any, clock: Any) -> Grid:
    """O1 of the aggregator and R1 of the retailer: both ordered, with baselines and readings; both reports computed."""
    ordered.order("R1", provider="retailer", meterIds=["M2"])
    for provider, meter in (("aggregator", "M1"), ("retailer", "M2")):
        assert dso.of(provider).post("/Flexibility/Baseline", [baseline(meter)]).status_code == 200
        ordered.read(meter, HOUR)
    clock.now = at("12:00")
    assert len(dso.post(REPORTS, WHICH).json()["made"]) == 2
    return ordered


RETAILER = "https://retailer.example.org/kb"


def test_every_provider_gets_its_own_reports_and_one_that_fails_does_not_hold_up_the_other(
    two_providers: Grid, dso: Any, adapter: Any
) -> None:
    late = simplejson.dumps({"title": "Gateway Timeout", "detail": "too late", "retry": True}).encode()
    adapter.answers = lambda call: (504, {}, late) if call.to == RETAILER else says()(call)
    sent = dso.post(SENDING, WHICH)
    assert sent.status_code == 207
    assert {one["provider"]: one["state"] for one in sent.json()["reports"]} == {
        "aggregator": "confirmed",
        "retailer": "draft",
    }
    assert sent.json()["failures"] == [{"party": RETAILER, "status": 504, "detail": "too late", "retry": True}]
    assert {call.to: [one["offerId"] for one in call.body] for call in adapter.calls} == {
        PROVIDER: ["O1"],
        RETAILER: ["R1"],
    }
    adapter.answers = says()
    again = dso.post(SENDING, WHICH)
    assert (again.status_code, [one["offerId"] for one in again.json()["reports"]]) == (200, ["R1"])


def test_a_provider_without_an_address_is_named_and_its_answer_can_be_recorded(
    ordered: Grid, dso: Any, adapter: Any, clock: Any
) -> None:
    ordered.order("X1", provider="analyst", meterIds=["M2"])
    with ordered.database.writing() as connection:
        store.keep_baseline(connection, "analyst", Baseline.model_validate(baseline("M2")), clock.now)
    ordered.read("M2", HOUR)
    clock.now = at("12:00")
    dso.post(REPORTS, WHICH)
    sent = dso.post(SENDING, WHICH)
    assert sent.status_code == 207
    (failure,) = sent.json()["failures"]
    assert (failure["party"], failure["status"]) == ("analyst", 503)
    assert "no knowledge base and no subscription; hand it over and record its answer" in failure["detail"]
    answered = told() | {"provider": "analyst", "offerId": "X1"}
    assert dso.post("/operator/settlement/answers", [answered]).json()[0]["state"] == "confirmed"


def test_a_provider_with_a_subscription_gets_its_reports_over_that_channel(made: None, dso: Any, adapter: Any) -> None:
    subscription = {"subscriptionId": "S1", "channel": "network"}
    assert dso.of("aggregator").post("/Flexibility/Subscribe", subscription).status_code in (200, 201)
    adapter.answers = says()
    assert dso.post(SENDING, WHICH).json()["reports"][0]["state"] == "confirmed"
    assert [(call.path, call.to) for call in adapter.calls] == [("/Flexibility/DeliveryReport", PROVIDER)]
    assert history(dso)[1] == ("sent", "dso", "sent to its subscription")


def test_an_answer_that_came_outside_the_network_is_recorded_for_the_version_it_is_about(
    made: None, dso: Any, delivered: Grid, computed: Compute
) -> None:
    (line,) = dso.post("/operator/settlement/answers", [told()]).json()
    assert line["state"] == "confirmed"
    assert history(dso)[1:] == [
        ("sent", "dso", "handed over outside the network"),
        ("confirmed", "dso", "confirmed by Aggregator One at 2026-11-23T09:00:00Z"),
    ]
    assert dso.post("/operator/settlement/answers", [told()]).status_code == 200
    assert len(history(dso)) == 3
    second = told("Disputed", reason="We looked again: meter M1 is wrong.")
    assert dso.post("/operator/settlement/answers", [second]).json()[0]["state"] == "disputed"
    delivered.read("M1", {"10:45": 31_000})
    computed()
    late = dso.post("/operator/settlement/answers", [told()])
    assert late.status_code == 409
    assert "is superseded and cannot become confirmed; it changes no more" in late.json()["detail"]


def test_answers_are_recorded_all_or_none(made: None, dso: Any) -> None:
    refused = dso.post("/operator/settlement/answers", [told(), told(version=2)])
    assert (refused.status_code, list(faults(refused))) == (404, ["/1"])
    assert len(history(dso)) == 1
    assert dso.post("/operator/settlement/answers", [told("Disputed")]).status_code == 422
    assert dso.post("/operator/settlement/answers", [told(), told()]).status_code == 422


def test_a_reading_that_changes_after_settlement_makes_a_correction_of_the_difference(
    made: None, dso: Any, delivered: Grid, computed: Compute, adapter: Any
) -> None:
    adapter.answers = says()
    dso.post(SENDING, WHICH)
    dso.post("/operator/settlement/closings", NOVEMBER)
    delivered.read("M1", {"10:00": 40_000})  # 10 kW in place of 18 kW: 2 kWh less
    (second,) = computed()["made"]
    assert (second["version"], second["state"], second["amount"]) == (2, "draft", Decimal("1.22"))
    assert (second["settled"], second["due"]) == (Decimal("1.42"), Decimal("-0.20"))
    assert [state for state, _, _ in history(dso)][-1] == "settled"
    (total,) = table(dso)["totals"]
    assert (total["amount"], total["settled"], total["unconfirmed"]) == (
        Decimal("1.22"),
        Decimal("1.42"),
        Decimal("-0.20"),
    )
    dso.post(SENDING, WHICH)
    (line,) = content(dso.post("/operator/settlement/closings", NOVEMBER))
    assert (line["version"], line["settled"], line["due"]) == (2, Decimal("1.22"), 0)
    assert history(dso)[-1] == ("superseded", "dso", "version 2 was settled in its place")
    assert history(dso, 2)[-1] == ("settled", "dso", "settled: -0.20 EUR due")
    assert (computed()["made"], len(adapter.calls)) == ([], 2)


def test_settled_many_times_at_once_it_is_settled_once(made: None, dso: Any) -> None:
    dso.post("/operator/settlement/answers", [told()])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: dso.post("/operator/settlement/closings", NOVEMBER).json(), range(6)))
    assert sorted(len(one) for one in found) == [0] * 5 + [1]
    assert [state for state, _, _ in history(dso)].count("settled") == 1


def test_confirmed_and_disputed_at_once_one_after_the_other_is_kept(made: None, dso: Any) -> None:
    both = [told(), told("Disputed", reason="no")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: dso.post("/operator/settlement/answers", [both[number % 2]]), range(6)))
    assert {one.status_code for one in found} == {200}
    states = [state for state, _, _ in history(dso)]
    assert states[:2] == ["draft", "sent"]
    assert all(first != second for first, second in pairwise(states))


def test_settled_and_disputed_at_once_it_is_one_or_the_other(made: None, dso: Any) -> None:
    dso.post("/operator/settlement/answers", [told()])
    with ThreadPoolExecutor(2) as pool:
        settling = pool.submit(dso.post, "/operator/settlement/closings", NOVEMBER)
        disputing = pool.submit(dso.post, "/operator/settlement/answers", [told("Disputed", reason="no")])
        settled, disputed = settling.result().json(), disputing.result().status_code
    assert (len(settled), disputed) in {(1, 409), (0, 200)}
    assert history(dso)[-1][0] == ("settled" if settled else "disputed")


def test_a_month_is_settled_for_one_provider_or_for_all(delivered: Grid, dso: Any) -> None:
    delivered.order("R1", provider="retailer", meterIds=["M2"])
    dso.post(REPORTS, WHICH)
    mine, other = told(), told() | {"provider": "retailer", "offerId": "R1"}
    assert dso.post("/operator/settlement/answers", [mine, other]).status_code == 200
    assert dso.post("/operator/settlement/closings", {"month": "2026-12"}).json() == []
    closed = dso.post("/operator/settlement/closings", NOVEMBER | {"provider": "retailer"}).json()
    assert [one["offerId"] for one in closed] == ["R1"]
    assert [one["offerId"] for one in dso.post("/operator/settlement/closings", NOVEMBER).json()] == ["O1"]
