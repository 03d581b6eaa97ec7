"""A value is measured in a unit of what it is a value of: no kWh is power, no kvar is active power, no unit is a class.

A peer that converts units takes the number for what its unit says. Whether a unit fits is told by the property of the
value, of the observation that has it as its result, or by the class of its quantity; of an exchange also by the codes
of its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.quantities import (
    Kinds,
    Value,
    alike_unit,
    is_unit_class,
    quantity_kinds,
    same_unit,
    unit_kinds,
    units_of,
    values,
)
from gridlingua.errors import Problem
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri

EXAMPLE: Final = Example(
    wrong="""
        PREFIX om:     <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?value a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ; saref:hasValue ?power ;
              saref:isMeasuredIn om:kilowattHour .
        }
    """,
    right="""
        PREFIX om:     <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?value a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ; saref:hasValue ?power ;
              saref:isMeasuredIn om:kilowatt .
        }
    """,
)

_FEW: Final = 3
_SORTS: Final = ("active", "reactive", "apparent")


@dataclass(frozen=True)
class Option:
    """A term that can stand at a place: a constant of the pattern, or the ``code`` of a field of a ``part``."""

    iri: str
    kinds: Kinds
    part: Part = "request"
    variable: str = ""
    code: str = ""


def check(subject: Subject) -> Iterator[Problem]:
    """The codes of units and of properties that nothing which can stand beside them goes with."""
    for profile, _, pattern in subject.patterns():
        vocabulary = subject.vocabulary.of(profile.name)
        for value in values(pattern.triples, vocabulary):
            units = [_options(one, subject, profile.name, vocabulary, unit_kinds) for one in value.units]
            told = [_options(one, subject, profile.name, vocabulary, quantity_kinds) for one in value.properties]
            told += [[Option(iri, kinds)] for iri, kinds in value.told]
            for ours, theirs in (*product(units, told), *product(told, units)):
                for one, other in _lonely(ours, theirs):
                    message = (
                        f"{profile.name}: ?{one.variable}: its code {one.code} is {_beside(one, other, vocabulary)}"
                    )
                    yield subject.declared("units", message, one.part, "fields", one.variable)


def _options(
    node: str, subject: Subject, profile: str, vocabulary: Vocabulary, kinds_of: Callable[[str, Vocabulary], Kinds]
) -> list[Option]:
    """What can stand for a node of a pattern, as far as exchange.yaml lists it."""
    if is_iri(node):
        return [Option(split_iri(node), kinds_of(split_iri(node), vocabulary))]
    found = []
    for part, _, _ in subject.parts():
        field = subject.exchange.mapping(part, profile).fields.get(node[1:])
        for code, term in field.converter.codes.items() if field and field.converter.name == "codes" else ():
            if is_iri(term):
                iri = split_iri(term)
                found.append(Option(iri, kinds_of(iri, vocabulary), part, node[1:], str(code)))
    return found


def _lonely(ours: Sequence[Option], theirs: Sequence[Option]) -> Iterator[tuple[Option, Option]]:
    """The codes for which there is nothing that fits on the other side, each with one that does not."""
    if theirs and all(other.kinds for other in theirs):
        for one in ours:
            if one.variable and one.kinds and not any(one.kinds & other.kinds for other in theirs):
                yield one, theirs[0]


def _beside(one: Option, other: Option, vocabulary: Vocabulary) -> str:
    names = vocabulary.curie(one.iri), vocabulary.curie(other.iri)
    return f"{names[0]}, which is of {_any(one.kinds)}, and stands with {names[1]}, which is of {_any(other.kinds)}"


def check_pattern(written: Written) -> Iterator[Problem]:
    """What constants alone tell."""
    vocabulary = written.vocabulary
    classes = {s: o for s, p, o in written.pattern.triples if p == RDF_TYPE and is_iri(o)}
    for value in values(written.pattern.triples, vocabulary):
        named = [one for one in value.units if is_iri(one) and split_iri(one) not in written.astray]
        for unit in named:
            iri = split_iri(unit)
            if message := _misused(iri, vocabulary) or _unfit(iri, value, vocabulary):
                yield written.problem("units", message, unit)
        for class_ in [classes[one] for one in value.units if one in classes and not is_iri(one)]:
            if message := _unfit(split_iri(class_), value, vocabulary):
                yield written.problem("units", message, class_)
        if len(named) > 1:
            both = " and ".join(vocabulary.curie(split_iri(one)) for one in named)
            message = f"{value.node} is measured in {both}: each unit takes a value of its own"
            yield written.problem("units", message, named[1])


def _misused(iri: str, vocabulary: Vocabulary) -> str:
    """What is wrong with an IRI that is no unit."""
    name, term = vocabulary.curie(iri), vocabulary.find(iri)
    if term and term.kind == "class" and is_unit_class(iri, vocabulary):
        return f"{name} is a class of units: write one of its units{_such_as(unit_kinds(iri, vocabulary), vocabulary)}"
    if kinds := quantity_kinds(iri, vocabulary):
        return f"{name} is what is measured, and no unit: write a unit of it{_such_as(kinds, vocabulary)}"
    if term is None and not vocabulary.near_namespace(iri) and not iri.startswith(tuple(vocabulary.prefixes.values())):
        ours = same_unit(iri)
        return f"{name} is of a list that nobody here converts: write {vocabulary.curie(ours)}" if ours else ""
    return ""


def _unfit(iri: str, value: Value, vocabulary: Vocabulary) -> str:
    """Why a unit does not fit what its value is said to be."""
    measured = unit_kinds(iri, vocabulary)
    for said, kinds in value.told:
        if measured and not measured & kinds:
            what = f"{vocabulary.curie(iri)} is of {_any(measured)}, and {vocabulary.curie(said)} of {_any(kinds)}"
            unit = vocabulary.curie(found) if (found := alike_unit(iri, kinds)) else f"a unit of {_any(kinds)}"
            return f"{what}: write {unit}, or say that the value is one of {_any(measured)}"
    return ""


def _any(kinds: Kinds) -> str:
    """Kinds in words: ``power`` for all three of it."""
    whole = next((name for name in ("power", "energy") if kinds == {f"{sort} {name}" for sort in _SORTS}), "")
    return whole or " or ".join(sorted(kinds))


def _such_as(kinds: Kinds, vocabulary: Vocabulary) -> str:
    named = [vocabulary.curie(iri) for iri in units_of(kinds)][:_FEW]
    return f", such as {' or '.join(named)}" if named else ""
