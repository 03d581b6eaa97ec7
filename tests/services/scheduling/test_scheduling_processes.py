"""Real processes on one database: two at once, and one that is killed between sending and noting it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gridlingua.services.scheduling import store
from gridlingua.services.scheduling.domain import LEASE
from gridlingua.storage import Database

from ..samples import answer

WORKER = Path(__file__).parent / "worker.py"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def start(url: str, receiver: str, now: datetime = NOON, count: int = 1) -> subprocess.Popen[str]:
    """A process that waits for ``go``, so that several begin at once."""
    given = [url, receiver, NOON.isoformat(), now.isoformat(), str(count)]
    process = subprocess.Popen(
        [sys.executable, str(WORKER), *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(*processes: subprocess.Popen[str]) -> list[list[str]]:
    """Let processes begin, and wait for what they did."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].split("\n")[:-1] for process in processes]


def outcomes(url: str) -> list[str]:
    database = Database(url)
    with database.reading() as connection:
        found = [row.outcome for row in connection.execute(select(store.ATTEMPTS).order_by(store.ATTEMPTS.c.number))]
    database.close()
    return found


def test_two_processes_send_everything_once_between_them(database_url: str, adapter: Any) -> None:
    adapter.say([])
    processes = [start(database_url, adapter.url, count=40) for _ in range(2)]
    first, second = go(*processes)
    assert len(first) + len(second) == 40
    received = Counter(call.path for call in adapter.calls)
    assert len(received) == 40
    assert set(received.values()) == {1}


def killing(victims: list[subprocess.Popen[str]]) -> Callable[[Any], Any]:
    """A receiver that has the message when its sender dies, once."""

    def receive(_call: Any) -> Any:
        if victims:
            victim = victims.pop()
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
        return answer([])

    return receive


def test_a_process_killed_between_sending_and_noting_it_is_followed_by_one_that_sends_the_same_message(
    database_url: str, adapter: Any
) -> None:
    first = start(database_url, adapter.url)
    adapter.answers = killing([first])
    assert go(first) == [[]]
    assert first.returncode == -signal.SIGKILL
    assert outcomes(database_url) == ["running"]

    at_once = start(database_url, adapter.url)
    assert go(at_once) == [[]]  # the dead one's lease has not ended

    second = start(database_url, adapter.url, now=NOON + LEASE)
    assert go(second) == [["000 done"]]
    third = start(database_url, adapter.url, now=NOON + 2 * LEASE)
    assert go(third) == [[]]
    assert [call.path for call in adapter.calls] == ["/000", "/000"]
    assert outcomes(database_url) == ["lost", "done"]


def test_a_process_killed_over_the_first_of_many_leaves_the_others_to_be_sent_once_each(
    database_url: str, adapter: Any
) -> None:
    first = start(database_url, adapter.url, count=10)
    adapter.answers = killing([first])
    go(first)
    second = start(database_url, adapter.url, now=NOON + timedelta(hours=1), count=10)
    [done] = go(second)
    assert len(done) == 10
    received = Counter(call.path for call in adapter.calls)
    assert received.pop("/000") == 2
    assert received == {f"/{number:03}": 1 for number in range(1, 10)}


def test_what_a_killed_process_left_until_its_time_had_passed_is_not_sent_any_more(
    database_url: str, adapter: Any
) -> None:
    first = start(database_url, adapter.url, count=3)
    adapter.answers = killing([first])
    go(first)
    late = start(database_url, adapter.url, now=NOON + timedelta(hours=4), count=3)
    assert sorted(go(late)[0]) == ["000 failed", "001 missed", "002 missed"]
    assert len(adapter.calls) == 1
