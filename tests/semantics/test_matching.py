"""How patterns cover each other (contract 4.2)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.semantics.matching import matches, symmetry
from gridlingua.semantics.patterns import Pattern, parse_body


def pattern(text):
    return parse_body(text, {"": "http://e/"})


def only(target, source):
    (match,) = matches(pattern(target), pattern(source))
    return match


def test_names_and_order_do_not_matter():
    match = only("?s :p ?o . ?o :q ?z", "?b :q ?c . ?a :p ?b")
    assert dict(match.nodes)["?s"] == "?a"
    assert match.triples == ((0, 1), (1, 0))


def test_the_source_may_have_more_but_not_less():
    assert only("?s :p ?o", "?x :p ?y . ?x :q ?z")
    assert not list(matches(pattern("?s :p ?o . ?s :q ?z"), pattern("?x :p ?y")))


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("?s :p ?v . ?s :q ?v", "?x :p ?y . ?x :q ?z"),
        ("?x :p ?y . ?x :q ?z", "?s :p ?v . ?s :q ?v"),
        ("?s :p :c . ?s :q :c", "?x :p ?y . ?x :q ?z"),
        ("?a :p ?b . ?b :p ?c", "?x :p ?y"),
        ("?s :p ?o", "?s :q ?o"),
        ("?s :p :a", "?s :p :b"),
        ("?s :p ?s . ?s :q ?o", "?x :p ?y . ?x :q ?o"),
    ],
    ids=["A22", "A22 reversed", "A24", "A25", "predicate", "constant", "two in one triple, then one of them again"],
)
def test_what_does_not_correspond_one_to_one_does_not_match(target, source):
    assert not list(matches(pattern(target), pattern(source)))


def test_rows_to_the_source_are_renamed_constants_bound_and_contradictions_dropped():
    match = only("?s :p :c . ?s :q ?o", "?x :p ?y . ?x :q :d")
    assert match.to_source([{"s": "<s>"}]) == [{"x": "<s>", "y": "<http://e/c>"}]
    assert match.to_source([{"o": "<http://e/d>"}]) == [{"y": "<http://e/c>"}]
    assert match.to_source([{"o": "<http://e/other>"}]) == []
    assert match.to_source([]) == []
    assert only("?s :p ?o", "?x :p ?y").to_source([{}, {"s": "<s>"}]) == [{}, {"x": "<s>"}]


def test_rows_to_the_target_are_complete_and_agree_with_its_constants():
    match = only("?s :p :c . ?s :q ?o", "?x :p ?y . ?x :q :d")
    rows = [{"x": "<s>", "y": "<http://e/c>"}, {"x": "<t>", "y": "<http://e/other>"}, {"x": "<u>"}]
    assert match.to_target(rows) == [{"s": "<s>", "o": "<http://e/d>"}]


def test_two_nodes_in_one_triple_are_decided_by_the_rows():
    match = only("?s :p ?s", "?x :p ?y")
    assert match.to_target([{"x": "<s>", "y": "<s>"}, {"x": "<s>", "y": "<t>"}]) == [{"s": "<s>"}]
    assert match.to_source([{"s": "<s>"}]) == [{"x": "<s>", "y": "<s>"}]
    assert only("?s :p ?o", "?x :p ?x").to_source([{"s": "<s>", "o": "<t>"}, {"s": "<s>"}]) == [{"x": "<s>"}]


def test_translation_does_not_repeat_rows():
    match = only("?s :p ?o", "?x :p ?y . ?x :q ?z")
    rows = [{"x": "<s>", "y": "<o>", "z": f"<{number}>"} for number in range(3)]
    assert match.to_target(rows) == [{"s": "<s>", "o": "<o>"}]


def test_every_way_is_found():
    found = list(matches(pattern("?a :p ?b . ?a :p ?c"), pattern("?x :p ?y . ?x :p ?z")))
    assert {dict(match.nodes)["?b"] for match in found} == {"?y", "?z"}
    assert len(list(matches(pattern("?a :p ?b"), pattern("?x :p ?y . ?x :p ?z")))) == 2


def test_terms_are_equal_by_the_key_that_is_passed_in():
    one, other = (Pattern((("?s", "<http://e/p>", f'"{text}"@en'),)) for text in ("a", "A"))
    assert not list(matches(one, other))
    assert list(matches(one, other, key=str.lower))


def test_a_symmetric_pattern_is_ambiguous_and_says_what_trades_places():
    assert symmetry(pattern("?s :p ?a . ?s :p ?b")) == {"?a": "?b", "?b": "?a"}
    assert symmetry(pattern("?x a :T ; :v ?xv . ?y a :T ; :v ?yv"))
    assert not symmetry(pattern("?s :p ?a . ?s :q ?b . ?a :r ?c . ?b :r ?d"))


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"?a{i} a :C{i % 7} . ?a{i} :p ?a{(i + 1) % 15} ." for i in range(15)),
        " ".join(f"?s :p ?o{i} ." for i in range(30)),
        " ".join(f"?v{i} :p{i} ?v{i + 1} ." for i in range(30)),
        " ".join(f"?v{i} :p ?v{i + 1} ." for i in range(30)),
    ],
    ids=["ring of typed nodes", "star of like arms", "chain", "chain of like links"],
)
def test_thirty_triples_match_themselves_at_once(text):
    one = pattern(text)
    began = time.perf_counter()
    assert next(matches(one, one), None) is not None
    assert not list(matches(one, pattern(f"{text} ?extra :never ?x".replace(":p", ":z"))))
    assert time.perf_counter() - began < 1.0


nodes = st.sampled_from(["?a", "?b", "?c", "?d", "<http://e/1>", "<http://e/2>"])
predicates = st.sampled_from(["<http://e/p>", "<http://e/q>", "?r"])
patterns = st.lists(st.tuples(nodes, predicates, nodes), min_size=1, max_size=5, unique=True).map(
    lambda triples: Pattern(tuple(triples))
)


def by_hand(target, source):
    """The definition of contract 4.2, tried out on every assignment."""
    ways = [[]]
    for triple in target.triples:
        ways = [[*way, theirs] for way in ways for theirs in source.triples if theirs not in way]
        ways = [way for way in ways if meets(triple, way[-1]) and together(target.triples, way)]
    return {tuple(source.triples.index(theirs) for theirs in way) for way in ways}


def meets(ours, theirs):
    return all(a == b or a[0] == "?" or b[0] == "?" for a, b in zip(ours, theirs, strict=True))


def together(triples, way):
    """Equal constants correspond to each other and bind nothing else: so do runtimes 1.4.0 and 1.5.0."""
    pairs = [
        [(a, b) for a, b in zip(ours, theirs, strict=True) if "?" in (a[0], b[0])]
        for ours, theirs in zip(triples, way, strict=False)
    ]
    return all(
        (a == c) == (b == d)
        for i, first in enumerate(pairs)
        for second in pairs[:i]
        for a, b in first
        for c, d in second
    )


@given(patterns, patterns)
def test_the_matches_are_those_of_the_definition(target, source):
    found = [tuple(position for _, position in match.triples) for match in matches(target, source)]
    assert len(found) == len(set(found))
    assert set(found) == by_hand(target, source)


@given(patterns, st.permutations(["?a", "?b", "?c", "?d"]))
def test_a_pattern_matches_itself_under_other_names_and_rows_come_back(one, names):
    renamed = dict(zip(["?a", "?b", "?c", "?d"], names, strict=True))
    other = Pattern(tuple((renamed.get(s, s), p, renamed.get(o, o)) for s, p, o in reversed(one.triples)))
    row = {name: f"<http://v/{name}>" for name in one.variables}
    back = [match.to_target(match.to_source([row])) for match in matches(one, other)]
    assert [row] in back


def test_a_constant_may_meet_itself_and_a_variable():
    """Tried on runtimes 1.4.0 and 1.5.0: p meets p in the first triple, ?r in the second."""
    target = Pattern((("?a", "<p>", "?b"), ("?c", "<p>", "?d")))
    source = Pattern((("?u", "<p>", "?v"), ("?w", "?r", "?z")))
    assert len(list(matches(target, source))) == 2
