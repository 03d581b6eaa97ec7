"""The load and generation of zones: entered by the operator, answered to providers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ..exchanges import examples, judge, refused
from ..samples import content, faults

KINDS = {"generation": "generation_forecast", "load": "load_forecast"}
NIGHT = {"zoneId": "Z1", "startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-21T01:00:00Z"}
QUARTERS = [f"2026-11-21T00:{minute:02}:00Z" for minute in (0, 15, 30, 45)]


def forecast(powers: Any, created: str = "2026-11-20T11:00:00Z", first: int = 0, **changes: Any) -> dict[str, Any]:
    times = [*QUARTERS, NIGHT["endTime"]][first:]
    return {
        "zoneId": "Z1",
        "technology": "Other",
        "createdAt": created,
        "startTime": times[0],
        "endTime": times[len(powers)],
        "resolution": "PT15M",
        "measurementUnit": "kW",
        "forecast": [{"startTime": at, "power": power} for at, power in zip(times, powers, strict=False)],
    } | changes


def powers(reply: Any) -> list[Any]:
    return [point["power"] for one in content(reply) for point in one["forecast"]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_example_is_answered_as_the_exchange_has_it(
    dso: Any, provider: Any, catalogue: Any, kind: str
) -> None:
    shipped = examples(catalogue, f"forecast/{KINDS[kind]}")
    for messages in shipped.values():
        if messages["reply"]:
            assert dso.post(f"/operator/forecast/{kind}", messages["reply"]).status_code == 201
    assert dso.post(f"/operator/forecast/{kind}", [forecast([1], zoneId="Z999999", technology="Other",
        startTime="2026-12-01T00:00:00Z", endTime="2026-12-01T00:15:00Z",
        forecast=[{"startTime": "2026-12-01T00:00:00Z", "power": 1}])]).status_code == 201  # fmt: skip
    for name, messages in shipped.items():
        replied = provider.get(f"/Forecast/{kind.title()}", params=messages["request"])
        assert replied.status_code == 200, name
        expected = sorted(messages["reply"], key=lambda one: one["technology"])
        assert content(replied) == expected, name
        judge(catalogue, f"forecast/{KINDS[kind]}", messages["request"], content(replied))


@pytest.mark.parametrize("kind", KINDS)
def test_every_reply_that_the_exchange_refuses_for_itself_cannot_be_entered(
    dso: Any, catalogue: Any, kind: str
) -> None:
    about_the_window = {"another_zone", "longer_than_the_window", "one_technology_twice"}
    wrong = refused(catalogue, f"forecast/{KINDS[kind]}", "reply")
    assert about_the_window < wrong.keys()
    for name in wrong.keys() - about_the_window:
        assert dso.post(f"/operator/forecast/{kind}", wrong[name]).status_code == 422, name


def test_a_zone_without_any_forecast_is_not_found_and_a_window_without_one_is_empty(dso: Any, provider: Any) -> None:
    unknown = provider.get("/Forecast/Load", params=NIGHT)
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "there is no load forecast of zone Z1; the DSO has entered none"
    dso.post("/operator/forecast/load", [forecast([1])])
    assert provider.get("/Forecast/Generation", params=NIGHT).status_code == 404
    later = NIGHT | {"startTime": "2026-11-22T00:00:00Z", "endTime": "2026-11-22T01:00:00Z"}
    assert provider.get("/Forecast/Load", params=later).json() == []


def test_the_newest_forecast_holds_and_the_earlier_fills_what_it_leaves_open(
    dso: Any, provider: Any, catalogue: Any
) -> None:
    first = forecast([1, 2, 3, 4])
    update = forecast([2500, 3500], "2026-11-20T18:00:00Z", first=1, measurementUnit="W")
    assert dso.post("/operator/forecast/load", [update, first]).status_code == 201
    found = provider.get("/Forecast/Load", params=NIGHT)
    assert powers(found) == [1, Decimal("2.5"), Decimal("3.5"), 4]
    assert [one["createdAt"] for one in found.json()] == ["2026-11-20T18:00:00Z"]
    judge(catalogue, "forecast/load_forecast", NIGHT, content(found))


def test_a_forecast_is_cut_to_the_window_and_at_its_first_gap(dso: Any, provider: Any) -> None:
    assert dso.post("/operator/forecast/load", [forecast([1, 2]), forecast([4], first=3)]).status_code == 201
    found = provider.get("/Forecast/Load", params=NIGHT).json()
    assert [(one["startTime"], one["endTime"]) for one in found] == [(QUARTERS[0], QUARTERS[2])]
    half = provider.get("/Forecast/Load", params=NIGHT | {"startTime": QUARTERS[1], "endTime": QUARTERS[2]})
    assert powers(half) == [2]


def test_what_was_made_when_a_quarter_hour_was_over_is_no_forecast_of_it(
    dso: Any, provider: Any, catalogue: Any
) -> None:
    dso.post("/operator/forecast/load", [forecast([1, 2, 3, 4]), forecast([5, 6, 7, 8], "2026-11-21T00:20:00Z")])
    assert powers(provider.get("/Forecast/Load", params=NIGHT)) == [1, 6, 7, 8]
    first = NIGHT | {"endTime": QUARTERS[1]}
    judge(catalogue, "forecast/load_forecast", first, content(provider.get("/Forecast/Load", params=first)))


def test_what_is_wrong_in_a_forecast_is_told_by_its_place(dso: Any) -> None:
    wrong = forecast([1, 2])
    wrong["forecast"][1]["startTime"] = "2026-11-21T00:20:00Z"
    told = dso.post("/operator/forecast/load", [forecast([1]), wrong])
    assert told.status_code == 422
    assert faults(told)["/1/forecast/1/startTime"].startswith("2026-11-21T00:20:00Z is off the grid")
    assert dso.get("/operator/forecast/issues", params={"kind": "Load"}).json() == []


def test_a_window_that_ends_before_it_begins_is_refused(dso: Any, provider: Any) -> None:
    turned = NIGHT | {"startTime": NIGHT["endTime"], "endTime": NIGHT["startTime"]}
    assert set(faults(provider.get("/Forecast/Load", params=turned))) == {"/endTime"}


def test_only_providers_ask_and_only_operators_enter(dso: Any, provider: Any) -> None:
    assert provider.post("/operator/forecast/load", [forecast([1])]).status_code == 403
    assert dso.of("third").get("/Forecast/Load", params=NIGHT).status_code == 403
    assert dso.of("").get("/Forecast/Load", params=NIGHT).status_code == 401
