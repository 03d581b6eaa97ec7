"""What the checks say of anybody's pattern: one finding for one fault, at its place, with what to write instead."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from textwrap import dedent

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import Content, load, shipped
from gridlingua.catalogue.checking import Written, run, run_written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.passages import Passage, PassageError, Role, passages, suffixes
from gridlingua.cli import app
from gridlingua.errors import CatalogueError, Problem

CHECKS = ("pattern", "blank_nodes", "paths", "filters", "namespaces", "terms", "kinds", "generations")
HEAD = """\
PREFIX om: <http://www.ontology-of-units-of-measure.org/resource/om-2/>
PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
PREFIX saref: <https://saref.etsi.org/core/>
PREFIX ic-data: <http://ontology.tno.nl/interconnect/datapoint#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SAREF = "https://saref.etsi.org/core/"
CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


def problems(
    vocabulary: Vocabulary, text: str, *, profile: str = "", role: Role = "pattern", borrows: bool = False
) -> list[Problem]:
    """What the checks of this package find in a bare file."""
    return run_written([Written.of("a", Passage(text, role=role, borrows=borrows), vocabulary, profile)], CHECKS)


def told(vocabulary: Vocabulary, body: str, profile: str = "") -> list[str]:
    return [f"{one.check}: {one.message}" for one in problems(vocabulary, HEAD + body, profile=profile)]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "?m a saref:Meter ; saref:hasIdentifer ?id .",
            "terms: saref:hasIdentifer is in neither saref 3.1.1 nor saref 4.1.1: "
            "did you mean saref:hasIdentifier or s4ener:hasTaskIdentifier?",
        ),
        (
            "?m a s4grid:Meter .",
            "terms: s4grid:Meter is not in s4grid 2.1.1: "
            "did you mean saref:Meter or s4grid:GridMeter or s4grid:MeterProperty?",
        ),
        (
            "?r a s4ener:FlexibilityRequest .",
            "terms: s4ener:FlexibilityRequest is in neither s4ener 1.1.2 nor s4ener 2.1.1: "
            "did you mean s4ener:FlexRequest or gl:FlexibilityQuery?",
        ),
        ("?r a saref:Room .", "terms: saref:Room is in neither saref 3.1.1 nor saref 4.1.1"),
        (
            "?v saref:isMeasuredIn om:kiloWatt .",
            "terms: om:kiloWatt is in neither om 2.0.7 nor om 2.0.59: did you mean om:kilowatt?",
        ),
        (
            '?v saref:hasValue "1"^^xsd:datetime .',
            "terms: xsd:datetime is no datatype of XML Schema: did you mean xsd:dateTime?",
        ),
        (
            "?o a s4ener:FlexOffer ; saref:Observation ?x .",
            "kinds: saref:Observation is a class and stands where a property belongs",
        ),
        ("?o a saref:hasResult .", "kinds: saref:hasResult is an object property and stands where a class belongs"),
        (
            "?o a saref:Observation . ?x a xsd:float .",
            "kinds: xsd:float is a datatype: a literal carries it itself, and cannot be the subject of a triple",
        ),
        (
            "?v a saref:PropertyValue ; saref:isValueOfProperty saref:Property .",
            "kinds: saref:Property is a class, and saref:isValueOfProperty leads to an individual: "
            "write a variable, and say ?it a saref:Property",
        ),
        (
            "?m a s4grid:GridMeter ; saref:hasIdentifier ?id ; saref:makesMeasurement ?r .",
            "generations: saref:makesMeasurement is of saref 3.1.1, and stands beside s4grid:GridMeter of s4grid 2.1.1 "
            "and saref:hasIdentifier of saref 4.1.1: use saref:madeExecution",
        ),
        (
            "?r a saref:Measurement ; saref:relatesToProperty ?p ; saref:hasResult ?v .",
            "generations: saref:hasResult is of saref 4.1.1, and stands beside saref:Measurement of saref 3.1.1: "
            "write the whole pattern in one generation",
        ),
        (
            "?s a ic-data:TimeSeries ; ic-data:hasDataPoint ?p . ?o s4ener:belongsToTimeSeries ?s .",
            "generations: s4ener:belongsToTimeSeries is of s4ener 2.1.1, and stands beside ic-data:TimeSeries of "
            "ic-data 2022: use ic-data:belongsToTimeSeries",
        ),
        (
            f"?m a <{SAREF.rstrip('/')}Meter> .",
            f"namespaces: <{SAREF.rstrip('/')}Meter> is of a namespace that no ontology has: "
            f"write <{SAREF}Meter> (the / is missing)",
        ),
        (
            "?m a <saref:Meter> ; <saref:hasIdentifier> ?id .",
            "namespaces: <saref:Meter> is an IRI of its own, not a prefixed name: write saref:Meter alone, or "
            f"<{SAREF}Meter> (and 1 more like it)",
        ),
        ("?m un:known ?id .", "pattern: the prefix un: is not declared: say what it stands for, PREFIX un: <https://…>"),
        (
            "?m saref4grid:hasObis ?id .",
            "pattern: the prefix saref4grid: is not declared: did you mean s4grid: <https://saref.etsi.org/saref4grid/>?",
        ),
        (
            "?m a time:Instant .",
            "pattern: the prefix time: is not declared: everywhere else it stands for <http://www.w3.org/2006/time#>",
        ),
        (
            "?m a _:kind .",
            "blank_nodes: _:kind is a blank node, which a knowledge engine refuses: write a variable such as ?kind",
        ),
        (
            "?m saref:hasResult/saref:hasValue ?v .",
            "paths: saref:hasResult/saref:hasValue is a property path, no triple: "
            "write ?m saref:hasResult ?step1 . ?step1 saref:hasValue ?v",
        ),
        (
            "?m saref:hasResult+ ?v .",
            "paths: saref:hasResult+ is a property path, no triple: "
            "write the steps that there are, each with a variable between",
        ),
        (
            "?m saref:hasValue ?v . OPTIONAL { ?m saref:hasIdentifier ?i }",
            "filters: OPTIONAL is no triple: rows have no gaps, so write an interaction of its own for it",
        ),
    ],
)  # fmt: skip
def test_one_fault_is_one_finding_with_its_remedy(vocabulary: Vocabulary, body: str, message: str) -> None:
    assert told(vocabulary, body) == [message]


