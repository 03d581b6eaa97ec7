"""Work is done when it is due: once, again when it helps, and never forgotten."""

from __future__ import annotations

import logging
import threading
import types
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gridlingua.errors import MessageError, RemoteError
from gridlingua.services import Context
from gridlingua.services.scheduling import Due, Job, Scheduler, jobs_of, planned_until, run_due, store
from gridlingua.services.scheduling import operations as scheduling
from gridlingua.services.scheduling.domain import LEASE
from gridlingua.storage import Database

HOUR = timedelta(hours=1)


def states(here: Context) -> dict[str, str]:
    with here.database.reading() as connection:
        return {row.key: row.state for row in connection.execute(select(store.JOBS))}


def outcomes(here: Context, key: str, kind: str = "work") -> list[str]:
    with here.database.reading() as connection:
        return [row.outcome for row in store.attempts(connection, kind, key)]


def away(_key: str) -> str:
    raise RemoteError("they are away", retry=True)


def refuse(_key: str) -> str:
    raise RemoteError("they do not want it", status=422)


def fail(_key: str) -> str:
    raise KeyError("nobody foresaw this")


def test_a_job_is_done_when_it_is_due_and_once(here: Context, clock: Any, work: Any) -> None:
    work.dues = [("a", clock.now + HOUR)]
    work.does = lambda key: f"did {key}"
    assert run_due(here, [work.job()]) == []
    assert states(here) == {"a": "pending"}
    clock.advance(hours=1)
    [done] = run_due(here, [work.job()])
    assert (done.key, done.verdict.state, done.verdict.detail) == ("a", "done", "did a")
    assert run_due(here, [work.job()]) == []
    assert work.did == ["a"]
    assert outcomes(here, "a") == ["done"]


def test_jobs_are_done_in_the_order_they_are_due(here: Context, clock: Any, work: Any) -> None:
    work.dues = [("c", clock.now), ("a", clock.now - HOUR), ("b", clock.now - HOUR)]
    run_due(here, [work.job()])
    assert work.did == ["a", "b", "c"]


def test_a_job_that_may_help_later_is_tried_again_after_a_wait(here: Context, clock: Any, work: Any) -> None:
    work.dues, work.does = [Due("a", clock.now, clock.now + 4 * HOUR)], away
    run_due(here, [work.job()])
    assert run_due(here, [work.job()]) == []
    clock.advance(seconds=5)
    run_due(here, [work.job()])
    work.does = lambda _key: None
    clock.advance(seconds=10)
    [done] = run_due(here, [work.job()])
    assert done.verdict.state == "done"
    assert outcomes(here, "a") == ["retry", "retry", "done"]


def test_a_job_is_tried_until_its_time_has_passed_and_then_given_up_for_all_to_see(
    here: Context, clock: Any, work: Any, caplog: pytest.LogCaptureFixture
) -> None:
    work.dues, work.does = [Due("a", clock.now, clock.now + HOUR)], away
    end, tried = clock.now + HOUR, []
    while clock.now < end + HOUR:
        tried += [clock.now] * len(run_due(here, [work.job()]))
        clock.advance(seconds=1)
    assert states(here) == {"a": "failed"}
    assert 8 < len(work.did) < 20
    assert end - timedelta(seconds=6) <= tried[-1] < end
    assert any(record.levelno == logging.ERROR and "given up" in record.message for record in caplog.records)


def test_a_refusal_ends_a_job_at_once(here: Context, clock: Any, work: Any) -> None:
    work.dues, work.does = [("a", clock.now)], refuse
    [done] = run_due(here, [work.job()])
    assert (done.verdict.state, done.verdict.detail) == ("failed", "they do not want it")
    clock.advance(days=1)
    assert run_due(here, [work.job()]) == []


def test_an_error_that_nobody_foresaw_is_logged_and_tried_again(
    here: Context, clock: Any, work: Any, caplog: pytest.LogCaptureFixture
) -> None:
    work.dues, work.does = [("a", clock.now), ("b", clock.now)], fail
    assert [one.verdict.state for one in run_due(here, [work.job()])] == ["pending", "pending"]
    assert "nobody foresaw" in caplog.text


