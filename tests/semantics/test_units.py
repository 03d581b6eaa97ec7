"""Units: every symbol and synonym is one unit, and quantities are converted exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.semantics.conversion import Quantity, convert, quantities
from gridlingua.semantics.patterns import parse_construct
from gridlingua.semantics.terms import XSD, split_iri, split_literal
from gridlingua.semantics.units import BY_TERM, UNITS

OM = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
QUDT = "http://qudt.org/vocab/unit/"
PATTERN = parse_construct("""
PREFIX om:    <http://www.ontology-of-units-of-measure.org/resource/om-2/>
PREFIX saref: <https://saref.etsi.org/core/>
CONSTRUCT WHERE {
  ?value saref:hasValue ?number ; saref:isMeasuredIn ?unit .
  ?offered saref:hasValue ?offer ; saref:isMeasuredIn ?unit .
  ?price saref:hasValue ?cost ; saref:isMeasuredIn om:euro .
}""")


def row(number: str, unit: str, offer: str = "1") -> dict[str, str]:
    return {
        "number": f'"{number}"^^<{XSD}decimal>',
        "offer": f'"{offer}"^^<{XSD}decimal>',
        "cost": f'"7"^^<{XSD}decimal>',
        "unit": f"<{unit}>",
    }


def carried(codes: dict[str | int, str]) -> dict[str, Quantity]:
    return {unit: Quantity(numbers, codes) for unit, numbers in quantities(PATTERN).items()}


def said(row: dict[str, str], *codes: str, preferred: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A row after conversion for a field that carries these symbols."""
    (found,) = convert([row], carried({code: UNITS[code].term for code in codes}), preferred)
    assert found["cost"] == row["cost"], "a number with another unit is left alone"
    return split_literal(found["number"]).lexical, split_literal(found["offer"]).lexical, split_iri(found["unit"])


def test_a_unit_belongs_to_every_number_that_stands_beside_it() -> None:
    assert quantities(PATTERN) == {"unit": ("number", "offer")}


def test_megawatts_of_a_peer_are_kilowatts_here() -> None:
    assert said(row("1.5", f"{OM}megawatt", "0.0001"), "kW") == ("1500", "0.1", f"{OM}kilowatt")


def test_a_synonym_is_the_same_unit() -> None:
    assert said(row("1.50", f"{QUDT}KiloW"), "kW")[0::2] == ("1.5", f"{OM}kilowatt")
    assert said(row("3", f"{QUDT}VAR"), "var", "kvar")[0::2] == ("3", f"{QUDT}V-A_Reactive")


def test_a_unit_that_the_message_can_carry_is_left_unless_the_party_wants_another() -> None:
    assert said(row("1.5", f"{OM}megawatt"), "kW", "MW")[0::2] == ("1.5", f"{OM}megawatt")
    assert said(row("1.5", f"{OM}megawatt"), "MW", "kW", preferred=("kW",))[0::2] == ("1500", f"{OM}kilowatt")


@pytest.mark.parametrize("unit", [f"{OM}kilowattHour", f"{QUDT}KiloV-A", "http://example.org/furlong"])
def test_another_kind_of_quantity_is_never_converted(unit: str) -> None:
    assert said(row("1.5", unit), "kW", "W") == ("1.5", "1", unit)


def test_what_cannot_be_converted_exactly_stays_as_it_is() -> None:
    assert said(row("100", f"{OM}second-Time"), "min") == ("100", "1", f"{OM}second-Time")
    assert said(row("90", f"{OM}second-Time", "30"), "min") == ("1.5", "0.5", f"{OM}minute-Time")


def test_what_is_no_number_stays_as_it_is() -> None:
    broken = {**row("1", f"{OM}megawatt"), "number": '"much"'}
    assert convert([broken], carried({"kW": UNITS["kW"].term})) == [broken]


def test_a_deployed_spelling_of_a_unit_is_known_by_its_symbol() -> None:
    (found,) = convert([row("2", f"{OM}megawatt")], carried({"kW": f"<{OM}kiloWatt>"}))
    assert (split_literal(found["number"]).lexical, found["unit"]) == ("2000", f"<{OM}kiloWatt>")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9),
    st.sampled_from(["active power", "reactive power", "apparent power", "active energy", "voltage"]),
    st.data(),
)
def test_there_and_back_is_the_same_number(number: Decimal, kind: str, data: st.DataObject) -> None:
    units = [unit for unit in UNITS.values() if unit.kind == kind]
    one, other = data.draw(st.sampled_from(units)), data.draw(st.sampled_from(units))
    text, _, term = said(row(f"{number:f}", split_iri(one.term)), other.symbol)
    back, _, _ = said(row(text, term), one.symbol)
    assert Decimal(back) == number
    assert Decimal(text) * other.factor == number * one.factor


KINDS = {
    "active power": {"Power"},
    "reactive power": {"ReactivePower", "NonActivePower"},
    "apparent power": {"ApparentPower"},
    "active energy": {"Energy"},
    "voltage": {"Voltage", "ElectricPotential"},
    "current": {"ElectricCurrent"},
    "time": {"Time", "Duration"},
    "frequency": {"Frequency"},
    "ratio": {"Ratio", "DimensionlessRatio", "Percentage"},
    "money": {"Currency", "AmountOfMoney"},
    "price of energy": {"CostPerEnergy"},
    "price of power": {"CostPerPower"},
}


def test_every_unit_and_synonym_exists_and_measures_what_it_is_said_to() -> None:
    vocabulary = Vocabulary.load(shipped().ontologies)
    unmeasured = set()
    for term, unit in BY_TERM.items():
        info = vocabulary.find(split_iri(term))
        assert info, f"{unit.symbol}: {term} does not exist"
        known = {iri.rpartition("/")[2] for iri in info.quantity_kinds}
        assert not known or known & KINDS[unit.kind], f"{term} is no unit of {unit.kind} but of {known}"
        if not known:
            unmeasured.add(unit.symbol)
    assert unmeasured <= {"EUR/kWh", "EUR"}


def test_symbols_and_terms_are_one_to_one() -> None:
    assert len(BY_TERM) == sum(1 + len(unit.synonyms) for unit in UNITS.values())
