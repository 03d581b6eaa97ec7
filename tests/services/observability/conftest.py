"""A DSO with observability, and the knowledge bases of those who watch for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert

from gridlingua.services.data_sharing.tables import POINTS
from gridlingua.storage import Database

AGGREGATOR = "https://aggregator.example.org/kb"
RETAILER = "https://retailer.example.org/kb"


@pytest.fixture
def dso(services: Any) -> Any:
    return services("observability", "flexibility", "forecast", "data_sharing")


@pytest.fixture
def provider(dso: Any) -> Any:
    return dso.of("aggregator")


@pytest.fixture
def points(dso: Any, database_url: str) -> Iterator[Callable[..., list[str]]]:
    """Enters metering points of a zone at a postal code; gives their meters."""
    database = Database(database_url)
    numbers = count(1)

    def enter(zone: str, code: str, many: int) -> list[str]:
        meters = [f"M{next(numbers):06}" for _ in range(many)]
        place = {"kind": "LVClient", "zone": zone, "postal_code": code}
        with database.writing() as connection:
            rows = [place | {"meter_id": meter, "user_id": f"U{meter}"} for meter in meters]
            connection.execute(insert(POINTS), rows)
        return meters

    yield enter
    database.close()