@pytest.mark.parametrize(
    ("namespace", "why"),
    [
        ("https://saref.etsi.org/core", " (the / is missing)"),
        ("https://saref.etsi.org/core//", " (there is one / or # too many)"),
        ("https://saref.etsi.org/core#", " (with /)"),
        ("http://saref.etsi.org/core/", " (https, not http)"),
        ("https://saref.etsi.org/cores/", ""),
        ("<https://saref.etsi.org/core/>", " (without the brackets in it)"),
    ],
)
def test_a_namespace_is_told_once_at_its_prefix_and_none_of_its_terms(
    vocabulary: Vocabulary, namespace: str, why: str
) -> None:
    passage = Passage(
        "?m a saref:Meter ; saref:hasIdentifier ?id ; saref:hasNoSuchThing ?x .",
        prefixes={"saref": namespace},
        declared={"saref": (7, 5)},
    )
    (problem,) = run_written([Written.of("a.json", passage, vocabulary)], CHECKS)
    assert (problem.check, problem.line, problem.column) == ("namespaces", 7, 5)
    assert problem.message == f"saref: stands for <{namespace}>, and no ontology is there: write <{SAREF}>{why}"


@pytest.mark.parametrize(
    ("namespace", "message"),
    [
        ("https://w3id.org/saref#", f"which was that of SAREF up to 2.1.1: write <{SAREF}>"),
        (
            "http://www.wurvoc.org/vocabularies/om-1.8/",
            "which was that of OM 1.8: write <http://www.ontology-of-units-of-measure.org/resource/om-2/>",
        ),
        (f"{SAREF}v3.1.1/", f"and terms are of none: write <{SAREF}>"),
    ],
)
def test_the_namespace_of_an_older_ontology_or_of_a_version_is_told_with_what_took_its_place(
    vocabulary: Vocabulary, namespace: str, message: str
) -> None:
    (problem,) = problems(vocabulary, f"PREFIX old: <{namespace}>\n?m a old:Measure ; old:hasVaalue ?v .")
    assert (problem.check, problem.line) == ("namespaces", 1)
    assert problem.message.endswith(message)


@pytest.mark.parametrize(
    ("iri", "message"),
    [
        (f"{SAREF}v3.1.1/Meter", f"names a version, and terms are of none: write <{SAREF}Meter>"),
        (f"{SAREF}Meter/", f"is no term, because of what ends it: write <{SAREF}Meter>"),
        (
            "https://w3id.org/saref#Meter",
            f"is of the namespace that was that of SAREF up to 2.1.1: write <{SAREF}Meter>",
        ),
        ("Meter", "is no IRI that others could write: it begins with no scheme such as https:"),
    ],
)
def test_an_iri_in_full_that_is_no_term_is_told_with_the_one_that_is(
    vocabulary: Vocabulary, iri: str, message: str
) -> None:
    assert told(vocabulary, f"?m a <{iri}> .") == [f"namespaces: <{iri}> {message}"]


