"""Terms of somebody's own: one Turtle file beside a private catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

ACME = """
@prefix acme: <https://acme.example.org/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix s4city: <https://saref.etsi.org/saref4city/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://acme.example.org/terms> a owl:Ontology ; owl:versionInfo "1.0" .
acme:customersWithoutPower a owl:DatatypeProperty ; rdfs:domain s4city:Event ; rdfs:range xsd:integer .
"""
PATTERN = """
PREFIX acme: <https://acme.example.org/terms#>
PREFIX s4city: <https://saref.etsi.org/saref4city/>
CONSTRUCT WHERE { ?outage a s4city:Event ; acme:customersWithoutPower ?customers . }
"""


@pytest.fixture
def private(tmp_path: Path) -> Path:
    (tmp_path / "ontologies").mkdir()
    (tmp_path / "ontologies" / "acme.ttl").write_text(ACME)
    shutil.copytree(shipped().root / "graph_patterns/flexibility/needs", tmp_path / "graph_patterns/flexibility/needs")
    shutil.copytree(shipped().root / "shapes", tmp_path / "shapes")
    return tmp_path


def check(private: Path, pattern: str) -> tuple[int, str]:
    (private / "outage.rq").write_text(pattern)
    done = CliRunner().invoke(app, ["check", str(private / "outage.rq"), "--catalogue", str(private), "--no-cache"])
    return done.exit_code, done.output


def test_a_turtle_file_beside_a_catalogue_adds_terms_to_the_official_ones(private: Path) -> None:
    assert check(private, PATTERN)[0] == 0
    done = CliRunner().invoke(app, ["check", "--catalogue", str(private), "--no-cache"])
    assert done.exit_code == 0, done.output


def test_a_slip_in_ones_own_terms_is_told_with_what_was_meant(private: Path) -> None:
    status, said = check(private, PATTERN.replace("acme:customersWithoutPower", "acme:customersWithoutPover"))
    assert status == 1
    assert "did you mean acme:customersWithoutPower?" in said


def test_own_terms_have_domains_and_ranges_as_official_ones_have(private: Path) -> None:
    status, said = check(private, PATTERN.replace("?customers .", '"many" .'))
    assert status == 1
    assert "xsd:integer" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("@prefix acme: <https://acme.example.org/terms#> .", "", "acme.ttl"),
        ("<https://acme.example.org/terms> a owl:Ontology", "acme:thing a owl:Class", "no owl:Ontology"),
        ("<https://acme.example.org/terms> a", "<https://acme.example.org/others> a", "no prefix stands for"),
    ],
)
def test_a_file_of_terms_that_cannot_be_read_is_told(private: Path, old: str, new: str, said: str) -> None:
    (private / "ontologies" / "acme.ttl").write_text(ACME.replace(old, new))
    status, told = check(private, PATTERN)
    assert status != 0
    assert said in told
    assert "Traceback" not in told
