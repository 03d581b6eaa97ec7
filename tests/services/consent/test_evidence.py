"""Evidence: by whose link a decision came, and whose consents the staff looked at."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Desk, grant

RECORD = "/operator/consent/records/{reference}"


def subjects(desk: Desk, operation: str) -> list[tuple[int, list[str]]]:
    """The status of every use of an operation, and whose data it touched."""
    found = desk.client.get("/admin/usage", params={"limit": 1000}).json()
    return [(one["status"], one["subjects"]) for one in found if one["operation"] == operation]


def test_a_decision_on_the_page_tells_who_made_the_link_it_came_by_and_when(desk: Desk, clock: Any) -> None:
    reference = desk.asked()
    clock.advance(minutes=5)
    path = desk.link(reference)
    clock.advance(minutes=5)
    assert desk.press(path, "give").status_code == 303
    _, made, given = desk.record(reference)["history"]
    assert made["actor"].startswith("dso (glk_")
    assert (made["before"], made["after"], made["cause"]) == ("requested", "requested", "made a link to decide")
    assert (made["at"], "shown" in made) == ("2026-11-20T12:05:00Z", False)
    assert (given["actor"], given["cause"]) == ("user U1", "decided on the page")
    assert given["link"] == made["link"]
    assert given["link"]["madeBy"] == made["actor"]
    assert (given["link"]["madeAt"], given["at"]) == ("2026-11-20T12:05:00Z", "2026-11-20T12:10:00Z")
    assert "link" not in given["shown"]


def test_of_several_links_the_one_that_was_used_is_told_and_a_refusal_tells_it_too(desk: Desk, clock: Any) -> None:
    reference = desk.asked()
    desk.link(reference)
    clock.advance(minutes=1)
    path = desk.link(reference)
    desk.press(path, "refuse")
    _, first, second, refused = desk.record(reference)["history"]
    assert first["link"] != second["link"]
    assert (refused["after"], refused["link"]) == ("refused", second["link"])
    assert refused["link"]["id"] not in path


def test_a_withdrawal_tells_whether_its_link_came_of_the_page_or_of_the_staff(desk: Desk, clock: Any) -> None:
    by_page, manage = desk.given()
    by_staff, _ = desk.given(endUser="U2")
    clock.advance(minutes=5)
    mailed = desk.link(by_staff)
    for path in (manage, mailed):
        assert desk.press(path, "withdraw").status_code == 303
    _, _, given, withdrawn = desk.record(by_page)["history"]
    assert withdrawn["link"]["madeBy"] == f"the page of link {given['link']['id']}, when it was decided"
    assert withdrawn["link"]["madeAt"] == given["at"]
    *_, made, withdrawn = desk.record(by_staff)["history"]
    assert (made["before"], made["after"], made["cause"]) == ("granted", "granted", "made a link to withdraw")
    assert withdrawn["link"] == made["link"]
    assert withdrawn["link"]["madeBy"].startswith("dso (glk_")


def test_a_link_that_could_not_be_made_leaves_no_trace(desk: Desk) -> None:
    reference = desk.asked()
    desk.act(reference, "decision", decision="Refused", cause="the user said no")
    before = desk.record(reference)
    assert desk.act(reference, "link").status_code == 409
    assert desk.record(reference) == before


def test_making_a_link_changes_nothing_of_how_the_consent_stands(desk: Desk, clock: Any) -> None:
    reference = desk.asked()
    (before,) = desk.records()
    clock.advance(hours=1)
    desk.link(reference)
    assert desk.records() == [before]


@pytest.mark.parametrize("what", ["decision", "withdrawal", "revocation", "link", "question"])
def test_what_is_refused_names_its_user_in_the_usage_log_all_the_same(desk: Desk, what: str) -> None:
    reference = desk.asked()
    desk.act(reference, "decision", decision="Refused", cause="the user said no")
    content = {
        "decision": {"decision": "Given", "cause": "changed their mind"},
        "link": {},
        "question": {"to": "https://home.example.org/kb"},
    }.get(what, {"cause": "the user telephoned"})
    assert desk.act(reference, what, **content).status_code == 409
    operation = f"POST {RECORD}/{what}"
    assert subjects(desk, operation)[-1] == (409, ["U1"])


def test_whoever_lists_consents_notices_or_grants_is_logged_with_every_user_shown_and_no_other(desk: Desk) -> None:
    for number in range(1, 4):
        desk.client.post("/operator/data/grants", [grant(f"G{number}", user=f"U{number}")])
        reference = desk.asked("retailer", endUser=f"U{number}")
        desk.act(reference, "decision", decision="Refused", cause="the user said no")
    shown = {"records": ["U1", "U2", "U3"], "notices": ["U1", "U2", "U3"]}
    for path in shown:
        desk.client.get(f"/operator/consent/{path}")
        desk.client.get(f"/operator/consent/{path}", params={"limit": 1})
        whole, page = subjects(desk, f"GET /operator/consent/{path}")[-2:]
        assert (sorted(whole[1]), page) == (shown[path], (200, ["U1"])), path
    desk.client.get("/operator/data/grants")
    desk.client.get("/operator/data/grants", params={"limit": 1, "after": 1})
    assert subjects(desk, "GET /operator/data/grants") == [(200, ["U1", "U2", "U3"]), (200, ["U2"])]
    desk.client.post("/operator/consent/notices/1/sent")
    assert subjects(desk, "POST /operator/consent/notices/{number}/sent") == [(200, ["U1"])]