def test_a_relative_iri_of_data_is_that_of_its_file_and_a_version_may_be_imported(vocabulary: Vocabulary) -> None:
    turtle = f"<m> <http://www.w3.org/2002/07/owl#imports> <{SAREF}v3.1.1/> , <{SAREF}v3.1.1/saref.ttl> ."
    assert problems(vocabulary, turtle, role="graph") == []


def test_a_prefix_that_stands_for_another_ontology_is_told_when_its_terms_are_not_there(vocabulary: Vocabulary) -> None:
    swapped = "PREFIX saref: <https://saref.etsi.org/saref4ener/>\n?m a saref:Meter ; saref:hasIdentifier ?id ."
    (problem,) = problems(vocabulary, swapped)
    assert problem.line == 1
    assert problem.message == (
        f"saref: stands for <https://saref.etsi.org/saref4ener/>, which is s4ener: for everyone: write <{SAREF}>"
    )
    consistent = "PREFIX saref: <https://saref.etsi.org/saref4ener/>\n?r a saref:FlexRequest ; saref:includes ?x ."
    assert problems(vocabulary, consistent) == []


@pytest.mark.parametrize(
    "body",
    [
        "?a <https://acme.example/terms#has> ?b . ?b a <https://acme.example/terms#Thing> .",
        "?a <http://purl.org/dc/terms/creator> ?b ; <http://xmlns.com/foaf/0.1/knows> ?c .",
        "?a <https://schema.org/name> ?b .",
        "?a <http://ontology.tno.nl/interconnect/powerlimit#hasLimit> ?b .",
        "?m <https://saref.etsi.org/saref4envi/hasFrequency> ?f .",
        "?u saref:isMeasuredIn om:gigawatt , <http://qudt.org/vocab/unit/KiloA-HR> .",
        "?m a <urn:meter> ; <mailto:a> ?x ; <tag:b> ?y .",
    ],
)
def test_the_ontologies_of_others_are_left_alone(vocabulary: Vocabulary, body: str) -> None:
    assert told(vocabulary, body) == []


def test_a_term_that_was_not_seen_of_an_ontology_held_in_part_is_a_note(vocabulary: Vocabulary) -> None:
    body = (
        HEAD + "?o a ic-data:Quantity ; ic-data:hasDataPoint ?p ; ic-data:nonsense ?n ; ic-data:hasUsage ic-data:mine ."
    )
    found = problems(vocabulary, body)
    assert [(one.check, one.severity) for one in found] == [("terms", "note")] * 2
    assert [one.message for one in found] == [
        "ic-data:Quantity is not among the 18 terms seen of ic-data (gridlingua ontology find ic-data:): "
        "did you mean ic-data:containsQuantity?",
        "ic-data:nonsense is not among the 18 terms seen of ic-data (gridlingua ontology find ic-data:)",
    ]


def test_a_name_of_skos_that_does_not_exist_is_told(vocabulary: Vocabulary) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert told(vocabulary, f"?c <{skos}prefLabl> ?l .")[0].endswith("is not in SKOS: did you mean skos:prefLabel?")
    assert told(vocabulary, f"?c a <{skos}Concept> ; <{skos}prefLabel> ?l .") == []


@pytest.mark.parametrize(
    ("profile", "body", "message"),
    [
        (
            "saref4",
            "?r a saref:Measurement .",
            "terms: saref:Measurement is of saref 3.1.1, which saref4 does not use: use saref:Observation and "
            "saref:PropertyValue (one node became two: the saref:Observation has the time and what was observed; "
            "saref:hasResult leads from it to the saref:PropertyValue, which has saref:hasValue and "
            "saref:isMeasuredIn)",
        ),
        (
            "saref4",
            "?t s4ener:StartTime ?s .",
            "terms: s4ener:StartTime is of s4ener 1.1.2, which saref4 does not use: use s4ener:hasStartTime "
            "(a class became a property with a literal)",
        ),
        (
            "interconnect",
            "?r saref:hasIdentifier ?i .",
            "terms: saref:hasIdentifier is of saref 4.1.1, which interconnect does not use",
        ),
    ],
)
def test_where_the_profile_is_pinned_a_term_of_another_is_missing_and_its_successor_told(
    vocabulary: Vocabulary, profile: str, body: str, message: str
) -> None:
    found = told(vocabulary, body, profile)
    assert len(found) == 1
    assert found[0].startswith(message)


