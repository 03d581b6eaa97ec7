"""Shapes and data of strangers run nothing, fetch nothing and end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from rdflib import Graph
from typer.testing import CliRunner

from gridlingua.catalogue.validating import Data, judge_data
from gridlingua.cli import app
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.oxigraph import Select

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.org/> .
"""
DATA = f'@prefix ex: <http://ex.org/> .\nex:a a ex:T ; ex:p "{"a" * 40}!" .\n'


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """A service on this machine, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"@context": {}}')

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/asked", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def validated(tmp_path: Path, data: str, shapes: str, name: str = "data.ttl") -> str:
    (tmp_path / name).write_text(data)
    (tmp_path / "shapes.ttl").write_text(PREFIXES + shapes)
    arguments = ["validate", str(tmp_path / name), "--shapes", str(tmp_path / "shapes.ttl")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code in (0, 1), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


@pytest.mark.parametrize(
    "shape",
    [
        'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { SERVICE <URL> { ?this ?p ?o } }" ]',
        "sh:targetClass ex:T ; sh:rule [ a sh:SPARQLRule ;"
        ' sh:construct "CONSTRUCT { $this <urn:q> 1 } WHERE { SERVICE <URL> { $this ?p ?o } }" ]',
        "sh:targetClass ex:T ; sh:sparql [ a sh:SPARQLConstraint ;"
        ' sh:select "SELECT $this FROM <URL> WHERE { $this ?p ?o }" ]',
    ],
)
def test_no_query_of_shapes_asks_anybody_else(tmp_path: Path, shape: str) -> None:
    with listener() as (url, asked):
        said = validated(tmp_path, DATA, f"ex:S a sh:NodeShape ; {shape.replace('URL', url)} .")
    assert not asked
    assert ("SERVICE" in said) == ("SERVICE" in shape)


def test_oxigraph_is_not_asked_for_a_service_either() -> None:
    with listener() as (url, asked):
        found = Select([("<urn:a>", "<urn:b>", "<urn:c>")]).answer(
            f"SELECT ?s WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", {}
        )
    assert found is None
    assert not asked


@pytest.mark.parametrize("context", ['{"@import": "URL"}', '"URL"', '{"t": {"@id": "urn:t", "@context": "URL"}}'])
def test_no_context_is_fetched(tmp_path: Path, context: str) -> None:
    with listener() as (url, asked):
        data = f'{{"@context": {context.replace("URL", url)}, "@id": "urn:a"}}'
        said = validated(tmp_path, data, "ex:S a sh:NodeShape ; sh:targetClass ex:T .", "data.jsonld")
    assert not asked
    assert "which is not fetched" in said


@pytest.mark.parametrize("context", ["../outside.jsonld", "/etc/passwd", "%2e%2e/outside.jsonld"])
def test_no_context_is_read_from_another_folder(tmp_path: Path, context: str) -> None:
    data = f'{{"@context": "{context}", "@id": "urn:a"}}'
    assert "which is not fetched" in validated(tmp_path, data, "ex:S a sh:NodeShape .", "data.jsonld")


def test_entities_of_entities_are_not_unfolded(tmp_path: Path) -> None:
    inner = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    data = f'<!DOCTYPE r [<!ENTITY a0 "lol">{inner}]><r>&a9;</r>'
    assert "an entity that holds another entity" in validated(tmp_path, data, "ex:S a sh:NodeShape .", "data.rdf")


def test_a_list_that_comes_back_to_itself_is_a_finding(tmp_path: Path) -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    shapes = f"ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:in _:l . _:l <{rdf}first> 1 ; <{rdf}rest> _:l ."
    assert "could not be found out" in validated(tmp_path, DATA, shapes)


@pytest.mark.parametrize(
    "shape",
    [
        'sh:property [ sh:path ex:p ; sh:pattern "^(a+)+$" ]',
        'sh:sparql [ a sh:SPARQLConstraint ; sh:select "SELECT $this WHERE { '
        + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(20))
        + 'FILTER(?a1 = 1) }" ]',
    ],
)
def test_what_does_not_end_is_given_up(tmp_path: Path, shape: str) -> None:
    (tmp_path / "data.ttl").write_text(DATA)
    shapes = Graph().parse(data=f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetClass ex:T ; {shape} .", format="turtle")
    with pytest.raises(GridlinguaError, match="it took longer"):
        judge_data([Data.read(tmp_path / "data.ttl")], shapes, seconds=0.5)
