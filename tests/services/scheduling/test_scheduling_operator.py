"""The operator sees every job and what was tried, lets one be done now, and lets a kind stand still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gridlingua.errors import RemoteError
from gridlingua.services.scheduling import Due, Scheduler, run_due
from gridlingua.web.services import Settings, create_app

from ..conftest import running

JOBS, HISTORY, RETRY = (f"/operator/scheduling/{name}" for name in ("jobs", "history", "retry"))
A = {"kind": "work", "key": "a"}


def away(_key: str) -> str:
    raise RemoteError("they are away", retry=True)


@pytest.fixture
def app(database_url: str, clock: Any) -> Any:
    return create_app(Settings(("scheduling",), database_url), clock)


@pytest.fixture
def client(app: Any, work: Any) -> Iterator[Any]:
    """An operator of a process that has the test's work, and threads that are not begun."""
    app.state.scheduler = Scheduler(app.state.context, [work.job()])
    with running(app) as client:
        yield client


@pytest.fixture
def here(app: Any) -> Any:
    return app.state.context


def test_the_operator_sees_what_is_due_and_what_was_tried(client: Any, here: Any, clock: Any, work: Any) -> None:
    until = clock.now + timedelta(hours=4)
    work.dues, work.does = [Due("a", clock.now, until), ("b", clock.now + timedelta(days=1))], away
    run_due(here, [work.job()])
    [b, a] = client.get(JOBS).json()
    assert (b["key"], b["state"], b["due"], b["until"]) == ("b", "pending", "2026-11-21T12:00:00Z", None)
    assert (a["attempts"], a["until"], a["detail"]) == (1, "2026-11-20T16:00:00Z", "they are away")
    assert a["nextAt"] > "2026-11-20T12:00:02"
    assert "claim" not in a
    history = client.get(HISTORY, params=A).json()
    assert history["history"] == [
        {
            "begunAt": "2026-11-20T12:00:00Z",
            "endedAt": "2026-11-20T12:00:00Z",
            "outcome": "retry",
            "detail": "they are away",
        }
    ]


def test_jobs_are_listed_by_kind_and_state_and_in_pages(client: Any, here: Any, clock: Any, work: Any) -> None:
    work.dues = [(f"{number}", clock.now) for number in range(5)]
    run_due(here, [work.job()])
    assert len(client.get(JOBS, params={"state": "done", "kind": "work"}).json()) == 5
    assert client.get(JOBS, params={"state": "missed"}).json() == []
    assert client.get(JOBS, params={"kind": "other"}).json() == []
    page = client.get(JOBS, params={"limit": 2, "after": 3})
    assert [one["key"] for one in page.json()] == ["3", "4"]
    assert 'rel="next"' in client.get(JOBS, params={"limit": 2}).headers["Link"]
    assert client.get(JOBS, params={"state": "lost"}).status_code == 422


def test_the_operator_lets_a_job_that_was_given_up_be_done_now(client: Any, here: Any, clock: Any, work: Any) -> None:
    def refuse(_key: str) -> str:
        raise RemoteError("they do not want it")

    work.dues, work.does = [("a", clock.now)], refuse
    run_due(here, [work.job()])
    work.does = lambda _key: "at last"
    answer = client.post(RETRY, A)
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    run_due(here, [work.job()])
    history = client.get(HISTORY, params=A).json()
    assert (history["state"], [one["outcome"] for one in history["history"]]) == ("done", ["failed", "done"])


def test_what_is_done_or_of_no_use_is_not_done_again(client: Any, here: Any, clock: Any, work: Any) -> None:
    work.dues = [("a", clock.now)]
    run_due(here, [work.job()])
    assert client.post(RETRY, A).status_code == 409
    assert "never done twice" in client.post(RETRY, A).json()["detail"]
    work.dues = [Due("late", clock.now, clock.now + timedelta(hours=1))]
    work.does = away
    run_due(here, [work.job()])
    clock.advance(hours=1)
    run_due(here, [work.job()])
    answer = client.post(RETRY, {"kind": "work", "key": "late"})
    assert (answer.status_code, "of no use any more" in answer.json()["detail"]) == (409, True)


def test_a_kind_that_stands_still_waits_and_what_passes_meanwhile_is_told(
    client: Any, here: Any, clock: Any, work: Any
) -> None:
    run_due(here, [work.job()])
    paused = client.post("/operator/scheduling/pause", {"kind": "work", "paused": True}, method="PUT")
    assert paused.json() | {"since": ""} == {
        "kind": "work",
        "since": "",
        "plannedUntil": "2026-11-20T12:00:00Z",
        "paused": True,
        "served": True,
    }
    work.dues = [("a", clock.now), Due("b", clock.now, clock.now + timedelta(hours=1))]
    assert run_due(here, [work.job()]) == []
    clock.advance(hours=1)
    assert [one.key for one in run_due(here, [work.job()])] == ["b"]
    client.post("/operator/scheduling/pause", {"kind": "work", "paused": False}, method="PUT")
    assert [one.key for one in run_due(here, [work.job()])] == ["a"]
    assert work.did == ["a"]
    [kind] = client.get("/operator/scheduling/kinds").json()
    assert (kind["kind"], kind["paused"]) == ("work", False)


def test_a_kind_can_stand_still_before_it_was_ever_planned(client: Any, here: Any, clock: Any, work: Any) -> None:
    client.post("/operator/scheduling/pause", {"kind": "work", "paused": True}, method="PUT")
    work.dues = [("a", clock.now)]
    assert run_due(here, [work.job()]) == []


def test_what_there_is_not_is_told_as_such(client: Any) -> None:
    assert client.get(HISTORY, params=A).status_code == 404
    assert client.post(RETRY, A).json()["detail"] == "there is no job a of kind work"
    unknown = client.post("/operator/scheduling/pause", {"kind": "x", "paused": True}, method="PUT")
    assert unknown.status_code == 404
    assert client.get(HISTORY, params={"kind": "a\0", "key": "b"}).status_code == 422


def test_nobody_but_the_staff_sees_or_does_any_of_it(client: Any) -> None:
    for name in ("aggregator", "third", "analyst"):
        other = client.of(name)
        assert other.get(JOBS).status_code == other.post(RETRY, A).status_code == 403
    assert client.of("").get(JOBS).status_code == 401


def test_a_process_without_the_scheduling_service_runs_nothing(tmp_path: Path, clock: Any) -> None:
    app = create_app(Settings(("flexibility",), f"sqlite:///{tmp_path / 'x.sqlite'}"), clock)
    assert app.state.scheduler.jobs == ()
