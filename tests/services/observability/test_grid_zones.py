"""Zones and the units in them that may be observed."""

from __future__ import annotations

from typing import Any

import pytest

from ..exchanges import examples, judge, refused
from ..samples import content, faults

ZONES = "/operator/observability/zones"
ASKED = "/GridObservability/GridZones"


def zone(name: str = "F1", *units: str, **changes: Any) -> dict[str, Any]:
    code = {"postalCode": "1200-109", "countryCode": "PT"}
    return {"zoneId": name, **code, "hemsIds": list(units or ("ID1", "ID2"))} | changes


def declare(dso: Any, *zones: Any) -> Any:
    return dso.post(ZONES, list(zones), method="PUT")


def test_every_shipped_example_is_declared_and_answered_as_the_exchange_has_it(
    dso: Any, provider: Any, catalogue: Any
) -> None:
    for messages in examples(catalogue, "observability/grid_zones").values():
        for one in dso.get(ZONES).json():
            assert dso.request("DELETE", f"{ZONES}/{one['zoneId']}").status_code == 204
        if messages["reply"]:
            assert declare(dso, *messages["reply"]).status_code == 200
        found = content(provider.get(ASKED))
        assert found == sorted(messages["reply"], key=lambda one: one["zoneId"])
        judge(catalogue, "observability/grid_zones", {}, found)


def test_every_reply_that_the_exchange_refuses_cannot_be_declared(dso: Any, provider: Any, catalogue: Any) -> None:
    for name, zones in refused(catalogue, "observability/grid_zones", "reply").items():
        assert declare(dso, *zones).status_code == 422, name
    assert provider.get(ASKED).json() == []


def test_a_provider_is_shown_the_units_that_it_may_observe(dso: Any, provider: Any) -> None:
    assert declare(dso, zone("F1"), zone("F2", "ID3", provider="retailer")).status_code == 200
    assert [one["zoneId"] for one in provider.get(ASKED).json()] == ["F1"]
    assert [one["zoneId"] for one in dso.of("retailer").get(ASKED).json()] == ["F1", "F2"]
    network = {"Gridlingua-Requester": "https://retailer.example.org/kb"}
    assert len(dso.get(ASKED, headers=network).json()) == 2
    assert len(dso.get(ZONES).json()) == 2


def test_a_zone_declared_again_has_its_new_units_alone(dso: Any, provider: Any) -> None:
    declare(dso, zone("F1", "ID1", "ID2"))
    declare(dso, zone("F1", "ID2", "ID9"))
    assert provider.get(ASKED).json()[0]["hemsIds"] == ["ID2", "ID9"]


def test_a_unit_of_another_zone_is_a_conflict_and_nothing_changes(dso: Any, provider: Any) -> None:
    declare(dso, zone("F1"))
    taken = declare(dso, zone("F3", "ID8"), zone("F2", "ID7", "ID2"))
    assert taken.status_code == 409
    assert faults(taken) == {"/1/hemsIds/1": "HEMS ID2 is in zone F1; take it out of there first"}
    assert [one["zoneId"] for one in provider.get(ASKED).json()] == ["F1"]
    assert declare(dso, zone("F1", "ID1"), zone("F2", "ID2")).status_code == 200


def test_the_postal_code_of_a_zone_is_that_of_most_of_its_metering_points(dso: Any, points: Any) -> None:
    points("F1", "4405-123", 2)
    points("F1", "4405-200", 3)
    declared = declare(dso, {"zoneId": "F1", "countryCode": "PT", "hemsIds": ["ID1"]})
    assert [one["postalCode"] for one in declared.json()] == ["4405-200"]
    unknown = declare(dso, {"zoneId": "F2", "countryCode": "PT", "hemsIds": ["ID2"]})
    assert faults(unknown) == {"/0/postalCode": "no metering point tells the postal code of zone F2; say it"}


@pytest.mark.parametrize("who", ["third", "analyst", "dso"])
def test_zones_are_told_to_providers_and_declared_by_operators(dso: Any, provider: Any, who: str) -> None:
    assert dso.of(who).get(ASKED).status_code == 403
    assert declare(provider, zone()).status_code == 403
    assert declare(dso, zone(provider="nobody")).status_code == 404
    assert dso.request("DELETE", f"{ZONES}/F9").status_code == 404
