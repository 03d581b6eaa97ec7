"""`gridlingua validate`: data of anybody against shapes of anybody, as a gate in CI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import GOOD, SHAPES, Run

BAD = GOOD.replace("211.4", "-5").replace('    saref:hasTimestamp "2026-01-27T19:40:00Z"^^xsd:dateTime ;\n', "")


def judged(run: Run, *arguments: object, status: int = 1) -> list[str]:
    """What is told: the lines of problems, without the pages."""
    result = run("validate", *arguments)
    assert result.exit_code == status, result.output
    return [line for line in result.stdout.splitlines() if not line.startswith("see ")]


def test_data_that_conforms_passes(repository: Path, run: Run) -> None:
    result = run("validate", "data", "--shapes", "shapes")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "1 file: no problem\n"


def test_every_violation_is_a_sentence_at_the_line_of_its_node(repository: Path, run: Run) -> None:
    (repository / "data" / "bad.ttl").write_text("# ex:r1 stands in a comment\n" + BAD)
    assert judged(run, "data", "--shapes", "shapes") == [
        "data/bad.ttl:6:1: [shacl] ex:r1 saref:hasResult/saref:hasValue -5: A load is not below zero.",
        "data/bad.ttl:6:1: [shacl] ex:r1 saref:hasTimestamp: at least 1 needed",
    ]


def test_a_node_without_a_name_is_told_by_its_class_and_where_it_stands(repository: Path, run: Run) -> None:
    anonymous = GOOD.replace("ex:r1 a", "[] a").replace('"2026-01-27T19:40:00Z"^^xsd:dateTime', '"soon"')
    (repository / "data" / "good.ttl").write_text(anonymous)
    assert judged(run, "data", "--shapes", "shapes") == [
        'data/good.ttl:6:25: [shacl] a saref:Observation without a name saref:hasTimestamp "soon": '
        "it must be of datatype xsd:dateTime"
    ]


@pytest.mark.parametrize(
    ("severity", "said", "status"), [("Warning", "warning: ", 0), ("Info", "note: ", 0), ("Violation", "", 1)]
)
def test_the_severity_of_a_shape_is_that_of_its_findings(
    repository: Path, run: Run, severity: str, said: str, status: int
) -> None:
    milder = SHAPES.replace("sh:minInclusive 0", f"sh:minInclusive 0 ; sh:severity sh:{severity}")
    (repository / "shapes" / "load.ttl").write_text(milder)
    (repository / "data" / "good.ttl").write_text(GOOD.replace("211.4", "-5"))
    (told,) = judged(run, "data", "--shapes", "shapes", status=status)
    assert f"[shacl] {said}ex:r1" in told
    strict = run("validate", "data", "--shapes", "shapes", "--strict")
    assert strict.exit_code == (0 if severity == "Info" else 1)


def test_a_shape_that_finds_nothing_in_all_the_files_is_an_error(repository: Path, run: Run) -> None:
    (repository / "data" / "good.ttl").write_text(GOOD.replace("saref:Observation", "saref:Observaton"))
    assert judged(run, "data", "--shapes", "shapes")[::-1] == [
        "shapes/load.ttl:7:1: [focus] shape:Load targets instances of saref:Observation, and there is none in "
        "data/good.ttl: it judges nothing",
        "data/good.ttl:5:9: [focus] warning: saref:Observaton: no shape judges its 1 instance: "
        "did you mean saref:Observation?",
    ]


def test_a_shape_must_find_something_in_one_file_or_with_each_in_every_one(repository: Path, run: Run) -> None:
    (repository / "data" / "other.ttl").write_text("<https://example.org/a> a <https://example.org/B> .\n")
    assert judged(run, "data", "--shapes", "shapes", status=0) == []
    (told,) = judged(run, "data", "--shapes", "shapes", "--each")
    assert "there is none in data/other.ttl" in told


def test_shapes_without_a_target_judge_nothing(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES.replace("    sh:targetClass saref:Observation ;\n", ""))
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert "[focus] no shape has a target, so nothing would be judged" in told


NAMED = """
shape:First a sh:NodeShape ; sh:targetNode ex:r77 ; sh:property [ sh:path saref:hasTimestamp ; %s ] .
"""


@pytest.mark.parametrize("demand", ["sh:minCount 1", "sh:maxCount 1"])
def test_a_node_that_a_shape_names_and_no_file_has_is_an_error(repository: Path, run: Run, demand: str) -> None:
    shapes = "@prefix ex: <https://example.org/> .\n" + SHAPES + NAMED % demand
    (repository / "shapes" / "load.ttl").write_text(shapes)
    told = "shapes/load.ttl:13:1: [focus] shape:First targets ex:r77, and there is none in data/good.ttl"
    assert judged(run, "data", "--shapes", "shapes") == [f"{told}: it judges nothing"]
    (repository / "shapes" / "load.ttl").write_text(shapes.replace("targetNode ex:r77", "targetNode ex:r77 , ex:r1"))
    told = "shapes/load.ttl:13:1: [focus] shape:First targets ex:r77, which is not in data/good.ttl"
    assert judged(run, "data", "--shapes", "shapes") == [told]
    (repository / "data" / "more.ttl").write_text(GOOD.replace("ex:r1", "ex:r77"))
    assert judged(run, "data", "--shapes", "shapes", status=0) == []


def test_a_node_that_is_an_occasion_to_ask_a_query_need_not_be_there(repository: Path, run: Run) -> None:
    asking = (
        "shape:All a sh:NodeShape ; sh:targetNode <https://example.org/everything> ; sh:sparql [ "
        'sh:message "There is a value." ; sh:select "SELECT $this WHERE { ?v <%s> ?n }" ] .\n'
    )
    (repository / "shapes" / "load.ttl").write_text(SHAPES + asking % f"{CORE}hasValue")
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told.endswith("[shacl] ex:everything: There is a value.")
    (repository / "shapes" / "load.ttl").write_text(SHAPES + asking % f"{CORE}hasNothing")
    assert judged(run, "data", "--shapes", "shapes", status=0) == []


def test_a_shape_without_a_target_that_no_other_names_is_an_error(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(
        SHAPES
        + "shape:Value a sh:NodeShape ; sh:nodeKind sh:IRI .\n"
        + "shape:Time a sh:PropertyShape ; sh:path saref:hasTimestamp ; sh:maxCount 1 .\n"
        + "shape:Old sh:deactivated true ; sh:nodeKind sh:IRI .\n"
    )
    assert judged(run, "data", "--shapes", "shapes") == [
        "shapes/load.ttl:11:1: [focus] shape:Value has no target, and no other shape names it: it judges nothing",
        "shapes/load.ttl:12:1: [focus] shape:Time has no target, and no other shape names it: it judges nothing",
    ]
    with (repository / "shapes" / "load.ttl").open("a") as file:
        file.write("shape:Load sh:property shape:Time ; sh:or ( shape:Value [ sh:nodeKind sh:BlankNode ] ) .\n")
    assert judged(run, "data", "--shapes", "shapes", status=0) == []


def test_what_is_imported_may_hold_shapes_that_nobody_uses(repository: Path, run: Run) -> None:
    (repository / "library.ttl").write_text(
        SHAPES.partition("shape:Load")[0] + "shape:Value a sh:NodeShape ; sh:nodeKind sh:IRI .\n"
    )
    (repository / "shapes" / "load.ttl").write_text(SHAPES + "<> owl:imports <../library.ttl> .\n")
    assert judged(run, "data", "--shapes", "shapes", status=0) == []


def test_a_class_that_no_shape_names_is_told_beside_good_data(repository: Path, run: Run) -> None:
    (repository / "data" / "other.ttl").write_text(
        GOOD.replace("saref:Observation", "saref:Observaton")
        + "ex:d a saref:Device . ex:e a saref:Device, ex:Thing .\n"
    )
    assert judged(run, "data", "--shapes", "shapes", status=0) == [
        "data/other.ttl:5:9: [focus] warning: saref:Observaton: no shape judges its 1 instance: "
        "did you mean saref:Observation?",
        "data/other.ttl:9:8: [focus] note: saref:Device: no shape judges its 2 instances",
    ]
    with (repository / "shapes" / "load.ttl").open("a") as file:
        file.write("shape:Load sh:targetSubjectsOf saref:hasTimestamp . shape:Any sh:targetClass saref:Device .\n")
    assert judged(run, "data", "--shapes", "shapes", status=0) == []


def test_a_message_of_a_shape_with_several_demands_says_which_was_broken(repository: Path, run: Run) -> None:
    shape = SHAPES.replace("sh:minInclusive 0 ;", "sh:minInclusive 0 ; sh:minCount 1 ;")
    (repository / "shapes" / "load.ttl").write_text(shape)
    (repository / "data" / "good.ttl").write_text(GOOD.replace("saref:hasResult", "saref:hasNone"))
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told.endswith("saref:hasResult/saref:hasValue: A load is not below zero. (at least 1 needed)")


CLASSED = "shape:Result a sh:NodeShape ; sh:targetClass saref:Observation ; "
CLASSED += "sh:property [ sh:path saref:hasResult ; sh:class saref:PropertyValue ] .\n"


def test_a_value_that_is_described_in_another_file_is_told_with_the_way_out(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES + CLASSED)
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told == "data/good.ttl:7:21: [shacl] ex:r1 saref:hasResult ex:v1: it must be an instance of " + (
        "saref:PropertyValue"
    )
    values = GOOD.partition("ex:r1")[0] + "ex:v1 a saref:PropertyValue .\n"
    (repository / "data" / "values.ttl").write_text(values)
    (longer,) = judged(run, "data", "--shapes", "shapes")
    assert longer == f"{told}; it is one in data/values.ttl: --together judges all files as one graph"
    assert judged(run, "data", "--shapes", "shapes", "--together", status=0) == []


def test_a_finding_stands_at_the_line_of_the_wrong_value_and_says_it_as_written(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(
        SHAPES.replace("sh:datatype xsd:dateTime", 'sh:in ( "2026-01-27T20:00:00Z"^^xsd:dateTime )')
    )
    twice = GOOD.replace("xsd:dateTime ;", 'xsd:dateTime ,\n    "2026-01-27T20:00:00Z"^^xsd:dateTime ;')
    (repository / "data" / "good.ttl").write_text("# 2026-01-27T19:40:00Z\n" + twice)
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told.startswith('data/good.ttl:7:24: [shacl] ex:r1 saref:hasTimestamp "2026-01-27T19:40:00Z": it must')


def test_data_spread_over_files_is_judged_together_when_it_is_said_so(repository: Path, run: Run) -> None:
    shape = SHAPES.replace("sh:minInclusive 0 ;", "sh:minCount 1 ; sh:maxInclusive 100 ;")
    (repository / "shapes" / "load.ttl").write_text(shape)
    head, value = GOOD.split("ex:v1 saref:hasValue")
    (repository / "data" / "good.ttl").write_text(head)
    (repository / "data" / "values.ttl").write_text(head.split("ex:r1 a")[0] + f"ex:v1 saref:hasValue{value}")
    assert [one.split(":")[0] for one in judged(run, "data", "--shapes", "shapes")] == ["data/good.ttl"]
    (told,) = judged(run, "data", "--shapes", "shapes", "--together")
    assert told.startswith("data/good.ttl:5:1: [shacl] ex:r1 saref:hasResult/saref:hasValue 211.4:")


CORE, R1, V1 = "https://saref.etsi.org/core/", "<https://example.org/r1>", "<https://example.org/v1>"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LINES = f"{R1} <{TYPE}> <{CORE}Observation> .\n{R1} <{CORE}hasResult> {V1} .\n"
NUMBER = '"-5"^^<http://www.w3.org/2001/XMLSchema#integer>'
FORMATS = {
    "nt": (f"# a comment about {R1}\n{V1} <{CORE}hasValue> {NUMBER} .\n{LINES}", 3),
    "nq": (
        f"{V1} <{CORE}hasValue> {NUMBER} <https://example.org/g> .\n"
        + LINES.replace(" .", " <https://example.org/g> ."),
        2,
    ),
    "trig": (f"<https://example.org/g> {{\n{V1} <{CORE}hasValue> -5 .\n{LINES}}}\n", 3),
    "rdf": (
        f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:saref="{CORE}">
<saref:Observation rdf:about="https://example.org/r1">
<saref:hasResult><rdf:Description rdf:about="https://example.org/v1">
<saref:hasValue rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">-5</saref:hasValue>
</rdf:Description></saref:hasResult></saref:Observation></rdf:RDF>""",
        2,
    ),
    "jsonld": (
        f"""{{"@context": {{"@vocab": "{CORE}", "ex": "https://example.org/"}}, "@graph": [
{{"@id": "ex:v1", "hasValue": -5}},
{{"@id": "ex:r1", "@type": "Observation", "hasResult": {{"@id": "ex:v1"}}}}]}}""",
        3,
    ),
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_rdf_is_read_by_its_suffix_and_a_finding_has_its_line(repository: Path, run: Run, suffix: str) -> None:
    file = repository / "data" / f"bad.{suffix}"
    text, line = FORMATS[suffix]
    file.write_text(text)
    told = judged(run, file, "--shapes", "shapes")
    assert [one.split(":")[1] for one in told] == [str(line), str(line)], told
    assert "saref:hasResult/saref:hasValue -5: A load is not below zero." in told[0]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.ttl",
            "@prefix ex: <http://e/> .\n\nex:a ex:b saref:c .\n",
            '3: [data] not Turtle: Prefix "saref:" not bound',
        ),
        ("a.nt", "<http://a> <http://b> <http://c> .\n<http://a> <b .\n", "2: [data] not N-Triples: "),
        ("a.rdf", "<a>\n<b>\n</a>\n", "3: [data] not RDF/XML: mismatched tag"),
        ("a.jsonld", '{"@id": "x",\n "@type" 3}', "2: [data] not JSON-LD: "),
        (
            "a.jsonld",
            '{"@context": "https://schema.org/"}',
            "1: [data] not JSON-LD: its context is at https://schema.org/",
        ),
    ],
)
def test_data_that_cannot_be_read_is_told_at_its_line(
    repository: Path, run: Run, name: str, text: str, said: str
) -> None:
    (repository / "data" / name).write_text(text)
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told.startswith(f"data/{name}:{said}"), told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("sh:minCount 1", "sh:minCuont 1"),
            "9: [shapes] sh:minCuont is no term of SHACL, and nobody would heed it: did you",
        ),
        (("sh:minCount 1", 'sh:minCount "one"'), "[shapes] this is not SHACL: "),
        (("sh:path saref:hasTimestamp ; ", ""), "[shapes] this is not SHACL: "),
        (("shape:Load a", "shape:Load b"), "7: [shapes] not Turtle: "),
        (
            ("shape:Load a", "<> owl:imports <more/unit.ttl> . shape:Load a"),
            "7:16: [shapes] imports unit.ttl, and there is no",
        ),
    ],
)
def test_shapes_that_are_none_are_told_with_their_place(
    repository: Path, run: Run, change: tuple[str, str], said: str
) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES.replace(*change))
    told = judged(run, "data", "--shapes", "shapes")
    assert told[0].startswith("shapes/load.ttl:")
    assert said in told[0]


