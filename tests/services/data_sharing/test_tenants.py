"""A meter that has another user: what the former one drew is not the next one's to see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gridlingua.services.data_sharing import load_readings, store
from gridlingua.services.data_sharing.loading import Series
from gridlingua.services.data_sharing.points import Point
from gridlingua.storage import Database

START = datetime(2026, 11, 19, tzinfo=UTC)
DAY = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
YEAR = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}


def move_in(database: Database, user: str) -> None:
    """Let a user have the meter M1: the first one, or after another."""
    point = Point(kind="LVClient", meter_id="M1", user=user, zone="Z1")
    with database.writing() as connection:
        if store.all_points(connection):
            store.replace_point(connection, point)
        else:
            store.insert_points(connection, [point])


def ask(dso: Any, user: str) -> Any:
    grant = {"reference": f"G-{user}", "user": user, "grantee": "aggregator", **YEAR}
    dso.post("/operator/data/grants", [grant])
    question = {"type": "User", "id": user, "grant": f"G-{user}", "granularity": "1", **DAY}
    return dso.of("aggregator").get("/Data/Metering", params=question)


def test_the_next_user_of_a_meter_does_not_see_what_the_former_drew(services: Any, database: Database) -> None:
    dso = services("data_sharing", "consent")
    move_in(database, "U1")
    load_readings(database, [Series("M1", START, [500] * 96)])
    assert ask(dso, "U1").status_code == 200
    move_in(database, "U2")
    assert [ask(dso, user).status_code for user in ("U1", "U2")] == [404, 404]
    load_readings(database, [Series("M1", START, [700] * 96)])
    assert {one["measurement"] for one in ask(dso, "U2").json()[0]["metering"]} == {0.7}
    move_in(database, "U1")
    assert ask(dso, "U1").status_code == 404


def test_a_point_whose_user_stays_keeps_its_readings(services: Any, database: Database) -> None:
    dso = services("data_sharing", "consent")
    move_in(database, "U1")
    load_readings(database, [Series("M1", START, [500] * 96)])
    move_in(database, "U1")
    assert ask(dso, "U1").status_code == 200
