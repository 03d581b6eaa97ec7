"""The patterns and triples in the files of projects that do not use gridlingua, each with its place."""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from textwrap import dedent

import pytest

from gridlingua.catalogue.passages import Passage, PassageError, passages, suffixes

CORPUS = Path(__file__).parents[1] / "corpus"
BODY = "?meter a saref:Meter ; saref:hasIdentifier ?id ."
SAREF = "https://saref.etsi.org/core/"
FILES = [
    path
    for path in sorted(CORPUS.glob("*/*/*")) + sorted((CORPUS / "clean").iterdir())
    if path.is_file() and path.suffix in suffixes()
]


def found(name: str, text: str) -> list[Passage]:
    return passages(PurePath(name), text)


def only(name: str, text: str) -> Passage:
    (passage,) = found(name, dedent(text))
    return passage


def test_these_suffixes_are_read() -> None:
    assert suffixes() == {
        *(".rq", ".sparql", ".gp", ".json", ".jsonc", ".json5", ".yaml", ".yml", ".properties", ".ttl", ".nt"),
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_character_of_a_passage_is_found_at_its_place_in_the_file(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.split("\n")
    for passage in passages(path, text):
        for offset, char in enumerate(passage.text):
            if not char.isspace() and char not in "\"'\\":
                line, column = passage.place(offset)
                assert lines[line - 1][column - 1] == char


@pytest.mark.parametrize(
    ("name", "role"),
    [
        *(("meter.rq", "pattern"), ("saref4.argument.rq", "argument"), ("offer_post_arg.gp", "argument")),
        *(("limit-result.gp", "result"), ("bsh_delay_post_res.gp", "result"), ("resolution.gp", "pattern")),
    ],
)
def test_a_file_of_one_pattern_may_say_by_its_name_what_it_is(name: str, role: str) -> None:
    assert only(name, BODY).role == role


def test_a_file_of_triples_is_a_graph() -> None:
    assert [only(name, f"<a> a <{SAREF}Meter> .").role for name in ("a.ttl", "a.nt")] == ["graph", "graph"]


def test_only_a_bare_body_without_prefixes_may_have_them_from_elsewhere() -> None:
    assert only("a.gp", BODY).borrows
    assert not only("a.gp", f"PREFIX saref: <{SAREF}>\n{BODY}").borrows
    assert not only("a.rq", BODY).borrows


def test_registrations_of_the_rest_api_are_read_wherever_they_stand() -> None:
    document = {
        "prefixes": {"saref": SAREF},
        "bases": [
            {
                "interactions": [
                    {
                        "knowledgeInteractionType": "AskKnowledgeInteraction",
                        "knowledgeInteractionName": "ask-meters",
                        "graphPattern": BODY,
                    },
                    {
                        "knowledgeInteractionType": "PostKnowledgeInteraction",
                        "prefixes": {"s4ener": "https://saref.etsi.org/saref4ener/"},
                        "argumentGraphPattern": BODY,
                        "resultGraphPattern": None,
                    },
                    {"knowledgeInteractionName": "react", "argumentGraphPattern": BODY, "resultGraphPattern": BODY},
                ]
            }
        ],
    }
    told = [(one.role, one.name, sorted(one.prefixes)) for one in found("a.json", json.dumps(document))]
    assert told == [
        ("pattern", "ask-meters", ["saref"]),
        ("argument", "argumentGraphPattern", ["s4ener", "saref"]),
        ("argument", "react", ["saref"]),
        ("result", "react", ["saref"]),
    ]


def test_a_pattern_that_nobody_can_read_is_a_passage_where_the_key_says_that_it_is_one() -> None:
    assert only("a.json", '{"graphPattern": "nothing at all"}').text == "nothing at all"


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "string", "pattern": "^[A-Z]{2}[0-9]+$"}',
        '{"scripts": {"test": "jest --testPathPattern=src"}}',
        '{"pattern": ["**/*.ts", "src/**"], "graphPatterns": []}',
        '{"description": "a graph pattern such as ?s ?p ?o ."}',
    ],
)
def test_what_is_no_pattern_is_passed_over(text: str) -> None:
    assert found("a.json", text) == []


def test_line_breaks_in_a_json_text_are_in_the_line_of_the_text_and_columns_count_escapes() -> None:
    passage = only("a.json", '{\n "graphPattern": "?s \\"a\\" ?o .\\n?é\\u00e9 ?p ?o"\n}')
    assert passage.text == '?s "a" ?o .\n?éé ?p ?o'
    assert passage.line == 2
    assert passage.place(passage.text.index("?o")) == (2, 28)
    assert passage.place(passage.text.index(" ?p ?o")) == (2, 42)


def test_json_with_comments_and_commas_to_spare_is_read_as_its_authors_mean_it() -> None:
    text = """\
        {
          // the pattern // of meters
          "pattern": "?a <http://example.org/p> ?b .", /* "pattern": "?x <http://y> ?z" */
          "type": "answer",
        }
    """
    passage = only("config.jsonc", text)
    assert (passage.text, passage.line) == ("?a <http://example.org/p> ?b .", 3)


