"""What the schema of a field demands, as SHACL says it and as a sender reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Placed, Proposal, constant
from gridlingua.catalogue.scaffold.wording import term
from gridlingua.catalogue.scaffold.words import article
from gridlingua.semantics.datatypes import DATATYPES, typed
from gridlingua.semantics.schema import python_pattern
from gridlingua.semantics.terms import Term
from gridlingua.semantics.units import UNITS

_BOUNDS: Final = {
    "minimum": ("sh:minInclusive", "<", "at least"),
    "maximum": ("sh:maxInclusive", ">", "at most"),
    "exclusiveMinimum": ("sh:minExclusive", "<=", "above"),
    "exclusiveMaximum": ("sh:maxExclusive", ">=", "below"),
}


_A: Final = {
    "decimal": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "dateTimeStamp": "a time with a zone",
    "date": "a date",
    "duration": "a duration",
    "anyURI": "an IRI",
}


@dataclass(frozen=True)
class Constraint:
    """What a value must be: in SHACL Core, as a FILTER that finds the opposite, as a sentence."""

    core: str
    wrong: str
    message: str


@dataclass(frozen=True)
class Facets:
    """The constraints of the fields of a proposal."""

    proposal: Proposal
    vocabulary: Vocabulary

    def of(self, placed: Placed, leaf: Leaf) -> Iterator[Constraint]:
        """What the schema demands of a field's value."""
        what = f"The {leaf.name} of {article(placed.noun)}"
        converter = self.proposal.converters.get(leaf, {})
        datatype = str(converter.get("as", leaf.datatype))
        allowed = leaf.schema.get("enum")
        if allowed is not None:
            shown = ", ".join(map(str, allowed))
            terms = [self._written(leaf, one, datatype) for one in allowed]
            inside = " ".join(term(one, self.vocabulary) for one in terms)
            yield Constraint(
                f"sh:in ( {inside} )",
                f"?value NOT IN ({', '.join(term(one, self.vocabulary) for one in terms)})",
                f"{what} must be one of {shown}.",
            )
            return
        if datatype != "string":
            wrong = f"DATATYPE(?value) != xsd:{datatype}"
            yield Constraint(f"sh:datatype xsd:{datatype}", wrong, f"{what} must be {_A[datatype]}.")
        for key, (core, opposite, words) in _BOUNDS.items():
            if key in leaf.schema:
                bound = _number(leaf.schema[key])
                yield Constraint(f"{core} {bound}", f"?value {opposite} {bound}", f"{what} must be {words} {bound}.")
        yield from _of_text(leaf, what)

    def _written(self, leaf: Leaf, value: Any, datatype: str) -> Term:
        converter = self.proposal.converters.get(leaf, {})
        codes = converter.get("codes")
        if isinstance(codes, dict):
            prefix, _, local = str(codes[value]).partition(":")
            return f"<{self.vocabulary.prefixes[prefix]}{local}>"
        if converter.get("with") == "unit":
            return UNITS[value].term
        exact = Decimal(str(value)) if isinstance(value, float) else value
        return typed(DATATYPES[datatype]).write(exact)


def _of_text(leaf: Leaf, what: str) -> Iterator[Constraint]:
    schema = leaf.schema
    if leaf.datatype not in ("string", "anyURI"):
        return
    if least := schema.get("minLength"):
        said = f"{what} must have at least {least} character{'s' if least != 1 else ''}."
        yield Constraint(f"sh:minLength {least}", f"STRLEN(STR(?value)) < {least}", said)
    if "maxLength" in schema:
        most = schema["maxLength"]
        yield Constraint(
            f"sh:maxLength {most}", f"STRLEN(STR(?value)) > {most}", f"{what} must have at most {most} characters."
        )
    if "pattern" in schema:
        text = constant(python_pattern(schema["pattern"]).replace(r"\Z", "$"))
        yield Constraint(
            f"sh:pattern {text}", f"!REGEX(STR(?value), {text})", f"{what} must match {schema['pattern']}."
        )


def _number(value: Any) -> str:
    exact = Decimal(str(value))
    return str(int(exact)) if exact == exact.to_integral_value() else f"{exact.normalize():f}"
