"""How two shapes graphs differ: which demands are new, gone, stricter or looser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, get_args

from rdflib import RDF, SH, BNode, Graph, Literal
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from gridlingua.catalogue.difference.change import Change, Part, Role, Way, broken_by, why
from gridlingua.catalogue.exchange import Exchange
from gridlingua.semantics.terms import Term

Curie = Callable[[str], str]

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_WORDS: Final = frozenset((SH.message, SH.name, SH.description, SH.order, SH.group, RDF.type, *_TARGETS))
_AT_LEAST: Final = frozenset(("minInclusive", "minExclusive", "minCount", "minLength", "qualifiedMinCount"))
_AT_MOST: Final = frozenset(("maxInclusive", "maxExclusive", "maxCount", "maxLength", "qualifiedMaxCount"))
_MOST: Final = 160


@dataclass(frozen=True)
class Demand:
    """What shapes demand of the instances of a class: along ``path`` (empty: of the node itself), by one component of
    SHACL, that its value be met."""

    target: str
    path: str
    component: str
    value: str

    def text(self) -> str:
        value = self.value if len(self.value) <= _MOST else self.value[: _MOST - 1] + "…"
        return " ".join(filter(None, (self.target, self.path, self.component, value)))


class _Reader:
    """Reads shapes as text, so that two graphs can be compared whatever their blank nodes are called."""

    def __init__(self, graph: Graph, curie: Curie) -> None:
        self._graph, self._curie = graph, curie

    def demands(self) -> Iterator[Demand]:
        for predicate in _TARGETS:
            for shape, target in self._graph.subject_objects(predicate):
                yield from self._of(shape, self.text(target), "", ())

    def messages(self) -> set[str]:
        return {str(one) for one in self._graph.objects(None, SH.message)}

    def _of(self, shape: Node, target: str, path: str, seen: tuple[Node, ...]) -> Iterator[Demand]:
        for predicate, value in self._graph.predicate_objects(shape):
            if predicate in _WORDS or predicate == SH.path or value in seen:
                continue
            if predicate == SH.property:
                step = self.text(self._graph.value(value, SH.path))
                yield from self._of(value, target, f"{path} {step}".strip(), (*seen, shape))
            elif predicate == SH.node:
                yield from self._of(value, target, path, (*seen, shape))
            else:
                yield Demand(target, path, str(predicate).rpartition("#")[2], self.text(value, (*seen, shape)))

    def text(self, node: Node | None, seen: tuple[Node, ...] = ()) -> str:
        """A node with all that hangs at it, in an order of its own."""
        if node is None or node in seen:
            return ""
        if isinstance(node, Literal):
            return " ".join(str(node).split())
        if (node, RDF.first, None) in self._graph:
            return "( " + " ".join(self.text(one, (*seen, node)) for one in RdfList(self._graph, node)) + " )"
        if isinstance(node, BNode):
            inner = [
                f"{str(predicate).rpartition('#')[2]} {self.text(value, (*seen, node))}"
                for predicate, value in self._graph.predicate_objects(node)
                if predicate not in _WORDS and predicate != SH.prefixes
            ]
            return "[ " + " ; ".join(sorted(inner)) + " ]"
        return self._curie(str(node))


def shape_changes(old: Exchange, new: Exchange, curie: Curie) -> Iterator[Change]:
    """Each demand that is new, gone, stricter or looser, and whom that breaks: those who send what is judged by it when
    it is stricter, those who take it when it is looser."""
    readers = [_Reader(one.shapes.graph, curie) for one in (old, new)]
    before, after = (set(reader.demands()) for reader in readers)
    for way, text, target in _differences(before - after, after - before):
        parts = [part for part in _PARTS if _is_judged(target, part, (old, new), curie)] or list(_PARTS)
        breaks: frozenset[Role] = frozenset().union(*(broken_by(part, way) for part in parts))
        yield Change("shapes", text, "; ".join(dict.fromkeys(why(part, way) for part in parts)), breaks)
    if before == after and readers[0].messages() != readers[1].messages():
        yield Change("words", "messages of shapes", "what senders are told reads otherwise")


_PARTS: Final[tuple[Part, ...]] = get_args(Part)


def _is_judged(target: str, part: Part, exchanges: tuple[Exchange, Exchange], curie: Curie) -> bool:
    """Whether instances of a class are what a part says."""
    classes: set[Term] = {term for one in exchanges for term in one.judged[part].constants}
    return target in {curie(term[1:-1]) for term in classes if term.startswith("<")}


def _differences(lost: set[Demand], won: set[Demand]) -> Iterator[tuple[Way, str, str]]:
    """What became of each demand, paired where one place and component have one on each side."""
    places: dict[tuple[str, str, str], tuple[list[Demand], list[Demand]]] = defaultdict(lambda: ([], []))
    for side, demands in ((0, lost), (1, won)):
        for one in demands:
            places[one.target, one.path, one.component][side].append(one)
    for (target, _, component), (before, after) in sorted(places.items()):
        if len(before) == len(after) == 1:
            text = f"{after[0].text()} instead of {before[0].value}"
            yield _way(component, before[0].value, after[0].value), text[: 2 * _MOST], target
            continue
        yield from (("wider", f"no longer {one.text()}", target) for one in sorted(before, key=Demand.text))
        yield from (("narrower", f"now {one.text()}", target) for one in sorted(after, key=Demand.text))


def _way(component: str, before: str, after: str) -> Way:
    if component in _AT_LEAST | _AT_MOST:
        try:
            up = Decimal(after) > Decimal(before)
        except InvalidOperation:
            return "other"
        return "narrower" if up == (component in _AT_LEAST) else "wider"
    if component == "in":
        old, new = set(before.split()), set(after.split())
        return "narrower" if new < old else "wider" if old < new else "other"
    if component == "deactivated":
        return "wider" if after == "true" else "narrower"
    return "other"
