"""The pages on which users decide: reached by a link, used once, read by anybody who can read."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import select

from gridlingua.services.consent.tables import LINKS

from .conftest import grant

VOID = {"meta", "input"}


class Tree(HTMLParser):
    """Opens and closes of a page, which must match; elements with their attributes, and the text that is read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def heading(page: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found, page.text
    return found[1]


def test_the_page_says_what_why_how_long_to_whom_and_how_to_take_it_back(desk: Any) -> None:
    desk.purpose()
    page = desk.visit(desk.link(desk.asked()))
    assert (page.status_code, heading(page)) == (200, "Aggregator asks to see your electricity data")
    for said in (
        "Aggregator, and nobody else from us",
        "Load curve",
        "Flexibility offers: we find out when your heat pump can pause.",
        "At most 90 days after Aggregator received it",
        "1 November 2026 to 31 October 2027, both included",
        "At any time and without giving a reason",
        "You can answer until 20 December 2026 at 12:00",
        "data protection authority",
    ):
        assert said in page.text, said


def test_the_page_speaks_the_language_of_its_reader(desk: Any) -> None:
    path = desk.link(desk.asked())
    page = desk.visit(path, "pt-PT,pt;q=0.9,en;q=0.5")
    assert heading(page) == "Aggregator pede para ver os seus dados de eletricidade"
    assert (page.headers["Content-Language"], '<html lang="pt">' in page.text) == ("pt", True)
    assert "Oferecer-lhe serviços" in page.text  # nobody has said for what: the sentence that fits most
    assert heading(desk.visit(f"{path}?lang=en", "pt")).startswith("Aggregator asks")
    done = desk.client.of("").request("POST", f"{path}?lang=pt", data={"action": "refuse"})
    assert heading(desk.visit(done.headers["Location"])) == "Não deu autorização"


def test_a_user_may_look_often_and_decides_once(desk: Any, clock: Any) -> None:
    reference = desk.asked()
    path = desk.link(reference)
    for _ in range(3):
        assert desk.visit(path).status_code == 200
    done = desk.press(path, "give")
    assert done.status_code == 303
    receipt = desk.visit(done.headers["Location"])
    assert (receipt.status_code, heading(receipt)) == (200, "You have agreed")
    assert f"{desk.client.url}{done.headers['Location']}" in receipt.text  # to be kept
    clock.advance(hours=1)
    for action in ("give", "refuse", "withdraw"):
        again = desk.press(path, action)
        assert (again.status_code, heading(again)) == (409, "This question has been answered already")
        assert "20 November 2026 at 12:00" in again.text
    assert desk.visit(path).status_code == 410
    assert [one["after"] for one in desk.record(reference)["history"]] == ["requested", "requested", "granted"]


def test_what_the_user_was_told_is_kept_as_evidence(desk: Any) -> None:
    desk.purpose()
    reference, _ = desk.given()
    desk.purpose(purpose="Something else altogether.")
    record = desk.record(reference)
    assert record["purpose"] == "Flexibility offers: we find out when your heat pump can pause."
    last = record["history"][-1]
    assert last.pop("link")["madeBy"].startswith("dso (glk_")
    assert last == {
        "before": "requested",
        "after": "granted",
        "at": "2026-11-20T12:00:00Z",
        "cause": "decided on the page",
        "actor": "user U1",
        "shown": {
            "language": "en",
            "recipient": "Aggregator",
            "kinds": "Load curve: the average power drawn at your meter in every quarter of an hour",
            "period": "1 November 2026 to 31 October 2027, both included",
            "purpose": "Flexibility offers: we find out when your heat pump can pause.",
            "retention": "90 days",
            "withdrawal": "At any time and without giving a reason: on the page of dso that you get when you have "
            "decided, or by asking dso.",
        },
    }


def test_taking_it_back_is_one_press_and_takes_effect_at_once(desk: Any) -> None:
    reference, manage = desk.given()
    assert "Withdraw my permission" in desk.visit(manage).text
    done = desk.press(manage, "withdraw")
    assert (done.status_code, done.headers["Location"]) == (303, manage)
    assert heading(desk.visit(manage)) == "You have withdrawn your permission"
    assert desk.ask().json()["status"] == "Withdrawn"
    again = desk.press(manage, "withdraw")
    assert (again.status_code, heading(again)) == (409, "You have withdrawn your permission")
    history = desk.record(reference)["history"]
    assert [(one["after"], one["actor"]) for one in history][2:] == [("granted", "user U1"), ("withdrawn", "user U1")]


def test_a_user_who_refuses_gets_a_receipt_too(desk: Any) -> None:
    done = desk.press(desk.link(desk.asked()), "refuse")
    page = desk.visit(done.headers["Location"])
    assert (page.status_code, heading(page)) == (200, "You have not agreed")
    assert "<form" not in page.text
    assert desk.press(done.headers["Location"], "give").status_code == 409
    assert desk.ask().json()["status"] == "Refused"


def test_several_kinds_of_data_are_agreed_to_one_by_one_and_none_is_ticked_beforehand(desk: Any) -> None:
    desk.purpose(kinds=["metering", "voltage", "injected_power"])
    reference = desk.asked()
    path = desk.link(reference)
    boxes = [one for one in Tree(desk.visit(path).text).all("input") if one["type"] == "checkbox"]
    assert [box["value"] for box in boxes] == ["metering", "voltage", "injected_power"]
    assert not any("checked" in box for box in boxes)
    for kinds in ((), ("everything",), ("metering", "cutoff_power")):
        wrong = desk.press(path, "give", *kinds)
        assert (wrong.status_code, "ticked nothing" in wrong.text, 'role="alert"' in wrong.text) == (422, True, True)
    assert desk.press(path, "give", "injected_power", "metering").status_code == 303
    assert desk.record(reference)["kinds"] == ["metering", "injected_power"]


def test_a_press_of_no_button_is_told_on_the_page_and_changes_nothing(desk: Any) -> None:
    reference = desk.asked()
    path = desk.link(reference)
    for action in ("", "withdraw", "delete everything"):
        wrong = desk.press(path, action)
        assert (wrong.status_code, "Press one of the two buttons" in wrong.text) == (422, True)
    nothing = desk.client.of("").post(path, {"action": "give"})  # JSON, as no browser sends it
    assert nothing.status_code == 422
    assert desk.record(reference)["state"] == "requested"


def test_a_link_that_nobody_made_opens_nothing(desk: Any) -> None:
    desk.asked()
    for token in ("x", "A" * 43, "%2e%2e", "a'b\"c<d>", "\u00e9" * 10, "x" * 5000):
        for page in (desk.visit(f"/consent/{token}"), desk.press(f"/consent/{token}", "give")):
            assert (page.status_code, heading(page)) == (404, "This link does not work"), token


def test_a_new_link_takes_the_place_of_the_former_until_one_is_used(desk: Any) -> None:
    reference = desk.asked()
    first, second = desk.link(reference), desk.link(reference)
    assert (desk.visit(first).status_code, desk.visit(second).status_code) == (404, 200)
    manage = desk.press(second, "give").headers["Location"]
    mailed = desk.link(reference)
    assert (heading(desk.visit(manage)), heading(desk.visit(mailed))) == ("You have agreed", "You have agreed")
    assert desk.visit(second).status_code == 410


def test_a_question_cannot_be_answered_after_its_time(desk: Any, clock: Any) -> None:
    path = desk.link(desk.asked())
    clock.advance(days=30)
    page = desk.visit(path)
    assert (page.status_code, heading(page)) == (200, "The time to answer is over")
    assert desk.press(path, "give").status_code == 409
    assert desk.ask().json()["status"] == "Expired"


def test_a_permission_that_is_over_cannot_be_taken_back_any_more(desk: Any, clock: Any) -> None:
    _, manage = desk.given()
    clock.now = datetime(2027, 11, 1, tzinfo=UTC)
    assert heading(desk.visit(manage)) == "The time of this permission is over"
    assert desk.press(manage, "withdraw").status_code == 409


def test_what_the_dso_decided_meanwhile_is_told_to_whoever_comes_late(desk: Any) -> None:
    reference = desk.asked()
    path = desk.link(reference)
    desk.act(reference, "decision", decision="Given", cause="signed at the counter")
    late = desk.press(path, "refuse")
    assert (late.status_code, heading(late)) == (409, "This question has been answered already")
    manage = desk.link(reference)
    desk.act(reference, "revocation", cause="the contract has ended")
    assert heading(desk.visit(manage)) == "The permission has been ended by dso"


def test_the_user_of_a_grant_that_the_dso_entered_can_withdraw_it_by_a_link(desk: Any) -> None:
    desk.client.post("/operator/data/grants", [grant()])
    manage = desk.link(desk.records()[0]["reference"])
    assert "1 November 2026 to 30 November 2026" in desk.visit(manage).text
    desk.press(manage, "withdraw")
    assert desk.records()[0]["state"] == "withdrawn"


def test_of_a_link_only_the_hash_is_kept(desk: Any) -> None:
    path = desk.link(desk.asked())
    token = path.rsplit("/", 1)[-1]
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    with desk.database.reading() as connection:
        (row,) = connection.execute(select(LINKS)).mappings()
    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(dict(row))


def pages(desk: Any) -> list[Any]:
    """One of every kind of page."""
    desk.purpose(kinds=["metering", "voltage"])
    reference = desk.asked()
    path = desk.link(reference)
    open_, wrong = desk.visit(path), desk.press(path, "give")
    manage = desk.press(path, "give", "voltage").headers["Location"]
    granted, used = desk.visit(manage), desk.visit(path)
    desk.press(manage, "withdraw")
    return [open_, wrong, granted, used, desk.visit(manage), desk.visit("/consent/x")]


def test_every_page_keeps_its_address_and_content_to_itself(desk: Any) -> None:
    found = [*pages(desk), desk.press(desk.link(desk.asked("retailer")), "refuse")]
    for page in found:
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "set-cookie" not in page.headers
        policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
        assert policy.pop("style-src").startswith("'sha256-")
        none = dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'")
        assert policy == none | {"form-action": "'self'"}


def test_every_page_is_well_formed_and_needs_nothing_but_itself(desk: Any) -> None:
    for page in pages(desk):
        tree = Tree(page.text)
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert {tag for tag, _ in tree.elements} & {"script", "img", "link", "iframe", "object", "video"} == set()
        assert not [name for _, attributes in tree.elements for name in attributes if name.startswith("on")]
        assert not [one for one in tree.all("a") if (one["href"] or "").startswith("//")]
        (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]
        assert "url(" not in style
        assert "@import" not in style


def test_every_page_can_be_used_without_seeing_it_and_without_a_mouse(desk: Any) -> None:
    for page in pages(desk):
        tree = Tree(page.text)
        (html,) = tree.all("html")
        assert html["lang"] == "en"
        assert len(tree.all("h1")) == len(tree.all("main")) == len(tree.all("title")) == 1
        levels = [int(tag[1]) for tag, _ in tree.elements if re.fullmatch(r"h\d", tag)]
        assert set(levels) <= {1, 2}
        ids = [attributes["id"] for _, attributes in tree.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        labels = {one["for"] for one in tree.all("label")}
        assert {one["id"] for one in tree.all("input")} == labels
        for _, attributes in tree.elements:
            assert set((attributes.get("aria-describedby") or "").split()) <= set(ids)
        assert len(tree.all("fieldset")) == len(tree.all("legend"))
        assert tree.all("a")[0]["href"] == "#content"
        assert not [one for one in tree.elements if "tabindex" in one[1] and one[1]["tabindex"] not in ("0", "-1")]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [("--ink", "#fff"), ("--ink", "--ground"), ("--quiet", "#fff"), ("--quiet", "--ground"), ("--brand", "--ground"),
     ("#fff", "--brand"), ("#d5e3ee", "--brand"), ("--bad", "#fff"), ("#fff", "#082d48")],
)  # fmt: skip
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    style = (files("gridlingua.services.consent") / "templates" / "style.css").read_text(encoding="utf-8")
    variables = dict(re.findall(r"(--\w+): (#\w+);", style))
    assert ink in variables or ink in style
    light, dark = sorted((luminance(variables.get(one, one)) for one in (ink, ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize(
    "hostile", ['<script>alert(1)</script> & "so on"', "{{ 7 * 7 }} {dso} %s it is", "a' onclick='x b"]
)
def test_what_others_write_is_shown_as_text_and_never_as_code(desk: Any, hostile: str) -> None:
    desk.purpose(purpose=hostile)
    settings = {"address": "", "answerDays": 30, "contact": hostile, "notices": True}
    desk.client.post("/operator/consent/settings", settings, method="PUT")
    page = desk.visit(desk.link(desk.asked()))
    assert page.status_code == 200
    tree = Tree(page.text)
    assert not tree.all("script")
    assert not [one for _, one in tree.elements if "onclick" in one]
    assert unescape(page.text).count(hostile) == 2
