"""Surroundings for jobs, and jobs that tell what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gridlingua.services import Context, Network
from gridlingua.services.scheduling import Due, Job, store
from gridlingua.storage import Database

Dues = Iterable[tuple[str, datetime] | Due]


@pytest.fixture
def here(database: Database, clock: Any) -> Context:
    database.upgrade(store.metadata)
    return Context(database, Network(""), "dso", ZoneInfo("Europe/Lisbon"), clock)


@dataclass
class Work:
    """Work that is due as ``dues`` says, and does what ``does`` does with its key."""

    dues: list[tuple[str, datetime] | Due] = field(default_factory=list)
    does: Callable[[str], str | None] = lambda _key: None
    did: list[str] = field(default_factory=list)

    def job(self, kind: str = "work") -> Job:
        return Job(kind, lambda _now, _here: list(self.dues), self._run)

    def _run(self, _here: Context, key: str) -> str | None:
        self.did.append(key)
        return self.does(key)


@pytest.fixture
def work() -> Work:
    return Work()