def test_a_pattern_of_either_generation_is_judged_by_its_own(vocabulary: Vocabulary) -> None:
    assert told(vocabulary, "?r a saref:Measurement ; saref:measurementMadeBy ?d . ?p a s4ener:Power .") == []
    assert told(vocabulary, "?r a saref:Observation ; saref:madeBy ?d ; saref:observes s4ener:Power .") == []
    (found,) = told(vocabulary, "?r a saref:Observation ; saref:madeBy ?d . ?p a s4ener:Power .")
    assert found == "kinds: s4ener:Power is an individual and stands where a class belongs"


@pytest.mark.parametrize("profile", ["", "saref4"])
@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        (
            "?o a saref:Observation ; saref:hasValue ?v ; saref:isMeasuredIn om:kilowatt .",
            "write ?o saref:hasResult ?value . ?value a saref:PropertyValue ; saref:hasValue ?v ; "
            "saref:isMeasuredIn om:kilowatt",
        ),
        (
            "?o a s4ener:DataPoint ; saref:hasValue ?value .",
            "write ?o saref:hasResult ?result . ?result a saref:PropertyValue ; saref:hasValue ?value",
        ),
        (
            "?d saref:madeExecution ?o . ?o a saref:Observation ; saref:hasValue ?v ; saref:hasResult ?r .",
            "write ?r a saref:PropertyValue ; saref:hasValue ?v",
        ),
    ],
)
def test_a_value_that_stayed_on_the_observation_is_moved_behind_its_result(
    vocabulary: Vocabulary, body: str, remedy: str, profile: str
) -> None:
    (found,) = told(vocabulary, body, profile)
    assert found.startswith("generations: ?o is a saref:Observation and has saref:hasValue")
    assert found.endswith(remedy)


def test_a_measurement_of_the_first_generation_has_its_value_itself(vocabulary: Vocabulary) -> None:
    assert told(vocabulary, "?o a saref:Measurement ; saref:hasValue ?v ; saref:isMeasuredIn om:kilowatt .") == []


def test_a_term_of_the_other_generation_with_a_slip_is_suggested_with_its_list(vocabulary: Vocabulary) -> None:
    found = told(vocabulary, "?r a saref:Observation ; saref:madeBy ?d ; saref:relatesToMesurement ?m .")
    assert found == [
        "terms: saref:relatesToMesurement is in neither saref 3.1.1 nor saref 4.1.1: "
        "did you mean saref:relatesToMeasurement (of saref 3.1.1)?"
    ]


def test_a_slip_of_a_term_that_only_an_older_version_has_is_suggested_before_what_other_ontologies_have(
    vocabulary: Vocabulary,
) -> None:
    (found,) = told(vocabulary, "?m a saref:Measuremnt .")
    assert "did you mean saref:Measurement (of saref 3.1.1) or " in found


def test_spellings_that_peers_agreed_on_may_be_marked_in_a_bare_file_too(vocabulary: Vocabulary) -> None:
    body = "?s a ic-data:TimeSeries ; ic-data:hasDatapoint ?p ."
    assert len(told(vocabulary, body)) == 1
    assert told(vocabulary, f"# deployed: ic-data:hasDatapoint for ic-data:hasDataPoint\n{body}") == []


def test_a_query_for_a_database_may_say_more_than_triples_but_its_terms_are_judged(vocabulary: Vocabulary) -> None:
    query = f"""{HEAD}SELECT ?m WHERE {{
        ?m saref:hasResult/saref:hasValue ?v ; saref:hasIdentifer [] . FILTER(?v > 3) OPTIONAL {{ ?m a saref:Meter }}
    }} LIMIT 5"""
    assert [one.check for one in problems(vocabulary, query)] == ["terms"]


def test_loose_pieces_are_told_where_they_stand_and_not_of_a_query(vocabulary: Vocabulary) -> None:
    body = "?m a saref:Meter .\n?x saref:observes ?y ."
    pieces = [Written.of("a", Passage(text), vocabulary) for text in (HEAD + body, f"{HEAD}SELECT ?m {{ {body} }}")]
    assert [one.line for one in run_written(pieces[:1], ["ambiguity"])] != [1]
    assert run_written(pieces[1:], ["ambiguity"]) == []


def test_triples_may_have_blank_nodes_and_declare_terms_of_their_own(vocabulary: Vocabulary) -> None:
    turtle = f"""
        @prefix saref: <{SAREF}> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        saref:MyMeter a owl:Class .
        <m> a saref:MyMeter ; saref:hasResult [ a saref:PropertyValue ] ; owl:versionIRI <{SAREF}v3.1.1/> .
    """
    assert problems(vocabulary, turtle, role="graph") == []


