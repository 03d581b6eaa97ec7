"""The register of contracts, and what is offered by it."""

from __future__ import annotations

from typing import Any

import pytest

from ..samples import faults, need, offer

YEAR = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}
PLACE = "/operator/portfolios"


def contract(meter: str = "M1", provider: str = "aggregator", **changes: str) -> dict[str, str]:
    return {"provider": provider, "meterId": meter} | YEAR | changes


@pytest.fixture
def app(services: Any) -> Any:
    app = services("portfolios", "flexibility")
    assert app.post("/operator/flexibility/calendar", {"gates": "open"}, method="PUT").status_code == 200
    assert app.post("/operator/flexibility/needs", [need()]).status_code == 201
    return app


def put(app: Any, *contracts: dict[str, str]) -> Any:
    return app.post(PLACE, list(contracts), method="PUT")


def test_without_a_register_everybody_may_offer_every_meter(app: Any) -> None:
    assert app.of("aggregator").post("/Flexibility/Offers", [offer()]).status_code == 200
    assert app.of("retailer").post("/Flexibility/Offers", [offer("O2")]).status_code == 200


def test_with_a_register_a_meter_is_offered_by_its_provider_alone(app: Any) -> None:
    assert put(app, contract(), contract("M2", "retailer")).status_code == 200
    refused = app.of("retailer").post("/Flexibility/Offers", [offer(meterIds=["M2", "M1"])])
    assert refused.status_code == 403
    assert faults(refused) == {"/0/meterIds/1": "retailer has no contract for meter M1 over the period of the offer"}
    assert app.of("aggregator").post("/Flexibility/Offers", [offer(meterIds=["M3"])]).status_code == 403
    assert app.of("aggregator").post("/Flexibility/Offers", [offer()]).status_code == 200


def test_a_contract_that_ends_within_the_offer_does_not_do(app: Any) -> None:
    put(app, contract(validUntil="2026-11-21T12:00:00Z"))
    assert app.of("aggregator").post("/Flexibility/Offers", [offer()]).status_code == 403


def test_a_meter_has_one_contract_at_a_time_and_the_same_again_changes_nothing(app: Any) -> None:
    assert put(app, contract()).status_code == 200
    assert put(app, contract()).status_code == 200
    other = put(app, contract("M9"), contract("M1", "retailer"))
    assert (other.status_code, "has a contract with aggregator" in other.json()["detail"]) == (409, True)
    later = contract("M1", "retailer", validFrom="2027-01-01T00:00:00Z", validUntil="2028-01-01T00:00:00Z")
    assert put(app, later).status_code == 200
    assert [one["provider"] for one in app.get(PLACE).json()] == ["aggregator", "retailer"]
    assert [one["meterId"] for one in app.get(PLACE, params={"provider": "retailer"}).json()] == ["M1"]


def test_a_contract_is_taken_out_and_one_that_is_none_is_refused(app: Any) -> None:
    put(app, contract())
    assert app.request("DELETE", f"{PLACE}/aggregator/M1").status_code == 204
    assert app.request("DELETE", f"{PLACE}/aggregator/M1").status_code == 404
    assert put(app, contract(provider="nobody")).status_code == 404
    assert put(app, contract(validUntil="2025-01-01T00:00:00Z")).status_code == 422
