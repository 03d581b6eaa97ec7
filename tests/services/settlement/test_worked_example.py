"""One activation from its baseline to its settlement, as a clerk would work it out by hand.

A need asks for less (Down) on 21 November 2026, 10:00 to 11:00. The aggregator's offer O1 of two meters is ordered with
20 kW at 0.13 EUR/kWh. M1 is a cold store; M2 has solar panels, and feeds in when the sun is out.

=====  ===================  =============================  ============  ============================
time   baseline, kW         metered, kW                    delivered     paid, of the 20 kW ordered
       M1 + M2              M1 + (M2 drawn - M2 fed in)    by less
=====  ===================  =============================  ============  ============================
10:00  48 + 2 = 50          32 + (0 - 0.5) = 31.5          18.5          18.5 less than ordered
10:15  48 + 2 = 50          30 + (0 - 3) = 27              23            20   3 kW too much: not paid
10:30  48 - 1 = 47          49 + (0.4 - 0) = 49.4          -2.4           0   the wrong way
10:45  48 - 1 = 47          of M1 there is no reading      not known      0   nothing is estimated
=====  ===================  =============================  ============  ============================

Energy is power times a quarter of an hour. Ordered: (20 + 20 + 20 + 20) / 4 = 20 kWh. Delivered: (18.5 + 23 - 2.4) / 4
= 9.775 kWh. Paid: (18.5 + 20 + 0) / 4 = 9.625 kWh. Amount: 9.625 kWh x 0.13 EUR/kWh = 1.25125 EUR, rounded once, to
1.25 EUR.

Later the missing reading arrives: M1 drew 30.6 kW at 10:45, so delivered is 47 - (30.6 + 0.4) = 16 kW. That is a new
version of the report. Paid is 9.625 + 16 / 4 = 13.625 kWh; 13.625 x 0.13 = 1.77125, which is 1.77 EUR. Of it 1.25 EUR
was settled, so 0.52 EUR is due.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..samples import answer, content
from .conftest import PERIOD, WHICH, Grid, at, baseline

EVENING = {"10:30": -1, "10:45": -1}


def confirmed(call: Any) -> Any:
    said = {"decision": "Confirmed", "acknowledgedBy": "Aggregator One", "acknowledgedAt": "2026-11-23T09:00:00Z"}
    return answer([{"requestId": one["requestId"], "offerId": one["offerId"]} | said for one in call.body])


def test_one_activation_from_its_baseline_to_its_settlement(grid: Grid, dso: Any, adapter: Any, clock: Any) -> None:
    adapter.answers = confirmed
    grid.order("O1", offer=20, price=Decimal("0.13"), meterIds=["M1", "M2"])

    told = [baseline("M1", 48), baseline("M2", 2, powers=EVENING)]
    assert dso.of("aggregator").post("/Flexibility/Baseline", told).status_code == 200

    grid.read("M1", {"10:00": 32_000, "10:15": 30_000, "10:30": 49_000})
    grid.read("M2", {"10:00": (0, 500), "10:15": (0, 3_000), "10:30": (400, 0), "10:45": (400, 0)})
    clock.now = at("12:00")

    (line,) = content(dso.post("/operator/settlement/reports", WHICH))["made"]
    assert (line["orderedEnergy"], line["deliveredEnergy"], line["paidEnergy"]) == (
        Decimal(20),
        Decimal("9.775"),
        Decimal("9.625"),
    )
    assert (line["gaps"], line["price"], line["amount"]) == (1, Decimal("0.13"), Decimal("1.25"))

    assert dso.post("/operator/settlement/reports/sending", WHICH).json()["reports"][0]["state"] == "confirmed"
    (message,) = adapter.calls[0].body
    assert (message["startTime"], message["endTime"]) == (PERIOD["startTime"], "2026-11-21T10:45:00Z")
    assert [one["delivered"] for one in message["intervals"]] == ["18.5", 23, "-2.4"]

    statement = content(dso.of("aggregator").get("/Flexibility/Settlement/N1/O1"))
    rows = [tuple(one[name] for name in ("baseline", "metered", "delivered", "paid")) for one in statement["intervals"]]
    assert rows == [
        (Decimal("50.0"), Decimal("31.5"), Decimal("18.5"), Decimal("18.5")),
        (Decimal("50.0"), Decimal("27.0"), Decimal("23.0"), Decimal("20.0")),
        (Decimal("47.0"), Decimal("49.4"), Decimal("-2.4"), Decimal("0.0")),
        (None, None, None, Decimal("0.0")),
    ]
    assert statement["intervals"][3]["gap"] == {"cause": "NoReading", "meterIds": ["M1"]}

    (line,) = content(dso.post("/operator/settlement/closings", {"month": "2026-11"}))
    assert (line["settled"], line["due"]) == (Decimal("1.25"), 0)

    grid.read("M1", {"10:45": 30_600})
    (line,) = content(dso.post("/operator/settlement/reports", WHICH))["made"]
    assert (line["version"], line["gaps"], line["paidEnergy"]) == (2, 0, Decimal("13.625"))
    assert (line["amount"], line["settled"], line["due"]) == (Decimal("1.77"), Decimal("1.25"), Decimal("0.52"))

    dso.post("/operator/settlement/reports/sending", WHICH)
    dso.post("/operator/settlement/closings", {"month": "2026-11"})
    (total,) = content(dso.get("/operator/settlement/table", params={"month": "2026-11"}))["totals"]
    assert (total["amount"], total["settled"], total["payable"]) == (Decimal("1.77"), Decimal("1.77"), 0)
