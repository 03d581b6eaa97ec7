"""Delivery reports: computed from baselines and readings, and computed again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from gridlingua.services.settlement import store

from ..samples import content, faults
from .conftest import HOUR, PERIOD, WHICH, Grid, at, baseline, written

PATH = "/operator/settlement/reports"
Compute = Callable[[], dict[str, Any]]


def detail(dso: Any, version: int = 1, offer: str = "O1", provider: str = "aggregator") -> Any:
    return content(dso.get(f"{PATH}/{provider}/N1/{offer}/{version}"))


def test_a_report_has_every_quarter_hour_and_what_it_comes_to(computed: Compute, dso: Any) -> None:
    found = computed()
    (line,) = found["made"]
    assert (found["unchanged"], found["skipped"]) == ([], [])
    assert line == {
        "provider": "aggregator",
        "requestId": "N1",
        "offerId": "O1",
        "version": 1,
        **PERIOD,
        "state": "draft",
        "month": "2026-11",
        "direction": "Down",
        "orderedPower": 20,
        "quarters": 4,
        "gaps": 0,
        "orderedEnergy": 20,
        "deliveredEnergy": Decimal("11.6"),  # (18 + 19 + 20.4 - 11) / 4
        "paidEnergy": Decimal("14.25"),  # (18 + 19 + 20 + 0) / 4
        "price": Decimal("0.1"),
        "amount": Decimal("1.42"),  # 1.425, half a cent to the even cent
        "currency": "EUR",
        "settled": 0,
        "due": Decimal("1.42"),
        "clearingAmount": Decimal("1.42"),
        "madeAt": "2026-11-21T12:00:00Z",
    }
    statement = detail(dso)
    assert statement["intervals"][2] == {
        "time": "2026-11-21T10:30:00Z",
        "ordered": 20,
        "baseline": 50,
        "metered": Decimal("29.6"),
        "delivered": Decimal("20.4"),
        "paid": 20,
        "clearingPrice": Decimal("0.1"),
        "gap": None,
    }
    assert [one["delivered"] for one in statement["intervals"]] == [18, 19, Decimal("20.4"), -11]
    assert statement["history"] == [
        {"at": "2026-11-21T12:00:00Z", "state": "draft", "cause": "computed", "author": "dso"}
    ]


def test_up_is_what_was_drawn_beyond_the_baseline_and_feeding_in_counts_below_zero(
    grid: Grid, dso: Any, clock: Any
) -> None:
    grid.need("N2", direction="Up")
    grid.order("EV", requestId="N2", offer=15, meterIds=["M1", "M2"], provider="retailer")
    told = [baseline("M1", Decimal("-7.2")), baseline("M2", Decimal("1.2"))]
    assert dso.of("retailer").post("/Flexibility/Baseline", told).status_code == 200
    grid.read("M1", {"10:00": (500, 0), "10:15": (8_000, 0), "10:30": (0, 5_100), "10:45": (0, 0)})
    grid.read("M2", {"10:00": 1_000, "10:15": 2_000, "10:30": 0, "10:45": 9_000})
    clock.now = at("11:00")
    dso.post(PATH, {"requestIds": ["N2"]})
    found = content(dso.get(f"{PATH}/retailer/N2/EV/1"))["intervals"]
    assert [one["baseline"] for one in found] == [-6] * 4
    assert [one["metered"] for one in found] == [Decimal("1.5"), 10, Decimal("-5.1"), 9]
    assert [one["delivered"] for one in found] == [Decimal("7.5"), 16, Decimal("0.9"), 15]
    assert [one["paid"] for one in found] == [Decimal("7.5"), 15, Decimal("0.9"), 15]


def test_what_is_missing_is_a_gap_that_is_named_and_never_paid(ordered: Grid, dso: Any, clock: Any) -> None:
    ordered.order("O2", meterIds=["M2", "M3"], price=Decimal("0.2"))
    assert dso.of("aggregator").post("/Flexibility/Baseline", [baseline("M2"), baseline("M3")]).status_code == 200
    ordered.read("M1", HOUR)
    ordered.read("M2", HOUR)
    ordered.read("M3", {"10:00": 32_000, "10:45": 30_000})
    clock.now = at("12:00")
    first, second = content(dso.post(PATH, WHICH))["made"]
    assert (first["gaps"], first["orderedEnergy"], first["paidEnergy"], first["amount"]) == (4, 20, 0, 0)
    assert {one["gap"]["cause"] for one in detail(dso)["intervals"]} == {"NoBaseline"}
    assert (second["gaps"], second["paidEnergy"], second["amount"]) == (2, Decimal("7.25"), Decimal("1.45"))
    gaps = [one["gap"] for one in detail(dso, offer="O2")["intervals"]]
    assert gaps == [None, *[{"cause": "NoReading", "meterIds": ["M3"]}] * 2, None]


def test_where_a_meter_that_feeds_in_lacks_what_it_fed_in_nothing_is_known(ordered: Grid, dso: Any, clock: Any) -> None:
    dso.of("aggregator").post("/Flexibility/Baseline", [baseline()])
    ordered.read(
        "M1", {"09:00": (0, 2_000), "10:00": (30_000, 0), "10:15": 30_000, "10:30": 30_000, "10:45": (0, None)}
    )
    clock.now = at("12:00")
    dso.post(PATH, WHICH)
    assert [one["gap"] and one["gap"]["cause"] for one in detail(dso)["intervals"]] == [None, *["NoReading"] * 3]


def test_a_meter_that_only_tells_what_it_feeds_in_draws_nothing(ordered: Grid, dso: Any, clock: Any) -> None:
    dso.of("aggregator").post("/Flexibility/Baseline", [baseline(power=-10)])
    ordered.read("M1", dict.fromkeys(("10:00", "10:15", "10:30"), (None, 25000)) | {"10:45": (None, None)})
    clock.now = at("12:00")
    dso.post(PATH, WHICH)
    assert [one["delivered"] for one in detail(dso)["intervals"]] == [15, 15, 15, None]


def test_what_a_meter_that_draws_did_not_tell_is_not_nothing(ordered: Grid, dso: Any, clock: Any) -> None:
    dso.of("aggregator").post("/Flexibility/Baseline", [baseline()])
    ordered.read("M1", {"10:00": (30_000, 0), "10:15": (None, 0), "10:30": (30_000, 0), "10:45": (30_000, 0)})
    clock.now = at("12:00")
    dso.post(PATH, WHICH)
    assert [one["gap"] and one["gap"]["cause"] for one in detail(dso)["intervals"]] == [None, "NoReading", None, None]


def test_what_a_meter_changes_is_paid_once_in_the_order_that_was_given_first(
    delivered: Grid, dso: Any, computed: Compute
) -> None:
    delivered.need("N2", startTime="2026-11-21T10:30:00Z", endTime="2026-11-21T11:30:00Z")
    later = {"requestId": "N2", "startTime": "2026-11-21T10:30:00Z", "endTime": "2026-11-21T11:30:00Z"}
    delivered.order("Late", provider="retailer", meterIds=["M1"], **later)
    assert computed()["made"][0]["gaps"] == 0
    dso.post(PATH, {"requestIds": ["N2"]})
    gaps = [one["gap"] for one in content(dso.get(f"{PATH}/retailer/N2/Late/1"))["intervals"]]
    shared, alone = {"cause": "SharedMeter", "meterIds": ["M1"]}, {"cause": "NoBaseline", "meterIds": ["M1"]}
    assert gaps == [shared, shared, alone, alone]


def test_an_order_no_is_left_alone_and_one_that_is_not_over_or_reactive_is_skipped_with_the_reason(
    delivered: Grid, dso: Any, clock: Any
) -> None:
    delivered.order("Declined", activation="No", meterIds=["M2"])
    delivered.need("N2", endTime="2026-11-21T12:15:00Z")
    delivered.order("Later", requestId="N2", endTime="2026-11-21T12:15:00Z", meterIds=["M2"])
    delivered.need("N3", typePower="Reactive", measurementUnit="kvar")
    delivered.order("Var", requestId="N3", measurementUnit="kvar", meterIds=["M3"])
    found = content(dso.post(PATH, {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}))
    assert [one["offerId"] for one in found["made"]] == ["O1"]
    assert {one["offerId"]: one["reason"] for one in found["skipped"]} == {
        "Later": "its delivery ends at 2026-11-21T12:15:00Z",
        "Var": "it is for reactive power, of which no baseline exists",
    }


def test_an_activation_that_its_provider_cancelled_or_did_not_answer_is_not_settled_and_claims_no_meter(
    delivered: Grid, dso: Any, computed: Compute
) -> None:
    delivered.order("Cancelled", answer="cancelled", meterIds=["M2"])
    delivered.order("Silent", answer="sent", meterIds=["M2"])
    delivered.order("Next", meterIds=["M2"])
    found = computed()
    assert ([one["offerId"] for one in found["made"]], found["skipped"]) == (["O1", "Next"], [])
    assert {one["gap"]["cause"] for one in detail(dso, offer="Next")["intervals"]} == {"NoBaseline"}


def test_computed_again_a_report_stays_as_it_is(computed: Compute, dso: Any) -> None:
    (first,) = computed()["made"]
    again = computed()
    assert (again["made"], again["unchanged"]) == ([], [first])


def test_a_changed_reading_makes_a_new_version_and_the_old_one_stays_readable(
    computed: Compute, delivered: Grid, dso: Any, clock: Any
) -> None:
    computed()
    delivered.read("M1", {"10:45": 31_000})
    clock.advance(hours=1)
    (second,) = computed()["made"]
    assert (second["version"], second["paidEnergy"]) == (2, 19)
    first = detail(dso, 1)
    assert (first["state"], first["paidEnergy"], first["intervals"][3]["metered"]) == (
        "superseded",
        Decimal("14.25"),
        61,
    )
    assert first["history"][-1]["cause"] == "version 2 takes its place: it came out otherwise"
    assert [one["version"] for one in content(dso.get(PATH, params={"requestId": "N1"}))] == [1, 2]
    assert first["due"] == 0


def test_what_is_written_the_database_itself_refuses_to_change(computed: Compute, delivered: Grid) -> None:
    computed()
    for table in (store.REPORTS, store.QUARTERS, store.HISTORY, store.BASELINES):
        column = next(column for column in table.c if not column.primary_key)
        with pytest.raises(DBAPIError, match="only grows"), delivered.database.writing() as connection:
            connection.execute(update(table).values({column.name: column}))


def test_computed_many_times_at_once_there_is_one_version(computed: Compute, dso: Any) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: computed(), range(6)))
    assert sorted(len(one["made"]) for one in found) == [0] * 5 + [1]
    assert len(dso.get(PATH).json()) == 1


def test_needs_that_do_not_exist_are_not_found(grid: Grid, dso: Any) -> None:
    refused = dso.post(PATH, {"requestIds": ["N1", "N9"]})
    assert (refused.status_code, faults(refused)) == (404, {"/requestIds/1": "no need N9"})
    nobody = {"startTime": "2027-01-01T00:00:00Z", "endTime": "2027-01-02T00:00:00Z"}
    assert dso.post(PATH, nobody).status_code == 404
    assert dso.get(f"{PATH}/aggregator/N1/O9/1").status_code == 404
    assert content(dso.post(PATH, WHICH)) == {"made": [], "unchanged": [], "skipped": []}


def test_the_clearing_price_is_that_of_the_dearest_offer_ordered_at_the_time(
    delivered: Grid, dso: Any, computed: Compute
) -> None:
    half = {"startTime": "2026-11-21T10:30:00Z", "endTime": "2026-11-21T11:00:00Z"}
    delivered.order("Dear", price=Decimal("0.3"), meterIds=["M2"], **half)
    delivered.order("Declined", activation="No", price=9, meterIds=["M3"])
    line = computed()["made"][0]
    assert [one["clearingPrice"] for one in detail(dso)["intervals"]] == [Decimal("0.1")] * 2 + [Decimal("0.3")] * 2
    assert line["clearingAmount"] == Decimal("2.42")  # (18 + 19) / 4 x 0.1 + 20 / 4 x 0.3 = 2.425
    assert line["amount"] == Decimal("1.42")


def test_the_hour_that_the_clocks_repeat_is_delivered_twice_and_the_one_they_skip_never(
    services: Any, database: Any, clock: Any
) -> None:
    dso = services("data_sharing", "flexibility", "settlement", time_zone="Europe/Paris")
    grid = Grid(database)
    grid.meter("M1")
    nights = {
        "2026-03-29": ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-29T00:00:00Z", 3, 92),
        "2026-10-25": ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-24T23:00:00Z", 5, 100),
    }  # delivery from 01:00 to 05:00 on the clock on the wall: three hours in March, five in October
    for night, (start, end, first, hours, count) in nights.items():
        clock.now = datetime(2026, 3, 1, tzinfo=UTC)
        begin = datetime.fromisoformat(first)
        quarter = at("0:15") - at("0:00")
        period = {"startTime": first, "endTime": written(begin + 4 * hours * quarter)}
        grid.need(night, **period)
        grid.order("O1", requestId=night, offer=4, **period)
        quarters = [written(datetime.fromisoformat(start) + n * quarter) for n in range(count)]
        day = baseline(startTime=start, endTime=end, createdAt="2026-02-20T11:00:00Z")
        day["baseline"] = [{"time": one, "power": 5} for one in quarters]
        assert dso.of("aggregator").post("/Flexibility/Baseline", [day]).status_code == 200
        midnight = datetime.fromisoformat(first).replace(hour=0)
        times = [begin + n * quarter for n in range(4 * hours)]
        for one in times:
            grid.read("M1", {f"{one:%H:%M}": 1_000}, day=one.replace(hour=0, minute=0) if one >= midnight else midnight)
        clock.now = datetime(2026, 11, 1, tzinfo=UTC)
        (line,) = content(dso.post(PATH, {"requestIds": [night]}))["made"]
        assert (line["quarters"], line["gaps"], line["paidEnergy"]) == (4 * hours, 0, 4 * hours)
        assert line["startTime"].startswith(f"{night}T01:00:00+0")
        assert line["endTime"].startswith(f"{night}T05:00:00+0")


def test_only_the_control_room_computes_and_reads_reports(delivered: Grid, dso: Any) -> None:
    for stranger in ("aggregator", "retailer", "third", "analyst"):
        assert dso.of(stranger).post(PATH, WHICH).status_code == 403
        assert dso.of(stranger).get(PATH).status_code == 403
