"""What providers send of their assets: kept, acknowledged, and the newest holds."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ..exchanges import examples, judge, refused
from ..samples import content, faults

PATHS = {
    "active_power": "/Forecast/ActivePower",
    "baseline_forecast": "/Forecast/Baseline",
    "flexibility_forecast": "/Forecast/Flexibility",
}
OVER_THE_NETWORK = {"Gridlingua-Requester": "https://aggregator.example.org/kb"}


def power(**changes: Any) -> dict[str, Any]:
    return {
        "assetId": "pv-1",
        "startTime": "2026-11-21T10:00:00Z",
        "endTime": "2026-11-21T10:15:00Z",
        "createdAt": "2026-11-21T09:00:00Z",
        "valueSource": "Expected",
        "activePower": Decimal("-4.25"),
        "measurementUnit": "kW",
    } | changes


def flexibility(name: str, up: Any, created: str, **changes: Any) -> dict[str, Any]:
    times = ["2026-11-21T10:00:00Z", "2026-11-21T10:15:00Z"]
    ways = {"Up": up, "Down": [0, 0]}
    return {
        "forecastId": name,
        "assetId": "M1",
        "createdAt": created,
        "startTime": times[0],
        "endTime": "2026-11-21T10:30:00Z",
        "resolution": "PT15M",
        "measurementUnit": "kW",
        "costUnit": "EUR/kWh",
        "directions": [
            {
                "direction": way,
                "flexibility": [
                    {"startTime": at, "power": value, "marginalCost": Decimal("-0.02")}
                    for at, value in zip(times, values, strict=True)
                ],
            }
            for way, values in ways.items()
        ],
    } | changes


@pytest.mark.parametrize("exchange", PATHS)
def test_every_shipped_example_is_kept_and_acknowledged_as_the_exchange_has_it(
    dso: Any, provider: Any, catalogue: Any, exchange: str
) -> None:
    for messages in examples(catalogue, f"forecast/{exchange}").values():
        replied = provider.post(PATHS[exchange], messages["request"])
        assert replied.status_code == 200, replied.text
        judge(catalogue, f"forecast/{exchange}", messages["request"], content(replied))
        kind = {"active_power": "ActivePower", "baseline_forecast": "Baseline"}.get(exchange, "Flexibility")
        kept = content(dso.get("/operator/forecast/issues", params={"kind": kind}))
        for message in messages["request"]:
            assert message in [one["message"] for one in kept]


@pytest.mark.parametrize("exchange", PATHS)
def test_every_request_that_the_exchange_refuses_is_refused_to_a_direct_caller(
    dso: Any, provider: Any, catalogue: Any, exchange: str
) -> None:
    rejects = refused(catalogue, f"forecast/{exchange}", "request")
    assert rejects
    for name, request in rejects.items():
        replied = provider.post(PATHS[exchange], request)
        assert replied.status_code == 422, name
        assert faults(replied), name


def test_the_same_again_is_acknowledged_with_the_time_it_first_came(provider: Any, clock: Any) -> None:
    first = provider.post("/Forecast/ActivePower", [power()])
    clock.advance(hours=1)
    again = provider.post("/Forecast/ActivePower", [power(startTime="2026-11-21T11:00:00+01:00")], headers={})
    assert first.json()[0]["acknowledgedAt"] == again.json()[0]["acknowledgedAt"] == "2026-11-22T12:00:00Z"
    assert again.json()[0]["startTime"] == "2026-11-21T11:00:00+01:00"


def test_other_content_for_the_same_making_is_a_conflict_and_nothing_of_the_message_is_kept(
    dso: Any, provider: Any
) -> None:
    provider.post("/Forecast/ActivePower", [power()])
    replied = provider.post("/Forecast/ActivePower", [power(assetId="pv-2"), power(activePower=1)])
    assert replied.status_code == 409
    assert list(faults(replied)) == ["/1"]
    assert len(dso.get("/operator/forecast/issues", params={"kind": "ActivePower"}).json()) == 1


def test_a_newer_making_holds_and_the_earlier_is_kept(dso: Any, provider: Any) -> None:
    newer = power(createdAt="2026-11-21T09:30:00Z", activePower=-4)
    for one in (newer, power()):
        assert provider.post("/Forecast/ActivePower", [one]).status_code == 200
    kept = content(dso.get("/operator/forecast/issues", params={"kind": "ActivePower"}))
    assert [(one["message"]["activePower"], one["holds"]) for one in kept] == [(-4, True), (Decimal("-4.25"), False)]


def test_an_id_is_a_providers_own(dso: Any, provider: Any) -> None:
    one = flexibility("F-1", [1, 2], "2026-11-20T09:00:00Z")
    assert provider.post("/Forecast/Flexibility", [one]).status_code == 200
    other = flexibility("F-1", [3, 4], "2026-11-20T09:00:00Z")
    assert dso.of("retailer").post("/Forecast/Flexibility", [other]).status_code == 200
    listed = dso.get("/operator/forecast/issues", params={"kind": "Flexibility", "provider": "retailer"}).json()
    assert [one["provider"] for one in listed] == ["retailer"]


def test_over_the_network_a_forecast_is_of_the_organisation_behind_the_knowledge_base(dso: Any) -> None:
    dso.post("/Forecast/ActivePower", [power()], headers=OVER_THE_NETWORK)
    kept = dso.get("/operator/forecast/issues", params={"kind": "ActivePower"}).json()
    assert [one["provider"] for one in kept] == ["aggregator"]


@pytest.mark.parametrize("who", ["third", "analyst", "dso"])
def test_nobody_but_a_provider_sends_forecasts(dso: Any, who: str) -> None:
    assert dso.of(who).post("/Forecast/ActivePower", [power()]).status_code == 403


def test_of_overlapping_forecasts_the_newest_holds_quarter_hour_by_quarter_hour(dso: Any, provider: Any) -> None:
    early = flexibility("F-1", [1, 2], "2026-11-20T09:00:00Z")
    late = flexibility(
        "F-2",
        [2500, 2500],
        "2026-11-20T11:00:00Z",
        measurementUnit="W",
        startTime="2026-11-21T10:15:00Z",
        endTime="2026-11-21T10:45:00Z",
    )
    for way in late["directions"]:
        for point, at in zip(way["flexibility"], ("10:15", "10:30"), strict=True):
            point["startTime"] = f"2026-11-21T{at}:00Z"
    assert provider.post("/Forecast/Flexibility", [late, early]).status_code == 200
    asked = {"assetIds": "M1", "startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T10:45:00Z"}
    held = content(dso.get("/operator/forecast/flexibility", params=asked))
    ups = [(one["startTime"][11:16], one["power"]) for one in held if one["direction"] == "Up"]
    assert ups == [("10:00", 1), ("10:15", Decimal("2.5")), ("10:30", Decimal("2.5"))]
    assert {one["marginalCost"] for one in held} == {Decimal("-0.02")}


def test_of_two_providers_forecasts_of_one_meter_the_newest_holds_and_nothing_is_added(dso: Any, provider: Any) -> None:
    assert provider.post("/Forecast/Flexibility", [flexibility("F", [1, 2], "2026-11-20T11:00:00Z")]).status_code == 200
    for name, other in (("F", "2026-11-20T10:00:00Z"), ("G", "2026-11-20T11:30:00Z")):
        one = flexibility(name, [3, 4], other)
        if name == "G":
            one["endTime"] = "2026-11-21T10:15:00Z"
            for way in one["directions"]:
                del way["flexibility"][1]
        assert dso.of("retailer").post("/Forecast/Flexibility", [one]).status_code == 200
    asked = {"assetIds": "M1", "startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T10:45:00Z"}
    held = content(dso.get("/operator/forecast/flexibility", params=asked))
    ups = [(one["provider"], one["startTime"][11:16], one["power"]) for one in held if one["direction"] == "Up"]
    assert ups == [("retailer", "10:00", 3), ("aggregator", "10:15", 2)]


def test_what_was_not_made_yet_is_refused_but_for_clocks_that_differ(provider: Any, clock: Any) -> None:
    clock.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ahead = [flexibility("F", [1, 2], "2026-11-20T12:05:00Z"), flexibility("G", [1, 2], "2026-11-20T12:05:01Z")]
    refused = provider.post("/Forecast/Flexibility", ahead)
    said = "2026-11-20T12:05:01Z is later than now, 2026-11-20T12:00:00Z; it is the time at which the forecast was made"
    assert (refused.status_code, faults(refused)) == (422, {"/1/createdAt": said})
    assert provider.post("/Forecast/Flexibility", ahead[:1]).status_code == 200
    assert provider.post("/Forecast/ActivePower", [power()]).status_code == 422


def test_a_long_list_comes_in_pages(dso: Any, provider: Any) -> None:
    hours = [f"2026-11-21T{hour:02}:00:00Z" for hour in range(10, 15)]
    powers = [power(startTime=at, endTime=at.replace(":00:00", ":15:00")) for at in hours]
    assert provider.post("/Forecast/ActivePower", powers).status_code == 200
    first = dso.get("/operator/forecast/issues", params={"kind": "ActivePower", "limit": 3})
    assert len(first.json()) == 3
    further = first.links["next"]["url"].removeprefix("/1.0")
    assert [one["message"]["startTime"] for one in dso.get(further).json()] == hours[3:]
