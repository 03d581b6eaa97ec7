"""Grants: what they allow, to whom, of whom, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridlingua.services.consent import metadata
from gridlingua.services.consent.grants import enter, require
from gridlingua.services.consent.messages import Grant
from gridlingua.services.refusals import ForbiddenError
from gridlingua.storage import Database

from .conftest import grant

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST, LAST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
ASKED: dict[str, Any] = {
    "reference": "G1",
    "organisation": "aggregator",
    "user": "U1",
    "kind": "metering",
    "start": datetime(2026, 11, 19, tzinfo=UTC),
    "end": datetime(2026, 11, 20, tzinfo=UTC),
    "now": NOW,
}


@pytest.fixture
def granted(database: Database) -> Database:
    database.upgrade(metadata)
    with database.writing() as connection:
        enter(connection, [Grant.model_validate(grant())], NOW, "dso")
    return database


@pytest.fixture
def refusal(granted: Database) -> Callable[..., str]:
    """Why something is not allowed; nothing when it is."""

    def ask(**changes: Any) -> str:
        try:
            with granted.reading() as connection:
                found = require(connection, **ASKED | changes)
        except ForbiddenError as error:
            return error.faults[0].message
        assert found.reference == "G1"
        return ""

    return ask


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"reference": "G9"}, "grant G9 does not let aggregator read the metering of U1; ask the user for one"),
        ({"organisation": "retailer"}, "grant G1 does not let retailer read the metering of U1; ask the user for one"),
        ({"user": "U2"}, "grant G1 does not let aggregator read the metering of U2; ask the user for one"),
        ({"kind": "voltage"}, "grant G1 does not let aggregator read the voltage of U1: it is for metering"),
        ({"kind": "cutoff_power"}, "grant G1 does not let aggregator read the cutoff power of U1: it is for metering"),
        (
            {"now": LAST},
            "grant G1 does not let aggregator read the metering of U1: it expired at 2026-12-01T00:00:00Z",
        ),
        (
            {"now": FIRST - timedelta(seconds=1)},
            "grant G1 does not let aggregator read the metering of U1: it is valid from 2026-11-01T00:00:00Z",
        ),
        (
            {"start": FIRST - timedelta(days=1)},
            "grant G1 does not let aggregator read the metering of U1 from 2026-10-31T00:00:00Z to "
            "2026-11-20T00:00:00Z: it covers 2026-11-01T00:00:00Z to 2026-12-01T00:00:00Z",
        ),
        ({"start": FIRST, "end": LAST, "now": FIRST}, ""),
        ({"now": LAST - timedelta(microseconds=1)}, ""),
    ],
)
def test_a_grant_is_for_its_grantee_user_kind_and_period(
    refusal: Callable[..., str], changes: dict[str, Any], said: str
) -> None:
    assert refusal(**changes) == said
    assert refusal(lock=False, **changes) == said


HOURS = st.integers(-100, 900).map(lambda hours: FIRST + timedelta(hours=hours))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOURS, st.integers(1, 200), HOURS)
def test_data_is_read_exactly_within_the_grant_and_while_it_lasts(
    refusal: Callable[..., str], start: datetime, hours: int, now: datetime
) -> None:
    end = start + timedelta(hours=hours)
    allowed = FIRST <= now < LAST and start >= FIRST and end <= LAST
    assert (refusal(start=start, end=end, now=now) == "") == allowed


def test_an_ended_grant_says_when_and_how_it_ended(desk: Any, clock: Any) -> None:
    desk.client.post("/operator/data/grants", [grant(), grant("G2", user="U2")])
    first, second = (one["reference"] for one in desk.records())
    clock.advance(minutes=1)
    desk.act(first, "withdrawal", cause="the user telephoned")
    desk.act(second, "revocation", cause="entered by mistake")
    for reference, user, how in (("G1", "U1", "withdrawn"), ("G2", "U2", "revoked")):
        with (
            pytest.raises(ForbiddenError, match=f"it was {how} at 2026-11-20T12:01:00Z"),
            desk.database.reading() as connection,
        ):
            require(connection, **ASKED | {"reference": reference, "user": user})
    assert desk.client.get("/operator/data/grants").json() == []


def test_grants_are_entered_all_or_none_and_once(desk: Any) -> None:
    post = desk.client.post
    assert post("/operator/data/grants", [grant()]).json() == [grant()]
    assert post("/operator/data/grants", [grant()]).status_code == 201
    assert desk.client.get("/operator/data/grants").json() == [grant()]
    without_kinds = {key: value for key, value in grant().items() if key != "kinds"}
    assert post("/operator/data/grants", [without_kinds]).json() == [grant()]
    changed = post("/operator/data/grants", [grant("G5"), grant(validUntil="2027-01-01T00:00:00Z")])
    assert (changed.status_code, changed.json()["faults"]) == (
        409,
        [{"pointer": "/1", "message": "reference G1 is already known with another validUntil; send it as it was, "
          "or under a new id"}],
    )  # fmt: skip
    wrong = post("/operator/data/grants", [grant("G2"), grant("G3", validUntil="2026-11-01T01:00:00+01:00")])
    assert (wrong.status_code, wrong.json()["faults"][0]["pointer"]) == (422, "/1/validUntil")
    twice = post("/operator/data/grants", [grant("G2"), grant("G2")])
    assert (twice.status_code, twice.json()["faults"][0]["pointer"]) == (422, "/1")
    nobody = post("/operator/data/grants", [grant("G2"), grant("G3", grantee="nobody")])
    assert (nobody.status_code, nobody.json()["faults"][0]["pointer"]) == (404, "/1/grantee")
    kinds = post("/operator/data/grants", [grant("G2", kinds=["everything"])])
    assert (kinds.status_code, "everything" in kinds.json()["detail"]) == (422, True)
    assert len(desk.records()) == 1


def test_an_ended_grant_is_not_brought_back_under_its_reference(desk: Any) -> None:
    desk.client.post("/operator/data/grants", [grant()])
    desk.act(desk.records()[0]["reference"], "revocation", cause="entered by mistake")
    again = desk.client.post("/operator/data/grants", [grant()])
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "/0: grant G1 is revoked; enter a new one under a new reference",
    )


def test_only_the_control_room_enters_grants(desk: Any) -> None:
    for organisation in ("aggregator", "third", "north-grid"):
        assert desk.client.of(organisation).post("/operator/data/grants", [grant()]).status_code == 403
    assert desk.client.of("").get("/operator/data/grants").status_code == 401
