"""What cannot hold: the rules of OWL RL whose conclusion is false, and literals where resources belong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from gridlingua.catalogue.ontology.reasoning.inference import Choice, Closure, Fact
from gridlingua.catalogue.ontology.reasoning.literals import fits, is_datatype
from gridlingua.catalogue.ontology.reasoning.tbox import NOTHING, TBox
from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri, split_literal

Kind = Literal["classes", "nothing", "union", "properties", "values", "datatype", "resource", "literal", "both"]
"""``classes`` cax-dw, ``nothing`` cls-nothing2, ``properties`` prp-pdw, ``values`` prp-fp with dt-diff, ``datatype``
dt-not-type; ``union``: every class of it is disjoint with one of the node's. ``resource``: a literal where a resource
belongs; ``literal``: a resource where a literal does; ``both``: one variable at places of either kind."""

_OWN: Final = tuple(STANDARD_PREFIXES.values())


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction about a node: what it is about (IRIs), and the facts that cannot hold together."""

    kind: Kind
    node: str
    about: tuple[str, ...]
    facts: tuple[Fact, ...]
    choice: Choice | None = None


def clashes(closure: Closure) -> Iterator[Clash]:
    """Every contradiction of a closure, one for each node and pair of classes or properties."""
    for node in closure.types:
        yield from _of_types(node, closure.types[node], closure.tbox)
    for choices in closure.choices.values():
        for choice in choices.values():
            yield from _of_choice(choice, closure)
    yield from _of_properties(closure)
    yield from _of_literals(closure)
    yield from _of_places(closure)


def _of_types(node: str, types: dict[str, Fact], tbox: TBox) -> Iterator[Clash]:
    for one in types:
        for other in tbox.disjoint(one):
            if one < other and other in types:
                yield Clash("classes", node, (one, other), (types[one], types[other]))
    if NOTHING in types:
        yield Clash("nothing", node, (NOTHING,), (types[NOTHING],))


def _of_choice(choice: Choice, closure: Closure) -> Iterator[Clash]:
    """OWL RL draws nothing of a union; but a node that can be of none of its classes is no member of it."""
    types = closure.types.get(choice.node)
    if not types or is_datatype(choice.union[0]):
        return
    excluding = [_excluding(member, types, closure.tbox) for member in choice.union]
    if all(excluding):
        facts = tuple(dict.fromkeys(fact for fact in excluding if fact))
        yield Clash("union", choice.node, choice.union, facts, choice)


def _excluding(class_: str, types: dict[str, Fact], tbox: TBox) -> Fact | None:
    above = [class_, *tbox.above(class_)]
    return next((types[other] for one in above for other in tbox.disjoint(one) if other in types), None)


def _of_properties(closure: Closure) -> Iterator[Clash]:
    for (s, p, o), fact in closure.facts.items():
        for other in closure.tbox.disjoint(split_iri(p)) if is_iri(p) else ():
            if split_iri(p) < other and (against := closure.facts.get((s, f"<{other}>", o))):
                yield Clash("properties", s, (split_iri(p), other), (fact, against))


def _of_literals(closure: Closure) -> Iterator[Clash]:
    for (s, p, o), fact in closure.facts.items():
        if not o.startswith('"') or not is_iri(p):
            continue
        axioms = closure.tbox.property(split_iri(p))
        for expression in axioms.range:
            if all(map(is_datatype, expression)) and not fits(split_literal(o), expression):
                yield Clash("datatype", o, (split_iri(p), *expression), (fact,))
        others = closure.objects(s, p) if "functional" in axioms.characteristics else []
        yield from (Clash("values", s, (split_iri(p),), (fact, one)) for one in others if _is_another(o, one))


def _is_another(literal: str, fact: Fact) -> bool:
    return literal < (other := fact.triple[2]) and other.startswith('"')


def _of_places(closure: Closure) -> Iterator[Clash]:
    """Literals and resources in each other's place; a variable cannot be both."""
    literal: dict[str, Fact] = {}
    resource: dict[str, Fact] = {}
    for fact in closure.said():
        s, p, o = fact.triple
        if s.startswith("?"):
            resource.setdefault(s, fact)
        kind = wanted(p, closure.tbox)
        if o.startswith("?") and kind:
            (literal if kind == "literal" else resource).setdefault(o, fact)
        elif (is_iri(o) and kind == "literal") or (o.startswith('"') and kind == "resource"):
            yield Clash(kind, o, (split_iri(p),), (fact,))
        if s.startswith('"'):
            yield Clash("resource", s, (), (fact,))
    yield from _both(literal, resource)


def _both(literal: dict[str, Fact], resource: dict[str, Fact]) -> Iterator[Clash]:
    return (Clash("both", node, (), (literal[node], resource[node])) for node in literal if node in resource)


def wanted(predicate: str, tbox: TBox) -> Literal["literal", "resource", ""]:
    """What the object of a property is; nothing is known of RDF's own, annotations and unknown properties."""
    if predicate == RDF_TYPE:
        return "resource"
    term = tbox.terms.get(split_iri(predicate)) if is_iri(predicate) else None
    if term is None or term.iri.startswith(_OWN):
        return ""
    if term.kind == "object property":
        return "resource"
    return "literal" if term.kind == "datatype property" else ""
