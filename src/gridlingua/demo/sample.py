"""Something to look at: tomorrow's needs, prices, a grant, and a question for a user's consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from gridlingua.demo.calls import call
from gridlingua.demo.network import Demonstration
from gridlingua.demo.readings import Expected
from gridlingua.demo.setting import IDS
from gridlingua.errors import RemoteError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import read_json

GRANTED, ASKED = "U000007", "U000003"
"""The user whose metering the aggregator may read, and the one who is asked."""
GRANT = "G-sample"
_FOR_YEARS = {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2099-01-01T00:00:00Z"}


@dataclass(frozen=True)
class Sample:
    """What was made ready: the day of the needs, a day of metering, and where the user decides (empty: decided)."""

    needs: tuple[str, str]
    metering: tuple[str, str]
    consent: str


def lay_out(demonstration: Demonstration, expected: Mapping[str, Expected]) -> Sample:
    """Make the sample ready, as far as it is not; ``expected`` by zone. Raises ``RemoteError`` when one fails."""
    setting = demonstration.setting
    first, after = setting.day(setting.tomorrow)
    _set_up(demonstration)
    for zone, load in expected.items():
        powers: dict[str, Json] = {"limit": _kilowatts(load.limit), "load": [_kilowatts(watts) for watts in load.watts]}
        told = {"zone": zone, "measurementUnit": "kW", "start": first, "meterIds": list(load.meters), **powers}
        _do(demonstration, "POST", "/operator/flexibility/needs/derivation", told)
    _price(demonstration)
    return Sample((first, after), setting.day(setting.yesterday), _ask(demonstration))


def _kilowatts(watts: int) -> Decimal:
    return Decimal(watts) / 1000


def _set_up(demonstration: Demonstration) -> None:
    """Gates that are open at all times of the day, and a grant."""
    _do(demonstration, "PUT", "/operator/flexibility/calendar", {"gates": "open"})
    grant = {"reference": GRANT, "user": GRANTED, "grantee": IDS["aggregator"], **_FOR_YEARS}
    _do(demonstration, "POST", "/operator/data/grants", [grant])


def _price(demonstration: Demonstration) -> None:
    customers = _do(demonstration, "GET", "/operator/data/customers")
    prices = [
        {"meterId": one["meterId"], "capacity": 0.15, "measurementUnit": "kW", "price": (0.08, 0.11, 0.19)[number % 3]}
        for number, one in enumerate(customers)
        if number % 4
    ]
    _do(demonstration, "PUT", "/operator/aggregator/prices", prices, who="aggregator services")


def _ask(demonstration: Demonstration) -> str:
    """Let the aggregator ask a user, and return the address at which the user decides."""
    start = datetime.now(UTC).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    period = {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{start.replace(year=start.year + 2):%Y-%m-%dT%H:%M:%SZ}"}
    told = call(demonstration, "aggregator adapter", "GET", "/Data/Authorization", query={"endUser": ASKED, **period})
    _expect(told.ok, "aggregator adapter", told.text)
    query = {"user": ASKED, "state": "requested"}
    waiting = _do(demonstration, "GET", "/operator/consent/records", query=query)
    if not waiting:
        return ""
    link = _do(demonstration, "POST", f"/operator/consent/records/{waiting[0]['reference']}/link")
    return str(link["url"])


def _do(
    demonstration: Demonstration,
    method: str,
    path: str,
    body: Json = None,
    query: Mapping[str, str] | None = None,
    who: str = "dso services",
) -> Json:
    response = call(demonstration, who, method, path, query=query, body=body)
    _expect(response.ok, who, f"{method} {path} answers {response.status_code}: {response.text[:300]}")
    return read_json(response.content)


def _expect(fulfilled: bool, who: str, otherwise: str) -> None:
    if not fulfilled:
        raise RemoteError(f"{who}: {otherwise}", party=who)
