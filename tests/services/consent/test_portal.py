"""What the DSO's own staff and portal do with consents."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import PURPOSE

SETTINGS = {"address": "", "answerDays": 30, "contact": "", "notices": True}
WITHDRAWAL = {"cause": "the user telephoned"}


def history(desk: Any, reference: str) -> list[tuple[str, str, str]]:
    return [(one["after"], one["cause"], one["actor"].split(" ")[0]) for one in desk.record(reference)["history"]]


def test_the_portal_decides_withdraws_and_revokes_and_every_step_is_kept(desk: Any, clock: Any) -> None:
    first, second = desk.asked(), desk.asked(endUser="U2")
    clock.advance(hours=2)
    given = desk.act(first, "decision", decision="Given", cause="signed in Faro")
    assert (given.status_code, given.json()["state"]) == (200, "granted")
    assert desk.ask().json()["grant"] == given.json()["grant"]
    assert desk.act(first, "withdrawal", **WITHDRAWAL).json()["state"] == "withdrawn"
    assert desk.act(second, "decision", decision="Given", cause="signed in Faro").status_code == 200
    clock.advance(hours=1)
    revoked = desk.act(second, "revocation", cause="the meter has another user now").json()
    assert (revoked["state"], revoked["changedAt"]) == ("revoked", "2026-11-20T15:00:00Z")
    assert history(desk, first) == [
        ("requested", "asked", "aggregator"),
        ("granted", "signed in Faro", "dso"),
        ("withdrawn", "the user telephoned", "dso"),
    ]
    assert history(desk, second)[-1] == ("revoked", "the meter has another user now", "dso")
    assert [one["at"] for one in desk.record(second)["history"]] == [
        "2026-11-20T12:00:00Z",
        "2026-11-20T14:00:00Z",
        "2026-11-20T15:00:00Z",
    ]


def test_what_the_table_has_not_is_refused_in_words_and_leaves_no_trace(desk: Any) -> None:
    reference = desk.asked()
    said = {
        "withdrawal": "waits for an answer, so it cannot be withdrawn; it can only be given or refused",
        "revocation": "waits for an answer, so it cannot be revoked; it can only be given or refused",
    }
    for what, sentence in said.items():
        refused = desk.act(reference, what, **WITHDRAWAL)
        assert (refused.status_code, refused.json()["detail"]) == (409, f"consent {reference} {sentence}")
    desk.act(reference, "decision", decision="Refused", cause="the user said no")
    for what, content in (
        ("decision", {"decision": "Given", "cause": "changed their mind"}),
        ("withdrawal", WITHDRAWAL),
        ("revocation", WITHDRAWAL),
        ("link", {}),
        ("question", {"to": "https://home.example.org/kb"}),
    ):
        refused = desk.act(reference, what, **content)
        assert (refused.status_code, "refused" in refused.json()["detail"]) == (409, True), what
    assert [one["after"] for one in desk.record(reference)["history"]] == ["requested", "refused"]


def test_the_portal_gives_some_kinds_of_data_and_never_what_nobody_asked_for(desk: Any) -> None:
    desk.purpose(kinds=["metering", "voltage"])
    reference = desk.asked()
    decision = {"decision": "Given", "cause": "signed in Faro"}
    wrong = desk.act(reference, "decision", **decision, kinds=["injected_power"])
    assert (wrong.status_code, "is about metering, voltage" in wrong.json()["detail"]) == (422, True)
    assert desk.act(reference, "decision", **decision, kinds=["voltage"]).json()["kinds"] == ["voltage"]


def test_consents_are_found_by_state_organisation_and_user_in_pages(desk: Any) -> None:
    references = [desk.asked(endUser=f"U{number}") for number in range(1, 4)]
    other = desk.asked("retailer")
    desk.act(references[1], "decision", decision="Given", cause="signed in Faro")
    assert [one["reference"] for one in desk.records()] == [*references, other]
    assert [one["reference"] for one in desk.records(state="granted")] == [references[1]]
    assert [one["reference"] for one in desk.records(organisation="retailer")] == [other]
    assert [one["reference"] for one in desk.records(user="U1", state="requested")] == [references[0], other]
    page = desk.client.get("/operator/consent/records", params={"limit": 2, "after": 1})
    assert [one["reference"] for one in page.json()] == references[1:]
    assert 'rel="next"' in page.headers["Link"]
    assert desk.client.get("/operator/consent/records", params={"state": "asleep"}).status_code == 422


def test_a_consent_that_there_is_not_is_not_found(desk: Any) -> None:
    assert desk.client.get("/operator/consent/records/C-9").status_code == 404
    for what, content in (
        ("decision", {"decision": "Given", "cause": "x y"}),
        ("revocation", WITHDRAWAL),
        ("link", {}),
    ):
        found = desk.act("C-9", what, **content)
        assert (found.status_code, found.json()["detail"]) == (404, "there is no consent C-9")
    assert desk.act("C-9", "question", to="https://home.example.org/kb").status_code == 404


def test_the_outbox_tells_what_users_are_to_be_told_and_what_was_sent(desk: Any, clock: Any) -> None:
    reference, manage = desk.given()
    desk.press(manage, "withdraw")
    get, post = desk.client.get, desk.client.post
    notices = get("/operator/consent/notices").json()
    assert [(one["consent"], one["user"], one["about"]) for one in notices] == [
        (reference, "U1", "requested"),
        (reference, "U1", "granted"),
        (reference, "U1", "withdrawn"),
    ]
    number = notices[0]["number"]
    clock.advance(minutes=5)
    sent = post(f"/operator/consent/notices/{number}/sent").json()
    assert sent == notices[0] | {"sentAt": "2026-11-20T12:05:00Z"}
    clock.advance(minutes=5)
    assert post(f"/operator/consent/notices/{number}/sent").json() == sent
    assert get("/operator/consent/notices", params={"sent": "true"}).json() == [sent]
    assert get("/operator/consent/notices", params={"sent": "false"}).json() == notices[1:]
    assert post("/operator/consent/notices/999/sent").status_code == 404


def test_the_operator_sets_how_users_are_asked(desk: Any) -> None:
    def put(**changes: Any) -> Any:
        return desk.client.post("/operator/consent/settings", SETTINGS | changes, method="PUT")

    assert desk.client.get("/operator/consent/settings").json() == SETTINGS
    own = {"address": "https://consent.dso.example.org/", "answerDays": 7, "contact": "privacy@dso.example.org"}
    assert put(**own, notices=False).status_code == 200
    reference = desk.asked()
    link = desk.act(reference, "link").json()
    assert link["url"].startswith("https://consent.dso.example.org/consent/")
    assert (link["opens"], link["expiresAt"]) == ("decision", "2026-11-27T12:00:00Z")
    path = link["url"].removeprefix("https://consent.dso.example.org")
    assert "Whom to ask: privacy@dso.example.org" in desk.visit(path).text
    receipt = desk.visit(desk.press(path, "give").headers["Location"])
    assert "https://consent.dso.example.org/consent/" in receipt.text
    assert desk.client.get("/operator/consent/notices").json() == []
    for wrong in ({"address": "javascript:alert(1)"}, {"answerDays": 0}, {"contact": "two\nlines"}):
        assert put(**wrong).status_code == 422


def test_purposes_are_of_organisations_that_there_are_and_sentences(desk: Any) -> None:
    desk.purpose()
    desk.purpose(retentionDays=30)
    assert desk.client.get("/operator/consent/purposes").json() == [PURPOSE | {"retentionDays": 30}]

    def put(**changes: Any) -> Any:
        return desk.client.post("/operator/consent/purposes", PURPOSE | changes, method="PUT")

    assert put(organisation="nobody").status_code == 404
    for wrong in ({"purpose": "Analytics"}, {"retentionDays": 4000}, {"retentionDays": 0}, {"kinds": []}):
        assert put(**wrong).status_code == 422
    assert "no sentence" in put(purpose="Analytics").json()["detail"]


@pytest.mark.parametrize("organisation", ["aggregator", "third", "analyst", ""])
def test_the_staffs_routes_are_for_the_staff(desk: Any, organisation: str) -> None:
    reference = desk.asked()
    stranger = desk.client.of(organisation)
    status = 403 if organisation else 401
    for path in ("records", f"records/{reference}", "purposes", "settings", "notices"):
        assert stranger.get(f"/operator/consent/{path}").status_code == status, path
    for what in ("decision", "withdrawal", "revocation", "question", "link"):
        assert stranger.post(f"/operator/consent/records/{reference}/{what}", {}).status_code == status, what


def test_the_portal_of_the_dso_decides_but_links_are_for_the_control_room_alone(desk: Any) -> None:
    reference = desk.asked()
    portal = desk.client.of("web-portal")
    assert portal.get("/operator/consent/records").status_code == 200
    assert portal.post(f"/operator/consent/records/{reference}/link").status_code == 403
    decision = {"decision": "Given", "cause": "decided in the customer portal"}
    assert portal.post(f"/operator/consent/records/{reference}/decision", decision).status_code == 200
    assert desk.record(reference)["history"][-1]["actor"].startswith("web-portal (glk_")
