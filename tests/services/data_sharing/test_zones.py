"""Zones over HTTP: their metering when it tells of nobody, their needs, and what the operator sees of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import simplejson

from gridlingua.catalogue import Catalogue
from gridlingua.storage import Database

from ..exchanges import judge
from ..samples import need
from .conftest import MIDNIGHT, POINTS, READINGS, day, homes_day, street

PERIOD = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
EVENING = {"start": "2026-11-19T18:00:00Z", "end": "2026-11-19T20:00:00Z"}
PARTIES = ("aggregator", "third", "analyst")


def content(response: Any) -> Any:
    return simplejson.loads(response.text, use_decimal=True)


@pytest.fixture
def dso(take: Callable[..., Any], services: Any) -> Any:
    """A street of sixty homes and a bakery, with a day of readings; and a mill in a zone of its own."""
    take(POINTS, street())
    take(READINGS, [*homes_day(), *day("PT8000"), *day("PT9000")])
    return services("data_sharing", "consent", "flexibility")


def ask(dso: Any, zone: str, granularity: int = 1, party: str = "analyst", **period: str) -> Any:
    question = {"type": "Anonymized", "id": zone, "granularity": granularity} | PERIOD | period
    return dso.of(party).get("/Data/Metering", params=question)


@pytest.mark.parametrize("granularity", [1, 2, 3])
def test_a_zone_is_told_by_sum_and_mean_of_its_clients(dso: Any, catalogue: Catalogue, granularity: int) -> None:
    found = ask(dso, "Z1", granularity)
    assert found.status_code == 200
    total, mean = content(found)
    assert (total["aggregate"], mean["aggregate"], total["clients"], mean["clients"]) == ("Sum", "Mean", 61, 61)
    assert len(total["metering"]) == {1: 96, 2: 24, 3: 1}[granularity]
    lines = [line.split(",") for line in [*homes_day(), *day("PT8000")]]
    exact = sum(Decimal(line[2]) for line in lines)
    told = sum(one["measurement"] for one in total["metering"]) * {1: 1, 2: 4, 3: 96}[granularity]
    assert abs(told - exact) <= Decimal("0.001")
    for both in zip(total["metering"], mean["metering"], strict=True):
        assert abs(both[0]["measurement"] / 61 - both[1]["measurement"]) < Decimal("0.000001")
    judge(
        catalogue,
        "data_sharing/anonymized_metering",
        {"id": "Z1", "granularity": granularity, **PERIOD},
        content(found),
    )


def test_over_how_many_clients_a_sum_is_told_at_least_is_the_dsos_to_say(dso: Any, services: Any) -> None:
    stricter = services("data_sharing", "consent", fewest_clients=62)
    refused = ask(stricter, "Z1")
    assert (refused.status_code, "fewer than 62 clients" in refused.json()["detail"]) == (403, True)


@pytest.mark.parametrize("zone", ["postal code 4000-100", "primary substation PS1", "secondary feeder SS1.0"])
def test_zones_of_other_kinds_are_refused_with_those_that_are_answered(dso: Any, zone: str) -> None:
    refused = ask(dso, zone.rsplit(" ", 1)[1], **EVENING)
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        f"{zone} can overlap declared zones, which alone are told anonymized: that would not be anonymous; ask for one "
        "of these zones: Z1",
    )


def test_a_home_in_three_large_zones_of_several_kinds_is_not_told_of(services: Any, take: Callable[..., Any]) -> None:
    p, q, r = "4000-101", "4000-102", "4000-103"
    groups = [("A", q, "N", 20), ("B", p, "N", 20), ("B", q, "N", 1), ("B", r, "", 20), ("C", q, "", 20)]
    homes = [group[:3] for group in groups for _ in range(int(group[3]))]
    points = [f"M{i},LVClient,U{i},{zone},{postal},{fed}" for i, (zone, postal, fed) in enumerate(homes)]
    take("meter_id,kind,user,zone,postal_code,primary_substation", points)
    take(
        "meter_id,time,active_withdrawn_W",
        [f"M{i},2026-11-19T18:00:00Z,{4321 if i == 40 else 500 + i}" for i in range(len(homes))],
    )
    asked = services("data_sharing")
    quarter = EVENING | {"end": "2026-11-19T18:15:00Z"}
    answers = {zone: ask(asked, zone, **quarter).status_code for zone in ("A", "B", "C", "N", p, q, r)}
    assert answers == dict.fromkeys("ABC", 200) | dict.fromkeys(("N", p, q, r), 403)


@pytest.mark.parametrize(
    ("zone", "changes", "status", "said"),
    [
        (
            "Z2",
            {},
            403,
            "zone Z2 has fewer than 10 clients: that would not be anonymous; ask for one of these zones: Z1",
        ),
        ("Z9", {}, 404, "there is no client in a zone Z9"),
        ("Z1", {"end": "2028-01-01T00:00:00Z"}, 422, "longer than 366 days"),
        ("Z1", {"end": "2026-11-19T00:10:00Z"}, 422, "no whole quarter-hour of Europe/Lisbon lies within"),
        (
            "Z1",
            {"start": "2026-11-20T00:00:00Z", "end": "2026-11-21T00:00:00Z"},
            404,
            "no interval of zone Z1 is complete",
        ),
    ],
)
def test_what_may_not_be_told_of_a_zone_is_refused_in_words(
    dso: Any, zone: str, changes: dict[str, str], status: int, said: str
) -> None:
    refused = ask(dso, zone, **changes)
    assert (refused.status_code, said in refused.json()["detail"]) == (status, True)


def test_a_quarter_hour_that_one_client_dominates_is_refused_and_so_is_every_hour_with_it(
    dso: Any, take: Callable[..., Any]
) -> None:
    heavy = ["PT8000,2026-11-19T03:15:00Z,90", "PT8000,2026-11-19T05:15:00Z,95"]
    assert take("meter_id,time,active_withdrawn_kW", heavy, replace=True)[0].changed == 2
    for granularity in (1, 2, 3):
        refused = ask(dso, "Z1", granularity)
        assert refused.json()["detail"] == (
            "in zone Z1 from 2026-11-19T03:15:00Z on one client draws more than 80% of the sum, or nobody draws "
            "anything, and 1 more quarter-hours are like that: that would not be anonymous; ask for a larger zone or "
            "another time"
        )
    assert ask(dso, "Z1", **EVENING).status_code == 200


def test_an_interval_that_one_client_lacks_is_left_out_and_named(dso: Any, grid: Database) -> None:
    with grid.writing() as connection:
        quarter = int(MIDNIGHT.timestamp()) // 900 + 4 * 19
        connection.exec_driver_sql(f"DELETE FROM data_sharing_readings WHERE point = 7 AND quarter = {quarter}")
    found = ask(dso, "Z1", 2)
    assert (found.headers["Gridlingua-Gaps"], len(content(found)[0]["metering"])) == ("1; 2026-11-19T19:00:00Z", 23)
    assert content(found)[0]["clients"] == 61
    assert ask(dso, "Z1", 3).status_code == 404
    without = ask(dso, "Z1", start="2026-11-19T19:00:00Z", end="2026-11-19T19:15:00Z")
    assert (without.status_code, "each of its 61 clients must have its readings" in without.json()["detail"]) == (
        404,
        True,
    )


def test_a_reading_that_comes_late_is_not_the_difference_of_two_answers(dso: Any, take: Callable[..., Any]) -> None:
    take(POINTS, ["PT0500,LVClient,LATE,Z1,,,,,"])
    before = ask(dso, "Z1", **EVENING)
    assert (before.status_code, "each of its 62 clients" in before.json()["detail"]) == (404, True)
    take(READINGS, [*day("PT0500")])
    assert content(ask(dso, "Z1", **EVENING))[0]["clients"] == 62


def test_nobody_needs_a_grant_for_what_is_anonymous_and_the_dsos_other_roles_ask_elsewhere(dso: Any) -> None:
    assert [ask(dso, "Z1", party=party, **EVENING).status_code for party in (*PARTIES, "dso", "")] == [200] * 3 + [
        403,
        401,
    ]


def needs(dso: Any, **changes: str) -> Any:
    question = {"zoneId": "Z1", "startTime": "2026-11-20T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"} | changes
    return question, dso.of("aggregator").get("/Data/Flexibility", params=question)


def test_the_needs_of_a_zone_are_told_past_and_to_come(dso: Any, catalogue: Catalogue) -> None:
    meters = ["PT0001", "PT0002"]
    times = {"startTime": "2026-11-20T08:00:00Z", "endTime": "2026-11-20T10:00:00Z"}
    known = [
        need("N1", eligibleClients=meters, **times),
        need("N2", eligibleClients=meters, startTime="2026-11-21T18:00:00Z", endTime="2026-11-21T19:00:00Z", needs=50),
        need("N3", eligibleClients=["PT9000"], **times),
        need("N4", eligibleClients=["PT0001", "PT9000"], **times),
    ]
    recorded = dso.post("/operator/flexibility/calendar", {"gates": "open"}, method="PUT")
    assert recorded.status_code == 200, recorded.text
    assert dso.post("/operator/flexibility/needs", known).status_code == 201
    question, found = needs(dso)
    assert found.status_code == 200, found.text
    told = content(found)
    assert (told["granularity"], told["kind"]) == (2, ["Historical", "Historical", "Forecast"])
    assert told["dates"] == ["2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z", "2026-11-21T18:00:00Z"]
    assert (told["needs"], told["eligibleClients"]) == ([100, 100, 50], [meters] * 3)
    judge(catalogue, "data_sharing/flexibility_history", question, told)
    assert needs(dso, zoneId="SS1")[1].status_code == 200
    assert [needs(dso, zoneId=zone)[1].json()["needs"] for zone in ("Z2", "PS1")] == [[100, 100], [300, 300, 50]]


def test_a_zone_that_needed_nothing_and_one_there_is_not_are_told_apart(dso: Any) -> None:
    _, nothing = needs(dso)
    assert (nothing.status_code, "nothing is or was needed in zone Z1" in nothing.json()["detail"]) == (404, True)
    _, nowhere = needs(dso, zoneId="Z9")
    assert (nowhere.status_code, nowhere.json()["detail"]) == (404, "there is no client in a zone Z9")


def test_the_operator_sees_zones_topology_points_and_gaps(dso: Any) -> None:
    zones = {(one["kind"], one["zone"]): one for one in dso.get("/operator/data/zones").json()}
    assert zones["zone", "Z1"] == {"kind": "zone", "zone": "Z1", "clients": 61, "refusal": None}
    assert zones["zone", "Z2"]["refusal"] == "zone Z2 has fewer than 10 clients"
    assert {kind: one["refusal"] for (kind, name), one in zones.items() if name in ("4000-100", "SS1.1")} == {
        "postal_code": "postal code 4000-100 can overlap declared zones, which alone are told anonymized",
        "secondary_feeder": "secondary feeder SS1.1 can overlap declared zones, which alone are told anonymized",
    }
    topology = dso.get("/operator/data/topology", params={"limit": 1})
    assert topology.json() == [
        {"meterId": "PT0000", "kind": "LVClient", "secondarySubstation": "SS1", "secondaryFeeder": "SS1.0"}
        | {"primarySubstation": "PS1", "primaryFeeder": "PS1.1"}
    ]
    assert 'rel="next"' in topology.headers["Link"]
    mill = dso.get("/operator/data/topology", params={"zone": "Z2"}).json()
    assert (len(mill), mill[0]["secondarySubstation"]) == (1, None)
    stations = dso.get("/operator/data/points", params={"kind": "PrimarySubstation"}).json()
    assert [one["meterId"] for one in stations] == ["PS1"]
    assert len(dso.get("/operator/data/points", params={"zone": "Z1"}).json()) == 61
    gaps = dso.get("/operator/data/gaps", params=PERIOD | {"end": "2026-11-20T01:00:00Z", "zone": "Z2"}).json()
    assert gaps == [
        {"meterId": "PT9000", "kind": "MVClient", "missing": 4, "expected": 100, "last": "2026-11-19T23:45:00Z"}
    ]
    without = dso.get("/operator/data/gaps", params=PERIOD).json()
    assert [(one["meterId"], one["missing"], one["last"]) for one in without] == [("SS1", 96, None), ("PS1", 96, None)]


def test_points_are_added_all_or_none(dso: Any) -> None:
    home = {"meterId": "PT0500", "kind": "LVClient", "zone": "Z1"}
    added = dso.post("/operator/data/points", [home])
    assert (added.status_code, added.json()[0]["user"]) == (201, "PT0500")
    assert dso.post("/operator/data/points", [home]).status_code == 201
    for wrong, status, pointer in (
        ({"meterId": "X", "kind": "LVClient"}, 422, "/1/zone"),
        ({**home, "zone": "Z2"}, 409, "/1"),
        ({"meterId": "X", "kind": "LVClient", "zone": "Z1", "user": "U0001"}, 409, ""),
        ({"meterId": "X", "kind": "House"}, 422, "/1/kind"),
    ):
        refused = dso.post("/operator/data/points", [{**home, "meterId": "PT0501"}, wrong])
        assert (refused.status_code, refused.json()["faults"][0]["pointer"]) == (status, pointer), refused.text
    assert len(dso.get("/operator/data/points", params={"zone": "Z1"}).json()) == 62


def test_a_file_can_be_the_body_of_a_request(dso: Any) -> None:
    def send(lines: list[str], **query: Any) -> Any:
        body = "\n".join(["meter_id,time,active_withdrawn_kW", *lines]).encode()
        return dso.post("/operator/data/imports", body, params=query, headers={"Content-Type": "text/csv"})

    good, bad = "PT0001,2026-11-20T00:00:00Z,1", "PT0001,2026-11-20T00:15:00Z,-1"
    refused = send([good, bad])
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["message"].startswith("line 3: active_withdrawn '-1' is below zero")
    skipped = send([good, bad], skipBad="true").json()
    counts = {name: skipped[name] for name in ("rows", "added", "bad")}
    assert (counts, skipped["rejected"][0]["line"]) == ({"rows": 2, "added": 1, "bad": 1}, 3)
    assert send([good]).json()["known"] == 1
    assert send(["PT0001,2026-11-20T00:00:00Z,2"]).status_code == 422
    assert send(["PT0001,2026-11-20T00:00:00Z,2"], replace="true").json()["changed"] == 1
    assert send([]).json()["rows"] == 0
    assert dso.post("/operator/data/imports", b"").status_code == 422
