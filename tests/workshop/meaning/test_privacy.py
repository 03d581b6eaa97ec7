"""Secrets and personal data are found where hardly anything else looks alike, and never shown whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import Catalogue
from gridlingua.cli import app
from gridlingua.semantics.disclosure import disclosures, masked

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"Authorization: Bearer {TOKEN}", "a token (JWT)"),
        ("Bearer 0123456789abcdef", "a bearer token"),
        ("AKIAIOSFODNN7EXAMPLE", "an access key"),
        ("ghp_" + "a1B2" * 9, "an access key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("https://svc:s3cr3t@meters.example.org/4405", "a name and password in an address"),
        ("https://api.example.org/x?api_key=0a1b2c3d4e", "a password, key or token"),
        ('password = "hunter22"', "a password, key or token"),
        ("# access-token: 0a1b2c3d4e", "a password, key or token"),
        ("maria.silva@example.org", "an e-mail address"),
        ("<mailto:jan@acme.example>", "an e-mail address"),
        ("+351 912 345 678", "a telephone number"),
        ("<tel:+32-475-12-34-56>", "a telephone number"),
        ("BE68 5390 0754 7034", "an IBAN"),
        ("PT50000201231234567890154", "an IBAN"),
        ("PT502011378", "a tax number"),
        ("541448860012345676", "the number of a meter point"),
        ("PT0002000012345678AB", "the number of a meter point"),
        ("ES0021000012345678AB1F", "the number of a meter point"),
        ("POINT(4.351712 50.846557)", "a position to a metre"),
    ],
)
def test_what_a_text_gives_away_is_told_and_masked(text: str, what: str) -> None:
    (found,) = disclosures(text)
    assert found.what == what
    assert found.text not in masked(text)
    assert found.mask.rstrip("…") in masked(text)
    assert len(found.mask) <= 4


@pytest.mark.parametrize(
    "text",
    [
        '"2022-03-04T11:30:00+01:00"^^xsd:dateTime',
        "+5 , -5 , 3.14159265358979",
        "PREFIX token: <https://example.org/token#>",
        "password = ${KE_PASSWORD}",
        "token: <your token>",
        "api_key=xxxxxxxx",
        "info@example.org",
        '"chat"@en , "x"@pt-BR',
        "BE68 5390 0754 7035",
        "PT123456780",
        "http://www.w3.org/2006/time#Instant",
        "https://example.org:8280/rest/sc",
        "urn:uuid:6c1f0b1e-9d0a-4a55-8f43-1c8a37b2b0b4",
        "POINT(4.35 50.84)",
        "?token saref:hasValue ?x",
    ],
)
def test_what_only_looks_alike_is_not(text: str) -> None:
    assert [one.what for one in disclosures(text)] == []


def test_comments_prefixes_and_data_are_read_too(told: Any) -> None:
    pattern = "# ask maria.silva@example.org\n?m a saref:Meter .\n"
    assert [one.line for one in told("privacy", pattern)] == [1]
    yaml = (
        "knowledge_interactions:\n  - type: ask\n    pattern: '?m a saref:Meter ; x:y ?z .'\nprefixes:\n"
        "  x: https://svc:s3cr3t@example.org/\n"
    )
    (problem,) = told("privacy", yaml, file="ke.yaml")
    assert problem.message == "the prefix x: gives away a name and password in an address (svc…)"
    data = '<https://d.example.org/p> <http://xmlns.com/foaf/0.1/givenName> "Maria" .\n'
    (problem,) = told("privacy", data, file="data.ttl")
    assert problem.message.startswith("the name of a person (M…): leave it out")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("?kb <https://acme.example.org/ns#hasAccess> ?token .", "?token carries a secret"),
        ("?kb <https://acme.example.org/ns#login> ?apiKey .", "?apiKey carries a secret"),
        (
            '?kb <https://acme.example.org/ns#accessToken> "abc" .',
            "<https://acme.example.org/ns#accessToken> carries a secret",
        ),
    ],
)
def test_a_secret_that_a_pattern_would_carry_is_a_warning(told: Any, text: str, said: str) -> None:
    (problem,) = told("privacy", text)
    assert problem.severity == "warning"
    assert problem.message == f"{said}, which never becomes a term: send a reference"


def test_personal_data_in_a_variable_is_a_note(told: Any) -> None:
    (problem,) = told("privacy", "?person <http://xmlns.com/foaf/0.1/mbox> ?mail .")
    assert (problem.severity, problem.message) == (
        "note",
        "?mail carries an e-mail address (foaf:mbox): see that those it is about have agreed",
    )


def test_the_name_of_an_organization_is_not_that_of_a_person(told: Any) -> None:
    name = "?a <http://xmlns.com/foaf/0.1/name> ?name . ?a a <http://xmlns.com/foaf/0.1/{class}> ."
    assert told("privacy", name.replace("{class}", "Organization")) == []
    assert len(told("privacy", name.replace("{class}", "Person"))) == 1


def test_who_is_credited_with_a_work_is_named_on_purpose(told: Any) -> None:
    text = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://acme.example.org/ontology> dcterms:creator <mailto:jan@acme.example> , [ a foaf:Person ; foaf:name "Maria" ] .
<https://acme.example.org/meter> {} [ a foaf:Person ; foaf:name "Maria" ; foaf:mbox <mailto:jan@acme.example> ] .
"""
    assert told("privacy", text.format("dcterms:contributor"), file="o.ttl") == []
    assert len(told("privacy", text.format("foaf:member"), file="o.ttl")) == 1


def test_a_position_is_personal_when_it_is_precise(told: Any) -> None:
    at = '?m <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "{}" .'
    assert told("privacy", at.format("50.8")) == []
    assert [one.message.partition(" (")[0] for one in told("privacy", at.format("50.846557"))] == [
        "a position to a metre"
    ]


def test_no_report_of_the_command_shows_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "pattern.rq"
    file.write_text(
        "PREFIX saref: <https://saref.etsi.org/core/>\n# password = hunter22hunter22\n"
        f'CONSTRUCT WHERE {{ ?m a saref:Meter ; saref:hasTimestamp "{TOKEN}" ; '
        "saref:madeBy <https://svc:s3cr3tword@meters.example.org/4405> . }\n"
    )
    for form in ("text", "json", "github", "sarif", "junit"):
        result = CliRunner().invoke(app, ["check", str(file), "--format", form])
        assert result.exit_code == 1
        assert "privacy" in result.output
        for secret in ("hunter22", TOKEN, "s3cr3tword"):
            assert secret not in result.output, (form, secret)


def test_our_own_patterns_give_nothing_away(catalogue: Catalogue) -> None:
    for path in catalogue.content.patterns.glob("*/*/*.rq"):
        assert [one.what for one in disclosures(path.read_text())] == [], path
