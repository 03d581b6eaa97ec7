"""Readings of all quantities, as the control room sees them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ..samples import content
from .conftest import POINTS, street

PATH = "/operator/data/readings"
HEADING = (
    "meter_id,time,active_withdrawn_kW,active_injected_kW,reactive_withdrawn_kvar,reactive_injected_kvar,voltage_kV,"
    "current_A,tap"
)
LINES = [
    "PT0000,2026-11-19T10:00:00Z,0.412,0,0.06,,0.2314,1.8,",
    "PT0000,2026-11-19T10:15:00Z,,2.5,,0.125,,,",
    "PT0000,2026-11-19T11:00:00Z,1,,,,,,",
    "PS1,2026-11-19T10:00:00Z,,,,,10.4,,-3",
]
HOUR = {"start": "2026-11-19T10:00:00Z", "end": "2026-11-19T11:00:00Z"}
NOTHING = dict.fromkeys(
    ("activeWithdrawn", "activeInjected", "reactiveWithdrawn", "reactiveInjected", "voltage", "current", "tap")
)


@pytest.fixture
def dso(take: Callable[..., Any], services: Any) -> Any:
    """A street of sixty homes with a few readings of one, and of a substation."""
    take(POINTS, street())
    take(HEADING, LINES)
    return services("data_sharing", "consent")


def test_every_quantity_that_was_measured_is_told_in_its_unit(dso: Any) -> None:
    found = dso.get(PATH, params=HOUR | {"meterId": "PT0000"})
    first, second = content(found)
    assert first == NOTHING | {
        "meterId": "PT0000", "time": "2026-11-19T10:00:00Z", "activeWithdrawn": Decimal("0.412"), "activeInjected": 0,
        "reactiveWithdrawn": Decimal("0.06"), "voltage": Decimal("231.4"), "current": Decimal("1.8"),
    }  # fmt: skip
    assert second == NOTHING | {
        "meterId": "PT0000", "time": "2026-11-19T10:15:00Z", "activeInjected": Decimal("2.5"),
        "reactiveInjected": Decimal("0.125"),
    }  # fmt: skip
    (tap,) = content(dso.get(PATH, params=HOUR | {"meterId": "PS1"}))
    assert (tap["tap"], tap["voltage"], tap["activeWithdrawn"]) == (-3, 10_400, None)


def test_readings_come_in_pages_of_a_known_meter_to_the_control_room_alone(dso: Any) -> None:
    page = dso.get(PATH, params=HOUR | {"meterId": "PT0000", "limit": 1})
    assert (len(page.json()), 'rel="next"' in page.headers["Link"]) == (1, True)
    rest = dso.get(PATH, params=HOUR | {"meterId": "PT0000", "limit": 1, "after": 1})
    assert (rest.json()[0]["time"], "Link" in rest.headers) == ("2026-11-19T10:15:00Z", False)
    unknown = dso.get(PATH, params=HOUR | {"meterId": "M9"})
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "no point has meter M9")
    backwards = {"start": HOUR["end"], "end": HOUR["start"], "meterId": "PT0000"}
    assert dso.get(PATH, params=backwards).status_code == 422
    assert dso.of("aggregator").get(PATH, params=HOUR | {"meterId": "PT0000"}).status_code == 403


def test_whose_readings_were_looked_at_is_told_to_the_usage_log(dso: Any) -> None:
    dso.get(PATH, params=HOUR | {"meterId": "PT0000"})
    (used,) = [one for one in dso.get("/admin/usage").json() if one["operation"] == f"GET {PATH}"]
    assert used["subjects"] == ["PT0000"]
