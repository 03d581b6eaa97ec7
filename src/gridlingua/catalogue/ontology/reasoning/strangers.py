"""Types that nobody meant: a property's domain or range makes of a node something that it was not said to be.

SAREF says of hardly any two classes that they are disjoint, so a reasoner finds nothing wrong with a device that has
data points: it becomes a time series, silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gridlingua.catalogue.ontology.reasoning.inference import Closure, Fact, Rule
from gridlingua.catalogue.ontology.reasoning.literals import is_datatype
from gridlingua.catalogue.ontology.reasoning.tbox import TBox
from gridlingua.catalogue.ontology.terms import Expression
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri


@dataclass(frozen=True, slots=True)
class Stranger:
    """A node, the classes (IRIs) it is said to be of, and those of which a property makes it one; ``fact`` is the
    property's triple, ``end`` whether its domain or its range does so."""

    node: str
    said: tuple[str, ...]
    made: Expression
    end: Rule
    fact: Fact


def strangers(
    closure: Closure,
    others: Callable[[], Iterable[TBox]],
    is_known: Callable[[str], bool],
    may_license: Callable[[str, str], bool],
) -> Iterator[Stranger]:
    """Every domain and range that makes of a node what none of its written classes is above, below or beside.

    Beside: they have a class above them in common that has one above itself. ``others`` gives the axioms of other
    generations: what one of them takes for kin is no stranger in another. ``is_known`` tells of a class whether all
    that its ontology says of it is at hand; nodes of others are left alone. ``may_license`` tells of a class and a
    property whether the ontology of the class may say, in a restriction that no list holds, that the two go together.
    The terms of an ontology are not ours to judge.
    """
    written: dict[str, list[str]] = defaultdict(list)
    for fact in closure.said():
        s, p, o = fact.triple
        if p == RDF_TYPE and is_iri(o):
            written[s].append(split_iri(o))
    for node, said in written.items():
        is_term = is_iri(node) and split_iri(node) in closure.tbox.terms
        if not is_term and all(map(is_known, said)):
            for end, made, fact in _made(node, closure):
                place = (said, made, end, fact)
                if not _is_class_of(made, is_known) or _fits(*place, closure.tbox):
                    continue
                if any(may_license(class_, split_iri(fact.triple[1])) for class_ in said):
                    continue
                if not any(_fits(*place, tbox) for tbox in others()):
                    yield Stranger(node, tuple(said), made, end, fact)


def _made(node: str, closure: Closure) -> Iterator[tuple[Rule, Expression, Fact]]:
    """What the written triples make of a node. A property that only follows is not one that its author chose."""
    for class_, fact in closure.types[node].items():
        if fact.rule in ("domain", "range") and fact.premises[0].rule == "said":
            yield fact.rule, (class_,), fact.premises[0]
    for choice in closure.choices.get(node, {}).values():
        if choice.fact.rule == "said":
            yield choice.rule, choice.union, choice.fact


def _is_class_of(made: Expression, is_known: Callable[[str], bool]) -> bool:
    return not any(map(is_datatype, made)) and all(map(is_known, made))


def _fits(said: Iterable[str], made: Expression, end: Rule, fact: Fact, tbox: TBox) -> bool:
    return any(
        _is_licensed(one, split_iri(fact.triple[1]), end, tbox) or any(_are_kin(one, other, tbox) for other in made)
        for one in said
    )


def _are_kin(one: str, other: str, tbox: TBox) -> bool:
    ours, theirs = {one, *tbox.above(one)}, {other, *tbox.above(other)}
    return one in theirs or other in ours or any(map(tbox.above, ours & theirs))


def _is_licensed(class_: str, predicate: str, end: Rule, tbox: TBox) -> bool:
    """Whether the ontology itself ties a property to the class: by a property that implies it.

    Every s4ener:hasExecutionTime is a saref:hasTimestamp, and instructions have the one, so they may have the other.
    """
    ours = {class_, *tbox.above(class_)}
    return any(
        {*expression} & ours
        for narrower in tbox.below(predicate)
        for expression in getattr(tbox.property(narrower), end)
    )
