"""Units of measure: their symbols, terms and sizes.

Messages say ``kW``, graphs say ``om:kilowatt``; a peer may say ``om:megawatt`` or ``unit:KiloW`` and mean the same
quantity. Terms are OM 2's, QUDT's where OM 2 has none (volt-ampere, var) and as synonyms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from gridlingua.semantics.terms import Term

_OM: Final = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
_QUDT: Final = "http://qudt.org/vocab/unit/"
_S4ENER: Final = "https://saref.etsi.org/saref4ener/"


@dataclass(frozen=True)
class Unit:
    """One unit: ``factor`` of its kind's base unit. ``term`` is how we write it, ``synonyms`` how others may."""

    symbol: str
    kind: str
    factor: Decimal
    term: Term
    synonyms: tuple[Term, ...] = ()


def _units() -> Iterator[Unit]:
    om, qudt = f"<{_OM}%s>", f"<{_QUDT}%s>"
    kilo, mega, giga = Decimal(1000), Decimal(10**6), Decimal(10**9)
    one, hour = Decimal(1), Decimal(3600)
    for symbol, factor, term, synonym in (
        ("W", one, "watt", "W"),
        ("kW", kilo, "kilowatt", "KiloW"),
        ("MW", mega, "megawatt", "MegaW"),
        ("GW", giga, "gigawatt", "GigaW"),
    ):
        yield Unit(symbol, "active power", factor, om % term, (qudt % synonym,))
    for kind, tail, old, new in (
        ("reactive power", "var", "V-A_Reactive", "VAR"),
        ("apparent power", "VA", "V-A", "VA"),
    ):
        for letter, prefix, factor in (("", "", one), ("k", "Kilo", kilo), ("M", "Mega", mega)):
            yield Unit(letter + tail, kind, factor, qudt % (prefix + old), (qudt % (prefix + new),))
    for symbol, factor, term, synonym in (
        ("Wh", hour, "wattHour", "W-HR"),
        ("kWh", kilo * hour, "kilowattHour", "KiloW-HR"),
        ("MWh", mega * hour, "megawattHour", "MegaW-HR"),
    ):
        yield Unit(symbol, "active energy", factor, om % term, (qudt % synonym,))
    for kind, symbol, factor, term, synonym in (
        ("voltage", "V", one, "volt", "V"),
        ("voltage", "kV", kilo, "kilovolt", "KiloV"),
        ("current", "A", one, "ampere", "A"),
        ("current", "kA", kilo, "kiloampere", "KiloA"),
        ("time", "s", one, "second-Time", "SEC"),
        ("time", "min", Decimal(60), "minute-Time", "MIN"),
        ("time", "h", hour, "hour", "HR"),
        ("frequency", "Hz", one, "hertz", "HZ"),
        ("ratio", "%", one, "percent", "PERCENT"),
        ("money", "EUR", one, "euro", "CCY_EUR"),
    ):
        yield Unit(symbol, kind, factor, om % term, (qudt % synonym,))
    price = f"<{_S4ENER}EuroPerKilowattHour>"
    yield Unit("EUR/kWh", "price of energy", one, price, (qudt % "CCY_EUR-PER-KiloW-HR",))
    yield Unit("EUR/kW", "price of power", one, qudt % "CCY_EUR-PER-KiloW")


UNITS: Final[Mapping[str, Unit]] = {unit.symbol: unit for unit in _units()}
"""The units by the symbol that messages carry."""

BY_TERM: Final[Mapping[Term, Unit]] = {term: unit for unit in UNITS.values() for term in (unit.term, *unit.synonyms)}
"""The units by their terms and synonyms."""
