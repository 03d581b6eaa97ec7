"""A foreign repository: data, shapes and patterns of somebody who does not use gridlingua otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from gridlingua.cli import app

Run = Callable[..., Result]

SHAPES = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix saref: <https://saref.etsi.org/core/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://example.org/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

shape:Load a sh:NodeShape ;
    sh:targetClass saref:Observation ;
    sh:property [ sh:path saref:hasTimestamp ; sh:minCount 1 ; sh:datatype xsd:dateTime ] ,
        [ sh:path ( saref:hasResult saref:hasValue ) ; sh:minInclusive 0 ; sh:message "A load is not below zero."@en ] .
"""

GOOD = """\
@prefix ex: <https://example.org/> .
@prefix saref: <https://saref.etsi.org/core/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:r1 a saref:Observation ;
    saref:hasTimestamp "2026-01-27T19:40:00Z"^^xsd:dateTime ;
    saref:hasResult ex:v1 .
ex:v1 saref:hasValue 211.4 .
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its root, which is the working directory: ``shapes/load.ttl``, ``data/good.ttl``."""
    (tmp_path / ".git").mkdir()
    for path, text in (("shapes/load.ttl", SHAPES), ("data/good.ttl", GOOD)):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRIDLINGUA_CATALOGUE", raising=False)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Run a command line: ``run("validate", "data", "--shapes", "shapes")``."""
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])
