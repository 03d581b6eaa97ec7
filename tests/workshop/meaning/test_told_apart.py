"""Values that only their units tell apart are told; what something else tells apart is not."""

from __future__ import annotations

from typing import Any

import pytest

READINGS = """?meter a saref:Meter ; saref:hasIdentifier ?id .
?first saref:madeBy ?meter ; saref:hasResult ?a .
?second saref:madeBy ?meter ; saref:hasResult ?b .
?a saref:hasValue ?x ; saref:isMeasuredIn {one} .
?b saref:hasValue ?y ; saref:isMeasuredIn {other} .
"""


def of(told: Any, text: str) -> list[str]:
    return [str(one) for one in told("told_apart", text)]


def test_two_values_of_two_units_are_told_with_both(told: Any) -> None:
    assert of(told, READINGS.format(one="om:kilowatt", other="om:kilowattHour")) == [
        "pattern.gp:4: [told_apart] warning: only the unit tells these apart: ?a (om:kilowatt), ?b (om:kilowattHour): "
        "say of each what it is a value of"
    ]


def test_of_three_values_all_are_told(told: Any) -> None:
    text = "".join(
        f"?m{n} saref:madeBy ?m ; saref:hasResult ?v{n} . ?v{n} saref:hasValue ?x{n} ; saref:isMeasuredIn {unit} .\n"
        for n, unit in enumerate(("om:volt", "om:ampere", "om:watt"))
    )
    (problem,) = of(told, text)
    assert "?v0 (om:volt), ?v1 (om:ampere), ?v2 (om:watt)" in problem


@pytest.mark.parametrize(
    "more",
    [
        "?a saref:isValueOfProperty s4ener:Power .",
        "?first a s4ener:DataPoint .",
        "?series s4ener:hasDataPoint ?second .",
        "?first saref:hasTimestamp ?time .",
    ],
)
def test_any_triple_that_one_has_and_the_other_has_not_tells_them_apart(told: Any, more: str) -> None:
    assert of(told, READINGS.format(one="om:kilowatt", other="om:kilowattHour") + more) == []


def test_what_is_symmetric_anyway_is_left_to_ambiguity(told: Any) -> None:
    text = READINGS.format(one="?u", other="?w")
    assert of(told, text) == []
    assert [one.check for one in told("ambiguity", text)] == ["ambiguity"]
    assert of(told, READINGS.format(one="om:kilowatt", other="om:kilowatt")) == []


def test_a_text_alone_tells_too_little_as_well(told: Any) -> None:
    (problem,) = of(told, '?d saref:hasState ?a , ?b . ?a rdfs:comment "on" . ?b rdfs:comment "off" .')
    assert 'only the text tells these apart: ?a ("on"), ?b ("off")' in problem


def test_data_is_not_judged(told: Any) -> None:
    text = """@prefix saref: <https://saref.etsi.org/core/> .
@prefix om: <http://www.ontology-of-units-of-measure.org/resource/om-2/> .
@prefix ex: <https://dso.example.org/id/> .
ex:r saref:hasResult ex:a , ex:b .
ex:a saref:isMeasuredIn om:kilowatt . ex:b saref:isMeasuredIn om:kilowattHour .
"""
    assert told("told_apart", text, file="data.ttl") == []
