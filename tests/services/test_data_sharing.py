"""The DSO's data sharing service over HTTP, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
import simplejson
from sqlalchemy import text

from gridlingua.services.data_sharing import add_customers, load_readings, metadata, store
from gridlingua.services.data_sharing.domain import quarter_of
from gridlingua.services.data_sharing.loading import Series
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.storage import Database

ASKER = "aggregator"
MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
DAY = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
QUESTION = {"type": "User", "id": "U1", "grant": "G1", "granularity": "1"} | DAY


def grant(reference: str = "G1", **changes: str) -> dict[str, str]:
    return {
        "reference": reference,
        "user": "U1",
        "grantee": ASKER,
        "validFrom": "2026-11-01T00:00:00Z",
        "validUntil": "2026-12-01T00:00:00Z",
    } | changes


@pytest.fixture
def filled(database: Database) -> Database:
    """Two customers of zone Z1: U1 with two days of readings, U2 with one; and one of Z2 without any."""
    database.upgrade(metadata)
    customers = [("U1", "M1", "Z1"), ("U2", "M2", "Z1"), ("U3", "M3", "Z2")]
    add_customers(database, [Customer(user=user, meter_id=meter, zone=zone) for user, meter, zone in customers])
    load_readings(database, [Series("M1", MIDNIGHT, range(1, 193)), Series("M2", MIDNIGHT, [500] * 96)])
    return database


@pytest.fixture
def dso(filled: Database, services: Any) -> Any:
    client = services("data_sharing", "consent")
    assert client.post("/operator/data/grants", [grant()]).status_code == 201
    return client


def ask(dso: Any, organisation: str = ASKER, **changes: str) -> Any:
    return dso.of(organisation).get("/Data/Metering", params=QUESTION | changes)


def content(response: Any) -> Any:
    return simplejson.loads(response.text, use_decimal=True)


def test_a_day_of_quarter_hours_is_96_exact_readings_in_the_order_of_time(dso: Any) -> None:
    found = ask(dso)
    assert found.status_code == 200
    (metering,) = content(found)
    assert metering["user"] == "U1"
    assert metering["metering"] == [
        {
            "time": (MIDNIGHT + i * timedelta(minutes=15)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "measurement": Decimal(i + 1) / 1000,
            "unit": "kW",
        }
        for i in range(96)
    ]
    assert "Gridlingua-Gaps" not in found.headers


def test_hours_and_days_are_means(dso: Any) -> None:
    hours = content(ask(dso, granularity="2"))[0]["metering"]
    assert (len(hours), hours[0]) == (
        24,
        {"time": "2026-11-19T00:00:00Z", "measurement": Decimal("0.0025"), "unit": "kW"},
    )
    days = content(ask(dso, granularity="3", end="2026-11-21T00:00:00Z"))[0]["metering"]
    assert [(day["time"], day["measurement"]) for day in days] == [
        ("2026-11-19T00:00:00Z", Decimal("0.0485")),
        ("2026-11-20T00:00:00Z", Decimal("0.1445")),
    ]


def test_days_are_those_of_the_dsos_zone_and_say_so(filled: Database, services: Any) -> None:
    dso = services("data_sharing", "consent", time_zone="Europe/Berlin")
    dso.post("/operator/data/grants", [grant()])
    (day,) = content(ask(dso, granularity="3", end="2026-11-21T00:00:00Z"))[0]["metering"]
    assert (day["time"], day["measurement"]) == ("2026-11-20T00:00:00+01:00", Decimal("0.1405"))


def test_an_interval_with_a_gap_is_left_out_and_named(dso: Any, filled: Database) -> None:
    with filled.writing() as connection:
        missing = quarter_of(MIDNIGHT + timedelta(hours=7, minutes=30))
        connection.execute(text(f"DELETE FROM data_sharing_readings WHERE point = 1 AND quarter = {missing}"))
    hours = ask(dso, granularity="2")
    assert len(hours.json()[0]["metering"]) == 23
    assert hours.headers["Gridlingua-Gaps"] == "1; 2026-11-19T07:00:00Z"
    day = ask(dso, granularity="3")
    assert (day.status_code, day.json()["detail"]) == (
        404,
        "user U1 has no complete day of readings from 2026-11-19T00:00:00Z to 2026-11-20T00:00:00Z; 1 lack a reading",
    )


def test_more_gaps_than_can_be_named_are_counted(dso: Any) -> None:
    found = ask(dso, start="2026-11-20T23:00:00Z", end="2026-11-22T00:00:00Z")
    assert len(found.json()[0]["metering"]) == 4
    assert found.headers["Gridlingua-Gaps"].startswith("96; 2026-11-21T00:00:00Z, 2026-11-21T00:15:00Z")
    assert found.headers["Gridlingua-Gaps"].endswith(", ...")


@pytest.mark.parametrize(
    ("requester", "changes", "status", "said"),
    [
        ("dso", {}, 403, "this is for data_service_provider, end_user, service_provider, third_party"),
        (ASKER, {"id": "U9"}, 403, "grant G1 does not let aggregator read the metering of U9; ask the user for one"),
        (ASKER, {"grant": ""}, 422, "/grant"),
        (ASKER, {"grant": "G9"}, 403, f"grant G9 does not let {ASKER} read the metering of U1; ask the user for one"),
        ("retailer", {}, 403, "grant G1 does not let retailer read the metering of U1; ask the user for one"),
        (ASKER, {"id": "U2"}, 403, "read the metering of U2"),
        (ASKER, {"start": "2026-11-25T00:00:00Z", "end": "2026-11-26T00:00:00Z"}, 404, "no complete quarter-hour"),
        (ASKER, {"type": "Anonymous"}, 422, "/type: Input should be 'User'"),
        (ASKER, {"granularity": "4"}, 422, "/granularity: Input should be '1', '2' or '3', not '4'"),
        (ASKER, {"end": DAY["start"]}, 422, "the end must be later than the start"),
        (ASKER, {"granularity": "3", "end": "2026-11-19T23:45:00Z"}, 422, "no whole day of Europe/Lisbon lies within"),
        (ASKER, {"end": "2028-01-01T00:00:00Z"}, 422, "longer than 366 days"),
        (ASKER, {"end": "2026-12-02T00:00:00Z"}, 403, "it covers 2026-11-01T00:00:00Z to 2026-12-01T00:00:00Z"),
        (ASKER, {"end": "9999-12-31T23:59:59Z"}, 422, "is not of the years 1900 to 2199"),
    ],
)
def test_what_may_not_or_cannot_be_given_is_refused_in_words(
    dso: Any, requester: str, changes: dict[str, str], status: int, said: str
) -> None:
    refused = ask(dso, requester, **changes)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert said in refused.json()["detail"]


def test_a_grant_works_from_its_first_instant_until_just_before_its_last(dso: Any, clock: Any) -> None:
    states = []
    for at in ("2026-10-31T23:59:59", "2026-11-01T00:00:00", "2026-11-30T23:59:59", "2026-12-01T00:00:00"):
        clock.now = datetime.fromisoformat(at).replace(tzinfo=UTC)
        states.append(ask(dso).status_code)
    assert states == [403, 200, 200, 403]
    assert ask(dso).json()["detail"].endswith("it expired at 2026-12-01T00:00:00Z")


def test_an_end_user_needs_no_grant_for_the_own_data_and_one_for_that_of_others(dso: Any) -> None:
    home = {"id": "home-one", "name": "Home One", "roles": ["end_user"]}
    assert dso.post("/admin/organisations", home, method="PUT").status_code == 201
    key = dso.post("/admin/organisations/home-one/credentials", {"kind": "key"}).json()["key"]
    own = {name: value for name, value in QUESTION.items() if name != "grant"}
    assert dso.get("/Data/Metering", params=own, headers={"X-API-Key": key}).status_code == 403
    assert (
        dso.post("/operator/data/accounts", [{"organisation": "home-one", "user": "U9"}], method="PUT").status_code
        == 404
    )
    for _ in range(2):
        account = {"organisation": "home-one", "user": "U1"}
        assert dso.post("/operator/data/accounts", [account], method="PUT").json() == [account]
    assert dso.get("/operator/data/accounts").json() == [account]
    assert len(content(dso.get("/Data/Metering", params=own, headers={"X-API-Key": key}))[0]["metering"]) == 96
    refused = dso.get("/Data/Metering", params=own | {"id": "U2"}, headers={"X-API-Key": key})
    assert (refused.status_code, "name its reference in grant" in refused.json()["detail"]) == (403, True)


def test_customers_are_added_once_and_all_or_none(dso: Any) -> None:
    new = {"user": "U4", "meterId": "M4", "zone": "Z2"}
    for wrong in ({"user": "U1", "meterId": "M9", "zone": "Z1"}, {"user": "U5", "meterId": "M1", "zone": "Z1"}):
        assert dso.post("/operator/data/customers", [new, wrong]).status_code == 409
    assert dso.post("/operator/data/customers", [new, new]).status_code == 409
    assert [one["user"] for one in dso.get("/operator/data/customers", params={"zone": "Z2"}).json()] == ["U3"]
    assert [dso.post("/operator/data/customers", [new]).status_code for _ in range(2)] == [201, 201]
    assert len(dso.get("/operator/data/customers").json()) == 4


def test_the_load_of_a_zone_is_the_sum_of_its_customers_and_fits_the_derivation_of_needs(
    dso: Any, services: Any
) -> None:
    period = {"start": "2026-11-19T10:00:00Z", "end": "2026-11-19T11:00:00Z"}
    load = content(dso.get("/operator/data/zones/Z1/load", params=period))
    assert load == {
        "zone": "Z1",
        "measurementUnit": "kW",
        "start": "2026-11-19T10:00:00Z",
        "load": [Decimal(f"0.5{i}") for i in (41, 42, 43, 44)],
        "meterIds": ["M1", "M2"],
    }
    derived = services("flexibility").post(
        "/operator/flexibility/needs/derivation", load | {"limit": Decimal("0.5425"), "start": "2026-11-26T10:00:00Z"}
    )
    assert [(one["requestId"], one["needs"]) for one in content(derived)] == [("Z1.20261126T1030Z", Decimal("0.0015"))]


def test_the_load_of_a_zone_is_below_zero_where_it_feeds_in_more_than_it_draws(dso: Any, filled: Database) -> None:
    names = ("P1", "P2", "P3")
    add_customers(filled, [Customer(user=f"U-{one}", meter_id=one, zone="Z7") for one in names])
    series = [Series(one, MIDNIGHT, [5_000] * 4, [30_000] * 4) for one in names[:2]]
    load_readings(filled, [*series, Series("P3", MIDNIGHT, [5_000] * 3)])
    with filled.writing() as connection:  # a meter of a plant alone tells only what it feeds in
        (number, _) = store.numbers(connection)["P3"]
        row = {"point": number, "quarter": quarter_of(MIDNIGHT) + 3, "injected_w": 30_000}
        connection.execute(store.READINGS.insert().values(row))
    period = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-19T01:00:00Z"}
    assert content(dso.get("/operator/data/zones/Z7/load", params=period))["load"] == [-45, -45, -45, -80]


def test_the_load_of_a_zone_is_refused_where_a_customer_lacks_a_reading(dso: Any) -> None:
    period = {"start": "2026-11-19T23:00:00Z", "end": "2026-11-20T01:00:00Z"}
    refused = dso.get("/operator/data/zones/Z1/load", params=period)
    said = "zone Z1 at 2026-11-20T00:00:00Z: 1 of 2 customers have a reading; a sum needs all"
    assert (refused.status_code, refused.json()["detail"]) == (409, said)
    assert dso.get("/operator/data/zones/Z9/load", params=period).status_code == 404


@pytest.mark.parametrize(
    ("series", "error", "said"),
    [
        (Series("M9", MIDNIGHT, [1]), NotFoundError, "no point has meter M9"),
        (Series("M3", MIDNIGHT + timedelta(minutes=1), [1]), RefusedError, "does not begin a quarter-hour"),
        (Series("M3", MIDNIGHT, [1, -2]), RefusedError, "a power of -2 W is below zero"),
        (
            Series("M1", MIDNIGHT + timedelta(days=1), [1]),
            ConflictError,
            "M1 has readings in these quarter-hours",
        ),
    ],
)
def test_a_load_with_one_bad_series_loads_nothing(
    filled: Database, series: Series, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_readings(filled, [Series("M3", MIDNIGHT - timedelta(days=1), [7] * 96), series])
    with filled.reading() as connection:
        assert store.readings(connection, 3, 0, 2**31 - 1) == {}


def test_loading_tells_its_progress_and_how_much_it_was(filled: Database) -> None:
    told: list[int] = []
    day_after = MIDNIGHT + timedelta(days=1)
    series = [Series("M3", MIDNIGHT, [1] * 10), Series("M2", day_after, []), Series("M2", day_after, [2] * 5)]
    assert load_readings(filled, iter(series), told.append) == 15
    assert told == [10, 0, 5]


def test_a_days_query_goes_along_the_key(filled: Database) -> None:
    if not filled.is_sqlite:
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")
    query = "SELECT quarter, withdrawn_w FROM data_sharing_readings WHERE point = 1 AND quarter >= 5 AND quarter < 9"
    with filled.reading() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert "USING PRIMARY KEY (point=? AND quarter>? AND quarter<?)" in plan[0][-1]


def test_a_day_of_a_year_of_ten_customers_is_read_in_milliseconds(database: Database) -> None:
    database.upgrade(metadata)
    names = [f"{n:03d}" for n in range(10)]
    add_customers(database, [Customer(user=f"U{n}", meter_id=f"M{n}", zone="Z1") for n in names])

    def year() -> Iterator[Series]:
        for name in names:
            yield Series(f"M{name}", MIDNIGHT - timedelta(days=365), [300] * 35_040)

    assert load_readings(database, year()) == 10 * 35_040
    last = quarter_of(MIDNIGHT)
    with database.reading() as connection:
        times = []
        for customer in range(1, 11):
            begun = perf_counter()
            assert len(store.readings(connection, customer, last - 96, last)) == 96
            times.append(perf_counter() - begun)
    assert sorted(times)[5] < 0.1  # 1 ms; the machine may be busy
