"""A process of its own that does what is due: it posts each key to a receiver, as a message that has an id."""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import requests

from gridlingua.errors import RemoteError
from gridlingua.services import Context, Network
from gridlingua.services.scheduling import Due, Job, run_due, store
from gridlingua.storage import Database


def main(url: str, receiver: str, first: str, now: str, count: str) -> None:
    """Do ``count`` jobs that are due at ``first`` and of use for four hours, by a clock that stands at ``now``."""
    at, due = datetime.fromisoformat(now), datetime.fromisoformat(first)

    def run(_here: Context, key: str) -> str:
        answer = requests.post(f"{receiver}/{key}", json=[], headers={"Idempotency-Key": key}, timeout=20)
        if answer.status_code != 200:
            raise RemoteError(f"status {answer.status_code}", retry=True)
        return "sent"

    until = due.replace(hour=due.hour + 4)
    job = Job("sending", lambda _now, _here: [Due(f"{n:03}", due, until) for n in range(int(count))], run)
    here = Context(Database(url), Network(""), "dso", ZoneInfo("Europe/Lisbon"), lambda: at)
    here.database.upgrade(store.metadata)
    print("ready", flush=True)  # noqa: T201 - who started it waits for this
    sys.stdin.readline()
    for done in run_due(here, [job]):
        print(done.key, done.verdict.state, flush=True)  # noqa: T201
    here.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
