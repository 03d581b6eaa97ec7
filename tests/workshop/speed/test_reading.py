"""Patterns are read by the fast reader, as the grammar of SPARQL reads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.catalogue import shipped
from gridlingua.catalogue.lines import read_yaml
from gridlingua.semantics.patterns import Pattern, PatternError, parse_construct
from gridlingua.semantics.strict import parse

FILES = sorted(shipped().patterns.glob("*/*/*.rq"))
SMALL = sorted((path.read_text("utf-8") for path in FILES), key=len)[:12]
PIECES = [
    *' ;.,a[](){}<>/^|*+?$-\\:', "\n", "\t", '"x"', '"a"@en', '"1"^^xsd:int', "'q'", '"""l"""', "_:b", "?y", "ex:",
    "true", "1", "01", "1.", ".5", "+5", "1e3", "# c\n", "FILTER(?x)", "OPTIONAL {}", "PREFIX q: <http://q/>\n",
    "BASE <http://b/>\n", "<rel>", "<http://x y>", "^^", "@en", "é", "·", "%", "saref:a.b", "saref:a.",
    "WHERE", "CONSTRUCT", "?a?b", '"x""y"',
]  # fmt: skip


def by_grammar(text: str) -> Pattern | None:
    """What the grammar of SPARQL says; None when it says nothing."""
    try:
        return parse(text, text.index("{") + 1)
    except PatternError:
        return None


def ours(text: str) -> Pattern | None:
    try:
        return parse_construct(text)
    except PatternError:
        return None


@pytest.mark.parametrize("path", FILES[::4], ids=lambda path: "/".join(path.parts[-3:]))
def test_a_pattern_file_is_read_as_the_grammar_reads_it(path: Path) -> None:
    text = path.read_text("utf-8")
    found, expected = parse_construct(text), by_grammar(text)
    assert found == expected is not None
    assert dict(found.prefixes) == dict(expected.prefixes)


@settings(max_examples=150)
@given(st.sampled_from(SMALL), st.data())
def test_a_pattern_with_faults_is_one_only_where_the_grammar_agrees(text: str, data: st.DataObject) -> None:
    body = text.index("{") + 1
    for _ in range(data.draw(st.integers(1, 2))):
        start = data.draw(st.integers(body, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 3)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[stop:]
    assert ours(text) == by_grammar(text)


def test_reading_a_right_pattern_needs_no_grammar() -> None:
    program = (
        "import sys\nfrom gridlingua.semantics.patterns import parse_construct\n"
        "parse_construct('PREFIX e: <http://e/> CONSTRUCT WHERE { ?s e:p 1 ; a e:T }')\n"
        "sys.exit('rdflib.plugins.sparql' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "path", sorted(shipped().patterns.glob("*/*/exchange.yaml"))[::5], ids=lambda path: path.parts[-2]
)
def test_a_declaration_is_read_as_yaml_itself_reads_it(path: Path) -> None:
    text = path.read_text("utf-8")
    found, lines = read_yaml(text)
    assert found == yaml.safe_load(text)
    assert text.splitlines()[lines["request",] - 1].startswith("request:")


def test_what_is_no_yaml_is_told_in_the_words_of_the_reader_that_knows_better_ones() -> None:
    with pytest.raises(yaml.YAMLError) as fast:
        read_yaml("a: [1, 2\nb: }")
    with pytest.raises(yaml.YAMLError) as slow:
        yaml.safe_load("a: [1, 2\nb: }")
    assert str(fast.value) == str(slow.value)
