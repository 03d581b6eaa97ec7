"""A process of its own that sends needs at their gates, by a clock that stands at ``now``."""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from gridlingua.services import Context, Network
from gridlingua.services.scheduling import run_due
from gridlingua.services.subscriptions import jobs
from gridlingua.storage import Database


def main(url: str, network: str, now: str) -> None:
    at = datetime.fromisoformat(now)
    here = Context(Database(url), Network(network), "dso", ZoneInfo("Europe/Lisbon"), lambda: at)
    for done in run_due(here, jobs):
        print(done.key, done.verdict.state, flush=True)  # noqa: T201 - who started it reads this
    here.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
