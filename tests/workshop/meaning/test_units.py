"""Units must fit what is measured, whoever says what that is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.quantities import quantity_kinds, unit_kinds
from gridlingua.semantics.terms import split_iri
from gridlingua.semantics.units import UNITS


def of(told: Any, text: str, profile: str = "saref4") -> list[str]:
    return [one.message for one in told("units", text, profile)]


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("?v saref:isValueOfProperty s4grid:ActivePower ; saref:isMeasuredIn om:kilowattHour .", "saref4"),
        ("?o saref:observes s4ener:Energy ; saref:hasResult ?v . ?v saref:isMeasuredIn om:euro .", "saref4"),
        (
            "?v saref:isValueOfProperty ?i ; saref:isMeasuredIn om:volt . ?i saref:hasPropertyKind s4grid:Current .",
            "saref4",
        ),
        ("?v saref:isValueOfProperty s4grid:ReactivePower ; saref:isMeasuredIn om:kilowatt .", "saref4"),
        ("?v saref:isValueOfProperty s4grid:ActiveEnergy ; saref:isMeasuredIn unit:KiloVAR-HR .", "saref4"),
        ("?v saref:isValueOfProperty s4grid:PowerFactor ; saref:isMeasuredIn om:hertz .", "saref4"),
        ("?p saref:profileHasPrice ?v . ?v saref:isMeasuredIn om:kilowattHour .", "saref4"),
        ("?l s4ener:hasContractualConsumptionMax ?v . ?v saref:isMeasuredIn om:kilowattHour .", "saref4"),
        ("?m saref:relatesToProperty ?p ; saref:isMeasuredIn om:kilowattHour . ?p a saref:Power .", "interconnect"),
        ("?m saref:relatesToProperty ?p ; saref:isMeasuredIn om:watt . ?p a s4ener:EnergyMax .", "interconnect"),
        ("?q a om:Power ; om:hasValue ?m . ?m om:hasUnit om:kilowattHour .", "interconnect"),
        ("?q a ic-uom:ActivePower ; om:hasUnit unit:KiloV-A_Reactive .", "interconnect"),
        (
            "?m saref:relatesToProperty ?p ; saref:isMeasuredIn ?u . ?p a saref:Energy . ?u a saref:PowerUnit .",
            "interconnect",
        ),
        ("?m saref:relatesToProperty ?p ; saref:isMeasuredIn om:degreeCelsius . ?p a saref:Pressure .", "interconnect"),
    ],
)
def test_a_unit_of_something_else_is_found(told: Any, text: str, profile: str) -> None:
    (message,) = of(told, text, profile)
    assert re.search(r" is of .+: write (\w+:\S+|a unit of \w+), or say that the value is one of \w+", message), message


def test_the_unit_to_write_is_as_large_as_the_one_that_does_not_fit(told: Any) -> None:
    (message,) = of(told, "?v saref:isValueOfProperty s4ener:Power ; saref:isMeasuredIn om:kilowattHour .")
    assert message == (
        "om:kilowattHour is of active energy, and s4ener:Power of power: write om:kilowatt, or say that the value is "
        "one of active energy"
    )


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("?v saref:isValueOfProperty s4ener:Power ; saref:isMeasuredIn unit:KiloV-A_Reactive .", "saref4"),
        ("?v saref:isValueOfProperty s4grid:ReactiveEnergy ; saref:isMeasuredIn unit:KiloV-A_Reactive-HR .", "saref4"),
        ("?v saref:isValueOfProperty s4ener:Energy ; saref:isMeasuredIn om:megajoule .", "saref4"),
        ("?v saref:isValueOfProperty s4grid:VoltageSagNumber ; saref:isMeasuredIn om:one .", "saref4"),
        ("?v saref:isValueOfProperty ?property ; saref:isMeasuredIn om:kilowatt .", "saref4"),
        ("?v saref:isValueOfProperty s4grid:Voltage ; saref:isMeasuredIn ?unit .", "saref4"),
        ("?m saref:relatesToProperty ?p ; saref:isMeasuredIn om:watt . ?p a s4ener:PowerMax .", "interconnect"),
        (
            "?m saref:relatesToProperty ?p ; saref:isMeasuredIn unit:CCY_EUR-PER-KiloW-HR . ?p a saref:Price .",
            "interconnect",
        ),
    ],
)
def test_a_unit_that_fits_or_of_which_nothing_is_known_is_none(told: Any, text: str, profile: str) -> None:
    assert of(told, text, profile) == []


def test_what_is_no_unit_is_told_with_units_to_write(told: Any) -> None:
    assert of(told, "?v saref:isMeasuredIn om:Power .") == [
        "om:Power is what is measured, and no unit: write a unit of it, such as om:watt or om:kilowatt or om:megawatt"
    ]
    assert of(told, "?v saref:isMeasuredIn saref:EnergyUnit .", "interconnect") == [
        "saref:EnergyUnit is a class of units: write one of its units, such as om:wattHour or om:kilowattHour or "
        "om:megawattHour"
    ]
    (message,) = of(told, "?v saref:isMeasuredIn <https://dso.example.org/units/kilowatt_hour> .")
    assert message.endswith("is of a list that nobody here converts: write om:kilowattHour")


def test_one_value_has_one_unit(told: Any) -> None:
    assert of(told, "?v saref:isMeasuredIn om:kilowatt , om:megawatt .") == [
        "?v is measured in om:kilowatt and om:megawatt: each unit takes a value of its own"
    ]


def test_codes_are_judged_with_the_property_of_their_value(broken: Any) -> None:
    code, unit = "typePower: {at: /*/typePower, codes: {Active: s4grid:ActivePower,", "with: unit}"
    found = broken(
        "units",
        "flexibility/needs",
        ("exchange.yaml", code, code.replace("s4grid:ActivePower", "s4grid:Voltage")),
        ("exchange.yaml", unit, "codes: {kW: om:kilowatt, kvar: unit:KiloV-A_Reactive, kWh: om:kilowattHour}}"),
    )
    voltage = "and stands with s4grid:Voltage, which is of voltage"
    assert sorted(found) == [
        "saref4: ?typePower: its code Active is s4grid:Voltage, which is of voltage, and stands with om:kilowatt, "
        "which is of active power",
        f"saref4: ?unit: its code kW is om:kilowatt, which is of active power, {voltage}",
        f"saref4: ?unit: its code kWh is om:kilowattHour, which is of active energy, {voltage}",
    ]


def test_every_unit_that_messages_carry_measures_what_its_ontology_says(vocabulary: Vocabulary) -> None:
    for unit in UNITS.values():
        iri = split_iri(unit.term)
        term = vocabulary.find(iri)
        assert term, iri
        said = frozenset().union(*(quantity_kinds(kind, vocabulary) for kind in term.quantity_kinds))
        assert not said or unit_kinds(iri, vocabulary) & said, iri


def test_of_every_unit_in_the_lists_it_is_known_what_it_measures(vocabulary: Vocabulary) -> None:
    units = [one.iri for one in vocabulary.terms.values() if one.quantity_kinds and one.kind == "individual"]
    assert len(units) > 60
    assert [iri for iri in units if not unit_kinds(iri, vocabulary)] == []
