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
    f"<{RDFS}subPropertyOf>": ("superproperties", "annotation property"),
    f"<{OWL}equivalentProperty>": ("equivalents", "annotation property"),
    f"<{OWL}propertyDisjointWith>": ("disjoint", "annotation property"),
    f"<{OWL}inverseOf>": ("inverse", "object property"),
    f"<{RDFS}domain>": ("domain", "annotation property"),
    f"<{RDFS}range>": ("range", "annotation property"),
}
_MARKS: Final = {
    f"<{OWL}FunctionalProperty>": "functional",
    f"<{OWL}InverseFunctionalProperty>": "inverse functional",
    f"<{OWL}SymmetricProperty>": "symmetric",
    f"<{OWL}TransitiveProperty>": "transitive",
}
_EITHER: Final = f"<{OWL}FunctionalProperty>"
_KINDS: Final[dict[str, Kind]] = {
    f"<{OWL}ObjectProperty>": "object property",
    f"<{OWL}DatatypeProperty>": "datatype property",
    f"<{OWL}AnnotationProperty>": "annotation property",
}


def with_declared(tbox: TBox, triples: Iterable[Triple]) -> TBox:
    """The axioms and those that the triples bring; the same object when they bring none.

    A property that is not said to be of OWL's kinds may have literals and resources, as one of RDFS has, and as an
    annotation property does.
    """
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
            kinds.setdefault(iri, "annotation property" if o == _EITHER else "object property")
        elif p == RDF_TYPE and o in _KINDS:
            kinds[iri] = _KINDS[o]
    return (
        TBox.of([*tbox.terms.values(), *(_term(iri, kinds[iri], said[iri], tbox) for iri in kinds)]) if kinds else tbox
    )


def _term(iri: str, kind: Kind, said: dict[str, list[Any]], tbox: TBox) -> TermInfo:
    known = tbox.terms.get(iri) or TermInfo(iri=iri, kind=kind, source="")
    more: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(known, name), *values))) for name, values in said.items()
    }
    return replace(known, **more)
