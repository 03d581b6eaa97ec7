"""What follows of a pattern is what a reasoner says follows of its instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import owlrl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, Graph, URIRef

from gridlingua.catalogue import Catalogue
from gridlingua.catalogue.ontology import TermInfo, Vocabulary, axiom_graph
from gridlingua.catalogue.ontology.reasoning import Closure, TBox, clashes
from gridlingua.catalogue.ontology.reasoning.clashes import wanted
from gridlingua.semantics.patterns import Pattern, Triple, instantiate
from gridlingua.semantics.terms import RDF_TYPE, XSD

EX = "http://example.org/ontology#"
NODE = "http://example.org/node/"
CLASSES = [f"{EX}{name}" for name in "ABCDEF"]
PROPERTIES = [f"{EX}{name}" for name in "pqrs"]
QUICK = settings(phases=(Phase.explicit, Phase.generate))  # owlrl takes too long for an example to be made smaller
CHARACTERISTICS = ("functional", "inverse functional", "symmetric", "transitive")


def ours(tbox: TBox, triples: Iterable[Triple]) -> set[tuple[str, frozenset[str]]]:
    """The nodes of two disjoint classes, with the classes."""
    found = clashes(Closure(tbox, triples))
    return {(one.node.strip("?<>"), frozenset(one.about)) for one in found if one.kind == "classes"}


def theirs(axioms: Graph, pattern: Pattern, tbox: TBox) -> set[tuple[str, frozenset[str]]]:
    """The same as owlrl finds it, on the pattern with a resource or a literal for every variable."""
    literals = {o[1:] for _, p, o in pattern.triples if o[0] == "?" and wanted(p, tbox) == "literal"}
    row = {name: f'"{name}"' if name in literals else f"<{NODE}{name}>" for name in pattern.variables}
    graph = instantiate(pattern, [row], into=Graph(bind_namespaces="none")) + axioms
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    return {
        (str(node).removeprefix(NODE), frozenset((str(left), str(right))))
        for left, right in graph.subject_objects(OWL.disjointWith)
        for node in set(graph.subjects(RDF.type, left)) & set(graph.subjects(RDF.type, right))
        if isinstance(node, URIRef) and (str(node).startswith(NODE) or f"<{node}>" in pattern.constants)
    }


def around(pattern: Pattern, vocabulary: Vocabulary) -> Graph:
    """The axioms that can matter to a pattern: of its terms and of every class and property above or beside them."""
    pending = [one[1:-1] for one in pattern.constants if one.startswith("<")]
    seen: set[str] = set()
    while pending:
        term = vocabulary.find(pending.pop())
        if term and term.iri not in seen:
            seen.add(term.iri)
            pending += [*term.superclasses, *term.superproperties, *term.equivalents, *term.types, *term.inverse]
            pending += [iri for expression in (*term.domain, *term.range) for iri in expression]
    return axiom_graph(found for iri in sorted(seen) if (found := vocabulary.find(iri)))


def test_patterns_of_the_catalogue_clash_nowhere_for_us_nor_for_owlrl(
    catalogue: Catalogue, vocabulary: Vocabulary
) -> None:
    for exchange in list(catalogue.exchanges.values())[::3]:
        for profile in exchange.profiles.values():
            view = vocabulary.of(profile.name)
            assert ours(view.tbox, profile.request.triples) == set(), exchange.id
            assert theirs(around(profile.request, view), profile.request, view.tbox) == set(), exchange.id


def test_a_broken_pattern_of_the_catalogue_clashes_for_us_as_for_owlrl(
    catalogue: Catalogue, vocabulary: Vocabulary
) -> None:
    needs = catalogue["flexibility/needs"].profiles["saref4"].request
    ener, core = "https://saref.etsi.org/saref4ener/", "https://saref.etsi.org/core/"
    for broken in (
        ("?need", f"<{ener}hasDataPoint>", "?point"),
        ("?value", f"<{core}isMeasuredIn>", "?meter"),
        ("?unit", f"<{core}isValueOfProperty>", "?typePower"),
        ("?point", f"<{ener}relatesToRequest>", "?window"),
        ("?need", RDF_TYPE, f"<{ener}FlexOffer>"),
    ):
        pattern = Pattern((*needs.triples, broken))
        found = ours(vocabulary.tbox, pattern.triples)
        assert found, broken
        assert found == theirs(around(pattern, vocabulary), pattern, vocabulary.tbox), broken


def test_patterns_over_the_real_vocabulary_clash_as_owlrl_says(vocabulary: Vocabulary) -> None:
    tbox = vocabulary.tbox
    told_apart = sorted({iri for iri in vocabulary.terms if tbox.disjoint(iri) and vocabulary.find(iri)})
    typing = sorted(
        iri for iri, term in vocabulary.terms.items()
        if term.kind == "object property" and (term.domain or term.range) and vocabulary.find(iri)
    )  # fmt: skip
    nodes = st.sampled_from(["?x", "?y", "?z"])
    said = st.tuples(nodes, st.just(RDF_TYPE), st.sampled_from([f"<{iri}>" for iri in told_apart]))
    tied = st.tuples(nodes, st.sampled_from([f"<{iri}>" for iri in typing]), nodes)

    @settings(QUICK, max_examples=25)
    @given(st.lists(said | tied, min_size=1, max_size=6, unique=True))
    def compare(triples: list[Triple]) -> None:
        pattern = Pattern(tuple(triples))
        assert ours(tbox, triples) == theirs(around(pattern, vocabulary), pattern, tbox)

    compare()


def some(values: Sequence[str], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


def unions(values: Sequence[str]) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    union = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(tuple)
    return st.lists(union, max_size=2, unique=True).map(tuple)


@st.composite
def ontologies(draw: st.DrawFn) -> list[TermInfo]:
    """Some classes and properties, and every kind of axiom that types nodes."""
    classes = [
        TermInfo(
            iri=iri, kind="class", source="", superclasses=draw(some(CLASSES[at + 1 :] or CLASSES, 1)),
            equivalents=draw(some(CLASSES, 1)), disjoint=draw(some([one for one in CLASSES if one != iri])),
        )
        for at, iri in enumerate(CLASSES)
    ]  # fmt: skip
    properties = [
        TermInfo(
            iri=iri, kind="object property", source="", superproperties=draw(some(PROPERTIES, 1)),
            equivalents=draw(some(PROPERTIES, 1)), domain=draw(unions(CLASSES)), range=draw(unions(CLASSES)),
            inverse=draw(some(PROPERTIES, 1)), characteristics=draw(some(CHARACTERISTICS)),
        )
        for iri in PROPERTIES
    ]  # fmt: skip
    individual = TermInfo(iri=f"{EX}i", kind="individual", source="", types=draw(some(CLASSES)))
    return [*classes, *properties, individual]


@st.composite
def graphs(draw: st.DrawFn) -> list[Triple]:
    nodes = st.sampled_from(["?x", "?y", "?z", f"<{EX}i>"])
    said = st.tuples(nodes, st.just(RDF_TYPE), st.sampled_from([f"<{iri}>" for iri in CLASSES]))
    tied = st.tuples(nodes, st.sampled_from([f"<{iri}>" for iri in PROPERTIES]), nodes)
    return draw(st.lists(said | tied, min_size=1, max_size=6, unique=True))


@settings(QUICK, max_examples=60)
@given(ontologies(), graphs())
def test_any_ontology_and_any_pattern_clash_as_owlrl_says(terms: list[TermInfo], triples: list[Triple]) -> None:
    tbox = TBox.of(terms)
    assert ours(tbox, triples) == theirs(axiom_graph(terms), Pattern(tuple(triples)), tbox)


def term(name: str, **axioms: object) -> TermInfo:
    return TermInfo(iri=f"{EX}{name}", kind=axioms.pop("kind", "object property"), source="", **axioms)  # type: ignore[arg-type]


def kinds(terms: Iterable[TermInfo], *triples: Triple) -> Iterator[str]:
    return (clash.kind for clash in clashes(Closure(TBox.of(terms), triples)))


def test_a_node_that_can_be_of_no_class_of_a_union_clashes_with_it() -> None:
    ontology = [
        term("A", kind="class", disjoint=(f"{EX}B", f"{EX}C")),
        term("D", kind="class", superclasses=(f"{EX}C",)),
        term("p", domain=((f"{EX}B", f"{EX}D"),)),
        term("q", domain=((f"{EX}B", f"{EX}E"),)),
    ]
    is_a = ("?x", RDF_TYPE, f"<{EX}A>")
    assert list(kinds(ontology, is_a, ("?x", f"<{EX}p>", "?y"))) == ["union"]
    assert list(kinds(ontology, is_a, ("?x", f"<{EX}q>", "?y"))) == []


def test_what_two_disjoint_properties_tie_clashes_and_what_is_nothing_too() -> None:
    ontology = [term("p", disjoint=(f"{EX}q",)), term("r", superproperties=(f"{EX}q",)), term("A", kind="class")]
    assert list(kinds(ontology, ("?x", f"<{EX}p>", "?y"), ("?x", f"<{EX}r>", "?y"))) == ["properties"]
    assert list(kinds(ontology, ("?x", f"<{EX}p>", "?y"), ("?y", f"<{EX}r>", "?x"))) == []
    assert list(kinds(ontology, ("?x", RDF_TYPE, f"<{OWL.Nothing}>"))) == ["nothing"]


@pytest.mark.parametrize(
    ("datatype", "literal", "clash"),
    [
        ("dateTime", f'"2026-11-21T10:00:00Z"^^<{XSD}dateTimeStamp>', False),
        ("dateTimeStamp", f'"2026-11-21T10:00:00Z"^^<{XSD}dateTime>', False),
        ("dateTimeStamp", f'"2026-11-21T10:00:00"^^<{XSD}dateTime>', True),
        ("decimal", f'"5"^^<{XSD}integer>', False),
        ("int", f'"5"^^<{XSD}integer>', False),
        ("unsignedInt", f'"-5"^^<{XSD}integer>', True),
        ("boolean", f'"1"^^<{XSD}integer>', True),
        ("string", '"text"', False),
        ("string", f'"5"^^<{XSD}integer>', True),
        ("duration", f'"PT15M"^^<{XSD}dayTimeDuration>', False),
        ("duration", '"PT15M"', True),
        ("float", f'"1.5"^^<{XSD}decimal>', True),
    ],
)
def test_a_literal_is_of_a_datatype_by_its_value(datatype: str, literal: str, clash: bool) -> None:
    ontology = [term("p", kind="datatype property", range=((f"{XSD}{datatype}",),))]
    assert list(kinds(ontology, ("?x", f"<{EX}p>", literal))) == (["datatype"] if clash else [])


def test_two_values_of_a_property_that_has_one_clash_and_variables_do_not() -> None:
    ontology = [term("p", kind="datatype property", characteristics=("functional",))]
    one, other = ("?x", f"<{EX}p>", '"1"'), ("?x", f"<{EX}p>", '"2"')
    assert list(kinds(ontology, one, other)) == ["values"]
    assert list(kinds(ontology, one, ("?x", f"<{EX}p>", "?y"))) == []


def test_a_literal_has_no_place_among_resources_nor_a_resource_among_literals() -> None:
    ontology = [term("p"), term("q", kind="datatype property"), term("A", kind="class")]
    assert list(kinds(ontology, ("?x", f"<{EX}p>", '"text"'))) == ["resource"]
    assert list(kinds(ontology, ("?x", f"<{EX}q>", "<http://example.org/1>"))) == ["literal"]
    assert list(kinds(ontology, ("?x", f"<{EX}q>", "?y"), ("?y", RDF_TYPE, f"<{EX}A>"))) == ["both"]
    assert list(kinds(ontology, ("?x", f"<{EX}q>", "?y"), ("?x", f"<{EX}p>", "?z"))) == []