def test_a_kind_whose_plan_fails_does_not_keep_the_others_from_theirs(here: Context, clock: Any, work: Any) -> None:
    def broken(_now: datetime, _here: Context) -> Iterable[Due]:
        raise RuntimeError("broken")

    work.dues = [("a", clock.now)]
    run_due(here, [Job("broken", broken, lambda _here, _key: None), work.job()])
    assert work.did == ["a"]


def test_what_fell_due_while_nobody_was_there_is_done_late_while_it_is_of_use_else_told_aloud(
    here: Context, clock: Any, work: Any, caplog: pytest.LogCaptureFixture
) -> None:
    run_due(here, [work.job()])
    noon = clock.now
    clock.advance(hours=30)
    work.dues = [Due(f"{hours} h", noon + hours * HOUR, noon + (hours + 4) * HOUR) for hours in (6, 12, 18, 24, 27)]
    told = {one.key: one.verdict.state for one in run_due(here, [work.job()])}
    assert told == {"6 h": "missed", "12 h": "missed", "18 h": "missed", "24 h": "missed", "27 h": "done"}
    assert work.did == ["27 h"]
    assert caplog.text.count("nobody was there") == 4
    assert outcomes(here, "6 h") == ["missed"]
    assert run_due(here, [work.job()]) == []


def test_what_was_over_before_a_kind_was_first_planned_was_never_promised(here: Context, clock: Any, work: Any) -> None:
    past = clock.now - HOUR
    work.dues = [Due("over", past, past), Due("late", past, clock.now + HOUR), ("endless", past)]
    run_due(here, [work.job()])
    assert sorted(work.did) == ["endless", "late"]
    assert "over" not in states(here)


def test_a_job_that_waits_may_turn_out_to_be_of_use_for_longer(here: Context, clock: Any, work: Any) -> None:
    work.does = away
    work.dues = [Due("a", clock.now, clock.now + HOUR), Due("b", clock.now, clock.now + HOUR)]
    run_due(here, [work.job()])
    work.dues = [Due("a", clock.now, clock.now + 3 * HOUR), Due("b", clock.now, clock.now + HOUR / 2)]
    scheduling.plan(here, [work.job()])
    work.dues, work.does = [], lambda _key: None
    clock.advance(hours=2)
    assert {one.key: one.verdict.state for one in run_due(here, [work.job()])} == {"a": "done", "b": "failed"}


def test_a_plan_is_told_until_when_it_was_planned_before(here: Context, clock: Any, work: Any) -> None:
    assert planned_until(here, "work") == clock.now
    run_due(here, [work.job()])
    noon = clock.now
    clock.advance(hours=30)
    assert planned_until(here, "work") == noon


def test_a_process_that_died_over_a_job_is_followed_by_another_when_its_lease_ends(
    here: Context, clock: Any, work: Any, caplog: pytest.LogCaptureFixture
) -> None:
    work.dues = [("a", clock.now)]
    scheduling.plan(here, [work.job()])
    with here.database.writing() as connection:
        assert store.claim(connection, ["work"], clock.now, "dead") is not None
    assert run_due(here, [work.job()]) == []
    clock.advance(seconds=LEASE.total_seconds())
    [done] = run_due(here, [work.job()])
    assert done.verdict.state == "done"
    assert outcomes(here, "a") == ["lost", "done"]
    with here.database.writing() as connection:
        assert not store.settle(connection, "dead", clock.now, done.verdict)
    assert outcomes(here, "a") == ["lost", "done"]


