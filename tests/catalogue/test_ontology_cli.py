"""``gridlingua ontology``."""

from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import read_list
from gridlingua.cli.ontology import ontology_app

FOLDER = shipped().ontologies
ONTOLOGY = """
@prefix : <http://example.org/x#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<http://example.org/x> a owl:Ontology ; dcterms:title "The X ontology"@en ; dcterms:license <http://example.org/free> .
:A a owl:Class . :B a owl:Class .
"""


def run(*arguments: object):
    return CliRunner().invoke(ontology_app, [str(one) for one in arguments])


def test_extract_writes_a_list_with_what_the_file_says_of_itself(tmp_path):
    official, output = tmp_path / "x.ttl", tmp_path / "x-1.json"
    official.write_text(ONTOLOGY)
    done = run("extract", official, "--prefix", "x", "--version", "1", "--output", output)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("x 1: 2 terms in ")
    kept = read_list(output)
    assert (kept.namespace, kept.title) == ("http://example.org/x#", "The X ontology")
    assert kept.licence == {"url": "http://example.org/free"}
    assert set(kept.terms) == {"http://example.org/x#A", "http://example.org/x#B"}


def test_extract_keeps_the_licence_and_the_selection_of_the_list_that_is_there(tmp_path):
    official, output = tmp_path / "x.ttl", tmp_path / "x-1.json"
    official.write_text(ONTOLOGY)
    arguments = ("extract", official, "--prefix", "x", "--version", "1", "--output", output)
    run(*arguments)
    text = output.read_text()
    text = text.replace('{"url": "http://example.org/free"}', '{"url": "http://example.org/free", "attribution": "X"}')
    output.write_text(text.replace('"terms"', '"selection": ["x:B"],\n  "terms"'))
    done = run(*arguments)
    assert "x 1: 1 terms (0 new, 1 gone, 0 changed)" in done.output
    assert read_list(output).licence["attribution"] == "X"
    assert set(read_list(output).terms) == {"http://example.org/x#B"}


def test_extract_refuses_what_is_not_an_ontology_and_leaves_the_list_alone(tmp_path):
    official, output = tmp_path / "x.ttl", tmp_path / "x-1.json"
    official.write_text("no Turtle")
    done = run("extract", official, "--prefix", "x", "--version", "1", "--output", output)
    assert done.exit_code == 1
    assert "not readable" in done.output
    assert not output.exists()


def test_list_shows_every_list_with_its_version_and_number_of_terms():
    done = run("list", "--folder", FOLDER)
    assert done.exit_code == 0, done.output
    rows = {tuple(cell.strip() for cell in line.split("│")[1:4]) for line in done.output.splitlines() if "│" in line}
    expected = {
        (one.prefix, one.version + (" (part)" if one.selection else ""), str(len(one.terms)))
        for one in map(read_list, FOLDER.glob("*.json"))
    }
    assert expected <= rows


def test_list_names_the_folder_that_holds_nothing(tmp_path):
    done = run("list", "--folder", tmp_path)
    assert done.exit_code == 1
    assert "holds no term list" in done.output
