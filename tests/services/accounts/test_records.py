"""The usage log, the registry of processing operations, incidents; and the same request twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import text

from gridlingua.services.accounts.messages import INCIDENT, PROCESSING

DAY = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
NEED = {
    "requestId": "N1",
    "needs": 100,
    "measurementUnit": "kW",
    "direction": "Down",
    "typePower": "Active",
    "startTime": "2026-11-21T10:00:00Z",
    "endTime": "2026-11-21T13:00:00Z",
    "eligibleClients": ["M1"],
}


@pytest.fixture
def app(services: Any) -> Any:
    return services("flexibility", "data_sharing")


def uses(app: Any, operation: str) -> list[dict[str, Any]]:
    return [one for one in app.get("/admin/usage").json() if one["operation"] == operation]


def test_every_use_is_logged_with_who_what_when_whose_and_how_it_ended(app: Any, clock: Any) -> None:
    asked = {"type": "User", "id": "U7", "grant": "G1", "granularity": "1"}
    period = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
    knowledge_base = "https://aggregator.example.org/kb"
    app.get("/Data/Metering", params=asked | period, headers={"Gridlingua-Requester": knowledge_base})
    clock.advance(minutes=1)
    app.of("retailer").get("/Data/Metering", params=asked)
    first, second = uses(app, "GET /Data/Metering")
    assert (first["organisation"], first["knowledgeBase"], first["subjects"]) == ("aggregator", knowledge_base, ["U7"])
    assert (first["at"], first["status"] in (403, 404)) == ("2026-11-20T12:00:00Z", True)
    assert (second["organisation"], second["subjects"], second["status"]) == ("retailer", [], 422)
    assert [one["organisation"] for one in app.get("/admin/usage", params={"since": second["at"]}).json()[:1]] == [
        "retailer"
    ]


def test_the_database_itself_refuses_to_change_the_usage_log(app: Any, database_url: str) -> None:
    app.get("/operator/flexibility/needs")
    engine = sqlalchemy.create_engine(database_url)
    for statement in ("UPDATE accounts_usage SET status = 1", "DELETE FROM accounts_usage"):
        with pytest.raises(sqlalchemy.exc.DatabaseError, match="only grows"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_the_usage_log_comes_in_pages(app: Any) -> None:
    for _ in range(5):
        app.get("/operator/flexibility/needs")
    seen: list[int] = []
    path = "/1.0/admin/usage?limit=2"
    while path:
        page = app.request("GET", path)
        seen += [one["number"] for one in page.json()]
        link = page.headers.get("Link", "")
        path = link.split(";")[0].strip("<>") if len(seen) < 5 else ""
    assert seen[:5] == sorted(seen[:5])
    assert len(set(seen)) == len(seen)


def test_processing_operations_are_entered_changed_and_taken_out(app: Any) -> None:
    assert app.request("PUT", "/admin/processing", json=PROCESSING).status_code == 200
    app.request("PUT", "/admin/processing", json=PROCESSING | {"retention": "a year"})
    (kept,) = app.get("/admin/processing").json()
    assert kept["retention"] == "a year"
    assert app.request("DELETE", f"/admin/processing/{kept['id']}").json() == []
    assert app.request("DELETE", f"/admin/processing/{kept['id']}").status_code == 404


def test_an_incident_is_an_event_then_triaged_then_handled_and_no_other_way(app: Any) -> None:
    reported = app.post("/admin/incidents", INCIDENT)
    assert (reported.status_code, reported.json()["state"]) == (201, "event")
    steps = f"/admin/incidents/{reported.json()['id']}/steps"
    early = app.post(steps, {"state": "handled", "cause": "done"})
    assert (early.status_code, early.json()["detail"]) == (409, "incident 1 is event; next comes triaged, not handled")
    assert app.post(steps, {"state": "triaged", "cause": "a wrong setting"}).status_code == 200
    handled = app.post(steps, {"state": "handled", "cause": "set right"}).json()
    assert [one["state"] for one in handled["steps"]] == ["event", "triaged", "handled"]
    assert app.post(steps, {"state": "handled", "cause": "again"}).status_code == 409
    assert app.get("/admin/incidents").json() == [handled]
    assert app.post("/admin/incidents/99/steps", {"state": "triaged", "cause": "x"}).status_code == 404


def test_the_same_request_under_one_key_is_carried_out_once_and_answered_twice(app: Any, clock: Any) -> None:
    incident = {"headers": {"Idempotency-Key": "6f1a"}}
    first = app.post("/admin/incidents", INCIDENT, **incident)
    again = app.post("/admin/incidents", INCIDENT, **incident)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(app.get("/admin/incidents").json()) == 1
    other = app.post("/admin/incidents", INCIDENT | {"summary": "another"}, **incident)
    assert (other.status_code, "used for another body" in other.json()["detail"]) == (422, True)
    clock.advance(hours=25)
    assert app.post("/admin/incidents", INCIDENT, **incident).json()["id"] != first.json()["id"]


def test_a_key_is_its_callers_own_and_its_operations(app: Any) -> None:
    key = {"headers": {"Idempotency-Key": "6f1a"}}
    assert app.post("/admin/incidents", INCIDENT, **key).status_code == 201
    assert app.post("/operator/flexibility/needs", [NEED], **key).status_code == 201
    assert app.of("aggregator").post("/Flexibility/Offers", [], **key).status_code == 422


def test_a_request_that_was_refused_may_be_sent_again_under_its_key(app: Any) -> None:
    key = {"headers": {"Idempotency-Key": "6f1a"}}
    offer = {"requestId": "N1", "offerId": "O1", "offer": 1, "measurementUnit": "kW", "price": 1, "meterIds": ["M1"]}
    period = {"startTime": NEED["startTime"], "endTime": NEED["endTime"]}
    assert app.of("aggregator").post("/Flexibility/Offers", [offer | period], **key).status_code == 404
    app.post("/operator/flexibility/needs", [NEED])
    assert app.of("aggregator").post("/Flexibility/Offers", [offer | period], **key).status_code == 200


def test_a_key_that_is_none_is_refused(app: Any) -> None:
    refused = app.post("/admin/incidents", INCIDENT, headers={"Idempotency-Key": "k" * 256})
    assert (refused.status_code, "1 to 255 printable" in refused.json()["detail"]) == (422, True)


def test_ten_at_once_under_one_key_are_carried_out_once(app: Any) -> None:
    def report(_: int) -> int:
        status: int = app.of("dso").post("/admin/incidents", INCIDENT, headers={"Idempotency-Key": "6f1a"}).status_code
        return status

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(report, range(10)))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert len(app.get("/admin/incidents").json()) == 1


def test_a_secret_is_not_kept_for_who_asks_again(app: Any, database_url: str) -> None:
    key = {"headers": {"Idempotency-Key": "6f1a"}}
    made = app.post("/admin/organisations/aggregator/credentials", {"kind": "client"}, **key)
    again = app.post("/admin/organisations/aggregator/credentials", {"kind": "client"}, **key)
    assert (made.status_code, again.status_code) == (201, 409)
    assert "shown once" in again.json()["detail"]
    engine = sqlalchemy.create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT body FROM accounts_idempotency")).scalars().all() == [None]
    engine.dispose()
