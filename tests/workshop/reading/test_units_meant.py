"""What is suggested for a unit that no list has is that unit, never one that only reads like it."""

from __future__ import annotations

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.missing import missing_anywhere
from gridlingua.catalogue.ontology.terms import expand

PREFIXES = {"om": "http://www.ontology-of-units-of-measure.org/resource/om-2/", "unit": "http://qudt.org/vocab/unit/"}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


def said_of(unit: str, vocabulary: Vocabulary) -> str:
    return missing_anywhere(expand(unit, PREFIXES), vocabulary, pinned=False)


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        ("unit:kW", "unit:KiloW"),
        ("unit:MW", "unit:MegaW"),
        ("unit:KWH", "unit:KiloW-HR"),
        ("unit:KiloWH", "unit:KiloW-HR"),
        ("unit:WH", "unit:W-HR"),
        ("unit:KVAR", "unit:KiloV-A_Reactive"),
        ("unit:kVA", "unit:KiloV-A"),
        ("unit:M3-PER-H", "unit:M3-PER-HR"),
        ("unit:EUR", "unit:CCY_EUR"),
        ("om:kWh", "om:kilowattHour"),
        ("om:KiloWatt", "om:kilowatt"),
        ("om:percentage", "om:percent"),
        ("om:volt-ampere", "unit:V-A"),
        ("om:Celsius", "om:degreeCelsius"),
        ("om:degreeCelcius", "om:degreeCelsius"),
    ],
)
def test_the_symbol_or_the_name_of_a_unit_says_which_it_is(unit: str, meant: str, vocabulary: Vocabulary) -> None:
    assert said_of(unit, vocabulary).endswith(f": did you mean {meant}?")


@pytest.mark.parametrize(
    "unit", ["unit:mW", "unit:W-PER-A", "unit:W-PER-SEC", "unit:KiloVARH", "unit:V-PER-V-A_Reactive"]
)
def test_a_unit_that_only_reads_like_it_is_not_proposed(unit: str, vocabulary: Vocabulary) -> None:
    said = said_of(unit, vocabulary)
    assert said.startswith(unit)
    assert "did you mean" not in said
