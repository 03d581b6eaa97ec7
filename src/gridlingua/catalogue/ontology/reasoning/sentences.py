"""Contradictions as sentences: what a node is, why it is that, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from gridlingua.catalogue.ontology.reasoning.clashes import Clash
from gridlingua.catalogue.ontology.reasoning.inference import Choice, Fact
from gridlingua.catalogue.ontology.reasoning.reasons import Curie, place, reason, roots, written_in
from gridlingua.catalogue.ontology.reasoning.strangers import Stranger
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, XSD, is_iri, split_iri, split_literal

_ENDS: Final = {"domain": "subject", "range": "object"}
_ALL: Final = 5
_SHOWN: Final = 40


def clash_sentence(clash: Clash, curie: Curie) -> str:
    """What cannot hold together, and why each half does."""
    node, about = shown(clash.node, curie), [curie(iri) for iri in clash.about]
    match clash.kind:
        case "classes":
            why = ", ".join(f"{curie(_class(fact))} {_because(fact, curie)}" for fact in clash.facts)
            return f"{node} is both {about[0]} and {about[1]}, which are disjoint: {why}"
        case "nothing":
            return f"{node} is owl:Nothing ({reason(clash.facts[0], curie)}), which nothing is"
        case "union" if clash.choice:
            return _of_union(clash, clash.choice, node, curie)
        case "properties":
            said = f"{node} has both {about[0]} and {about[1]} to {shown(clash.facts[0].triple[2], curie)}"
            return f"{said}, which are disjoint: {' and '.join(written_in(fact, curie) for fact in clash.facts)}"
        case "values":
            values = " and ".join(shown(fact.triple[2], curie) for fact in clash.facts)
            return f"{node} has two values of {about[0]}, which has one: {values}"
        case "datatype":
            return f"{node} is an object of {about[0]}, which takes {' or '.join(about[1:])}"
        case "literal":
            return f"{node} is a resource, and {about[0]} takes a literal"
        case "resource":
            where = (
                f"{about[0]} takes a resource" if about else "nothing can be said of a literal: it has no properties"
            )
            return f"{node} is a literal, and {where}"
    return _of_both(clash, node, curie)


def _of_union(clash: Clash, choice: Choice, node: str, curie: Curie) -> str:
    why = place(choice.fact, _ENDS[choice.rule], curie)
    been = " and ".join(dict.fromkeys(f"{curie(_class(fact))} ({reason(fact, curie)})" for fact in clash.facts))
    return f"{node} is {any_of(choice.union, curie)} ({why}), and none of them can be {been}"


def _of_both(clash: Clash, node: str, curie: Curie) -> str:
    literal, resource = clash.facts
    end = "subject" if resource.triple[0] == clash.node else "object"
    one, other = _position(literal, "object", curie), _position(resource, end, curie)
    return f"{node} is both a literal ({one}) and a resource ({other}): use two variables"


def stranger_sentence(one: Stranger, curie: Curie) -> str:
    """What a node is said to be, what a property makes of it, and what to do."""
    said = " and ".join(map(curie, one.said))
    why = place(one.fact, _ENDS[one.end], curie)
    return (
        f"{shown(one.node, curie)} is said to be {said}, and is {any_of(one.made, curie)} too, because {why}: "
        f"use a property of {said}, or another node"
    )


def any_of(classes: Sequence[str], curie: Curie) -> str:
    """A class, or a union of classes, of which there may be many."""
    names = [curie(iri) for iri in classes]
    return " or ".join(names) if len(names) <= _ALL else f"{', '.join(names[:_ALL])} or one of {len(names) - _ALL} more"


def triple_of(facts: Iterable[Fact]) -> Triple | None:
    """The triple at which facts are best mended: the first that ties nodes, or else the first of all, as written."""
    found = [root.triple for fact in facts for root in roots(fact) if root.rule == "said"]
    return next((one for one in found if one[1] != RDF_TYPE), next(iter(found), None))


def shown(node: str, curie: Curie) -> str:
    """A node as people write it; a long text is cut."""
    if is_iri(node):
        return curie(split_iri(node))
    if not node.startswith('"'):
        return node
    value = split_literal(node)
    text = value.lexical if len(value.lexical) <= _SHOWN else f"{value.lexical[: _SHOWN - 1]}…"
    if value.language:
        return f'"{text}"@{value.language}'
    return f'"{text}"' if value.datatype == f"{XSD}string" else f'"{text}"^^{curie(value.datatype)}'


def _because(fact: Fact, curie: Curie) -> str:
    why = reason(fact, curie)
    return why if fact.rule in ("said", "known") else f"because {why}"


def _class(fact: Fact) -> str:
    return split_iri(fact.triple[2])


def _position(fact: Fact, end: str, curie: Curie) -> str:
    """Where a node stands in a triple that is written."""
    predicate = fact.triple[1]
    if predicate == RDF_TYPE:
        return "it has a class" if end == "subject" else "it is a class"
    if not is_iri(predicate):
        return f"it is the {end} of {predicate}"
    return f"it is the {end} of {curie(split_iri(predicate))}"
