"""Axioms that triples bring themselves: a file of data may say what its own classes and properties are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from gridlingua.catalogue.ontology.reasoning.tbox import TBox
from gridlingua.catalogue.ontology.terms import Kind, TermInfo
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import OWL, RDF_TYPE, RDFS, is_iri, split_iri

_AXIOMS: Final[dict[str, tuple[str, Kind]]] = {
    f"<{RDFS}subClassOf>": ("superclasses", "class"),
    f"<{OWL}equivalentClass>": ("equivalents", "class"),
    f"<{OWL}disjointWith>": ("disjoint", "class"),
    f"<{RDFS}subPropertyOf>": ("superproperties", "object property"),
    f"<{OWL}equivalentProperty>": ("equivalents", "object property"),
    f"<{OWL}propertyDisjointWith>": ("disjoint", "object property"),
    f"<{OWL}inverseOf>": ("inverse", "object property"),
    f"<{RDFS}domain>": ("domain", "object property"),
    f"<{RDFS}range>": ("range", "object property"),
}
_MARKS: Final = {
    f"<{OWL}FunctionalProperty>": "functional",
    f"<{OWL}InverseFunctionalProperty>": "inverse functional",
    f"<{OWL}SymmetricProperty>": "symmetric",
    f"<{OWL}TransitiveProperty>": "transitive",
}
_LITERAL: Final = f"<{OWL}DatatypeProperty>"


def with_declared(tbox: TBox, triples: Iterable[Triple]) -> TBox:
    """The axioms and those that the triples bring; the same object when they bring none."""
    said: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    kinds: dict[str, Kind] = {}
    for s, p, o in triples:
        if not (is_iri(s) and is_iri(o)):
            continue
        iri, value = split_iri(s), split_iri(o)
        if p in _AXIOMS:
            name, kind = _AXIOMS[p]
            said[iri][name].append((value,) if name in ("domain", "range") else value)
            kinds.setdefault(iri, kind)
        elif p == RDF_TYPE and o in _MARKS:
            said[iri]["characteristics"].append(_MARKS[o])
            kinds.setdefault(iri, "object property")
        elif p == RDF_TYPE and o == _LITERAL:
            kinds[iri] = "datatype property"
    return (
        TBox.of([*tbox.terms.values(), *(_term(iri, kinds[iri], said[iri], tbox) for iri in kinds)]) if kinds else tbox
    )


def _term(iri: str, kind: Kind, said: dict[str, list[Any]], tbox: TBox) -> TermInfo:
    known = tbox.terms.get(iri) or TermInfo(iri=iri, kind=kind, source="")
    more: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(known, name), *values))) for name, values in said.items()
    }
    return replace(known, **more)
