"""Two patterns side by side, whether they match or not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.semantics.alignment import Words, align
from gridlingua.semantics.matching import matches
from gridlingua.semantics.patterns import Pattern, parse_body


def pattern(text):
    return parse_body(text, {"": "http://e/"})


def e(name):
    return f"<http://e/{name}>"


def side_by_side(left, right, words=None):
    return align(pattern(left), pattern(right), words)


def test_what_matches_is_all_together_and_the_nodes_are_named():
    found = side_by_side("?s :p ?o . ?o :q :c", "?b :q ?d . ?a :p ?b")
    assert found.is_whole
    assert found.nodes == {"?s": "?a", "?o": "?b", e("c"): "?d"}


def test_triples_that_only_one_side_has_stand_alone():
    found = side_by_side("?s :p ?o ; :q ?z", "?x :p ?y . ?y :r ?w")
    assert (found.together, found.left_alone, found.right_alone) == (((0, 0),), (1,), (1,))


def test_constants_that_differ_stand_beside_each_other():
    found = side_by_side("?s :p ?o ; :unit :kW", "?x :unit :MW ; :p ?y")
    assert (found.together, found.differing) == (((0, 1),), ((1, 0),))


def test_another_property_between_the_same_nodes_stands_beside():
    found = side_by_side("?s a :S . ?p a :P . ?s :has ?p", "?x a :S . ?y a :P . ?x :hasSeries ?y")
    assert found.differing == ((2, 2),)


def test_a_class_of_a_node_that_corresponds_to_nothing_stands_alone():
    found = side_by_side("?s :p ?o . ?m a :Meter", "?x :p ?y . ?z a :Lamp")
    assert (found.differing, found.left_alone, found.right_alone) == ((), (1,), (1,))


def test_a_node_that_would_stand_for_two_is_apart():
    found = side_by_side("?s :p ?v ; :q ?v", "?x :p ?y ; :q ?z")
    assert (len(found.together), len(found.apart)) == (1, 1)


def test_what_hangs_together_goes_before_what_only_looks_alike():
    """:id of a room looks like :id of a house; the rooms know each other by another triple."""
    house, room = "?h a :House ; :id ?i", "?r a :Room ; :id ?j"
    found = side_by_side(f"{room} . {house}", room.replace("?r", "?x").replace("?j", "?y"))
    assert found.nodes == {"?r": "?x", "?j": "?y"}
    assert found.left_alone == (2, 3)


def test_other_words_are_put_in_before_and_positions_stay():
    words = Words({e("Measure"): e("Observation")}, {e("of"): e("has")})
    found = side_by_side("?s :has ?o . ?o a :Observation", "?m a :Measure ; :of ?s", words)
    assert found.is_whole
    assert found.together == ((0, 1), (1, 0))
    assert found.right.triples[1] == ("?m", e("of"), "?s")
    assert found.said.triples[1] == ("?s", e("has"), "?m")


nodes = st.sampled_from(["?a", "?b", "?c", "?d", e("1"), e("2")])
predicates = st.sampled_from([e("p"), e("q"), "?r"])
patterns = st.lists(st.tuples(nodes, predicates, nodes), min_size=1, max_size=5, unique=True).map(
    lambda triples: Pattern(tuple(triples))
)


@given(patterns, patterns)
def test_every_triple_is_somewhere_once(left, right):
    found = align(left, right)
    pairs = [*found.together, *found.apart, *found.differing]
    assert sorted([t for t, _ in pairs] + list(found.left_alone)) == list(range(len(left.triples)))
    assert sorted([s for _, s in pairs] + list(found.right_alone)) == list(range(len(right.triples)))


@given(patterns, patterns)
def test_what_is_together_is_a_match_of_those_triples(left, right):
    found = align(left, right)
    if found.together:
        ours = Pattern(tuple(left.triples[t] for t, _ in found.together))
        theirs = Pattern(tuple(right.triples[s] for _, s in found.together))
        assert list(matches(ours, theirs))


@given(patterns, patterns)
def test_whatever_covers_the_other_does_so_in_the_alignment(left, right):
    if list(matches(left, right)):
        assert len(align(left, right).together) == len(left.triples)
    elif list(matches(right, left)):
        assert len(align(left, right).together) == len(right.triples)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"?s :p ?o{i} ." for i in range(40)),
        " ".join(f"?v{i} :p ?v{i + 1} ." for i in range(40)),
        " ".join(f"?a{i} a :C ; :v ?b{i} ." for i in range(20)),
    ],
    ids=["star of like arms", "chain of like links", "like things"],
)
def test_forty_interchangeable_triples_are_aligned_in_seconds(text):
    began = time.perf_counter()
    found = align(pattern(text), pattern(f"{text} ?s :never ?t".replace(":C", ":D")))
    assert found.together
    assert time.perf_counter() - began < 20
