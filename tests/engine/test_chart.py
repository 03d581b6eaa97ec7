"""A network drawn: everything is there, and nothing stands on anything else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from gridlingua.engine import KnowledgeBase
from gridlingua.engine.entries import Entry
from gridlingua.engine.survey.chart import draw_network
from gridlingua.engine.survey.overview import Overview, Participant

SVG = "{http://www.w3.org/2000/svg}"


def participant(say: Any, owner: str, *patterns: tuple[str, str], level: int = 1, trouble: str = "") -> Participant:
    id_ = f"http://ex.org/{owner}"
    interactions = [say(kind, pattern, name=f"n{number}") for number, (kind, pattern) in enumerate(patterns)]
    entries = tuple(Entry(f"{id_}/interaction/{one.name}", id_, one) for one in interactions)
    return Participant(KnowledgeBase(id_, f"{owner} & <sons>", "d", level), entries, trouble)


def drawn(*participants: Participant) -> ET.Element:
    overview = Overview(participants)
    return ET.fromstring(draw_network(overview.participants, overview.standings()))


def texts(drawing: ET.Element, kind: str) -> list[str]:
    return [one.text or "" for one in drawing.iter(f"{SVG}text") if one.get("class") == kind]


def place(card: ET.Element) -> tuple[int, ...]:
    box = card.find(f"{SVG}rect")
    assert box is not None
    return tuple(int(box.get(side, "")) for side in ("x", "y", "width", "height"))


def test_who_serves_whom_is_a_line_with_both_names(say: Any) -> None:
    drawing = drawn(
        participant(say, "A", ("ask", "?s p ?o"), ("post", "?s q ?o")),
        participant(say, "B", ("answer", "?x p ?y"), ("react", "?x q ?y")),
    )
    titles = [one.text for one in drawing.iter(f"{SVG}title")]
    assert "http://ex.org/A/interaction/n0 is served by http://ex.org/B/interaction/n0 at reasoner level 1" in titles
    assert "http://ex.org/A/interaction/n1 is served by http://ex.org/B/interaction/n1 at reasoner level 1" in titles
    assert texts(drawing, "name") == ["A & <sons>", "B & <sons>"]
    assert texts(drawing, "row") == ["ask n0", "post n1", "answer n0", "react n1"]


def test_what_is_open_quiet_or_in_trouble_is_marked(say: Any) -> None:
    drawing = drawn(
        participant(say, "A", ("ask", "?s p ?o")), participant(say, "B"), participant(say, "C", trouble="poisoned")
    )
    assert texts(drawing, "nobody") == ["ask n0", "nobody serves it"]
    assert texts(drawing, "note")[:2] == ["no interactions", "cannot be told"]
    assert [one.get("data-id") for one in drawing.iter(f"{SVG}g") if one.get("class") == "trouble"] == [
        "http://ex.org/C"
    ]


def test_who_can_serve_only_with_others_has_a_broken_line(say: Any) -> None:
    drawing = drawn(
        participant(say, "A", ("ask", "?s p ?o . ?s q ?z"), level=2),
        participant(say, "B", ("answer", "?x p ?y")),
        participant(say, "C", ("answer", "?x q ?y")),
    )
    broken = [one for one in drawing.iter(f"{SVG}g") if one.get("class") == "ask together"]
    assert len([one for one in broken if one.find(f"{SVG}title") is not None]) == 2


def test_the_many_that_match_nothing_are_counted(say: Any) -> None:
    many = [("answer", f"?x {letter} ?y") for letter in "abcdefghij" if letter != "a"]
    drawing = drawn(participant(say, "A", ("ask", "?s j ?o")), participant(say, "B", *many))
    assert "+ 2 that match nothing" in texts(drawing, "note")
    assert "answer n8" in texts(drawing, "row")


@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_cards_stand_apart_and_inside_the_picture(say: Any, count: int) -> None:
    asks = [[("ask", "?s p ?o")] if n % 3 == 0 else [] for n in range(count)]
    drawing = drawn(*(participant(say, f"k{n}", ("answer", "?x p ?y"), *more) for n, more in enumerate(asks)))
    width, height = int(drawing.get("width", "")), int(drawing.get("height", ""))
    cards = [one for one in drawing.iter(f"{SVG}g") if one.get("class") == "card"]
    places = [place(card) for card in cards]
    assert len(places) == count + (count + 2) // 3
    for number, (x, y, w, h) in enumerate(places):
        assert 0 < x < x + w < width
        assert 0 < y < y + h < height
        for other_x, other_y, other_w, other_h in places[:number]:
            assert x >= other_x + other_w or other_x >= x + w or y >= other_y + other_h or other_y >= y + h


def test_the_same_network_is_the_same_drawing_in_light_and_dark(say: Any) -> None:
    found = Overview([participant(say, "A", ("ask", "?s p ?o")), participant(say, "B", ("answer", "?x p ?y"))])
    text = draw_network(found.participants, found.standings())
    assert text == draw_network(found.participants, found.standings())
    assert "@media (prefers-color-scheme:dark)" in text
    assert not re.search(r"https?://(?!www\.w3\.org|ex\.org)", text)


def test_what_no_xml_may_hold_is_replaced_wherever_a_stranger_wrote_it(say: Any) -> None:
    bad = "\x00\x1b[31m\x9b\x07\n\ud800\uffff"
    good = "\ufffd\ufffd[31m\ufffd\ufffd\ufffd\ufffd\ufffd"
    id_ = f"http://ex.org/A{bad}"
    entry = Entry(f"{id_}/interaction/n", id_, say("ask", "?s p ?o", name=f"n{bad}"))
    drawing = drawn(
        Participant(KnowledgeBase(id_, f"N{bad}", f"D{bad}", 1), (entry,)), participant(say, "B", ("answer", "?x p ?y"))
    )
    assert texts(drawing, "name")[0] == f"N{good}"
    assert texts(drawing, "row")[0] == f"ask n{good}"
    titles = [one.text for one in drawing.iter(f"{SVG}title")]
    assert f"http://ex.org/A{good}: D{good}" in titles
    assert ET.tostring(drawing, encoding="utf-8")
