"""A DSO with the forecast service, and its clock in the days of the shipped examples."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def dso(services: Any) -> Any:
    return services("forecast")


@pytest.fixture
def provider(dso: Any) -> Any:
    return dso.of("aggregator")
