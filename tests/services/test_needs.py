"""The DSO's needs over HTTP: recorded, derived, asked for and published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .samples import DAY, acknowledge_all, content, faults, need


def test_needs_are_given_as_they_were_recorded_digit_by_digit_and_zone_by_zone(dso: Any) -> None:
    exact = need(needs=Decimal("100.000000000000000001"))
    dso.post("/operator/flexibility/needs", [exact])
    found = dso.of("aggregator").get("/Flexibility/Needs", params=DAY)
    assert (found.status_code, content(found)) == (200, [exact])


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        ("2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z", False),
        ("2026-11-21T09:00:00Z", "2026-11-21T10:00:01Z", True),
        ("2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z", True),
        ("2026-11-21T14:59:59+02:00", "2026-11-21T18:00:00+02:00", True),
        ("2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z", False),
    ],
)
def test_a_window_finds_the_needs_that_overlap_it(with_need: Any, start: str, end: str, overlaps: bool) -> None:
    found = with_need.of("aggregator").get("/Flexibility/Needs", params={"startTime": start, "endTime": end})
    assert [one["requestId"] for one in found.json()] == ["N1"] * overlaps


def test_a_window_that_ends_before_it_begins_is_refused_at_its_end(dso: Any) -> None:
    refused = dso.of("aggregator").get(
        "/Flexibility/Needs", params={"startTime": DAY["endTime"], "endTime": DAY["startTime"]}
    )
    assert refused.status_code == 422
    said = "2026-11-21T00:00:00Z is not after the start 2026-11-22T00:00:00Z; the end must be later than the start"
    assert faults(refused) == {"/endTime": said}


def test_a_window_without_a_zone_or_an_end_is_refused_for_both(dso: Any) -> None:
    refused = dso.of("aggregator").get("/Flexibility/Needs", params={"startTime": "2026-11-21T00:00:00"})
    assert refused.status_code == 422
    assert set(faults(refused)) == {"/startTime", "/endTime"}


def test_needs_are_recorded_all_or_none_and_every_fault_is_told(dso: Any) -> None:
    wrong = [need("A"), need("B", endTime="2026-11-21T10:00:00Z"), need("C", measurementUnit="kvar"), need("A")]
    refused = dso.post("/operator/flexibility/needs", wrong)
    assert refused.status_code == 422
    assert set(faults(refused)) == {"/1/endTime", "/2/measurementUnit", "/3"}
    assert dso.of("aggregator").get("/Flexibility/Needs", params=DAY).json() == []


def test_the_same_need_again_changes_nothing_and_another_of_its_id_is_a_conflict(with_need: Any) -> None:
    same = need(startTime="2026-11-21T10:00:00Z", needs=Decimal("100.0"), eligibleClients=["M3", "M2", "M1"])
    assert with_need.post("/operator/flexibility/needs", [same]).status_code == 201
    refused = with_need.post("/operator/flexibility/needs", [need("N2"), need(needs=99)])
    assert refused.status_code == 409
    assert faults(refused) == {
        "/1": "requestId N1 is already known with another needs; send it as it was, or under a new id"
    }
    assert len(with_need.of("aggregator").get("/Flexibility/Needs", params=DAY).json()) == 1


def test_a_zones_load_above_its_limit_becomes_needs(dso: Any) -> None:
    load = {
        "zone": "Z1",
        "limit": 30,
        "measurementUnit": "kW",
        "meterIds": ["M1"],
        "start": "2026-11-21T18:00:00+01:00",
    }
    derived = dso.post("/operator/flexibility/needs/derivation", load | {"load": [29, Decimal("31.2"), 34, 30, 31]})
    assert derived.status_code == 201
    told = [(one["requestId"], one["needs"], one["startTime"], one["endTime"]) for one in content(derived)]
    assert told == [
        ("Z1.20261121T1715Z", 4, "2026-11-21T17:15:00Z", "2026-11-21T17:45:00Z"),
        ("Z1.20261121T1800Z", 1, "2026-11-21T18:00:00Z", "2026-11-21T18:15:00Z"),
    ]
    assert content(dso.of("aggregator").get("/Flexibility/Needs", params=DAY)) == content(derived)


def test_a_zone_that_feeds_in_more_than_its_lower_limit_needs_more_to_be_drawn(dso: Any) -> None:
    load = {"zone": "Z1", "limit": 30, "lowerLimit": -20, "measurementUnit": "kW", "meterIds": ["M1"],
            "start": "2026-11-21T12:00:00Z", "load": [-20, Decimal("-31.2"), 34, -21]}  # fmt: skip
    wrong = dso.post("/operator/flexibility/needs/derivation", load | {"lowerLimit": 30})
    assert wrong.status_code == 422
    assert "lowerLimit 30 is not below the limit 30" in wrong.text
    derived = dso.post("/operator/flexibility/needs/derivation", load)
    told = [(one["requestId"], one["direction"], one["needs"]) for one in content(derived)]
    assert told == [
        ("Z1.20261121T1215Z", "Up", Decimal("11.2")),
        ("Z1.20261121T1230Z", "Down", 4),
        ("Z1.20261121T1245Z", "Up", 1),
    ]


def test_publishing_sends_the_needs_and_keeps_who_acknowledged_them(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    published = with_need.post("/operator/flexibility/needs/publication", DAY)
    said = {"requestId": "N1", "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:30:00+01:00"}
    assert published.json() == {"needs": [need()], "acknowledgements": [said], "unacknowledged": [], "failures": []}
    assert [(call.method, call.path, call.body) for call in adapter.calls] == [("POST", "/Flexibility/Needs", [need()])]
    (kept,) = with_need.get("/operator/flexibility/needs").json()
    assert (kept["acknowledgements"], kept["publishedAt"]) == ([said], "2026-11-20T12:00:00Z")


def test_a_need_that_nobody_acknowledges_is_told(with_need: Any, adapter: Any) -> None:
    adapter.say([])
    published = with_need.post("/operator/flexibility/needs/publication", DAY)
    assert published.json()["unacknowledged"] == [{"requestId": "N1", "offerId": None}]


@pytest.mark.parametrize("which", [{}, DAY | {"requestIds": ["N1"]}, {"startTime": DAY["startTime"]}])
def test_needs_are_named_in_one_way(with_need: Any, which: dict[str, Any]) -> None:
    refused = with_need.post("/operator/flexibility/needs/publication", which)
    assert refused.status_code == 422
    assert "by requestIds, or by startTime and endTime" in refused.json()["detail"]


def test_publishing_what_there_is_not_is_not_found(dso: Any) -> None:
    assert dso.post("/operator/flexibility/needs/publication", DAY).status_code == 404
    assert faults(dso.post("/operator/flexibility/needs/publication", {"requestIds": ["N9"]})) == {
        "/requestIds/0": "no need N9"
    }


def test_what_one_service_kept_another_started_later_on_the_same_database_knows(with_need: Any, services: Any) -> None:
    assert services("flexibility").of("aggregator").get("/Flexibility/Needs", params=DAY).json() == [need()]
