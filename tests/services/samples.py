"""Messages of the flexibility exchanges to test with, and how to read what comes back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import simplejson

PROVIDER = "https://aggregator.example.org/kb"
AGGREGATOR = {"Gridlingua-Requester": PROVIDER}
DSO = "https://dso.example.org/kb"
FROM_DSO = {"Gridlingua-Requester": DSO}
DAY = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}


def need(name: str = "N1", **changes: Any) -> dict[str, Any]:
    return {
        "requestId": name,
        "needs": 100,
        "measurementUnit": "kW",
        "direction": "Down",
        "typePower": "Active",
        "startTime": "2026-11-21T11:00:00+01:00",
        "endTime": "2026-11-21T13:00:00Z",
        "eligibleClients": ["M1", "M2", "M3"],
    } | changes


def offer(name: str = "O1", **changes: Any) -> dict[str, Any]:
    return {
        "requestId": "N1",
        "offerId": name,
        "offer": 60,
        "measurementUnit": "kW",
        "price": Decimal("0.1"),
        "startTime": "2026-11-21T10:00:00Z",
        "endTime": "2026-11-21T13:00:00Z",
        "meterIds": ["M1"],
    } | changes


def order(name: str, activation: str, quantity: object, offered: object) -> dict[str, Any]:
    return {
        "requestId": "N1",
        "offerId": name,
        "activation": activation,
        "quantity": quantity,
        "measurementUnit": "kW",
        "offeredQuantity": offered,
        "startTime": "2026-11-21T10:00:00Z",
        "endTime": "2026-11-21T13:00:00Z",
    }


def planned(name: str, activation: str, quantity: object, offered: object, provider: str = PROVIDER) -> dict[str, Any]:
    """An order as the DSO sees it, with the provider it is for."""
    return order(name, activation, quantity, offered) | {"provider": provider}


Answer = tuple[int, dict[str, str], bytes]


def answer(content: object, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json"} | named, json.dumps(content).encode()


def acknowledge_all(call: Any) -> Answer:
    """What an adapter says when the other party has everything."""
    said = {"acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:30:00+01:00"}
    told = [{key: one[key] for key in ("requestId", "offerId") if key in one} | said for one in call.body]
    headers = {
        "Content-Type": "application/json",
        "Gridlingua-Rows": "7",
        "Server-Timing": "ask;dur=3",
        "X-Other": "no",
    }
    return 200, headers, simplejson.dumps(told).encode()


def content(response: Any) -> Any:
    return simplejson.loads(response.text, use_decimal=True)


def faults(response: Any) -> dict[str, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return {fault["pointer"]: fault["message"] for fault in response.json()["faults"]}


def price(meter: str, capacity: object, amount: object, unit: str = "kW") -> dict[str, Any]:
    return {"meterId": meter, "capacity": capacity, "measurementUnit": unit, "price": amount}


PRICES = [
    price("M1", Decimal("1.5"), Decimal("0.12")),
    price("M2", 2, Decimal("0.1")),
    price("M3", Decimal("0.25"), Decimal("0.12")),
    price("M9", 9, 1),
    price("M1", 1, 1, "kvar"),
]
