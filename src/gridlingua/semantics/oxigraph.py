"""SELECT queries over canonical triples, answered by Oxigraph as rdflib would, some ten times as fast.

Oxigraph keeps a number, a duration or an instant by its value: ``"020"`` comes back as ``"20"``, and so does its
``STR()``. Where that could make another answer than rdflib's, there is none, and who asked asks rdflib.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, Variable
from rdflib import URIRef
from rdflib.term import Node

from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.seclusion import may_ask_elsewhere
from gridlingua.semantics.terms import XSD, Term, literal, split_literal

_INTEGERS: Final = ("byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong")
_SIGNED: Final = ("positiveInteger", "negativeInteger", "nonPositiveInteger", "nonNegativeInteger")
_KEPT_AS: Final = {
    # To rdflib a dateTimeStamp is a text of a type that it does not know. So it is here: it keeps its zone.
    f"{XSD}dateTimeStamp": "urn:gridlingua:dateTimeStamp",
    **{f"{XSD}{name}": f"{XSD}integer" for name in (*_INTEGERS, *_SIGNED)},
}
"""The datatypes that the store has under another name."""
_OF_TYPES: Final = re.compile(r"\b(?:DATATYPE|sameTerm)\s*\(|[:#]dateTimeStamp\b", re.IGNORECASE)
# Oxigraph 0.5 cannot add a duration to xsd:dateTime(…), though it can take one away.
_LATER: Final = re.compile(r"[dD]uration\b.*\+|\+.*[dD]uration\b", re.DOTALL)


class Select:
    """A graph in a store of Oxigraph, loaded when first asked."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = triples

    def answer(self, query: str, bindings: Mapping[str, Node]) -> list[dict[str, Term]] | None:
        """The solutions of a query, each with the terms that it binds; None where only rdflib can tell."""
        if not self._is_exact or not all(isinstance(node, URIRef) for node in bindings.values()):
            return None
        if may_ask_elsewhere(query):  # Oxigraph would fetch it
            return None
        if (self._meant and _OF_TYPES.search(query)) or _LATER.search(query):
            return None
        given: dict[Variable, Any] = {Variable(name): NamedNode(str(node)) for name, node in bindings.items()}
        try:
            found = self._store.query(query, substitutions=given)
        except (SyntaxError, ValueError, OSError):  # rdflib says what is wrong with it
            return None
        if not isinstance(found, QuerySolutions):
            return None
        names = [one.value for one in found.variables]
        return [
            {name: self._said(term) for name in names if (term := solution[name]) is not None} for solution in found
        ]

    def _said(self, term: object) -> Term:
        """A term as the graph says it."""
        found = _canonical(term)
        return self._meant.get(found, found)

    @cached_property
    def _kept(self) -> dict[Term, Term]:
        """Each literal of the graph, and what the store should have for it."""
        return {term: _as_kept(term) for _, _, term in self._triples if term[0] == '"'}

    @cached_property
    def _meant(self) -> dict[Term, Term]:
        """The literals that the store has under another name, and what the graph has for each."""
        return {kept: term for term, kept in self._kept.items() if kept != term}

    @cached_property
    def _store(self) -> Store:
        store, kept = Store(), self._kept
        text = "".join(f"{s} {p} {kept.get(o, o)} .\n" for s, p, o in self._triples)
        store.load(text.encode(), format=RdfFormat.N_TRIPLES)
        return store

    @cached_property
    def _is_exact(self) -> bool:
        """Whether the store tells every term of the graph from every other, and keeps each as it is written."""
        if any(node.startswith("_:") for triple in self._triples for node in triple):
            return False  # blank nodes get other labels
        expected = self._kept.values()
        if len(set(expected)) < len(expected) or not _tells_apart(expected):
            return False
        try:
            kept = {_canonical(quad.object) for quad in self._store}
        except (SyntaxError, ValueError):  # an IRI that is none
            return False
        return kept.issuperset(expected)


def _as_kept(term: Term) -> Term:
    value = split_literal(term)
    other = _KEPT_AS.get(value.datatype)
    return literal(value.lexical, other) if other else term


def _tells_apart(literals: Iterable[Term]) -> bool:
    """Whether no instant is written in two ways, in two zones: the store takes them for one."""
    seen: dict[datetime, str] = {}
    for term in literals:
        if term.endswith(f"^^<{XSD}dateTime>"):
            lexical = split_literal(term).lexical
            try:
                if seen.setdefault(datetime.fromisoformat(lexical), lexical) != lexical:
                    return False
            except ValueError:
                return False
    return True


def _canonical(term: object) -> Term:
    if isinstance(term, Literal):
        return literal(term.value, term.datatype.value, term.language or "")
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(term)
