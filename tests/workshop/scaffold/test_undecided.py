"""The check ``undecided`` tells every mark, wherever it stands."""

from __future__ import annotations

from typer.testing import CliRunner

from gridlingua.cli import app

from .conftest import Workshop

WORDS = ("--request", "meterId", "--reply", "reserve: number, time: time", "--rest", "GET /Meters/{meterId}/Reserve")


def test_marks_in_yaml_pattern_schema_and_shapes_are_told_with_their_lines(workshop: Workshop) -> None:
    workshop.new("metering/reserve", *WORDS)
    shapes = workshop.catalogue / "shapes/metering/reserve.ttl"
    shapes.write_text(shapes.read_text() + "\n# UNDECIDED: is a reserve ever below zero?\n")
    schema = workshop.catalogue / "graph_patterns/metering/reserve/reply.schema.json"
    schema.write_text(
        schema.read_text().replace('"title"', '"$comment": "UNDECIDED: \\"which\\" meter?",\n  "title"', 1)
    )
    found = [one for one in workshop.problems("metering/reserve") if one.check == "undecided"]
    assert all(one.severity == "warning" for one in found)
    told = {(one.path, one.line): one.message for one in found}
    lines = len(shapes.read_text().splitlines())
    assert told["shapes/metering/reserve.ttl", lines] == "is a reserve ever below zero?"
    assert told["graph_patterns/metering/reserve/reply.schema.json", 3] == '"which" meter?'
    patterns = [message for (path, _), message in told.items() if path.endswith(".rq")]
    assert any(one.startswith("?reserve: which property says this?") for one in patterns)
    assert any(path.endswith("exchange.yaml") for path, _ in told)


def test_a_mark_that_is_taken_away_is_told_no_more(workshop: Workshop) -> None:
    workshop.new("metering/reserve", *WORDS)
    for path in workshop.catalogue.rglob("*"):
        if path.is_file():
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(line for line in lines if "UNDECIDED" not in line))
    assert [one for one in workshop.problems("metering/reserve") if one.check == "undecided"] == []


def test_marks_in_bare_patterns_are_told(workshop: Workshop) -> None:
    pattern = (
        "PREFIX saref: <https://saref.etsi.org/core/>\n"
        "CONSTRUCT WHERE {\n"
        "  # UNDECIDED: which meter?\n"
        "  ?meter a saref:Meter ; saref:hasIdentifier ?id .\n"
        "}\n"
    )
    path = workshop.file("bare.rq", pattern)
    result = CliRunner().invoke(app, ["check", str(path)])
    assert "bare.rq:3:3: [undecided] warning: which meter?" in result.output
    assert result.exit_code == 0
