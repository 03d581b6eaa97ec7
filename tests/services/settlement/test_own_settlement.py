"""What a provider reads of its own settlement, and the table of the DSO."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ..samples import AGGREGATOR, content, faults
from .conftest import HOUR, WHICH, Grid, at, baseline

NOVEMBER = {"month": "2026-11"}
Compute = Callable[[], dict[str, Any]]


def handed_over(dso: Any, offer: str = "O1", provider: str = "aggregator", decision: str = "Confirmed") -> None:
    """The operator records that the provider has its report and what it says to it."""
    told = {
        "provider": provider,
        "requestId": "N1",
        "offerId": offer,
        "version": 1,
        "decision": decision,
        "reason": "the meter is wrong" if decision == "Disputed" else "",
        "acknowledgedBy": provider,
        "acknowledgedAt": "2026-11-23T09:00:00Z",
    }
    assert dso.post("/operator/settlement/answers", [told]).status_code == 200


@pytest.fixture
def two_providers(ordered: Grid, dso: Any, clock: Any) -> Grid:
    """O1 of the aggregator and R1 of the retailer: ordered, delivered, reported and confirmed."""
    ordered.order("R1", provider="retailer", meterIds=["M2"], price=Decimal("0.2"))
    for provider, meter in (("aggregator", "M1"), ("retailer", "M2")):
        assert dso.of(provider).post("/Flexibility/Baseline", [baseline(meter)]).status_code == 200
        ordered.read(meter, HOUR)
    clock.now = at("12:00")
    dso.post("/operator/settlement/reports", WHICH)
    handed_over(dso)
    handed_over(dso, "R1", "retailer")
    return ordered


def test_a_provider_reads_its_own_settlement_alone(two_providers: Grid, dso: Any) -> None:
    for provider, offer, amount in (("aggregator", "O1", "1.42"), ("retailer", "R1", "2.85")):
        (line,) = content(dso.of(provider).get("/Flexibility/Settlement", params=NOVEMBER))
        assert (line["provider"], line["offerId"], line["amount"]) == (provider, offer, Decimal(amount))
        statement = content(dso.of(provider).get(f"/Flexibility/Settlement/N1/{offer}"))
        assert len(statement["intervals"]) == 4
        assert [one["state"] for one in statement["history"]] == ["draft", "sent", "confirmed"]
    assert dso.of("retailer").get("/Flexibility/Settlement/N1/O1").status_code == 404
    assert dso.of("aggregator").get("/Flexibility/Settlement", params={"month": "2026-12"}).json() == []


def test_a_provider_reads_it_over_the_network_too_and_nobody_else_does(two_providers: Grid, dso: Any) -> None:
    (line,) = dso.get("/Flexibility/Settlement", headers=AGGREGATOR).json()
    assert line["offerId"] == "O1"
    for stranger in ("third", "analyst", "north-grid"):
        assert dso.of(stranger).get("/Flexibility/Settlement").status_code == 403
        assert dso.of(stranger).get("/Flexibility/Settlement/N1/O1").status_code == 403


def test_a_provider_sees_the_version_that_it_was_given_and_no_draft(
    two_providers: Grid, dso: Any, computed: Compute
) -> None:
    two_providers.read("M1", {"10:45": 31_000})
    assert computed()["made"][0]["version"] == 2
    (line,) = content(dso.of("aggregator").get("/Flexibility/Settlement"))
    assert (line["version"], line["state"], line["due"]) == (1, "superseded", 0)
    assert content(dso.of("aggregator").get("/Flexibility/Settlement/N1/O1"))["version"] == 1


ANSWER = "/Flexibility/DeliveryReport/Answer"


def own(decision: str = "Confirmed", **changes: Any) -> dict[str, Any]:
    """What a provider says to its own report."""
    reason = "the meter is wrong" if decision == "Disputed" else ""
    said = {"decision": decision, "reason": reason, "acknowledgedBy": "A", "acknowledgedAt": "2026-11-23T09:00:00Z"}
    return {"requestId": "N1", "offerId": "O1", "version": 1} | said | changes


def test_a_provider_disputes_its_own_report_later_and_confirms_it_never_after_that(
    two_providers: Grid, dso: Any
) -> None:
    answered = dso.of("aggregator").post(ANSWER, [own("Disputed")])
    assert [(one["offerId"], one["state"]) for one in content(answered)] == [("O1", "disputed")]
    assert content(dso.of("aggregator").post(ANSWER, [own("Disputed")])) == content(answered)
    history = content(dso.of("aggregator").get("/Flexibility/Settlement/N1/O1"))["history"]
    assert history[-1] | {"at": ""} == {
        "at": "", "state": "disputed", "author": "aggregator",
        "cause": "disputed by A at 2026-11-23T09:00:00Z: the meter is wrong",
    }  # fmt: skip
    assert len(history) == 4
    dso.post("/operator/settlement/closings", NOVEMBER)
    paid = {"offerId": "R1", "decision": "Disputed", "reason": "too late"}
    assert dso.of("retailer").post(ANSWER, [own(**paid)]).status_code == 409
    assert dso.of("aggregator").post(ANSWER, [own("Disputed", reason="")]).status_code == 422
    assert dso.of("third").post(ANSWER, [own()]).status_code == 403


def test_a_report_that_was_sent_and_not_answered_is_confirmed_by_its_provider(
    delivered: Grid, dso: Any, adapter: Any, computed: Compute
) -> None:
    computed()
    adapter.say([])
    dso.post("/operator/settlement/reports/sending", WHICH)
    assert content(dso.post(ANSWER, [own()], headers=AGGREGATOR))[0]["state"] == "confirmed"


def test_of_another_providers_report_and_of_a_draft_is_said_what_is_said_of_none(
    two_providers: Grid, dso: Any, computed: Compute
) -> None:
    two_providers.read("M1", {"10:45": 31_000})
    assert computed()["made"][0]["version"] == 2
    said = "no report {} of your offer {} for need N1 was given to you"
    for provider, offer, version in (("retailer", "O1", 1), ("retailer", "O9", 1), ("aggregator", "O1", 2)):
        refused = dso.of(provider).post(ANSWER, [own(offerId=offer, version=version)])
        assert (refused.status_code, faults(refused)) == (404, {"/0": said.format(version, offer)})
    both = [own("Disputed", offerId="R1"), own("Disputed")]
    assert dso.of("retailer").post(ANSWER, both).status_code == 404
    assert content(dso.of("retailer").get("/Flexibility/Settlement"))[0]["state"] == "confirmed"


def test_a_long_settlement_comes_in_pages(two_providers: Grid, dso: Any, computed: Compute) -> None:
    two_providers.order("O2", meterIds=["M3"])
    computed()
    handed_over(dso, "O2")
    first = dso.of("aggregator").get("/Flexibility/Settlement", params={"limit": 1})
    assert [one["offerId"] for one in first.json()] == ["O1"]
    assert 'rel="next"' in first.headers["Link"]


def test_the_table_has_a_line_for_each_offer_and_a_total_for_each_provider(two_providers: Grid, dso: Any) -> None:
    dso.post("/operator/settlement/closings", NOVEMBER | {"provider": "retailer"})
    handed_over(dso, decision="Disputed")
    found = content(dso.get("/operator/settlement/table", params=NOVEMBER))
    assert [(one["offerId"], one["state"]) for one in found["lines"]] == [("O1", "disputed"), ("R1", "settled")]
    first, second = found["totals"]
    assert first == {
        "provider": "aggregator",
        "month": "2026-11",
        "offers": 1,
        "orderedEnergy": 20,
        "deliveredEnergy": Decimal("11.6"),
        "paidEnergy": Decimal("14.25"),
        "amount": Decimal("1.42"),
        "settled": 0,
        "payable": 0,
        "held": Decimal("1.42"),
        "unconfirmed": 0,
        "currency": "EUR",
    }
    assert (second["provider"], second["settled"], second["amount"]) == ("retailer", Decimal("2.85"), Decimal("2.85"))
    alone = content(dso.get("/operator/settlement/table", params=NOVEMBER | {"provider": "retailer"}))
    assert alone["totals"] == [second]
    assert content(dso.get("/operator/settlement/table", params={"month": "2026-12"})) == {"lines": [], "totals": []}
    assert dso.get("/operator/settlement/table", params={"month": "2026-13"}).status_code == 422


def test_the_table_is_a_sheet_for_bookkeeping(two_providers: Grid, dso: Any) -> None:
    response = dso.get("/operator/settlement/table.csv", params=NOVEMBER)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="settlement-2026-11.csv"'
    first, second = csv.DictReader(io.StringIO(response.text))
    assert first == {
        "provider": "aggregator",
        "month": "2026-11",
        "request_id": "N1",
        "offer_id": "O1",
        "version": "1",
        "state": "confirmed",
        "direction": "Down",
        "start_time": "2026-11-21T10:00:00Z",
        "end_time": "2026-11-21T11:00:00Z",
        "ordered_kw": "20",
        "quarters": "4",
        "gaps": "0",
        "ordered_kwh": "20",
        "delivered_kwh": "11.6",
        "paid_kwh": "14.25",
        "price_eur_per_kwh": "0.1",
        "amount_eur": "1.42",
        "settled_eur": "0.00",
        "due_eur": "1.42",
        "clearing_amount_eur": "2.85",
    }
    assert second["amount_eur"] == "2.85"
    assert dso.of("aggregator").get("/operator/settlement/table.csv", params=NOVEMBER).status_code == 403


def test_whose_meters_are_looked_at_is_told_to_the_usage_log(two_providers: Grid, dso: Any) -> None:
    dso.of("aggregator").get("/Flexibility/Settlement/N1/O1")
    used = dso.get("/admin/usage").json()
    subjects = {one["operation"]: set(one["subjects"]) for one in used if one["subjects"]}
    assert subjects["POST /Flexibility/Baseline"] <= {"M1", "M2"}
    assert subjects["POST /operator/settlement/reports"] == {"M1", "M2"}
    assert subjects["GET /Flexibility/Settlement/{requestId}/{offerId}"] == {"M1"}
