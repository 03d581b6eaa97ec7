"""A grid with clients of all kinds, and files of a DSO's meter data."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gridlingua.services.data_sharing import metadata
from gridlingua.services.data_sharing.importing import Listener, Outcome, Rules, import_sheet
from gridlingua.services.data_sharing.rows import Bad
from gridlingua.services.data_sharing.sheets import opened
from gridlingua.storage import Database

MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
POINTS = "meter_id,kind,user,zone,postal_code,secondary_substation,secondary_feeder,primary_substation,primary_feeder"
READINGS = (
    "meter_id,time,active_withdrawn_kW,active_injected_kW,reactive_withdrawn_kvar,reactive_injected_kvar,voltage_V"
)


def street(homes: int = 60) -> list[str]:
    """Lines of points: homes in two postal codes on two feeders, a bakery, a mill, and the substations."""
    lines = [
        f"PT{home:04d},LVClient,U{home:04d},Z1,4000-{100 + home // 30},SS1,SS1.{home % 2},PS1,PS1.1"
        for home in range(homes)
    ]
    lines.append("PT8000,SpecialLVClient,BAKERY,Z1,4000-101,SS1,SS1.1,PS1,PS1.1")
    lines.append("PT9000,MVClient,MILL,Z2,4000-200,,,PS1,PS1.2")
    return [*lines, "SS1,SecondarySubstation,,,,,,PS1,PS1.1", "PS1,PrimarySubstation,,,,,,,"]


def day(meter: str, *, solar: bool = False, quarters: int = 96, start: datetime = MIDNIGHT) -> Iterator[str]:
    """Lines of readings: a home with its evening peak, which feeds in at noon when it has solar cells."""
    chance = random.Random(meter)
    for quarter in range(quarters):
        at = start + quarter * timedelta(minutes=15)
        hour = at.hour + at.minute / 60
        load = chance.gauss(250, 60) + (900 if 18 <= hour < 22 else 0) * chance.random()
        generated = max(0.0, 2600 * (1 - ((hour - 12.5) / 4.5) ** 2)) if solar else 0.0
        net = round(max(load, 40) - generated)
        drawn, fed = max(net, 0), max(-net, 0)
        yield (
            f"{meter},{at:%Y-%m-%dT%H:%M:%SZ},{drawn / 1000},{fed / 1000},{drawn // 6 / 1000},{fed // 20 / 1000},"
            f"{230 + chance.randint(-40, 40) / 10}"
        )


def homes_day(homes: int = 60) -> list[str]:
    """Lines of readings of a day of every home of the street; every third has solar cells."""
    return [line for home in range(homes) for line in day(f"PT{home:04d}", solar=home % 3 == 0)]


def written(path: Path, heading: str, lines: list[str]) -> Path:
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def grid(database: Database) -> Database:
    database.upgrade(metadata)
    return database


@pytest.fixture
def take(grid: Database, tmp_path: Path) -> Callable[..., tuple[Outcome, list[Bad]]]:
    """Imports a file of a heading and lines, and tells what became of it and every bad row."""

    def take(heading: str, lines: list[str], **rules: Any) -> tuple[Outcome, list[Bad]]:
        bad: list[Bad] = []
        with opened(written(tmp_path / "file.csv", heading, lines)) as sheet:
            outcome = import_sheet(grid, sheet, Rules(**rules), Listener(bad.append))
        return outcome, bad

    return take
