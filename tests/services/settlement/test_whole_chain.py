"""From a need to its settlement through the REST interface alone, as the control room and the aggregator see it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ..samples import acknowledge_all, answer, content, need, offer
from .conftest import Grid, at, baseline

MADE = {"requestIds": ["N1"]}
NOVEMBER = {"month": "2026-11"}
PERIOD = {"startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T13:00:00Z"}


def replies(call: Any) -> Any:
    """What the aggregator's adapter says to a plan and to a report."""
    if call.path != "/Flexibility/DeliveryReport":
        return acknowledge_all(call)
    said = {"decision": "Confirmed", "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-23T09:00:00Z"}
    return answer([{"requestId": one["requestId"], "offerId": one["offerId"]} | said for one in call.body])


@pytest.fixture
def planned(dso: Any, database: Any, adapter: Any) -> Grid:
    """N1 of 100 kW; offers of 60 kW by M1 (0.10), by M2 (0.20) and by M3 (0.30): the third is not needed."""
    adapter.answers = replies
    grid = Grid(database)
    for meter in ("M1", "M2", "M3"):
        grid.meter(meter)
    assert dso.post("/operator/flexibility/calendar", {"gates": "open"}, method="PUT").status_code == 200
    assert dso.post("/operator/flexibility/needs", [need()]).status_code == 201
    prices = {"M1": Decimal("0.1"), "M2": Decimal("0.2"), "M3": Decimal("0.3")}
    offers = [offer(f"O-{meter}", meterIds=[meter], price=price) for meter, price in prices.items()]
    assert dso.of("aggregator").post("/Flexibility/Offers", offers).status_code == 200
    plan = content(dso.post("/operator/flexibility/activation-plans", MADE))["plan"]
    assert {one["offerId"]: (one["activation"], one["quantity"]) for one in plan} == {
        "O-M1": ("Yes", 60),
        "O-M2": ("Yes", 40),
        "O-M3": ("No", 60),
    }
    return grid


def respond(dso: Any, name: str, status: str = "Accepted") -> None:
    said = {"requestId": "N1", "offerId": name, "status": status, "startTime": PERIOD["startTime"]}
    said |= {"respondedAt": "2026-11-20T12:00:00Z", "reason": "" if status == "Accepted" else "maintenance"}
    assert dso.of("aggregator").post("/Flexibility/ActivationResponse", [said]).status_code == 200


def deliver(grid: Grid, dso: Any, clock: Any, **watts: int) -> None:
    """Baselines of 100 kW, and a delivery of three hours in which the meters drew as much as is said."""
    told = [baseline(meter, 100) for meter in watts]
    assert dso.of("aggregator").post("/Flexibility/Baseline", told).status_code == 200
    for meter, drawn in watts.items():
        grid.read(meter, {f"{hour}:{minute:02}": drawn for hour in (10, 11, 12) for minute in (0, 15, 30, 45)})
    clock.now = at("14:00")


def test_a_need_is_planned_delivered_reported_confirmed_and_settled(planned: Grid, dso: Any, clock: Any) -> None:
    respond(dso, "O-M1")
    respond(dso, "O-M2")
    deliver(planned, dso, clock, M1=40_000, M2=70_000)
    made = content(dso.post("/operator/settlement/reports", MADE))["made"]
    assert {one["offerId"]: (one["orderedEnergy"], one["paidEnergy"], one["amount"]) for one in made} == {
        "O-M1": (180, 180, Decimal("18.00")),
        "O-M2": (120, 90, Decimal("18.00")),
    }
    assert {one["offerId"]: one["clearingAmount"] for one in made} == {"O-M1": 36, "O-M2": 18}
    sent = dso.post("/operator/settlement/reports/sending", MADE).json()["reports"]
    assert {one["state"] for one in sent} == {"confirmed"}
    settled = content(dso.post("/operator/settlement/closings", NOVEMBER))
    assert sum(one["amount"] for one in settled) == 36
    (total,) = content(dso.get("/operator/settlement/table", params=NOVEMBER))["totals"]
    assert (total["offers"], total["settled"], total["paidEnergy"]) == (2, 36, 270)


def test_an_activation_that_was_cancelled_or_never_answered_is_not_settled(planned: Grid, dso: Any, clock: Any) -> None:
    respond(dso, "O-M1", "Cancelled")
    deliver(planned, dso, clock, M1=40_000, M2=60_000)
    found = content(dso.post("/operator/settlement/reports", MADE))
    assert (found["made"], found["skipped"]) == ([], [])
