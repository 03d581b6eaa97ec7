"""A DSO with the forecast service, and its clock after the days of the shipped examples."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest


@pytest.fixture
def dso(services: Any, clock: Any) -> Any:
    clock.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return services("forecast")


@pytest.fixture
def provider(dso: Any) -> Any:
    return dso.of("aggregator")
