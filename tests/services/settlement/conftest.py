"""A DSO with an offer that was ordered, baselines and readings; times are of 21 November 2026, in Lisbon and in UTC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from gridlingua.services import records
from gridlingua.services.data_sharing import add_customers
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.services.data_sharing.tables import POINTS, READINGS
from gridlingua.services.flexibility import store as flexibility
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.flexibility.states import Transition
from gridlingua.services.messages import Need
from gridlingua.storage import Database, upsert

from ..samples import content

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
PERIOD = {"startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T11:00:00Z"}
WHICH = {"requestIds": ["N1"]}


def at(clock: str, day: datetime = MIDNIGHT) -> datetime:
    sign = -1 if clock.startswith("-") else 1
    hours, minutes = clock.lstrip("-").split(":")
    return day + sign * timedelta(hours=int(hours), minutes=int(minutes))


def written(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def baseline(meter: str = "M1", power: object = 50, **changes: Any) -> dict[str, Any]:
    """A day's baseline of one power; ``powers`` gives others by their time of the day."""
    powers = changes.pop("powers", {})
    quarters = [MIDNIGHT + number * QUARTER for number in range(96)]
    return {
        "meterId": meter,
        "startTime": "2026-11-21T00:00:00Z",
        "endTime": "2026-11-22T00:00:00Z",
        "createdAt": "2026-11-20T11:00:00Z",
        "measurementUnit": "kW",
        "baseline": [{"time": written(one), "power": powers.get(f"{one:%H:%M}", power)} for one in quarters],
    } | changes


@dataclass
class Grid:
    """What the other services of the DSO know, written straight into their tables."""

    database: Database

    def need(self, name: str = "N1", **changes: Any) -> None:
        told = {
            "requestId": name,
            "needs": 100,
            "measurementUnit": "kW",
            "direction": "Down",
            "typePower": "Active",
            **PERIOD,
            "eligibleClients": ["M1", "M2", "M3"],
        } | changes
        self._keep(flexibility.NEEDS, Need.model_validate(told))

    def offer(self, name: str = "O1", *, provider: str = "aggregator", **changes: Any) -> dict[str, Any]:
        told = {
            "provider": provider,
            "requestId": "N1",
            "offerId": name,
            "offer": 20,
            "measurementUnit": "kW",
            "price": Decimal("0.1"),
            **PERIOD,
            "meterIds": ["M1"],
        } | changes
        self._keep(flexibility.OFFERS, ProvidedOffer.model_validate(told))
        return told

    def order(self, name: str = "O1", *, activation: str = "Yes", answer: str = "accepted", **changes: Any) -> None:
        """An offer, the order that was given for it, and what became of the activation."""
        offered = self.offer(name, **changes)
        told = {key: value for key, value in offered.items() if key not in ("offer", "price", "meterIds")} | {
            "activation": activation,
            "quantity": offered["offer"],
            "offeredQuantity": offered["offer"],
        }
        self._keep(flexibility.ORDERS, ProviderOrder.model_validate(told))
        if activation == "Yes":
            self._answer(answer, told)

    def _answer(self, state: str, order: Mapping[str, Any]) -> None:
        """What the provider said to its activation, on the evening before."""
        key = (order["provider"], order["requestId"], order["offerId"])
        said = [Transition(one, at("-6:00"), "it was said", key[0]) for one in dict.fromkeys(("sent", state))]
        with self.database.writing() as connection:
            flexibility.add_transitions(connection, "activation", key, said)

    def _keep(self, table: Any, message: Any) -> None:
        with self.database.writing() as connection:
            records.keep(connection, table, [message], MIDNIGHT - timedelta(hours=6))

    def meter(self, name: str) -> None:
        add_customers(self.database, [Customer(user=f"U-{name}", meter_id=name, zone="Z1")])

    def read(self, meter: str, watts: Mapping[str, Any], day: datetime = MIDNIGHT) -> None:
        """Readings in W by the time of the day: withdrawn, or a pair of withdrawn and injected."""
        with self.database.writing() as connection:
            point = connection.execute(select(POINTS.c.id).where(POINTS.c.meter_id == meter)).scalar_one()
            pairs = {clock: told if isinstance(told, tuple) else (told, None) for clock, told in watts.items()}
            rows = [
                {
                    "point": point,
                    "quarter": int(at(clock, day).timestamp()) // 900,
                    "withdrawn_w": withdrawn,
                    "injected_w": injected,
                }
                for clock, (withdrawn, injected) in pairs.items()
            ]
            upsert(connection, READINGS, rows)


@pytest.fixture
def dso(services: Any) -> Any:
    return services("data_sharing", "flexibility", "settlement", "subscriptions")


@pytest.fixture
def grid(dso: Any, database: Database) -> Grid:
    """The need N1 (Down, 10:00 to 11:00) and the meters M1 to M3."""
    grid = Grid(database)
    grid.need()
    for meter in ("M1", "M2", "M3"):
        grid.meter(meter)
    return grid


@pytest.fixture
def ordered(grid: Grid) -> Grid:
    """The offer O1 of the aggregator: 20 kW of M1 at 0.10 EUR/kWh, ordered whole."""
    grid.order()
    return grid


HOUR = {"10:00": 32_000, "10:15": 31_000, "10:30": 29_600, "10:45": 61_000}


@pytest.fixture
def delivered(ordered: Grid, dso: Any, clock: Any) -> Grid:
    """The offer O1 with a baseline of 50 kW, and readings; the delivery is over."""
    assert dso.of("aggregator").post("/Flexibility/Baseline", [baseline()]).status_code == 200
    ordered.read("M1", HOUR)
    clock.now = at("12:00")
    return ordered


@pytest.fixture
def computed(delivered: Grid, dso: Any) -> Callable[[], dict[str, Any]]:
    """Computes the reports of N1."""

    def compute() -> dict[str, Any]:
        response = dso.post("/operator/settlement/reports", WHICH)
        assert response.status_code == 200, response.text
        return dict(content(response))

    return compute
