"""Why something follows, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gridlingua.catalogue.ontology.reasoning.inference import Fact
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri

Curie = Callable[[str], str]
"""How an IRI is written for people."""

_ENDS: Final = {"domain": "subject", "range": "object"}
_OTHER: Final = {"subject": "object", "object": "subject"}


def reason(fact: Fact, curie: Curie) -> str:
    """Why a node is of a class: a clause about ``it``."""
    if fact.rule == "said":
        return "as is written"
    if fact.rule == "known":
        return "as its ontology says"
    premise = fact.premises[0]
    if fact.rule in _ENDS:
        return place(premise, _ENDS[fact.rule], curie)
    if fact.rule == "above":
        every = f"every {curie(split_iri(premise.triple[2]))} is one"
        return every if premise.rule == "said" else f"{every}, and it is that: {reason(premise, curie)}"
    return f"it and {_named(premise.triple[0], curie)} are one: {_one(fact.premises[1], curie)}"


def place(fact: Fact, end: str, curie: Curie) -> str:
    """Where a node stands, that is the ``subject`` or ``object`` of a triple that need not be written itself."""
    predicate = curie(split_iri(fact.triple[1]))
    if fact.rule in ("said", "known"):
        return f"it is the {end} of {predicate}"
    premise = fact.premises[0]
    if fact.rule == "above":
        return f"{place(premise, end, curie)}, which implies {predicate}"
    if fact.rule == "inverse":
        return f"{place(premise, _OTHER[end], curie)}, whose inverse is {predicate}"
    if fact.rule == "symmetric":
        return f"{place(premise, _OTHER[end], curie)}, which holds both ways"
    return f"it is the {end} of {predicate}, which follows from {written_in(fact, curie)}"


def written_in(fact: Fact, curie: Curie) -> str:
    """The triples that a fact comes from, as text."""
    return " and ".join(" ".join(_named(node, curie) for node in one.triple) for one in roots(fact))


def roots(fact: Fact) -> list[Fact]:
    """The facts that nothing led to, each once, in the order in which the rules took them."""
    if not fact.premises:
        return [fact]
    return list(dict.fromkeys(root for premise in fact.premises for root in roots(premise)))


def _one(same: Fact, curie: Curie) -> str:
    """Why two nodes are one."""
    while same.rule != "one":
        if not same.premises:
            return "as is written"
        same = same.premises[0]
    predicate = curie(split_iri(same.premises[0].triple[1]))
    return (
        f"{predicate} leads to one only"
        if same.premises[0].triple[0] == same.premises[1].triple[0]
        else (f"{predicate} comes from one only")
    )


def _named(node: str, curie: Curie) -> str:
    if node == RDF_TYPE:
        return "a"
    return curie(split_iri(node)) if is_iri(node) else node
