"""The last acts: baselines, the metered day, delivery reports, and what it comes to."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal

from rich.table import Table

from gridlingua.demo.stage import SIDES, Side, Stage
from gridlingua.demo.town import QUARTER, write_metered
from gridlingua.semantics.datatypes import Json
from gridlingua.services.instants import Instant

KEPT = Decimal("0.9")
"""How much of what was ordered is delivered."""
_SHOWN = {
    "need": "requestId",
    "ordered kWh": "orderedEnergy",
    "delivered": "deliveredEnergy",
    "paid": "paidEnergy",
    "EUR/kWh": "price",
    "EUR": "amount",
    "state": "state",
}


def play(stage: Stage) -> None:
    """From the evening before delivery to the settlement table."""
    _baselines(stage)
    _metered(stage)
    _reports(stage)


def _baselines(stage: Stage) -> None:
    stage.act("Both send baselines, made of the days they have read, before delivery begins")
    for side in SIDES:
        offers = stage.do(side.services, "GET", "/operator/aggregator/offers") or []
        meters = sorted({meter for one in offers for meter in one["meterIds"]})
        wish = {
            "start": stage.window["startTime"],
            "end": stage.window["endTime"],
            "meters": [{"user": f"U{meter[1:]}", "meterId": meter} for meter in meters],
        }
        stage.say("acknowledged", stage.exchange(side, "/baselines", wish))


def _metered(stage: Stage) -> None:
    """The households follow their baselines, and give what was ordered but for a tenth."""
    setting = stage.demonstration.setting
    after = setting.tomorrow + timedelta(days=1)
    stage.act("The day passes; its metering is imported with gridlingua import")
    stage.set_clock(after, "06:00")
    instead: dict[tuple[str, datetime], int] = {}
    for side in SIDES:
        instead |= _delivered(stage, side)
    path = setting.folder / "metered.csv"
    count = write_metered(path, stage.expected, instead)
    command = [sys.executable, "-m", "gridlingua", "import", str(path), "--database", setting.database("dso")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    stage.expect(done.returncode == 0, f"gridlingua import says {done.stdout[-300:]} {done.stderr[-300:]}")
    stage.console.print(f"   {count:,} readings of {len(stage.expected.watts)} meters", highlight=False)


def _delivered(stage: Stage, side: Side) -> dict[tuple[str, datetime], int]:
    offers = stage.do(side.services, "GET", "/operator/aggregator/offers") or []
    meters = {one["offerId"]: one["meterIds"] for one in offers}
    query = {**stage.window, "provider": side.organisation}
    kept = stage.do("dso services", "GET", "/operator/settlement/baselines", query=query) or []
    powers = {
        (one["meterId"], Instant.parse(point["time"]).at): Decimal(str(point["power"]))
        for one in kept
        for point in one["baseline"]
    }
    found = {}
    for order in stage.do(side.services, "GET", "/operator/aggregator/activation-plans") or []:
        at, end = Instant.parse(order["startTime"]).at, Instant.parse(order["endTime"]).at
        share = Decimal(str(order["quantity"])) * KEPT / len(meters[order["offerId"]])
        while order["activation"] == "Yes" and at < end:
            for meter in meters[order["offerId"]]:
                found[meter, at] = max(round((powers.get((meter, at), share) - share) * 1000), 0)
            at += QUARTER
    return found


def _reports(stage: Stage) -> None:
    stage.act("The DSO works out what was delivered, both confirm it, and it is settled")
    stage.do("dso services", "POST", "/operator/settlement/reports", body=stage.window)
    sent = stage.do("dso services", "POST", "/operator/settlement/reports/sending", body=stage.window) or {}
    stage.expect(not sent.get("failures", [""]), f"a report did not arrive: {sent.get('failures')}")
    month = stage.demonstration.setting.tomorrow.strftime("%Y-%m")
    stage.do("dso services", "POST", "/operator/settlement/closings", body={"month": month})
    table = stage.do("dso services", "GET", "/operator/settlement/table", query={"month": month}) or {"lines": []}
    _show(stage, table["lines"])
    states = {one["state"] for one in table["lines"]}
    stage.expect(states == {"settled"}, f"all reports should be settled, and they are {', '.join(sorted(states))}")


def _show(stage: Stage, lines: Json) -> None:
    table = Table()
    for heading in _SHOWN:
        table.add_column(heading, no_wrap=True)
    for line in lines:
        table.add_row(*(str(line[name]) for name in _SHOWN.values()))
    stage.console.print(table)
