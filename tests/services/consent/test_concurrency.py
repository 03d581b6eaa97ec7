"""Several at once: one outcome, nothing lost. On PostgreSQL for real; SQLite tells the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

import pytest

from gridlingua.services.consent import decisions
from gridlingua.services.consent.grants import require
from gridlingua.services.consent.store import Cause
from gridlingua.services.data_sharing import add_customers, load_readings
from gridlingua.services.data_sharing.loading import Series
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.services.refusals import ForbiddenError

from .conftest import Desk, grant

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED: dict[str, Any] = {
    "reference": "G1",
    "organisation": "aggregator",
    "user": "U1",
    "kind": "metering",
    "start": datetime(2026, 11, 19, tzinfo=UTC),
    "end": datetime(2026, 11, 20, tzinfo=UTC),
    "now": NOW,
}
QUERY = {
    "type": "User",
    "id": "U1",
    "grant": "G1",
    "granularity": "1",
    "start": "2026-11-19T00:00:00Z",
    "end": "2026-11-20T00:00:00Z",
}
AT_ONCE = 8
# a transaction of SQLite sees one moment and lets nobody wait: what that comes to is told by the tests on both
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def granted(desk: Desk) -> str:
    """The reference of a consent with the grant G1."""
    assert desk.client.post("/operator/data/grants", [grant()]).status_code == 201
    return str(desk.records()[0]["reference"])


@ON_POSTGRESQL
def test_a_withdrawal_waits_for_the_query_that_was_first(desk: Desk, granted: str) -> None:
    withdrawn = threading.Event()

    def withdraw() -> int:
        status = int(desk.act(granted, "withdrawal", cause="the user telephoned").status_code)
        withdrawn.set()
        return status

    with ThreadPoolExecutor(1) as pool:
        with desk.database.reading() as connection:
            require(connection, **ASKED)
            done = pool.submit(withdraw)
            assert not withdrawn.wait(0.7)  # the user is told that it is over only when it is
            assert require(connection, **ASKED).reference == "G1"
        assert done.result() == 200
    with pytest.raises(ForbiddenError, match="was withdrawn"), desk.database.reading() as connection:
        require(connection, **ASKED)


@ON_POSTGRESQL
@pytest.mark.parametrize("kind", ["reading", "writing"])
def test_a_query_that_comes_during_a_withdrawal_is_refused(desk: Desk, granted: str, kind: str) -> None:
    begun = threading.Event()

    def query() -> str:
        try:
            with getattr(desk.database, kind)() as connection:
                begun.set()
                require(connection, **ASKED)
        except ForbiddenError as error:
            return error.faults[0].message
        return ""

    with ThreadPoolExecutor(1) as pool:
        with desk.database.writing() as connection:
            row = decisions.record(connection, granted, lock=True)
            decisions.withdraw(connection, row, NOW, Cause("withdrawn on the page", "user U1"))
            done = pool.submit(query)
            assert begun.wait(5)
            sleep(0.5)
            assert not done.done()  # it waits to see how the withdrawal ends
        said = "was withdrawn at" if kind == "writing" else "it was ended at this very moment"
        assert said in done.result()


@ON_POSTGRESQL
def test_a_query_that_waited_for_a_withdrawal_that_failed_is_answered(desk: Desk, granted: str) -> None:
    def query() -> str:
        with desk.database.reading() as connection:
            return require(connection, **ASKED).reference

    with ThreadPoolExecutor(1) as pool:
        with desk.database.engine.connect() as connection:
            row = decisions.record(connection, granted, lock=True)
            decisions.withdraw(connection, row, NOW, Cause("withdrawn on the page", "user U1"))
            done = pool.submit(query)
            sleep(0.3)
            connection.rollback()  # the mains went
        assert done.result() == "G1"


@ON_POSTGRESQL
def test_a_stream_of_queries_does_not_keep_a_withdrawal_out(desk: Desk, granted: str) -> None:
    over = threading.Event()

    def query() -> None:
        while not over.is_set():
            try:
                with desk.database.reading() as connection:
                    require(connection, **ASKED)
                    sleep(0.02)
            except ForbiddenError:
                return

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(AT_ONCE):
            pool.submit(query)
        sleep(0.3)
        begun = monotonic()
        assert desk.act(granted, "withdrawal", cause="the user telephoned").status_code == 200
        took = monotonic() - begun
        over.set()
    assert took < 1  # seconds; by locks of rows alone it took four


def test_no_query_that_begins_after_a_withdrawal_is_answered_however_many_run(
    services: Any, database: Any, clock: Any
) -> None:
    desk = Desk(services("consent", "data_sharing"), database)
    add_customers(database, [Customer(user="U1", meter_id="M1", zone="Z1")])
    load_readings(database, [Series("M1", datetime(2026, 11, 19, tzinfo=UTC), range(96))])
    assert desk.client.post("/operator/data/grants", [grant()]).status_code == 201
    (record,) = desk.records()
    over = threading.Event()
    answered: list[tuple[float, float, int, str]] = []

    def query(_: int) -> None:
        mine = desk.client.of("aggregator")
        while not over.is_set():
            begun = monotonic()
            found = mine.get("/Data/Metering", params=QUERY)
            answered.append((begun, monotonic(), found.status_code, found.text))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(query, number) for number in range(AT_ONCE)]
        sleep(0.6)
        asked = monotonic()
        assert desk.act(record["reference"], "withdrawal", cause="the user telephoned").status_code == 200
        told = monotonic()
        sleep(0.4)
        over.set()
        for one in running:
            one.result()
    assert {status for _, _, status, _ in answered} == {200, 403}
    assert all(status == 200 for _, end, status, _ in answered if end < asked)
    assert all(status == 403 for begun, _, status, _ in answered if begun > told)
    assert all(text.count('"time"') == 96 for _, _, status, text in answered if status == 200)
    assert told - asked < 5  # a stream of queries does not keep a withdrawal out


def test_a_withdrawal_takes_effect_at_once_on_the_network_too(services: Any, database: Any, clock: Any) -> None:
    desk = Desk(services("consent", "data_sharing"), database)
    add_customers(database, [Customer(user="U1", meter_id="M1", zone="Z1")])
    load_readings(database, [Series("M1", datetime(2026, 11, 19, tzinfo=UTC), range(96))])
    reference, manage = desk.given()
    query = QUERY | {"grant": desk.record(reference)["grant"]}
    over = {"Gridlingua-Requester": "https://aggregator.example.org/kb"}
    foreign = {"Gridlingua-Requester": "https://retailer.example.org/kb"}
    assert desk.client.get("/Data/Metering", params=query, headers=over).status_code == 200
    assert desk.client.get("/Data/Metering", params=query, headers=foreign).status_code == 403
    desk.press(manage, "withdraw")
    refused = desk.client.get("/Data/Metering", params=query, headers=over)
    assert (refused.status_code, "it was withdrawn at" in refused.json()["detail"]) == (403, True)


def moves(desk: Desk, reference: str) -> list[str]:
    """The states of a consent in their order; a link that was made of it moves nothing."""
    return [one["after"] for one in desk.record(reference)["history"] if one.get("before") != one["after"]]


def test_of_many_presses_of_one_link_one_counts(desk: Desk) -> None:
    reference = desk.asked()
    path = desk.link(reference)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda number: desk.press(path, ("give", "refuse")[number % 2]), range(AT_ONCE)))
    assert sorted(one.status_code for one in found) == [303] + [409] * (AT_ONCE - 1)
    assert len(moves(desk, reference)) == 2


def test_the_user_and_the_dso_deciding_at_once_have_one_outcome(desk: Desk) -> None:
    for number in range(5):
        user = f"U{number}"
        reference = desk.asked(endUser=user)
        path = desk.link(reference)
        with ThreadPoolExecutor(2) as pool:
            page = pool.submit(desk.press, path, "give")
            portal = pool.submit(desk.act, reference, "decision", decision="Refused", cause="said no at the counter")
            statuses = (page.result().status_code, portal.result().status_code)
        assert statuses in {(303, 409), (409, 200)}
        assert moves(desk, reference) == ["requested", "granted" if statuses[0] == 303 else "refused"]
        assert desk.ask(endUser=user).json()["status"] == ("Given" if statuses[0] == 303 else "Refused")


def test_a_withdrawal_and_a_revocation_at_once_have_one_outcome(desk: Desk, granted: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(desk.act, granted, what, cause="it is over") for what in ("withdrawal", "revocation")]
        assert sorted(end.result().status_code for end in ends) == [200, 409]
    assert len(desk.record(granted)["history"]) == 2


def test_the_same_grant_entered_by_many_at_once_is_one(desk: Desk) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda _: desk.client.of("dso").post("/operator/data/grants", [grant()]), range(AT_ONCE))
        assert {one.status_code for one in found} == {201}
    assert len(desk.records()) == 1