def test_broken_json_that_has_a_pattern_is_refused_with_its_line_and_other_is_not_ours() -> None:
    with pytest.raises(PassageError, match="not JSON: Expecting ',' delimiter") as refused:
        found("a.json", '{\n "graphPattern": "?s ?p ?o"\n "name": "x"\n}')
    assert refused.value.line == 3
    assert found("a.json", '{"name": {{ template }}}') == []


KNOWLEDGE_MAPPER = f"""\
knowledge_engine_endpoint: http://localhost:8280/rest
knowledge_interactions:
  - name: answer-meters
    type: answer
    prefixes: {{saref: "{SAREF}"}}
    vars: [meter, id]
    pattern: |
      ?meter a saref:Meter ;
        saref:hasIdentifier ?id .
  - name: react-folded
    type: react
    argument_pattern: >-
      ?meter a
      <{SAREF}Meter> .
    result_pattern: null
  - name: post-lines
    type: PostKnowledgeInteraction
    argument_graph_pattern:
      - ' ?meter a <{SAREF}Meter> ; '
      - "   <{SAREF}hasIdentifier> \\"7\\" ."
    result_graph_pattern: ?meter <{SAREF}hasIdentifier> ?id .
"""


def test_yaml_patterns_are_read_in_every_style_with_their_true_lines() -> None:
    told = [(one.name, one.role, one.line, one.borrows) for one in found("config.yaml", KNOWLEDGE_MAPPER)]
    assert told == [
        ("answer-meters", "pattern", 8, False),
        ("react-folded", "argument", 13, False),
        ("post-lines", "argument", 19, False),
        ("post-lines", "result", 21, False),
    ]


@pytest.mark.parametrize(
    ("number", "word", "place"),
    [
        (0, "?id", (9, 29)),
        (1, f"<{SAREF}Meter>", (14, 7)),
        (2, f"<{SAREF}hasIdentifier>", (20, 13)),
        (2, "7", (20, 59)),
    ],
)
def test_a_word_of_a_yaml_pattern_is_found_where_it_stands(number: int, word: str, place: tuple[int, int]) -> None:
    passage = found("config.yaml", KNOWLEDGE_MAPPER)[number]
    assert passage.place(passage.text.index(word)) == place


def test_a_part_of_a_configuration_may_have_its_prefixes_from_another() -> None:
    part = """\
        knowledge_engine:
          graph_patterns:
            tou:
              prefixes: {saref: https://saref.etsi.org/core/}
              pattern:
                - '?s rdf:type saref:Meter .'
    """
    passage = only("part.yml", part)
    assert (passage.borrows, passage.line, passage.declared) == (True, 6, {"saref": (4, 25)})


def test_the_environment_of_a_container_has_its_prefixes_as_json() -> None:
    compose = """\
        services:
          kb:
            environment:
              PREFIXES: |
                {"ex": "http://example.org/"}
              GRAPH_PATTERN: |
                ?m a ex:Measurement .
    """
    passage = only("compose.yaml", compose)
    assert (dict(passage.prefixes), passage.line) == ({"ex": "http://example.org/"}, 7)


def test_yaml_anchors_and_merges_are_followed() -> None:
    text = """\
        common: &common
          prefixes: {saref: https://saref.etsi.org/core/}
        one:
          <<: *common
          graphPattern: ?m a saref:Meter .
    """
    assert only("a.yaml", text).prefixes == {"saref": SAREF}


def test_broken_yaml_that_has_a_pattern_is_refused_with_its_line() -> None:
    with pytest.raises(PassageError, match="not YAML") as refused:
        found("a.yaml", "graphPattern: |\n  ?s ?p ?o .\nother: [1,\n")
    assert refused.value.line == 4


PROPERTIES = """\
# ssa = ?s ?p ?o
server.port = 8181
url=http://localhost:8080/a?b=c d
graphpattern.offer : ?offer a \\
    saref:Device ; \\
    saref:hasName "caf\\u00e9" .
graphpattern.offer.result=?x <http://e/p> ?y .
prefix.saref = https://saref.etsi.org/core/
"""


def test_any_property_that_reads_like_triples_is_a_pattern_and_nothing_else_is() -> None:
    told = [(one.name, one.role, one.line, dict(one.prefixes)) for one in found("a.properties", PROPERTIES)]
    assert told == [
        ("graphpattern.offer", "pattern", 4, {"saref": SAREF}),
        ("graphpattern.offer.result", "result", 7, {"saref": SAREF}),
    ]


def test_a_property_goes_on_in_the_next_line_and_its_escapes_are_read() -> None:
    passage = found("a.properties", PROPERTIES)[0]
    assert passage.text == '?offer a saref:Device ; saref:hasName "café" .'
    assert passage.place(passage.text.index("saref:hasName")) == (6, 5)
    assert passage.place(passage.text.index(" .")) == (6, 30)


def test_the_last_line_of_a_properties_file_may_end_in_a_backslash() -> None:
    assert only("a.properties", "a=?s ?p ?o . \\").text == "?s ?p ?o . "