RULES = """
shape:High a sh:NodeShape ; sh:targetSubjectsOf saref:hasValue ; %s .
shape: sh:declare [ sh:prefix "saref" ; sh:namespace "https://saref.etsi.org/core/"^^xsd:anyURI ] .
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            'sh:property [ sh:path saref:hasValue ; sh:pattern "[" ]',
            "8:1: [shapes] sh:pattern [: unterminated character",
        ),
        (
            'sh:sparql [ sh:select "SELECT $this WHERE { FILTER( }" ]',
            "8:1: [shapes] a query that is no SPARQL, at its line 1, column 22: SELECT",
        ),
        (
            'sh:sparql [ sh:message "x" ; sh:select "SELECT $this WHERE { $this om:x ?y }" ]',
            "8:1: [shapes] warning: Unknown namespace prefix : om: a query knows the prefixes of its sh:prefixes",
        ),
    ],
)
def test_what_only_a_run_would_show_of_a_shape_is_told_at_the_shape(
    repository: Path, run: Run, rule: str, said: str
) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES.partition("shape:Load")[0] + RULES % rule)
    result = run("validate", "data", "--shapes", "shapes")
    assert f"shapes/load.ttl:{said}" in result.stdout


def test_shapes_that_name_one_another_without_end_are_told(repository: Path, run: Run) -> None:
    endless = "sh:property [ sh:path saref:hasResult ; sh:node shape:High ]"
    (repository / "shapes" / "load.ttl").write_text(SHAPES.partition("shape:Load")[0] + RULES % endless)
    circle = GOOD + "ex:v1 saref:hasResult ex:r1 ; saref:hasValue 3 . ex:r1 saref:hasValue 3 .\n"
    (repository / "data" / "good.ttl").write_text(circle)
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told.endswith("SHACL could not be decided: shapes that name one another, without end")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("sh:closed true", "saref:hasValue 211.4: the shape is closed and does not allow it"),
        ("sh:property [ sh:path saref:hasValue ; sh:maxInclusive 9 ]", "saref:hasValue 211.4: it must be at most 9"),
        ("sh:property [ sh:path saref:hasValue ; sh:in ( 1 2 ) ]", "saref:hasValue 211.4: it must be one of 1, 2"),
        ("sh:property [ sh:path saref:hasValue ; sh:nodeKind sh:IRI ]", "it must be of the kind sh:IRI"),
        ("sh:property [ sh:path saref:hasValue ; sh:class saref:X ]", "it must be an instance of saref:X"),
        ("sh:property [ sh:path saref:hasValue ; sh:hasValue 3 ]", "saref:hasValue: 3 must be among the values"),
        (
            "sh:property [ sh:path [ sh:inversePath saref:hasResult ] ; sh:minCount 2 ]",
            "^saref:hasResult: at least 2 needed",
        ),
        (
            "sh:property [ sh:path [ sh:alternativePath ( saref:a saref:b ) ] ; sh:minCount 1 ]",
            "(saref:a|saref:b): at least 1 needed",
        ),
        ("sh:or ( [ sh:class saref:X ] [ sh:class saref:Y ] )", "it must conform to one of the 2 shapes of sh:or"),
        (
            "sh:not [ sh:property [ sh:path saref:hasValue ; sh:minCount 1 ] ]",
            "ex:v1: it must not conform to what sh:not says",
        ),
    ],
)
def test_a_demand_without_a_message_of_its_author_is_a_sentence_too(
    repository: Path, run: Run, rule: str, said: str
) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES.partition("shape:Load")[0] + RULES % rule)
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told.startswith(("data/good.ttl:8:1: [shacl] ex:v1", "data/good.ttl:8:22: [shacl] ex:v1"))
    assert said in told


def test_imported_shapes_judge_too(repository: Path, run: Run) -> None:
    (repository / "shapes" / "more").mkdir()
    (repository / "shapes" / "more" / "named.ttl").write_text(
        SHAPES.partition("shape:Load")[0] + "shape:Value a sh:NodeShape ; sh:targetSubjectsOf saref:hasValue ; "
        "sh:property [ sh:path saref:hasValue ; sh:maxInclusive 100 ] .\n"
    )
    importing = SHAPES.replace("shape:Load a", "<> owl:imports <more/named.ttl> .\nshape:Load a")
    (repository / "shapes" / "load.ttl").write_text(importing)
    (told,) = judged(run, "data", "--shapes", "shapes/load.ttl")
    assert told == "data/good.ttl:8:22: [shacl] ex:v1 saref:hasValue 211.4: it must be at most 100"


def test_sparql_constraints_and_targets_are_decided(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(
        SHAPES.partition("shape:Load")[0]
        + """
