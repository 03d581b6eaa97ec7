"""Faults and abnormal voltages: received, acknowledged, and seen through to their end."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest

from ..exchanges import examples, judge, refused
from ..samples import content, faults

FAULTS, VOLTAGES = "/GridObservability/PostCode_Fault", "/GridObservability/AbnormalVoltage"
EVENTS = "/operator/observability/events"
PATHS = {"fault_notification": FAULTS, "abnormal_voltage": VOLTAGES}


def fault(name: str = "F-1", counted: str = "2026-11-20T10:02:00Z", hems: int = 3, code: str = "4405-123") -> Any:
    return {
        "faultLocationId": name,
        "startTime": "2026-11-20T10:00:00Z",
        "timestamp": counted,
        "faultLocationIdentification": [{"postalCode": code, "faultyHems": hems}],
    }


def voltage(volts: Any, at: str = "2026-11-20T10:00:00Z", **changes: Any) -> Any:
    side = "Low" if volts < 207 else "High"
    said = {"voltage": volts, "unit": "V", "abnormalVoltage": side, "timestamp": at}
    return {"hemsId": "ID1", "postalCode": "4405-123"} | said | changes


def move(dso: Any, number: int, *states: str) -> Any:
    for state in states:
        moved = dso.post(f"{EVENTS}/{number}/transitions", {"state": state, "cause": f"so that it is {state}"})
        assert moved.status_code == 200, moved.text
    return moved.json()


@pytest.mark.parametrize("exchange", PATHS)
def test_every_shipped_example_is_kept_and_acknowledged_as_the_exchange_has_it(
    provider: Any, catalogue: Any, exchange: str
) -> None:
    for messages in examples(catalogue, f"observability/{exchange}").values():
        replied = provider.post(PATHS[exchange], messages["request"])
        assert replied.status_code == 200, replied.text
        judge(catalogue, f"observability/{exchange}", messages["request"], content(replied))


@pytest.mark.parametrize("exchange", PATHS)
def test_every_request_that_the_exchange_refuses_is_refused_to_a_direct_caller(
    dso: Any, provider: Any, catalogue: Any, exchange: str
) -> None:
    rejects = refused(catalogue, f"observability/{exchange}", "request")
    assert rejects
    for name, request in rejects.items():
        replied = provider.post(PATHS[exchange], request)
        assert replied.status_code == 422, name
        assert faults(replied), name
    assert dso.get(EVENTS).json() == []


def test_the_same_again_is_acknowledged_again_and_is_no_second_event(dso: Any, provider: Any, clock: Any) -> None:
    provider.post(FAULTS, [fault()])
    clock.advance(minutes=5)
    again = provider.post(FAULTS, [fault(counted="2026-11-20T11:02:00+01:00")]).json()
    assert again == [{"faultLocationId": "F-1", "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}]
    assert len(dso.get(EVENTS).json()) == 1
    assert len(dso.get(f"{EVENTS}/1").json()["notices"]) == 1


def test_other_content_for_the_same_count_is_a_conflict_and_nothing_is_kept(dso: Any, provider: Any) -> None:
    provider.post(FAULTS, [fault()])
    replied = provider.post(FAULTS, [fault("F-2"), fault(hems=4)])
    assert (replied.status_code, list(faults(replied))) == (409, ["/1"])
    assert [one["subject"] for one in dso.get(EVENTS).json()] == ["F-1"]


def test_a_later_count_is_news_of_the_same_fault(dso: Any, provider: Any) -> None:
    provider.post(FAULTS, [fault()])
    assert dso.get(f"{EVENTS}/1").json()["severity"] == "Major"
    provider.post(FAULTS, [fault(counted="2026-11-20T10:30:00Z", hems=12, code="4405-200")])
    provider.post(FAULTS, [fault(counted="2026-11-20T10:01:00Z", hems=1)])
    event = dso.get(f"{EVENTS}/1").json()
    assert event["places"] == [{"postalCode": "4405-200", "hems": 12}]
    assert (event["severity"], event["lastSeen"], len(event["notices"])) == ("Critical", "2026-11-20T10:30:00Z", 3)


def test_a_faults_id_is_a_providers_own(dso: Any, provider: Any) -> None:
    provider.post(FAULTS, [fault()])
    assert dso.of("retailer").post(FAULTS, [fault(hems=9)]).status_code == 200
    listed = dso.get(EVENTS, params={"provider": "retailer"}).json()
    assert [(one["provider"], one["places"][0]["hems"]) for one in listed] == [("retailer", 9)]


def test_an_operator_sees_an_event_through_and_every_step_is_kept(dso: Any, provider: Any, clock: Any) -> None:
    provider.post(FAULTS, [fault()])
    clock.advance(minutes=1)
    event = move(dso, 1, "Acknowledged", "InProgress", "Closed")
    assert event["state"] == "Closed"
    steps = [(one["before"], one["after"], one["cause"]) for one in event["history"]]
    assert steps == [
        (None, "Received", "notified"),
        ("Received", "Acknowledged", "so that it is Acknowledged"),
        ("Acknowledged", "InProgress", "so that it is InProgress"),
        ("InProgress", "Closed", "so that it is Closed"),
    ]
    assert [one["at"] for one in event["history"]][:2] == ["2026-11-20T12:00:00Z", "2026-11-20T12:01:00Z"]
    assert event["history"][0]["actor"] == "aggregator"
    assert event["history"][1]["actor"]


@pytest.mark.parametrize(
    ("before", "wanted", "allowed"),
    [
        ([], "Closed", "Acknowledged, FalseAlarm"),
        ([], "InProgress", "Acknowledged, FalseAlarm"),
        ([], "Received", "Acknowledged, FalseAlarm"),
        (["Acknowledged"], "Acknowledged", "InProgress, Closed, FalseAlarm"),
        (["FalseAlarm"], "Acknowledged", "nothing, it is over"),
        (["Acknowledged", "Closed"], "InProgress", "nothing, it is over"),
    ],
)
def test_an_illegal_step_is_refused_with_what_is_allowed(
    dso: Any, provider: Any, before: list[str], wanted: str, allowed: str
) -> None:
    provider.post(FAULTS, [fault()])
    if before:
        move(dso, 1, *before)
    replied = dso.post(f"{EVENTS}/1/transitions", {"state": wanted, "cause": "because"})
    assert replied.status_code == 409
    assert replied.json()["detail"].endswith(f"allowed: {allowed}")
    assert len(dso.get(f"{EVENTS}/1").json()["history"]) == 1 + len(before)


def test_what_comes_after_an_event_is_over_is_another_occurrence(dso: Any, provider: Any, clock: Any) -> None:
    provider.post(VOLTAGES, [voltage(198)])
    move(dso, 1, "FalseAlarm")
    provider.post(VOLTAGES, [voltage(199, "2026-11-20T11:00:00Z")])
    assert [one["occurrence"] for one in dso.get(EVENTS).json()] == [1]
    clock.advance(hours=2)
    provider.post(VOLTAGES, [voltage(200, "2026-11-20T13:00:00Z")])
    assert [(one["occurrence"], one["state"]) for one in dso.get(EVENTS).json()] == [(2, "Received"), (1, "FalseAlarm")]


def test_the_readings_of_a_hems_to_one_side_are_one_event_of_the_worst_severity(dso: Any, provider: Any) -> None:
    readings = [voltage(254), voltage(280, "2026-11-20T10:05:00Z"), voltage(Decimal("198.5"), "2026-11-20T10:10:00Z")]
    assert provider.post(VOLTAGES, readings).status_code == 200
    assert provider.post(VOLTAGES, [voltage(253.5, "2026-11-20T10:15:00Z")]).status_code == 200
    listed = sorted(dso.get(EVENTS).json(), key=lambda one: one["side"])
    told = [(one["side"], one["severity"], one["startTime"][11:16], one["lastSeen"][11:16]) for one in listed]
    assert told == [("High", "Critical", "10:00", "10:15"), ("Low", "Minor", "10:10", "10:10")]


def test_events_are_found_by_postal_code_state_kind_and_period(dso: Any, provider: Any) -> None:
    provider.post(FAULTS, [fault(), fault("F-2", code="1200-109")])
    provider.post(VOLTAGES, [voltage(198, "2026-11-20T08:00:00Z")])
    move(dso, 1, "Acknowledged")

    def subjects(**params: str) -> list[str]:
        return [one["subject"] for one in dso.get(EVENTS, params=params).json()]

    assert subjects() == ["ID1", "F-2", "F-1"]
    assert subjects(postalCode="4405-123") == ["ID1", "F-1"]
    assert subjects(state="Acknowledged") == ["F-1"]
    assert subjects(kind="AbnormalVoltage") == ["ID1"]
    assert subjects(startTime="2026-11-20T10:02:00Z") == ["F-2", "F-1"]
    assert subjects(startTime="2026-11-20T07:00:00Z", endTime="2026-11-20T10:00:00Z") == ["ID1"]
    first = dso.get(EVENTS, params={"limit": 2})
    assert [one["subject"] for one in dso.get(first.links["next"]["url"].removeprefix("/1.0")).json()] == ["F-1"]


def test_postal_codes_are_counted_by_kind_and_state(dso: Any, provider: Any) -> None:
    provider.post(FAULTS, [fault(), fault("F-2", hems=5)])
    provider.post(VOLTAGES, [voltage(198), voltage(198, hemsId="ID2", postalCode="1200-109")])
    move(dso, 1, "FalseAlarm")
    counted = dso.get("/operator/observability/postal-codes").json()
    assert counted == [
        {"postalCode": "1200-109", "faults": 0, "abnormalVoltages": 1, "states": {"Received": 1}, "hemsAffected": 1},
        {
            "postalCode": "4405-123",
            "faults": 2,
            "abnormalVoltages": 1,
            "states": {"FalseAlarm": 1, "Received": 2},
            "hemsAffected": 6,
        },
    ]
    over = dso.get("/operator/observability/postal-codes", params={"state": "FalseAlarm"}).json()
    assert [(one["postalCode"], one["faults"]) for one in over] == [("4405-123", 1)]


def test_over_the_network_an_event_is_of_the_organisation_behind_the_knowledge_base(dso: Any) -> None:
    dso.post(FAULTS, [fault()], headers={"Gridlingua-Requester": "https://retailer.example.org/kb"})
    assert dso.get(EVENTS).json()[0]["provider"] == "retailer"


@pytest.mark.parametrize("who", ["third", "analyst", "dso"])
def test_nobody_but_a_provider_notifies_and_nobody_but_an_operator_reads(dso: Any, provider: Any, who: str) -> None:
    assert dso.of(who).post(FAULTS, [fault()]).status_code == 403
    assert provider.get(EVENTS).status_code == 403
    assert dso.get(f"{EVENTS}/7").status_code == 404


def test_the_same_event_from_many_at_once_is_kept_once(dso: Any) -> None:
    barrier = Barrier(6)
    statuses = []

    def notify(minute: int) -> None:
        sender = dso.of("aggregator")
        barrier.wait()
        at = f"2026-11-20T10:{minute % 3:02}:30Z"
        statuses.append(sender.post(VOLTAGES, [voltage(190, at)]).status_code)

    threads = [Thread(target=notify, args=(minute,)) for minute in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 6
    (event,) = dso.get(EVENTS).json()
    assert len(dso.get(f"{EVENTS}/{event['number']}").json()["notices"]) == 3
