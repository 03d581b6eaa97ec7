"""The graph that SHACL judges: indexed in memory for property paths, and for SPARQL in a store of Oxigraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rdflib import Graph
from rdflib.query import Result
from rdflib.term import Node

from gridlingua.semantics.grammar import PARSING
from gridlingua.semantics.oxigraph import Select
from gridlingua.semantics.patterns import Pattern, instances, instantiate
from gridlingua.semantics.rows import Row
from gridlingua.semantics.seclusion import secluded
from gridlingua.semantics.terms import Term, to_rdflib

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import Query

_Index = defaultdict[Node, defaultdict[Node, dict[Node, None]]]


class JudgedGraph:
    """What pySHACL asks of a data graph: here the one that rows mean under a pattern.

    ``queries`` keeps what rdflib has parsed, from one graph of the same shapes to the next.
    """

    def __init__(self, pattern: Pattern, rows: Sequence[Row], queries: dict[str, Query]) -> None:
        self._pattern, self._rows, self._queries = pattern, rows, queries
        self.triples = dict.fromkeys(instances(pattern, rows))
        self._nodes: dict[Term, Node] = {}
        self._by_subject = _index()
        self._by_object = _index()
        for s, p, o in self.triples:
            subject, predicate, value = self.node(s), self.node(p), self.node(o)
            self._by_subject[subject][predicate][value] = None
            self._by_object[value][predicate][subject] = None

    def node(self, term: Term) -> Node:
        """A term as rdflib has it."""
        known = self._nodes.get(term)
        if known is None:
            known = self._nodes[term] = to_rdflib(term)
        return known

    def objects(self, subject: Node, predicate: Node) -> Collection[Node]:
        """The objects of a subject's predicate."""
        said = self._by_subject.get(subject)
        return said.get(predicate, ()) if said else ()

    def subjects(self, predicate: Node, value: Node) -> Collection[Node]:
        """The subjects whose predicate has this value."""
        said = self._by_object.get(value)
        return said.get(predicate, ()) if said else ()

    def subject_objects(self, predicate: Node) -> Iterator[tuple[Node, Node]]:
        """Every pair that a predicate ties."""
        for subject, said in self._by_subject.items():
            yield from ((subject, value) for value in said.get(predicate, ()))

    def predicate_objects(self, subject: Node) -> Iterator[tuple[Node, Node]]:
        """All that is said of a subject."""
        for predicate, values in (self._by_subject.get(subject) or {}).items():
            yield from ((predicate, value) for value in values)

    def transitive_objects(self, subject: Node, predicate: Node) -> Iterator[Node]:
        """The subject and what follows from it along a predicate."""
        return _along(subject, lambda node: self.objects(node, predicate))

    def transitive_subjects(self, predicate: Node, value: Node) -> Iterator[Node]:
        """The value and what leads to it along a predicate."""
        return _along(value, lambda node: self.subjects(predicate, node))

    def select(self, query: str, bindings: Mapping[str, Node]) -> list[dict[str, Node]]:
        """The solutions of a SELECT query, each with what it binds."""
        solutions = self._select.answer(query, bindings)
        if solutions is None:
            found: Any = self.query(query, initBindings=bindings)
            return [one.asdict() for one in found]
        return [{name: self.node(term) for name, term in one.items()} for one in solutions]

    def query(self, query: str, **options: Any) -> Result:
        """What rdflib answers; a query is parsed once."""
        from rdflib.plugins.sparql import prepareQuery  # not above: Oxigraph answers nearly all

        if query not in self._queries:
            with PARSING:
                self._queries[query] = prepareQuery(query)
        with secluded():
            found = self.whole.query(self._queries[query], **options)
            _ = found.bindings  # all of them, here
        return found

    @cached_property
    def _select(self) -> Select:
        return Select(self.triples)

    @cached_property
    def whole(self) -> Graph:
        """The same for rdflib, with the pattern's prefixes."""
        return instantiate(self._pattern, self._rows)


def _index() -> _Index:
    return defaultdict(lambda: defaultdict(dict))


def _along(start: Node, onward: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """A node and all that is reached from it, each once."""
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        yield node
        fresh = [one for one in onward(node) if one not in seen]
        seen.update(fresh)
        waiting += fresh