def test_prefixes_that_code_may_declare_are_not_missed_but_a_slip_of_one_is(vocabulary: Vocabulary) -> None:
    assert problems(vocabulary, "?m a saref:Meter ; acme:has ?x .", borrows=True) == []
    (problem,) = problems(vocabulary, "?m a saref:Meter ; sareff:has ?x .", borrows=True)
    assert problem.message == f"the prefix sareff: is not declared: did you mean saref: <{SAREF}>?"


def test_the_terms_beside_what_cannot_be_read_are_judged_all_the_same(vocabulary: Vocabulary) -> None:
    body = dedent("""\
        ?m a saref:Meter
        ?m saref:hasIdentifer ?id ; saref:hasName .
        FILTER(?id > 3)
        ?x a saref:Nothing .
    """)
    found = {(one.check, one.line, one.column) for one in problems(vocabulary, HEAD + body)}
    assert found == {("pattern", 7, 6), ("terms", 8, 4), ("pattern", 8, 29), ("filters", 9, 1), ("terms", 10, 6)}


def test_a_kind_is_told_where_the_term_stands_wrongly_not_where_it_stands_first(vocabulary: Vocabulary) -> None:
    (problem,) = problems(vocabulary, HEAD + "?o a saref:Observation .\n?o saref:Observation ?x .")
    assert (problem.line, problem.column) == (8, 4)


@pytest.mark.parametrize("name", ["pilot.gp", "pilot.rq", "pilot.json", "pilot.yaml", "pilot.properties"])
def test_the_command_tells_the_fault_of_a_file_of_any_format_with_its_line(tmp_path: Path, name: str) -> None:
    body = f"?m a <{SAREF}Metter> ."
    text = {
        "pilot.gp": f"\n{body}",
        "pilot.rq": f"CONSTRUCT WHERE {{\n{body} }}",
        "pilot.json": f'{{\n"graphPattern": "{body}"}}',
        "pilot.yaml": f"graphPattern: |\n  {body}",
        "pilot.properties": f"a=b\npattern={body}",
    }[name]
    file = tmp_path / name
    file.write_text(text)
    result = CliRunner().invoke(app, ["check", str(file), "--only", "terms"])
    assert result.exit_code == 1
    assert f"{name}:2:" in result.output
    assert "did you mean saref:Meter" in result.output.replace("\n", " ")


def test_an_exchange_is_told_every_fault_of_its_pattern_file_by_its_check(tmp_path: Path) -> None:
    content = shipped()
    shutil.copytree(content.shapes, tmp_path / "shapes")
    folder = tmp_path / "graph_patterns/flexibility/needs"
    shutil.copytree(content.patterns / "flexibility/needs", folder)
    file = folder / "saref4.rq"
    text = file.read_text("utf-8")
    for old, new in (
        ("saref:hasResult ?value .", "saref:hasResult/saref:hasValue _:value .\n  FILTER(?from < ?to)"),
        ("saref:hasIdentifier ?requestId", "saref:hasIdentifer ?requestId"),
        ("PREFIX time:", "PREFIX tme:"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    with pytest.raises(CatalogueError):
        load(Content(tmp_path))
    found = {one.check for one in run(Content(tmp_path), only=CHECKS)}
    assert found == {"pattern", "paths", "blank_nodes", "filters", "terms"}


FILES = sorted(path for path in CORPUS.glob("*/*/defect.*") if path.suffix in suffixes())
PIECES = (*"<>\"'{}[]().;,:/\\|^*?#$@%&!=+-_ \n", "${X}", "http://[", "\\u00", '"""', "FILTER ", "a ", "é", "- ")


def damaged(text: str, random: Random) -> str:
    """A text that has lost some of it, and has something else there."""
    for _ in range(random.randint(1, 5)):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(PIECES) + text[at + random.randint(0, 8) :]
    return text


@pytest.mark.parametrize("path", FILES[::5], ids=lambda path: "/".join(path.parts[-3:]))
def test_no_damage_to_a_file_makes_the_checks_fail(vocabulary: Vocabulary, path: Path) -> None:
    random = Random(path.name)
    for text in (damaged(path.read_text("utf-8"), random) for _ in range(5)):
        try:
            found = passages(path, text)
        except PassageError:
            continue
        lines = text.count("\n") + 1
        problems = run_written([Written.of("a", one, vocabulary) for one in found], CHECKS)
        assert all(1 <= problem.line <= lines for problem in problems)