shape:Odd a sh:NodeShape ;
    sh:target [ a sh:SPARQLTarget ; sh:select
        "SELECT ?this WHERE { ?this <https://saref.etsi.org/core/hasValue> ?v }" ] ;
    sh:sparql [ sh:message "The value {?value} is too high." ; sh:select
        "SELECT $this ?value WHERE { $this <https://saref.etsi.org/core/hasValue> ?value . FILTER(?value > 100) }" ] .
"""
    )
    (told,) = judged(run, "data", "--shapes", "shapes")
    assert told == "data/good.ttl:8:1: [shacl] ex:v1 211.4: The value 211.4 is too high."


def test_an_ontology_says_what_is_a_class_of_what(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES.replace("saref:Observation", "saref:Something"))
    (repository / "onto.ttl").write_text(
        GOOD.partition("ex:r1")[0]
        + "saref:Observation <http://www.w3.org/2000/01/rdf-schema#subClassOf> saref:Something .\n"
        + "ex:only_here a saref:Something .\n"
    )
    assert "[focus]" in judged(run, "data", "--shapes", "shapes")[0]
    assert judged(run, "data", "--shapes", "shapes", "--ontology", "onto.ttl", status=0) == []


def test_the_policy_of_the_repository_holds(repository: Path, run: Run) -> None:
    (repository / "data" / "bad.ttl").write_text(BAD)
    (repository / "gridlingua.toml").write_text(
        '[checks]\nshacl = "warning"\n'
        '[[exceptions]]\ncheck = "shacl"\npath = "data"\nabout = "hasTimestamp"\nreason = "x"\n'
    )
    (told,) = judged(run, "data", "--shapes", "shapes", status=0)
    assert told.startswith("data/bad.ttl:5:1: [shacl] warning: ex:r1 saref:hasResult/saref:hasValue -5")
    (repository / "gridlingua.toml").write_text('[checks]\nshalc = "warning"\n')
    result = run("validate", "data", "--shapes", "shapes")
    assert result.exit_code == 2
    assert result.stdout.startswith("gridlingua.toml:2: [policy] there is no check 'shalc': did you mean shacl?\n")
    assert result.stderr == "gridlingua validate: nothing was judged: 1 error in gridlingua.toml\n"


@pytest.mark.parametrize("command", [("validate", "data", "--shapes", "shapes"), ("check", "data")])
def test_a_wrong_policy_is_an_annotation_and_an_alert(repository: Path, run: Run, command: tuple[str, ...]) -> None:
    (repository / "gridlingua.toml").write_text('\n[checks]\nshalc = "warning"\n')
    result = run(*command, "--format", "github", "--format", "sarif:out.sarif")
    assert result.exit_code == 2
    assert result.stdout.startswith("::error file=gridlingua.toml,line=3,title=")
    (alert,) = json.loads((repository / "out.sarif").read_text())["runs"][0]["results"]
    assert alert["ruleId"] == "policy"
    assert alert["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gridlingua.toml"


def test_what_is_excepted_is_counted_and_stands_in_sarif_with_its_reason(repository: Path, run: Run) -> None:
    (repository / "data" / "good.ttl").write_text(BAD)
    (repository / "gridlingua.toml").write_text('[[exceptions]]\ncheck = "shacl"\npath = "data"\nreason = "old"\n')
    reports = ("--format", "sarif:a.sarif", "--format", "codescanning:b.sarif")
    result = run("validate", "data", "--shapes", "shapes", *reports)
    assert result.exit_code == 0
    assert result.stderr == "1 file: no problem, 2 excepted\n"
    kept, given = (json.loads((repository / f"{one}.sarif").read_text())["runs"][0]["results"] for one in "ab")
    assert [one["suppressions"] for one in kept] == [[{"kind": "external", "justification": "old"}]] * 2
    assert given == [], "GitHub would open an alert for what is suppressed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["data"], "say what to judge by: either --shapes, or --exchange"),
        (["data", "--shapes", "shapes", "--exchange", "flexibility/needs"], "either --shapes, or --exchange"),
        (["dada", "--shapes", "shapes"], "there is no dada"),
        (["data/x.json", "--shapes", "shapes"], "messages in JSON are judged by an exchange: --exchange ID"),
        (["data", "--shapes", "empty"], "no shapes in empty: they end in .ttl"),
        (["empty", "--shapes", "shapes"], "a gate that judges nothing lets everything pass"),
        (["data", "--exchange", "flexibility/need"], "there is no exchange 'flexibility/need'"),
        (["data", "--exchange", "flexibility/needs", "--each"], "belong to --shapes"),
        (["data", "--shapes", "shapes", "--format", "xml"], "no format 'xml'"),
        (["data", "--shapes", "shapes", "--format", "json", "--format", "sarif"], "write --format sarif:FILE"),
        (["data", "--shapes", "shapes", "--format", "json:x", "--output", "y"], "--output has nothing to do"),
    ],
)
def test_wrong_usage_is_status_2_and_a_sentence(repository: Path, run: Run, arguments: list[str], said: str) -> None:
    (repository / "data" / "x.json").write_text("{}")
    (repository / "empty").mkdir()
    result = run("validate", *arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_report_in_a_file_leaves_text_on_the_terminal(repository: Path, run: Run) -> None:
    (repository / "data" / "bad.ttl").write_text(BAD)
    result = run("validate", "data", "--shapes", "shapes", "--format", "json", "--output", "out/report.json")
    assert result.exit_code == 1
    assert "data/bad.ttl:5:1: [shacl]" in result.stdout
    told = json.loads((repository / "out" / "report.json").read_text())
    assert told["files"] == ["data/bad.ttl", "data/good.ttl"]
    assert {one["path"] for one in told["problems"]} == {"data/bad.ttl"}


def test_a_file_that_was_not_judged_is_not_reported_as_good(repository: Path, run: Run) -> None:
    (repository / "shapes" / "load.ttl").write_text(SHAPES.replace("sh:minCount", "sh:minCuont"))
    result = run("validate", "data", "--shapes", "shapes", "--format", "json")
    assert json.loads(result.stdout)["files"] == []
