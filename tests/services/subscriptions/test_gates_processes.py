"""Needs at their gate, by real processes and threads: killed, at once, and woken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gridlingua.services.scheduling.domain import LEASE

from ..samples import PROVIDER, Answer, acknowledge_all, answer, need
from .conftest import ACKNOWLEDGED, SUBSCRIBE, Message, Receiver, acknowledge, subscription

WORKER = Path(__file__).parent / "worker.py"
TEN, NOON = (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (10, 12))
NEEDS = "/operator/flexibility/needs"


@pytest.fixture(autouse=True)
def morning(clock: Any) -> None:
    clock.now = TEN


def start(url: str, network: str, now: datetime) -> subprocess.Popen[str]:
    given = [url, network, now.isoformat()]
    return subprocess.Popen([sys.executable, str(WORKER), *given], stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> list[str]:
    return process.communicate(timeout=60)[0].split("\n")[:-1]


class Deduplicating:
    """A receiver that knows a message again by its id, as ours do, and so takes each need once."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self.kill = kill
        self.taken: list[str] = []
        self.known: dict[str, Answer] = {}

    def __call__(self, message: Message) -> Answer:
        identifier = message.headers["webhook-id"]
        if identifier not in self.known:
            self.taken += [one["requestId"] for one in message.body]
            self.known[identifier] = answer([{"requestId": one["requestId"]} | ACKNOWLEDGED for one in message.body])
            self.kill()
        return self.known[identifier]


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_process_killed_when_the_subscriber_has_the_needs_is_followed_by_the_same_message(
    called_back: Any, receiver: Receiver, adapter: Any, database_url: str
) -> None:
    called_back.post(NEEDS, [need("N1"), need("N2")])
    processes: list[subprocess.Popen[str]] = []
    receiver.answers = subscriber = Deduplicating(lambda: kill(processes[0]))
    processes.append(start(database_url, adapter.url, NOON))
    assert said(processes[0]) == []
    assert processes[0].returncode == -signal.SIGKILL
    assert said(start(database_url, adapter.url, NOON + LEASE / 2)) == []
    [done] = said(start(database_url, adapter.url, NOON + LEASE))
    assert done.endswith("aggregator/S1 done")
    assert said(start(database_url, adapter.url, NOON + 2 * LEASE)) == []
    assert len(receiver.messages) == 2
    assert subscriber.taken == ["N1", "N2"]
    [kept] = called_back.get("/operator/subscriptions/deliveries").json()
    assert (kept["attempts"], kept["outcome"]) == (2, "delivered")


def test_over_the_network_the_same_needs_come_again_after_a_kill_and_are_acknowledged_again(
    subscriptions: Any, adapter: Any, database_url: str
) -> None:
    subscriptions.of("aggregator").post(SUBSCRIBE, subscription())
    subscriptions.post(NEEDS, [need()])
    processes: list[subprocess.Popen[str]] = []

    def receive(call: Any) -> Answer:
        if len(adapter.calls) == 1:
            kill(processes[0])
        return acknowledge_all(call)

    adapter.answers = receive
    processes.append(start(database_url, adapter.url, NOON))
    assert said(processes[0]) == []
    [done] = said(start(database_url, adapter.url, NOON + LEASE))
    assert done.endswith("aggregator/S1 done")
    assert len({call.raw for call in adapter.calls}) == 1
    assert [call.to for call in adapter.calls] == [PROVIDER, PROVIDER]


def test_two_processes_at_the_gate_send_each_subscriber_its_needs_once(
    called_back: Any, receiver: Receiver, adapter: Any, database_url: str
) -> None:
    adapter.answers = acknowledge_all
    called_back.of("retailer").post(SUBSCRIBE, subscription())
    called_back.post(NEEDS, [need("N1"), need("N2")])
    both = [start(database_url, adapter.url, NOON) for _ in range(2)]
    done = sorted(line.split("/", 3)[3] for process in both for line in said(process))
    assert done == ["aggregator/S1 done", "retailer/S1 done"]
    assert (len(receiver.messages), len(adapter.calls)) == (1, 1)


def test_a_process_killed_before_the_gate_skips_nothing(
    called_back: Any, receiver: Receiver, adapter: Any, database_url: str
) -> None:
    called_back.post(NEEDS, [need()])
    said(start(database_url, adapter.url, NOON - timedelta(hours=1)))
    [done] = said(start(database_url, adapter.url, NOON + timedelta(hours=3)))
    assert done.endswith("aggregator/S1 done")
    assert len(receiver.messages) == 1


def test_the_services_send_by_themselves_when_the_clock_comes_to_the_gate(
    services: Any, receiver: Receiver, clock: Any
) -> None:
    dso = services("flexibility", "subscriptions", "scheduling")
    come = threading.Event()

    def receive(message: Message) -> Answer:
        come.set()
        return acknowledge(message)

    receiver.answers = receive
    dso.post("/operator/subscriptions/hosts", {"host": receiver.host, "reason": "a test"}, method="PUT")
    dso.of("aggregator").post(SUBSCRIBE, subscription(callback=receiver.url))
    dso.post(NEEDS, [need()])
    clock.now = NOON
    wake = {"kind": "subscriptions.needs", "paused": False}
    assert dso.post("/operator/scheduling/pause", wake, method="PUT").status_code == 200
    assert come.wait(30)
    deadline = datetime.now(UTC) + timedelta(seconds=30)
    while datetime.now(UTC) < deadline:
        [kept] = dso.get(NEEDS).json()
        if kept["acknowledgements"]:
            break
        threading.Event().wait(0.05)
    assert [one["acknowledgedBy"] for one in kept["acknowledgements"]] == ["Aggregator"]
    kinds = {one["kind"]: one["served"] for one in dso.get("/operator/scheduling/kinds").json()}
    assert kinds["subscriptions.needs"]
