"""The aggregator's service against a real DSO in its adapter's place, and the metering that it fetches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gridlingua.services.data_sharing import add_customers, load_readings, metadata
from gridlingua.services.data_sharing.loading import Series
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.storage import Database

from .samples import DAY, DSO, PROVIDER, content, need


def test_metering_that_is_of_somebody_else_is_a_bad_gateway(aggregator: Any, adapter: Any) -> None:
    reading = {"time": "2026-11-20T10:00:00Z", "measurement": 1, "unit": "kW"}
    adapter.say([{"user": "U2", "metering": [reading]}])
    request = {"user": "U1", "grant": "G", "granularity": 1, "start": DAY["startTime"], "end": DAY["endTime"]}
    failed = aggregator.post("/operator/aggregator/metering", request)
    assert (failed.status_code, failed.json()["detail"]) == (502, "asked for U1, got U2")


@pytest.fixture
def dso(tmp_path: Path, services: Callable[..., Any]) -> Any:
    """A DSO with a customer, a day of readings and a grant, on a database of its own."""
    url = f"sqlite:///{tmp_path / 'dso.sqlite'}"
    database = Database(url)
    database.upgrade(metadata)
    add_customers(database, [Customer(user="U1", meter_id="M1", zone="Z1")])
    load_readings(database, [Series("M1", datetime(2026, 11, 19, tzinfo=UTC), range(96))])
    database.close()
    client = services("flexibility", "data_sharing", "consent", database=url, name="dso", network="")
    grant = {"reference": "G1", "user": "U1", "grantee": "aggregator"}
    valid = {"validFrom": "2026-11-01T00:00:00Z", "validUntil": "2026-12-01T00:00:00Z"}
    assert client.post("/operator/data/grants", [grant | valid]).status_code == 201
    return client


def test_a_day_of_metering_comes_from_the_dso_and_is_kept(aggregator: Any, adapter: Any, dso: Any) -> None:
    adapter.forward(dso, PROVIDER)
    day = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
    request = {"user": "U1", "grant": "G1", "granularity": 1} | day
    for _ in range(2):
        (metering,) = content(aggregator.post("/operator/aggregator/metering", request))
    assert [one["measurement"] for one in metering["metering"]] == [Decimal(watts) / 1000 for watts in range(96)]
    assert content(aggregator.get("/operator/aggregator/metering", params={"user": "U1"})) == metering["metering"]
    assert adapter.calls[0].query == {"type": "User", "id": "U1", "grant": "G1", "granularity": "1"} | day
    adapter.forward(dso, "https://retailer.example.org/kb")
    refused = aggregator.post("/operator/aggregator/metering", request)
    assert (refused.status_code, "does not let retailer" in refused.json()["detail"]) == (403, True)


def test_a_need_becomes_offers_a_plan_and_orders_between_two_real_services(
    aggregator: Any, adapter: Any, services: Any, tmp_path: Path
) -> None:
    dso = services("flexibility", database=f"sqlite:///{tmp_path / 'other.sqlite'}", name="dso")
    dso.post("/operator/flexibility/needs", [need(needs=Decimal("2.5"))])
    adapter.forward(aggregator, DSO)
    published = dso.post("/operator/flexibility/needs/publication", DAY).json()
    assert [one["acknowledgedBy"] for one in published["acknowledgements"]] == ["aggregator"]
    adapter.forward(dso, PROVIDER)
    made = aggregator.post("/operator/aggregator/offers", DAY).json()
    assert [one["acknowledgedBy"] for one in made["acknowledgements"]] == ["dso", "dso"]
    adapter.forward(aggregator, DSO)
    plan = content(dso.post("/operator/flexibility/activation-plans", DAY))
    assert [(one["quantity"], one["offeredQuantity"]) for one in plan["plan"]] == [
        (2, 2),
        (Decimal("0.5"), Decimal("1.75")),
    ]
    assert (plan["unacknowledged"], plan["uncovered"]) == ([], [])
    received = content(aggregator.get("/operator/aggregator/activation-plans"))
    assert [{**one, "receivedAt": None, "provider": "aggregator"} for one in received] == [
        {**one, "receivedAt": None, "dso": DSO} for one in plan["plan"]
    ]
