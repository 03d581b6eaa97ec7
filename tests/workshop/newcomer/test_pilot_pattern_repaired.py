"""A developer of a pilot, who knows REST and no RDF, repairs a pattern of 2022 by what `gridlingua check` says.

The commands are those that were typed, in order. Asserted is what led on: the sentence that said what to type next.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest

WRITTEN_IN_2022 = Path(__file__).with_name("flexibility.rq")
COMMAND = Path(sysconfig.get_path("scripts")) / "gridlingua"

NAMESPACES = {
    "<http://saref.etsi.org/core/>": "<https://saref.etsi.org/core/>",
    "<https://saref.etsi.org/saref4ener>": "<https://saref.etsi.org/saref4ener/>",
}
AS_CHECK_SAYS = {
    "<https://dso.example.org/meters/PT0002000000000001>": "?meter",
    'time:hasBegining "2022-03-14T18:00:00Z"^^xsd:dateTime': "time:hasBeginning ?start",
    "saref:Offers": "saref:offers",
    "[ a saref:Power ] .": "?property .\n  ?property rdf:type saref:Power .",
    "om:kilowattHour": "om:kilowatt",
    "s4ener:TimeSeries": "ic-data:TimeSeries",
    "  FILTER(?power > 0)\n": "",
}
AS_FIND_SAYS = {"ic-flex:FlexibilityOffer": "ic-flex:FlexOffer"}
SECOND_GENERATION = {
    "PREFIX ic-flex: <http://ontology.tno.nl/interconnect/flexibility#>\n": "",
    "PREFIX ic-data: <http://ontology.tno.nl/interconnect/datapoint#>\n": "",
    "ic-flex:": "s4ener:",
    "ic-data:": "s4ener:",
    "saref:hasMeasurement": "saref:isObservedBy",
    "saref:Measurement": "saref:Observation",
    "  ?property rdf:type saref:Power .\n": "",
    "saref:relatesToProperty ?property .": (
        "saref:observes s4ener:Power .\n"
        "  ?measurement saref:hasResult ?value .\n"
        "  ?value rdf:type saref:PropertyValue .\n"
        "  ?value saref:isValueOfProperty s4ener:Power ."
    ),
    "?measurement saref:isMeasuredIn": "?value saref:isMeasuredIn",
    "?measurement saref:hasValue": "?value saref:hasValue",
}


class Typed:
    """What was typed in a folder, and the pattern as it then is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pattern = folder / "flexibility.rq"

    def gridlingua(self, *arguments: str, status: int) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIDLINGUA")}
        environment |= {"NO_COLOR": "1", "COLUMNS": "160", "GRIDLINGUA_CACHE": str(self.folder / ".cache")}
        result = subprocess.run(
            [str(COMMAND), *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        told = result.stdout + result.stderr
        assert result.returncode == status, told
        return told

    def check(self, status: int) -> list[str]:
        told = self.gridlingua("check", "flexibility.rq", status=status)
        return [line for line in told.splitlines() if line.startswith("flexibility.rq:")]

    def replace(self, changes: Mapping[str, str]) -> None:
        text = self.pattern.read_text()
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        self.pattern.write_text(text)


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    (tmp_path / "flexibility.rq").write_text(WRITTEN_IN_2022.read_text())
    return Typed(tmp_path)


def says(told: list[str], line: int, check: str, sentence: str) -> bool:
    return any(
        one.startswith(f"flexibility.rq:{line}:") and f"[{check}]" in one and one.endswith(sentence) for one in told
    )


def test_a_pattern_of_2022_is_brought_to_clean_by_what_check_says_alone(typed: Typed) -> None:
    told = typed.check(status=1)
    assert says(told, 3, "namespaces", "write <https://saref.etsi.org/core/> (https, not http)")
    assert says(told, 4, "namespaces", "write <https://saref.etsi.org/saref4ener/> (the / is missing)")
    typed.replace(NAMESPACES)

    told = typed.check(status=1)
    assert says(told, 14, "constants", "put a variable there, and bind it where you ask")
    assert says(told, 16, "terms", "did you mean time:hasBeginning?")
    assert says(told, 16, "constants", "put a variable there, and bind it where you ask")
    assert says(told, 18, "terms", "did you mean saref:offers?")
    assert says(told, 21, "blank_nodes", "write a variable such as ?node")
    (unit,) = [one for one in told if "[units]" in one]
    assert "om:kilowattHour is of active energy, and saref:Power of power: write om:kilowatt," in unit
    assert says(told, 25, "generations", "use ic-data:TimeSeries")
    assert says(told, 27, "filters", "let what it compares with travel as a variable that the one who asks binds")
    assert any("[privacy]" in one and "PT0002000000000001" not in one for one in told)
    typed.replace(AS_CHECK_SAYS)

    assert "ic-flex:FlexOffer" in typed.gridlingua("ontology", "find", "ic-flex:", status=0)
    assert "ic-flex:FlexibilityOffer" in typed.gridlingua("ontology", "show", "ic-flex:FlexibilityOffer", status=1)
    typed.replace(AS_FIND_SAYS)
    assert typed.check(status=0) == []
    typed.gridlingua("check", "--strict", "flexibility.rq", status=0)


def test_the_repaired_pattern_is_lifted_to_the_generation_of_today(typed: Typed) -> None:
    for changes in (NAMESPACES, AS_CHECK_SAYS, AS_FIND_SAYS):
        typed.replace(changes)
    assert typed.check(status=0) == []
    before = typed.pattern.read_text()

    (typed.folder / "gridlingua.toml").write_text('profile = "saref4"\n')
    told = typed.check(status=1)
    for old, new in {
        "ic-flex:FlexOffer": "use s4ener:FlexOffer",
        "ic-flex:hasEffectivePeriod": "use s4ener:hasEffectivePeriod",
        "ic-flex:producedBy": "use s4ener:producedBy",
        "saref:hasMeasurement": "use saref:isObservedBy",
        "saref:Measurement": "use saref:Observation and saref:PropertyValue",
        "saref:relatesToProperty": "use saref:isValueOfProperty and saref:observes",
        "saref:Power": "use s4ener:Power",
        "ic-data:TimeSeries": "use s4ener:TimeSeries",
        "ic-data:hasDataPoint": "use s4ener:hasDataPoint",
    }.items():
        assert any(f"[terms] {old} is of " in one and new in one for one in told), old

    shown = " ".join(typed.gridlingua("ontology", "show", "saref:hasValue", status=0).split())
    assert "is said of the saref:PropertyValue behind saref:hasResult" in shown
    typed.replace(SECOND_GENERATION)
    assert typed.check(status=0) == []

    (typed.folder / "pilot.rq").write_text(before)
    compared = " ".join(typed.gridlingua("match", "pilot.rq", "flexibility.rq", status=1).split())
    assert "A writes the first generation of vocabulary where B writes the second" in compared
    assert "saref:hasValue has the same IRI in both generations and another place" in compared


def test_of_the_two_prefix_lines_that_a_hasty_replacement_leaves_the_wrong_one_is_told(typed: Typed) -> None:
    for changes in (NAMESPACES, AS_CHECK_SAYS, AS_FIND_SAYS):
        typed.replace(changes)
    typed.replace({"ic-data:": "s4ener:"})
    (told,) = [one for one in typed.check(status=1) if "[namespaces]" in one]
    assert told.startswith("flexibility.rq:6:")
    assert told.endswith("which is ic-data: for everyone: write <https://saref.etsi.org/saref4ener/>")
