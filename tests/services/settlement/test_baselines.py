"""Baselines that providers send to the DSO over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Any

import pytest

from ..exchanges import examples, judge, refused
from ..samples import AGGREGATOR, content, faults
from .conftest import Grid, at, baseline, written

PATH = "/Flexibility/Baseline"
MISSING = "values are missing of 1 of the 96 quarter-hours of the day: 2026-11-21T{}:00Z; send them all"
DAY = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}


def test_a_baseline_is_kept_and_acknowledged_again_as_it_was(ordered: Grid, dso: Any, clock: Any) -> None:
    first = dso.post(PATH, [baseline()], headers=AGGREGATOR)
    said = {"meterId": "M1", "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    assert (first.status_code, first.json()) == (200, [said])
    clock.now = at("12:00")  # after delivery has begun: the same again is not late, for it came before
    in_watts = baseline(measurementUnit="W", power=50_000)
    assert dso.of("aggregator").post(PATH, [in_watts]).json() == [said]
    kept = content(dso.get("/operator/settlement/baselines", params=DAY))
    assert [(one["provider"], one["meterId"], one["receivedAt"]) for one in kept] == [
        ("aggregator", "M1", said["acknowledgedAt"])
    ]
    assert kept[0]["baseline"] == baseline()["baseline"]


def test_another_baseline_worked_out_at_the_same_time_is_refused_and_a_later_one_replaces_it(
    ordered: Grid, dso: Any
) -> None:
    provider = dso.of("aggregator")
    assert provider.post(PATH, [baseline()]).status_code == 200
    refused = provider.post(PATH, [baseline(power=51)])
    assert refused.status_code == 409
    assert faults(refused)["/0"].startswith(
        "meter M1 has another baseline that was worked out at 2026-11-20T11:00:00Z;"
    )
    assert provider.post(PATH, [baseline(power=51, createdAt="2026-11-20T11:30:00Z")]).status_code == 200


def test_baselines_are_kept_all_or_none(ordered: Grid, dso: Any) -> None:
    provider = dso.of("aggregator")
    refused = provider.post(PATH, [baseline(), baseline("M9")])
    assert (refused.status_code, list(faults(refused))) == (404, ["/1/meterId"])
    assert "meter M9 is in no offer of yours from 2026-11-21T00:00:00Z to" in refused.json()["detail"]
    assert dso.get("/operator/settlement/baselines", params=DAY).json() == []


def test_a_provider_sends_baselines_of_its_own_offers_alone(ordered: Grid, dso: Any) -> None:
    assert dso.of("retailer").post(PATH, [baseline()]).status_code == 404
    for stranger in ("third", "analyst", "dso"):
        assert dso.of(stranger).post(PATH, [baseline()]).status_code == 403


def test_a_baseline_that_comes_when_delivery_has_begun_is_refused_with_the_time(
    ordered: Grid, dso: Any, clock: Any
) -> None:
    clock.now = at("10:00")
    refused = dso.of("aggregator").post(PATH, [baseline()])
    assert refused.status_code == 422
    assert faults(refused) == {
        "/0": "delivery of meter M1 for offer O1 began at 2026-11-21T10:00:00Z; a baseline must come before, "
        "and this one came at 2026-11-21T10:00:00Z"
    }
    clock.now = at("09:59")
    assert dso.of("aggregator").post(PATH, [baseline()]).status_code == 200


def test_between_two_deliveries_a_baseline_still_counts_for_the_second(ordered: Grid, dso: Any, clock: Any) -> None:
    ordered.need("N2", startTime="2026-11-21T18:00:00Z", endTime="2026-11-21T19:00:00Z")
    ordered.order("O2", requestId="N2", startTime="2026-11-21T18:00:00Z", endTime="2026-11-21T19:00:00Z")
    provider = dso.of("aggregator")
    assert provider.post(PATH, [baseline()]).status_code == 200
    clock.now = at("12:00")
    better = baseline(power=60, createdAt=written(at("11:30")))
    assert provider.post(PATH, [better]).status_code == 200
    for quarter in range(4):
        ordered.read("M1", {f"10:{15 * quarter:02}": 40_000, f"18:{15 * quarter:02}": 40_000})
    clock.now = at("20:00")
    made = content(dso.post("/operator/settlement/reports", {"requestIds": ["N1", "N2"]}))["made"]
    assert {line["offerId"]: line["deliveredEnergy"] for line in made} == {"O1": 10, "O2": 20}


def test_a_delivery_over_midnight_takes_the_baselines_of_both_days_and_they_come_before_it_begins(
    grid: Grid, dso: Any, clock: Any
) -> None:
    night = {"startTime": "2026-11-21T23:30:00Z", "endTime": "2026-11-22T00:30:00Z"}
    grid.need("N2", **night)
    grid.order("O2", requestId="N2", **night)
    first, second = baseline(), baseline(startTime="2026-11-22T00:00:00Z", endTime="2026-11-23T00:00:00Z")
    second["baseline"] = [one | {"time": one["time"].replace("-21T", "-22T"), "power": 45} for one in first["baseline"]]
    provider = dso.of("aggregator")
    clock.now = at("23:30")
    late = provider.post(PATH, [second])
    assert "for offer O2 began at 2026-11-21T23:30:00Z" in faults(late)["/0"]
    clock.now = at("23:29")
    assert provider.post(PATH, [first, second]).status_code == 200
    grid.read("M1", {"23:30": 40_000, "23:45": 40_000, "24:00": 40_000, "24:15": 40_000})
    clock.now = at("25:00")
    (line,) = content(dso.post("/operator/settlement/reports", {"requestIds": ["N2"]}))["made"]
    assert (line["gaps"], line["paidEnergy"], line["month"]) == (0, Decimal("7.5"), "2026-11")


def test_without_an_order_the_gate_is_the_end_of_the_day(grid: Grid, dso: Any, clock: Any) -> None:
    grid.offer()
    clock.now = at("23:59")
    assert dso.of("aggregator").post(PATH, [baseline()]).status_code == 200
    clock.now = at("24:00")
    refused = dso.of("aggregator").post(PATH, [baseline(createdAt="2026-11-21T00:00:00Z")])
    assert "the day of this baseline ended at 2026-11-22T00:00:00Z" in faults(refused)["/0"]


def test_what_is_no_whole_day_of_the_dsos_zone_is_refused_with_every_fault(ordered: Grid, dso: Any) -> None:
    short = baseline()
    short["baseline"] = [one for one in short["baseline"] if one["time"] != "2026-11-21T05:30:00Z"]
    off = baseline("M2")
    off["baseline"][3] = {"time": "2026-11-21T00:47:00Z", "power": 1}
    twice = baseline("M3")
    twice["baseline"][3] = twice["baseline"][2]
    foreign = baseline("M4", startTime="2026-11-20T23:00:00Z", endTime="2026-11-21T23:00:00Z")
    long = baseline("M5", endTime="2026-11-23T00:00:00Z")
    backwards = baseline("M6", endTime="2026-11-20T00:00:00Z")
    early = baseline("M7", createdAt="2026-11-20T12:05:01Z")
    told = faults(dso.of("aggregator").post(PATH, [short, off, twice, foreign, long, backwards, early]))
    assert told == {
        "/0/baseline": MISSING.format("05:30"),
        "/1/baseline/3/time": "2026-11-21T00:47:00Z does not begin a quarter-hour of 2026-11-21T00:00:00Z to "
        "2026-11-22T00:00:00Z; they begin at :00, :15, :30 and :45",
        "/1/baseline": MISSING.format("00:45"),
        "/2/baseline/3/time": "2026-11-21T00:30:00Z stands there twice; send it once",
        "/2/baseline": MISSING.format("00:45"),
        "/3/startTime": "2026-11-20T23:00:00Z is not the beginning of a day in Europe/Lisbon; that day begins at "
        "2026-11-20T00:00:00Z",
        "/4/endTime": "2026-11-23T00:00:00Z is not the end of the day that begins at 2026-11-21T00:00:00Z; that day "
        "ends at 2026-11-22T00:00:00Z",
        "/5/endTime": "2026-11-20T00:00:00Z is not after the start 2026-11-21T00:00:00Z; the end must be later than "
        "the start",
        "/6/createdAt": "2026-11-20T12:05:01Z is later than now, 2026-11-20T12:00:00Z; it is the time at which the "
        "baseline was worked out",
    }


def test_units_of_energy_and_reactive_power_and_powers_that_are_no_numbers_are_refused(ordered: Grid, dso: Any) -> None:
    provider = dso.of("aggregator")
    for unit in ("kvar", "kWh"):
        assert "/0/measurementUnit" in faults(provider.post(PATH, [baseline(measurementUnit=unit)]))
    for power in ("50", True, None):
        assert "/0/baseline/0/power" in faults(provider.post(PATH, [baseline(power=power)]))
    assert provider.post(PATH, []).status_code == 422


def test_a_power_below_zero_is_what_is_fed_in_and_keeps_all_its_digits(ordered: Grid, dso: Any) -> None:
    exact = Decimal("-0.123456789012345678")
    assert dso.of("aggregator").post(PATH, [baseline(powers={"10:00": exact})]).status_code == 200
    kept = content(dso.get("/operator/settlement/baselines", params=DAY | {"meterId": "M1"}))
    assert kept[0]["baseline"][40]["power"] == exact


def test_the_finest_watt_that_a_message_can_say_is_kept_compared_and_reported(
    ordered: Grid, dso: Any, clock: Any, adapter: Any
) -> None:
    finest = Decimal("123456789012345678.123456789012345678")
    assert dso.of("aggregator").post(PATH, [baseline(power=finest, measurementUnit="W")]).status_code == 200
    kept = content(dso.get("/operator/settlement/baselines", params=DAY))
    assert kept[0]["baseline"][0]["power"] == finest.scaleb(-3, Context(prec=60))
    ordered.read("M1", {"10:00": 1})
    clock.now = at("12:00")
    assert dso.post("/operator/settlement/reports", {"requestIds": ["N1"]}).status_code == 200
    assert dso.post("/operator/settlement/reports", {"requestIds": ["N1"]}).json()["made"] == []
    adapter.say([])
    assert dso.post("/operator/settlement/reports/sending", {"requestIds": ["N1"]}).status_code == 200
    assert b"123456789012345.678123456789012345678" in adapter.calls[0].raw


def shipped(dso: Any, grid: Grid, told: Any) -> Any:
    """Sends baselines of the catalogue to a DSO where the provider has offers of their meters in the whole year."""
    meters = sorted({one["meterId"] for one in told})
    year = {"startTime": "2026-01-01T00:00:00Z", "endTime": "2027-01-01T00:00:00Z"}
    grid.need("N9", **year)
    grid.offer(".".join(meters), requestId="N9", meterIds=meters, **year)
    return dso.post(PATH, told, headers=AGGREGATOR)


ZONES = {"day_of_100_quarters": "Europe/Paris"}


@pytest.mark.parametrize(
    "name", ["day_of_92_quarters", "day_of_96_quarters", "day_of_100_quarters", "two_meters_in_their_own_units"]
)
def test_every_example_of_the_exchange_is_taken_and_answered_as_the_network_carries_it(
    services: Any, database: Any, clock: Any, catalogue: Any, name: str
) -> None:
    told = examples(catalogue, "flexibility/baseline")[name]["request"]
    clock.now = datetime.fromisoformat(told[0]["createdAt"])
    dso = services("settlement", time_zone=ZONES.get(name, "Europe/Lisbon"))
    response = shipped(dso, Grid(database), told)
    assert response.status_code == 200, response.text
    judge(catalogue, "flexibility/baseline", told, content(response))


def test_every_request_that_the_exchange_refuses_is_refused_here_too(
    services: Any, database: Any, clock: Any, catalogue: Any
) -> None:
    dso, grid = services("settlement"), Grid(database)
    clock.now = datetime(2026, 1, 2, tzinfo=UTC)
    rejects = refused(catalogue, "flexibility/baseline", "request")
    assert len(rejects) > 8
    for name, told in rejects.items():
        early = [one | {"createdAt": "2026-01-01T00:00:00Z"} for one in told]
        assert shipped(dso, grid, early).status_code == 422, name


def test_a_day_of_23_and_of_25_hours_has_92_and_100_quarter_hours(services: Any, database: Any, clock: Any) -> None:
    clock.now = at("12:00").replace(month=3, day=1)
    dso = services("data_sharing", "flexibility", "settlement", time_zone="Europe/Paris")
    days = {("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"): 92, ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"): 100}
    grid = Grid(database)
    for number, ((start, end), count) in enumerate(days.items()):
        grid.need(f"N{number}", startTime=start, endTime=end)
        grid.offer("O1", requestId=f"N{number}", startTime=start, endTime=end)
        quarters = [written(at("0:00").fromisoformat(start) + n * (at("0:15") - at("0:00"))) for n in range(count)]
        day = baseline(startTime=start, endTime=end, createdAt="2026-02-20T11:00:00Z")
        day["baseline"] = [{"time": one, "power": 1} for one in quarters]
        assert dso.of("aggregator").post(PATH, [day]).status_code == 200
        day["baseline"] = day["baseline"][:96] if count > 96 else [*day["baseline"], {"time": end, "power": 1}]
        assert dso.of("aggregator").post(PATH, [day]).status_code == 422


def test_one_baseline_sent_many_times_at_once_is_kept_once(ordered: Grid, dso: Any) -> None:
    ordered.order("O2", meterIds=["M2"])
    provider = dso.of("aggregator")
    both = [baseline("M1"), baseline("M2")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: provider.post(PATH, both if number % 2 else both[::-1]), range(8)))
    assert {one.status_code for one in found} == {200}
    assert len(dso.get("/operator/settlement/baselines", params=DAY).json()) == 2
