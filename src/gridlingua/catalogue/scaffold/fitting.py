"""Whether a property may stand between two things: its domain and range against what the things are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.terms import Expression, expand
from gridlingua.catalogue.scaffold.brief import ScaffoldError
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, XSD, is_iri, split_iri

_BELOW = {"dateTimeStamp": ("dateTimeStamp", "dateTime"), "integer": ("integer", "decimal")}
_LITERAL = "http://www.w3.org/2000/01/rdf-schema#Literal"


class Fitting:
    """Knows the domains and ranges of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def iri(self, curie: str) -> str:
        """The IRI of a CURIE in a building block; ScaffoldError when the catalogue's ontologies do not know it."""
        iri = expand(curie, {curie.partition(":")[0]: "", **self.vocabulary.prefixes})
        if self.vocabulary.find(iri) is None:
            remedy = "use those that come with gridlingua, or add its list"
            raise ScaffoldError(f"the ontologies of this catalogue have no {curie}, which a pattern needs: {remedy}")
        return iri

    def is_one_of(self, types: Iterable[str], wanted: Collection[str]) -> bool:
        """Whether something of these classes (IRIs) is of one of the wanted ones."""
        return any(one in wanted or self.vocabulary.superclasses(one) & set(wanted) for one in types)

    def fits(self, predicate: str, subject: Collection[str], target: Collection[str]) -> bool:
        """Whether things of these classes may stand before and after a property; no class: it is not known."""
        term = self.vocabulary.find(predicate)
        if term is None:
            return False
        return self._admitted(term.domain, subject) and self._admitted(term.range, target)

    def carries(self, predicate: str, datatype: str) -> bool:
        """Whether a property may be followed by a literal of a datatype (``as:``)."""
        term = self.vocabulary.find(predicate)
        allowed = {f"{XSD}{one}" for one in _BELOW.get(datatype, (datatype,))} | {_LITERAL}
        return term is not None and all(any(one in allowed for one in expression) for expression in term.range)

    def all_fit(self, triples: Iterable[Triple], types: dict[str, Collection[str]], literals: dict[str, str]) -> bool:
        """Whether triples hold together: ``types`` of variables, ``literals`` with their datatypes."""
        known = dict(types)
        found = list(triples)
        for subject, predicate, target in found:
            if predicate == RDF_TYPE and is_iri(target):
                known[subject[1:]] = {*known.get(subject[1:], ()), split_iri(target)}
        for subject, predicate, target in found:
            if predicate == RDF_TYPE or not is_iri(predicate):
                continue
            name, iri = target[1:], split_iri(predicate)
            if target.startswith("?") and name in literals:
                if not self.carries(iri, literals[name]) or not self.fits(iri, known.get(subject[1:], ()), ()):
                    return False
            elif not self.fits(iri, known.get(subject[1:], ()), known.get(name, ()) if target.startswith("?") else ()):
                return False
        return True

    def _admitted(self, expressions: Iterable[Expression], types: Collection[str]) -> bool:
        return not types or all(self.is_one_of(types, expression) for expression in expressions)
