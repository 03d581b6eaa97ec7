"""What a drawn graph pattern shows, and that nothing in it covers anything else."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.catalogue import Catalogue
from gridlingua.catalogue.drawing import draw
from gridlingua.catalogue.layout import LINE, TEXT_SIZE, Layout, lay_out
from gridlingua.catalogue.lettering import text_width, written
from gridlingua.semantics.patterns import Pattern, parse_body
from gridlingua.semantics.terms import RDF_TYPE

SVG = "{http://www.w3.org/2000/svg}"
PREFIXES = {"ex": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}

Area = tuple[float, float, float, float]


def curie(iri: str) -> str:
    return iri.replace("http://example.org/", "ex:").replace("http://www.w3.org/2001/XMLSchema#", "xsd:")


def pattern(text: str) -> Pattern:
    return parse_body(text, PREFIXES)


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def edges(svg: str) -> set[str]:
    found = [
        one.find(f"{SVG}title")
        for one in ElementTree.fromstring(svg).iter(f"{SVG}g")
        if one.get("class") in ("edge", "extra")
    ]
    return {one.text or "" for one in found if one is not None}


def boxes(layout: Layout) -> list[Area]:
    return [(box.x, box.top, box.right, box.top + box.height) for box in layout.boxes]


def labels(layout: Layout) -> list[Area]:
    placed = [(box.label, box.x, box.top - 5) for box in layout.boxes if box.label]
    placed += [(one.label, one.label_x, one.lane - 4) for one in layout.extras]
    return [(x, y - 9, x + text_width(text, TEXT_SIZE), y + 2) for text, x, y in placed]


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def assert_readable(layout: Layout) -> None:
    areas = [*boxes(layout), *labels(layout)]
    assert [pair for pair in combinations(areas, 2) if overlap(*pair)] == []
    assert all(x >= 0 and y >= 0 and right <= layout.width and low <= layout.height for x, y, right, low in areas)
    for box in layout.boxes:
        assert text_width(box.name, 13) <= box.width
        assert all(text_width(one, TEXT_SIZE) <= box.width for one in box.types)
        assert box.height >= LINE * (1 + len(box.types))


def test_every_pattern_of_the_catalogue_is_drawn_whole_and_nothing_covers_anything(catalogue: Catalogue) -> None:
    for exchange in catalogue.exchanges.values():
        fields = {*exchange.request.fields, *exchange.reply.fields}
        for profile in exchange.profiles.values():
            for one in filter(None, (profile.request, profile.result)):
                svg = draw(one, catalogue.vocabulary.curie, fields)
                shown = " ".join(texts(svg))
                assert {f"?{name}" for name in one.variables} <= set(texts(svg))
                assert {
                    catalogue.vocabulary.curie(term[1:-1]) in shown for term in one.constants if term[0] == "<"
                } <= {
                    True,
                    catalogue.vocabulary.curie(RDF_TYPE[1:-1]) in shown,
                }
                assert len(edges(svg)) == sum(p != RDF_TYPE for _, p, _ in one.triples)
                assert_readable(lay_out(one, catalogue.vocabulary.curie, fields))


def test_types_stand_in_the_box_of_their_node() -> None:
    svg = draw(pattern("?a a ex:Meter, ex:Device ; ex:says ?b ."), curie, {"b"})
    box = next(one for one in ElementTree.fromstring(svg).iter(f"{SVG}g") if one.get("data-term") == "?a")
    name, *types = [one.text for one in box.iter(f"{SVG}text")]
    assert name == "?a"
    assert set(types) == {"ex:Meter", "ex:Device"}
    assert edges(svg) == {"?a ex:says ?b"}


def test_fields_nodes_and_constants_look_different() -> None:
    svg = draw(pattern("?a ex:p ?b ; ex:q ?c ; ex:r ex:d ."), curie, {"b"})
    kinds = {one.get("data-term"): one.get("class") for one in ElementTree.fromstring(svg).iter(f"{SVG}g")}
    assert kinds["?a"] == "root"
    assert kinds["?b"] == "field"
    assert kinds["?c"] == "node"
    assert kinds["<http://example.org/d>"] == "constant"


def test_what_is_used_twice_is_drawn_once_with_an_edge_more() -> None:
    layout = lay_out(pattern("?a ex:p ?b ; ex:q ?c . ?b ex:r ?d . ?c ex:r ?d ."), curie, {})
    assert sorted(box.name for box in layout.boxes) == ["?a", "?b", "?c", "?d"]
    assert [(one.source.name, one.label, one.target.name) for one in layout.extras] == [("?c", "ex:r", "?d")]


def test_a_constant_is_drawn_wherever_it_is_used() -> None:
    layout = lay_out(pattern("?a ex:p ?b ; ex:unit ex:watt . ?b ex:unit ex:watt ."), curie, {})
    assert [box.name for box in layout.boxes].count("ex:watt") == 2
    assert layout.extras == []


def test_what_only_points_into_the_tree_hangs_at_what_it_points_to() -> None:
    layout = lay_out(
        pattern("?a ex:p ?b ; ex:r ?f . ?f ex:q ?g . ?b ex:q ?c . ?d ex:in ?b ; ex:says ?e ."), curie, {"e"}
    )
    hung = next(box for box in layout.boxes if box.name == "?d")
    assert hung.backward
    assert hung.parent is not None
    assert hung.parent.name == "?b"
    assert hung.label == "← ex:in"
    assert [box.name for box in layout.boxes if box.parent is None] == ["?a"]


def test_a_circle_and_a_loop_are_drawn_too() -> None:
    svg = draw(pattern("?a ex:p ?b . ?b ex:q ?a . ?b ex:same ?b ."), curie, {})
    assert edges(svg) == {"?a ex:p ?b", "?b ex:q ?a", "?b ex:same ?b"}


def test_pieces_that_do_not_hang_together_stand_below_each_other() -> None:
    layout = lay_out(pattern("?a ex:p ?b . ?c ex:p ?d ."), curie, {})
    assert [box.name for box in layout.boxes if box.parent is None] == ["?a", "?c"]
    assert_readable(layout)


def test_markup_in_a_text_is_text() -> None:
    svg = draw(pattern('?a ex:says "<b>&\\"x" .'), curie, {})
    assert any("<b>&" in one for one in texts(svg))
    assert '"<b>&\\"x"' in next(
        e.get("data-term") or "" for e in ElementTree.fromstring(svg).iter() if e.get("class") == "constant"
    )


def test_a_long_text_is_shortened_and_stays_in_its_box() -> None:
    one = pattern(f'?a ex:says "{"long " * 40}" ; ex:{"p" * 80} ?b .')
    assert_readable(lay_out(one, curie, {}))
    assert all(len(text) <= 50 for text in texts(draw(one, curie, {})))


def test_a_drawing_says_what_it_is_and_follows_light_and_dark() -> None:
    svg = draw(pattern("?a ex:p ?b ."), curie, {})
    head = ElementTree.fromstring(svg)
    title = head.find(f"{SVG}title")
    assert title is not None
    assert title.text == head.get("aria-label") == "Graph pattern of 1 triple from ?a"
    assert head.get("role") == "img"
    assert "prefers-color-scheme:dark" in svg


def test_a_drawing_stands_alone() -> None:
    svg = draw(pattern("?a ex:p ?b ."), curie, {})
    assert re.findall(r"""(?:href|src|url\(|@import|<script)""", svg) == []


def test_terms_are_written_as_people_write_them() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert written("?a", curie) == "?a"
    assert written("<http://example.org/x>", curie) == "ex:x"
    assert written('"PT15M"^^<' + xsd + "duration>", curie) == '"PT15M"^^xsd:duration'
    assert written('"5"^^<' + xsd + "integer>", curie) == "5"
    assert written('"hem"@nl', curie) == '"hem"@nl'


NODES = st.sampled_from([f"?{name}" for name in "abcdefgh"])
OBJECTS = st.one_of(NODES, st.sampled_from(['"text"', "<http://example.org/thing>"]))
PREDICATES = st.sampled_from([f"<http://example.org/{name}>" for name in ("p", "hasQuiteALongName", "in")] + [RDF_TYPE])
PATTERNS = st.lists(st.tuples(NODES, PREDICATES, OBJECTS), min_size=1, max_size=20, unique=True)


@given(PATTERNS)
def test_any_pattern_is_readable_and_shows_each_triple_once(triples: list[tuple[str, str, str]]) -> None:
    one = Pattern(tuple(triples))
    layout = lay_out(one, curie, {"a", "b"})
    assert_readable(layout)
    types = sum(len(box.types) for box in layout.boxes)
    assert types + sum(box.parent is not None for box in layout.boxes) + len(layout.extras) == len(triples)
    assert draw(one, curie, {"a", "b"}) == draw(Pattern(tuple(triples)), curie, {"b", "a"})
    ElementTree.fromstring(draw(one, curie, {"a", "b"}))