def test_a_lease_that_is_renewed_stands(here: Context, clock: Any, work: Any) -> None:
    work.dues = [("a", clock.now)]
    scheduling.plan(here, [work.job()])
    with here.database.writing() as connection:
        store.claim(connection, ["work"], clock.now, "alive")
    clock.advance(seconds=LEASE.total_seconds() - 1)
    with here.database.writing() as connection:
        assert store.renew(connection, "alive", clock.now)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert run_due(here, [work.job()]) == []
    clock.advance(seconds=1)
    assert len(run_due(here, [work.job()])) == 1
    with here.database.writing() as connection:
        assert not store.renew(connection, "alive", clock.now)


def test_a_process_that_died_over_a_job_until_its_time_passed_is_told_as_such(
    here: Context, clock: Any, work: Any
) -> None:
    work.dues = [Due("a", clock.now, clock.now + HOUR)]
    scheduling.plan(here, [work.job()])
    with here.database.writing() as connection:
        store.claim(connection, ["work"], clock.now, "dead")
    clock.advance(hours=2)
    [done] = run_due(here, [work.job()])
    assert done.verdict.state == "failed"
    assert "may have been done" in done.verdict.detail
    assert outcomes(here, "a") == ["lost", "failed"]


def test_of_many_threads_and_connections_one_does_each_job(
    here: Context, database_url: str, clock: Any, work: Any
) -> None:
    work.dues = [(f"{number:03}", clock.now) for number in range(60)]
    others = [replace(here, database=Database(database_url)) for _ in range(6)]
    found: list[int] = []
    threads = [threading.Thread(target=lambda one=one: found.append(len(run_due(one, [work.job()])))) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in others:
        one.database.close()
    assert sum(found) == 60
    assert set(Counter(work.did).values()) == {1}
    assert set(states(here).values()) == {"done"}


def test_two_services_may_not_call_their_jobs_the_same(work: Any) -> None:
    a, b = types.ModuleType("a"), types.ModuleType("b")
    a.jobs = (work.job("x"),)  # type: ignore[attr-defined]
    assert [job.kind for job in jobs_of([a, b])] == ["x"]
    b.jobs = (work.job("x"), work.job("y"))  # type: ignore[attr-defined]
    with pytest.raises(MessageError, match="two kinds of jobs are called x"):
        jobs_of([a, b])


def test_the_threads_do_what_is_due_when_woken_and_end_in_order(here: Context, clock: Any, work: Any) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_key: str) -> str:
        begun.set()
        assert go_on.wait(20)
        return "slowly"

    work.does = slowly
    scheduler = Scheduler(here, [work.job()], threads=2, poll=60)
    scheduler.start()
    work.dues = [("a", clock.now)]
    scheduler.wake()
    assert begun.wait(20)
    ending = threading.Thread(target=scheduler.stop)
    ending.start()
    go_on.set()
    ending.join(20)
    assert not ending.is_alive()
    assert states(here) == {"a": "done"}
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("scheduler")]


def test_the_threads_outlive_a_database_that_fails(
    here: Context, clock: Any, work: Any, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()
    work.does = lambda _key: done.set()
    with here.database.writing() as connection:
        store.ATTEMPTS.drop(connection)
        store.JOBS.drop(connection)
    scheduler = Scheduler(here, [work.job()], threads=1, poll=0.05)
    scheduler.start()
    try:
        while "goes on in" not in caplog.text:
            threading.Event().wait(0.01)
        with here.database.writing() as connection:
            store.metadata.create_all(connection)
        work.dues = [("a", clock.now)]
        assert done.wait(20)
    finally:
        scheduler.stop()


def test_a_scheduler_that_was_stopped_can_begin_again(here: Context, clock: Any, work: Any) -> None:
    scheduler = Scheduler(here, [work.job()], threads=2)
    for key in ("a", "b"):
        done = threading.Event()
        work.does, work.dues = (lambda _key, done=done: done.set()), [(key, clock.now)]
        scheduler.start()
        assert done.wait(20)
        scheduler.stop()
    assert work.did == ["a", "b"]


def test_a_scheduler_without_jobs_starts_nothing(here: Context) -> None:
    scheduler = Scheduler(here, [])
    scheduler.start()
    scheduler.stop()
