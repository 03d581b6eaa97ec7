"""Which kinds of quantity units measure, and which of them a pattern says that its values are.

A kind is named as in ``semantics.units``: ``active power``, ``voltage``, … SAREF gives its properties no dimension:
what they are is said here, for both generations, for the quantities of OM and for those of QUDT.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gridlingua.catalogue.ontology.vocabulary import Vocabulary
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, Term, is_iri, split_iri
from gridlingua.semantics.units import BY_TERM, UNITS

Kinds = frozenset[str]
"""Kinds of quantity, one of which it is; nothing is known when there is none."""

_SAREF: Final = "https://saref.etsi.org/core/"
_ENER: Final = "https://saref.etsi.org/saref4ener/"
_GRID: Final = "https://saref.etsi.org/saref4grid/"
_OM: Final = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
_QUDT: Final = "http://qudt.org/schema/qudt/"
_KIND: Final = "http://qudt.org/vocab/quantitykind/"
_UOM: Final = "http://ontology.tno.nl/interconnect/units#"
_OWN: Final = "https://w3id.org/gridlingua#"


def _one(kind: str) -> Kinds:
    return frozenset((kind,))


_POWER: Final = frozenset(("active power", "reactive power", "apparent power"))
_ENERGY: Final = frozenset(("active energy", "reactive energy", "apparent energy"))
_PRICE: Final = frozenset(("money", "price of energy", "price of power"))

_TABLE: Final[tuple[tuple[str, str, Kinds], ...]] = (
    (_SAREF, "Power PowerUnit", _POWER),
    (_SAREF, "Energy EnergyUnit", _ENERGY),
    (_SAREF, "Price", _PRICE),
    (_SAREF, "Currency", _one("money")),
    (_SAREF, "Temperature TemperatureUnit", _one("temperature")),
    (_SAREF, "Pressure PressureUnit", _one("pressure")),
    (_SAREF, "Light IlluminanceUnit", _one("illuminance")),
    (_SAREF, "Humidity", _one("ratio")),
    (_ENER, "Power", _POWER),
    (_ENER, "Energy", _ENERGY),
    (_GRID, "ActivePower", _one("active power")),
    (_GRID, "ReactivePower", _one("reactive power")),
    (_GRID, "ApparentPower", _one("apparent power")),
    (_GRID, "ActiveEnergy", _one("active energy")),
    (_GRID, "ReactiveEnergy", _one("reactive energy")),
    (_GRID, "Voltage", _one("voltage")),
    (_GRID, "Current", _one("current")),
    (_GRID, "PowerFactor TransformerRatio", _one("ratio")),
    (_GRID, "DurationVoltageSag DurationVoltageSwell DurationLongPowerFailure TimeThreshold", _one("time")),
    (_OWN, "CutoffPower InjectedPower", _one("apparent power")),
    (_UOM, "ActivePower", _one("active power")),
    (_OM, "Power", _POWER),
    (_OM, "Energy", _ENERGY),
    (_OM, "ElectricPotential", _one("voltage")),
    (_OM, "ElectricCurrent", _one("current")),
    (_OM, "ElectricalResistance", _one("resistance")),
    (_OM, "Temperature CelsiusTemperature", _one("temperature")),
    (_OM, "Time Duration", _one("time")),
    (_OM, "Frequency", _one("frequency")),
    (_OM, "Ratio Percentage", _one("ratio")),
    (_OM, "AmountOfMoney", _one("money")),
    (_KIND, "Power ElectricPower", _POWER),
    (_KIND, "ReactivePower NonActivePower", _one("reactive power")),
    (_KIND, "ApparentPower", _one("apparent power")),
    (_KIND, "Energy ElectricEnergy", _ENERGY),
    (_KIND, "ReactiveEnergy", _one("reactive energy")),
    (_KIND, "ApparentEnergy", _one("apparent energy")),
    (_KIND, "Voltage", _one("voltage")),
    (_KIND, "ElectricCurrent", _one("current")),
    (_KIND, "Resistance", _one("resistance")),
    (_KIND, "Temperature CelsiusTemperature", _one("temperature")),
    (_KIND, "Time", _one("time")),
    (_KIND, "Frequency", _one("frequency")),
    (_KIND, "DimensionlessRatio PowerFactor", _one("ratio")),
    (_KIND, "Currency", _one("money")),
    (_KIND, "CostPerEnergy", _one("price of energy")),
    (_KIND, "CostPerPower", _one("price of power")),
)
_KINDS: Final = {space + name: kinds for space, names, kinds in _TABLE for name in names.split()}
_TELLING: Final = {
    f"{_SAREF}hasPrice": _PRICE,
    f"{_SAREF}profileHasPrice": _PRICE,
    f"{_OWN}pricePerUnit": _PRICE,
    f"{_ENER}hasPowerLimitConsumptionMax": _POWER,
    f"{_ENER}hasPowerLimitProductionMax": _POWER,
}
"""Properties that lead to values of one kind."""

UNIT_OF: Final = frozenset(
    f"<{one}>" for one in (f"{_SAREF}isMeasuredIn", f"{_OM}hasUnit", f"{_QUDT}hasUnit", f"{_QUDT}unit")
)
"""The properties that lead from a value to its unit."""

_LARGE: Final = "kMG"
_OF_VALUE: Final = tuple(f"<{_SAREF}{name}>" for name in ("isValueOfProperty", "relatesToProperty", "observes"))
_OF_EVENT: Final = (f"<{_SAREF}observes>", f"<{_SAREF}relatesToProperty>")
_OF_PROPERTY: Final = f"<{_SAREF}relatesToMeasurement>"
_RESULT: Final = f"<{_SAREF}hasResult>"
_OM_VALUE: Final = f"<{_OM}hasValue>"
_PROPERTY_KIND: Final = f"<{_SAREF}hasPropertyKind>"


@dataclass(frozen=True)
class Value:
    """A node with a unit: what stands as its unit, and the terms that say what it is a value of (``?variable`` where
    a field of a message may say it). ``told`` are IRIs with the kinds they stand for."""

    node: str
    units: tuple[str, ...]
    properties: tuple[str, ...]
    told: tuple[tuple[str, Kinds], ...]


def unit_kinds(iri: str, vocabulary: Vocabulary) -> Kinds:
    """What a unit, or a class of units, measures."""
    if known := BY_TERM.get(f"<{iri}>"):
        return frozenset((known.kind,))
    term = vocabulary.find(iri)
    if term is None:
        return frozenset()
    if term.kind == "class":
        return quantity_kinds(iri, vocabulary) if is_unit_class(iri, vocabulary) else frozenset()
    return frozenset().union(*(_KINDS.get(kind, frozenset()) for kind in term.quantity_kinds))


def is_unit_class(iri: str, vocabulary: Vocabulary) -> bool:
    """Whether the members of a class are units."""
    unit = f"{_SAREF}UnitOfMeasure"
    return iri == unit or unit in vocabulary.tbox.above(iri)


def quantity_kinds(iri: str, vocabulary: Vocabulary) -> Kinds:
    """What a property, or a class of quantities or of units, is; by what is above it where it is not known itself."""
    if iri in _KINDS:
        return _KINDS[iri]
    above = [_KINDS[one] for one in vocabulary.tbox.above(iri) if one in _KINDS]
    return frozenset.intersection(*above) if above else frozenset()


def units_of(kinds: Iterable[str]) -> list[str]:
    """The IRIs of the units to write for kinds, the most usual first."""
    wanted = {*kinds}
    return [split_iri(unit.term) for unit in UNITS.values() if unit.kind in wanted]


def alike_unit(iri: str, kinds: Iterable[str]) -> str:
    """The IRI of the unit of some kinds that has the prefix of another unit, kW for kWh, or else of the most usual one;
    empty when none is known."""

    def prefix(one: str) -> str:
        unit = BY_TERM.get(f"<{one}>")
        return unit.symbol[0] if unit and len(unit.symbol) > 1 and unit.symbol[0] in _LARGE else ""

    found = units_of(kinds)
    return next((one for one in found if prefix(one) == prefix(iri)), next(iter(found), ""))


def same_unit(iri: str) -> str:
    """The IRI of the unit of ours that one of another list seems to be, by its name; empty if there is none."""
    return _BY_NAME.get(_plain(iri), "")


def values(triples: Sequence[Triple], vocabulary: Vocabulary) -> Iterator[Value]:
    """Every node that has a unit."""
    graph = _Graph(triples)
    units: dict[str, list[str]] = defaultdict(list)
    for s, p, o in triples:
        if p in UNIT_OF:
            units[s].append(o)
    for node, own in units.items():
        properties = tuple(dict.fromkeys(graph.properties(node)))
        named = [split_iri(one) for one in (*properties, *graph.classes(node, properties)) if is_iri(one)]
        told = [(iri, kinds) for iri in dict.fromkeys(named) if (kinds := quantity_kinds(iri, vocabulary))]
        yield Value(node, tuple(own), properties, (*told, *_told_by(graph.ties(node), vocabulary)))


def _told_by(predicates: Iterable[str], vocabulary: Vocabulary) -> Iterator[tuple[str, Kinds]]:
    for predicate in filter(is_iri, predicates):
        iri = split_iri(predicate)
        for one in (iri, *vocabulary.tbox.above(iri)):
            if one in _TELLING:
                yield iri, _TELLING[one]


class _Graph:
    """Triples by what they are looked up by."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._ties: dict[str, list[str]] = defaultdict(list)
        for s, p, o in triples:
            self._objects[s, p].append(o)
            self._subjects[o, p].append(s)
            self._ties[o].append(p)

    def ties(self, node: str) -> list[str]:
        """The predicates that lead to a node."""
        return self._ties.get(node, [])

    def properties(self, node: str) -> Iterator[str]:
        """What a value is said to be a value of: by itself, by the property, or by what has it as its result."""
        found = [one for predicate in _OF_VALUE for one in self._objects.get((node, predicate), ())]
        found += self._subjects.get((node, _OF_PROPERTY), ())
        for event in self._subjects.get((node, _RESULT), ()):
            found += [one for predicate in _OF_EVENT for one in self._objects.get((event, predicate), ())]
        for one in found:
            yield one
            yield from self._objects.get((one, _PROPERTY_KIND), ())

    def classes(self, node: str, properties: Iterable[str]) -> Iterator[str]:
        """The classes of a value, of its properties, and of what has it as its om:hasValue."""
        nodes = [node, *properties, *self._subjects.get((node, _OM_VALUE), ())]
        return (class_ for one in nodes for class_ in self._objects.get((one, RDF_TYPE), ()))


def _plain(iri: Term) -> str:
    return re.sub(r"[\W_]", "", re.split("[/#]", iri)[-1]).lower()


_BY_NAME: Final = {_plain(split_iri(unit.term)): split_iri(unit.term) for unit in UNITS.values()}
