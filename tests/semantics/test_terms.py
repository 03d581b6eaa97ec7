"""Terms as the knowledge engine reads and writes them (contract 2.2 and 8.8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, URIRef
from rdflib import Literal as RdfLiteral

from gridlingua.errors import MessageError
from gridlingua.semantics.terms import (
    RDF,
    XSD,
    from_rdflib,
    iri,
    literal,
    parse,
    split_iri,
    split_literal,
    to_rdflib,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("<http://a>", "<http://a>"),
        ("<relative>", "<relative>"),
        ("<urn:x>", "<urn:x>"),
        ("<mailto:a@b>", "<mailto:a@b>"),
        ("<http://ex.org/é>", "<http://ex.org/é>"),
        ("<>", "<>"),
        ('"s"', '"s"'),
        ("'s'", '"s"'),
        ('"""s"""', '"s"'),
        ("'''s'''", '"s"'),
        ('"""a "quoted" text"""', r'"a \"quoted\" text"'),
        ('""', '""'),
        ('"s"^^xsd:string', '"s"'),
        (f'"s"^^<{XSD}string>', '"s"'),
        ('"s"@en', '"s"@en'),
        ('"s"@en-GB', '"s"@en-GB'),
        ('"s"@EN', '"s"@en'),
        ('"s"@zh-hant-tw', '"s"@zh-Hant-TW'),
        ('"s"@en-LATN-x-GB', '"s"@en-Latn-x-gb'),
        ("1", f'"1"^^<{XSD}integer>'),
        ("01", f'"01"^^<{XSD}integer>'),
        ("-5", f'"-5"^^<{XSD}integer>'),
        ("+5", f'"+5"^^<{XSD}integer>'),
        ("1.0", f'"1.0"^^<{XSD}decimal>'),
        (".5", f'".5"^^<{XSD}decimal>'),
        ("5.", f'"5."^^<{XSD}decimal>'),
        ("1e0", f'"1e0"^^<{XSD}double>'),
        ("1E5", f'"1E5"^^<{XSD}double>'),
        ("true", f'"true"^^<{XSD}boolean>'),
        ("false", f'"false"^^<{XSD}boolean>'),
        ('"x"^^<http://my/dt>', '"x"^^<http://my/dt>'),
        (f'"notint"^^<{XSD}integer>', f'"notint"^^<{XSD}integer>'),
        (r'"a\"b"', r'"a\"b"'),
        (r'"a\nb\tc\\d"', r'"a\nb\tc\\d"'),
        (r'"\u00e9"', '"é"'),
        (r'"\U0001F600"', '"😀"'),
        ("rdf:type", f"<{RDF}type>"),
        ("xsd:int", f"<{XSD}int>"),
        ("ex:foo", "<http://example.org/foo>"),
        (":a", "<http://example/a>"),
        ("_:b0", "_:b0"),
    ],
)
def test_a_term_is_read_into_its_canonical_form(written: str, canonical: str) -> None:
    assert parse(written) == canonical
    assert parse(canonical) == canonical


@pytest.mark.parametrize(
    "written",
    [
        *("", "abc", "http://a", "null", "NaN", "0x1F", "?v", "(1 2)", "foo:bar", "_:", "1 2", "<a> <b>"),
        *(
            " 1",
            "1 ",
            ' "a"',
            '"a" ',
            "<http://a b>",
            "<http://a",
            '"open',
            "'open",
            '"a\nb"',
            '"a"b"',
            '"a"^^',
            '"a"@',
        ),
        *('"a"^^foo:bar', '"a"^^"b"', r'"\x"', r'"\ud800"', r'"\U00110000"', "\u0661"),
    ],
)
def test_what_is_no_term_is_refused_with_the_text(written: str) -> None:
    with pytest.raises(MessageError) as refusal:
        parse(written)
    assert str(refusal.value)


def test_a_refusal_says_how_terms_are_written() -> None:
    with pytest.raises(MessageError, match=r"'Up' is not an RDF term: write an IRI as <https://…>, a text as \"…\""):
        parse("Up")


def test_a_catalogues_prefixes_stand_in_place_of_the_engines() -> None:
    assert (
        parse("saref:hasValue", {"saref": "https://saref.etsi.org/core/"}) == "<https://saref.etsi.org/core/hasValue>"
    )
    with pytest.raises(MessageError):
        parse("rdf:type", {"saref": "https://saref.etsi.org/core/"})


@pytest.mark.parametrize("value", ["https://a b", "a>", 'a"', "a{b}", "a|b", "a^b", "a`b", "a\\b", "a\nb"])
def test_what_an_iri_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(MessageError, match="is not an IRI"):
        iri(value)


@given(TEXTS)
def test_any_text_survives_as_a_literal(text: str) -> None:
    term = literal(text)
    assert parse(term) == term
    assert split_literal(term).lexical == text
    assert "\n" not in term
    assert "\r" not in term


@given(TEXTS, st.sampled_from(["", f"{XSD}decimal", f"{XSD}string", "http://my/dt"]), st.sampled_from(["", "en-GB"]))
def test_rdflib_has_the_same_term(text: str, datatype: str, language: str) -> None:
    term = literal(text, "" if language else datatype, language)
    assert from_rdflib(to_rdflib(term)) == term


def test_rdflib_keeps_the_lexical_form() -> None:
    assert to_rdflib(f'"01.50"^^<{XSD}decimal>') == RdfLiteral(
        "01.50", datatype=URIRef(f"{XSD}decimal"), normalize=False
    )
    assert str(to_rdflib(f'"01.50"^^<{XSD}decimal>')) == "01.50"
    assert to_rdflib("_:b0") == BNode("b0")
    assert from_rdflib(BNode("b0")) == "_:b0"


def test_a_literal_comes_apart() -> None:
    assert (split_literal('"a"').datatype, split_literal('"a"').language) == (f"{XSD}string", "")
    assert (split_literal('"a"@en').datatype, split_literal('"a"@en').language) == (f"{RDF}langString", "en")
    assert split_iri("<http://a>") == "http://a"
    with pytest.raises(MessageError, match="<http://a> is not a literal"):
        split_literal("<http://a>")
