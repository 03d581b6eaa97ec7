"""Shapes made ready once, to judge many graphs.

pySHACL reads a shape's targets, path and constraints from the shapes graph whenever it judges a node, and writes a
report of every violation, of those too that only tell it what a choice is not. Here they are read once, and reports are
written when they are wanted. What a constraint demands is pySHACL's to decide; Oxigraph answers its SPARQL queries.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import product
from typing import Any, Final

from pyparsing import ParseBaseException
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ConstraintLoadWarning, ReportableRuntimeError
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import IdentifiedNode, Literal, Node

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.judged_graph import JudgedGraph

Report = list[tuple[Node, Any]]
"""What pySHACL says of one violation: predicates and objects, which may be a graph and a node of it."""

_DEPTH: Final = 15
"""How deep shapes may name shapes: pySHACL's own limit."""


class PreparedShapes(ShapesGraph):  # type: ignore[misc]  # pySHACL has no types
    """The shapes of a graph, which stays as it is."""

    system_triples: Final[list[Any]] = []  # those that pySHACL would add to the graph; see targets

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph, logger=logging.getLogger("pyshacl"))

    def reports(self, graph: JudgedGraph) -> Iterator[Report]:
        """Every violation in a graph. Raises GridlinguaError where a shape cannot be decided."""
        executor = SHACLExecutor(max_validation_depth=_DEPTH)
        try:
            for shape in self._targeting:
                for _, node, triples in shape.validate(executor, graph)[1]:
                    yield [(predicate, value) for one, predicate, value in triples if one == node]
        except (ReportableRuntimeError, ParseBaseException) as error:
            raise GridlinguaError(f"SHACL could not be decided: {error}") from None

    @cached_property
    def _targeting(self) -> list[_PreparedShape]:
        """The shapes that look for nodes themselves; the others are named by these."""
        return [shape for shape in self.shapes if any(shape.targets)]

    def _build_node_shape_cache(self) -> None:
        super()._build_node_shape_cache()
        for node, shape in self._node_shape_cache.items():
            self._node_shape_cache[node] = _PreparedShape(self, node, shape.is_property_shape, shape._path, self.logger)


class _PreparedShape(Shape):  # type: ignore[misc]
    """A shape with its targets, path and constraints at hand."""

    @cached_property
    def targets(self) -> tuple[frozenset[Node], ...]:
        """Nodes, classes, and predicates whose objects or subjects are judged."""
        graph = self.sg.graph
        classes = {*self.target_classes()}
        kinds = {RDFS.Class, OWL.Class, *graph.subjects(RDFS.subClassOf, RDFS.Class)}
        if kinds & {*graph.objects(self.node, RDF.type)}:
            classes.add(self.node)
        named = (self.target_nodes(), classes, self.target_objects_of(), self.target_subjects_of())
        return tuple(map(frozenset, named))

    @cached_property
    def constraints(self) -> list[Any]:
        """What it demands: the components of SHACL, then those that the shapes graph declares."""
        kinds = dict.fromkeys(
            CONSTRAINT_PARAMETERS_MAP[one]
            for one in sorted(self.sg.graph.predicates(self.node, unique=True))
            if one in CONSTRAINT_PARAMETERS_MAP
        )
        found = []
        for kind in kinds:
            try:
                one = (_SparqlConstraint if kind is SPARQLBasedConstraint else kind)(self)
            except ConstraintLoadWarning as warning:
                self.logger.warning(repr(warning))
                continue
            found.append(one)
        found += [one.make_validator_for_shape(self) for one in self.find_custom_constraints()]
        for one in found:
            one.make_v_result_description = _nothing
            one.make_v_result = partial(_Later, one.make_v_result)
            for name in ("_compare_lt", "_compare_ltoe"):
                if hasattr(one, name):
                    setattr(one, name, partial(_compare_each, one, getattr(one, name)))
        return found

    def validate(
        self, executor: Any, target_graph: JudgedGraph, focus: Any = None, _evaluation_path: Sequence[Any] | None = None
    ) -> tuple[bool, list[Iterable[Any]]]:
        """Whether all nodes conform, and a report of each violation: as pySHACL does it without any option."""
        nodes = [focus] if isinstance(focus, (IdentifiedNode, Literal)) else focus
        nodes = self._nodes(target_graph) if nodes is None else list(nodes)
        if self.deactivated or not nodes:
            return True, []
        before = _evaluation_path or ()
        if len(before) // 2 >= executor.max_validation_depth:
            raise ReportableRuntimeError(f"shapes that name shapes, more than {executor.max_validation_depth} deep")
        way = [*before, self]
        values = self.value_nodes(target_graph, nodes)
        conforms = True
        reports: list[Iterable[Any]] = []
        for constraint in self.constraints:
            fits, found = constraint.evaluate(executor, target_graph, values, [*way, constraint])
            conforms = conforms and fits
            reports += found
        return conforms, reports

    def _nodes(self, graph: JudgedGraph) -> list[Node]:
        """The nodes that it judges by its own targets."""
        nodes, classes, objects_of, subjects_of = self.targets
        found = set(nodes)
        for kind in classes:
            for one in graph.transitive_subjects(RDFS.subClassOf, kind):
                found.update(graph.subjects(RDF.type, one))
        for predicate in objects_of:
            found.update(value for _, value in graph.subject_objects(predicate))
        for predicate in subjects_of:
            found.update(subject for subject, _ in graph.subject_objects(predicate))
        return sorted(found, key=str)

    def value_nodes(self, target_graph: JudgedGraph, focus: Any, **options: Any) -> dict[Node, set[Node]]:
        """The nodes that the path leads to from each of several nodes."""
        if not self.is_property_shape:
            return {node: {node} for node in focus}
        if self._steps is None:
            found: dict[Node, set[Node]] = super().value_nodes(target_graph, focus, **options)
            return found
        return {node: _walk(target_graph, node, self._steps) for node in focus}

    @cached_property
    def _steps(self) -> list[tuple[URIRef, bool]] | None:
        """The path as predicates one after the other, each with whether it is gone backwards; None for any other."""
        return _steps(self.sg.graph, self._path)


class _SparqlConstraint(SPARQLBasedConstraint):  # type: ignore[misc]
    """A constraint by queries: each is put together once, and Oxigraph answers."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        for query in self.sparql_constraints:
            _put_together_once(query)

    def _validate_sparql_query(
        self, query: str, init_binds: Mapping[str, Node], target_graph: JudgedGraph
    ) -> Iterable[tuple[Any, ...]]:
        """What the solutions say is wrong, each once: this, path, value and the rest, or a failure and the rest."""
        found: list[tuple[Any, ...]] = []
        for one in target_graph.select(query, init_binds):
            rest = {name: term for name, term in one.items() if name not in ("failure", "path", "value", "this")}
            told: tuple[Any, ...] = (one.get("this"), one.get("path"), one.get("value"), rest)
            if "failure" in one:
                told = (True, {name: term for name, term in one.items() if name != "failure"})
            is_new = told not in found and (told[0] is not True or all(other[0] is not True for other in found))
            if is_new and any(part is not None for part in told[:3]):
                found.append(told)
        return found


def _put_together_once(query: Any) -> None:
    """Keep the text of a query with its prefixes and path, which pySHACL puts together for every node."""
    bind, add_prefixes = query.pre_bind_variables, query.apply_prefixes
    known: dict[str, Any] = {}

    def bound(node: Node, **_: Any) -> tuple[dict[str, Node], str]:
        if not known:
            given, text = bind(node)
            known["text"], known["given"] = add_prefixes(text), given
        return {name: node if name == "this" else one for name, one in known["given"].items()}, known["text"]

    query.pre_bind_variables = bound
    query.apply_prefixes = _same


def _compare_each(
    constraint: Any, compare: Callable[..., Any], values: Iterable[Node], others: Iterable[Node], *about: Any
) -> tuple[bool, list[Any]]:
    """A report for each pair of values out of order, or without one: to SHACL (4.5.3, 4.5.4) a violation, to pySHACL
    a TypeError."""
    reports: list[Any] = []
    for value, other in product(values, others):
        try:
            reports += compare({value}, {other}, *about)[1]
        except TypeError:
            reports.append(constraint.make_v_result(*about, value_node=value))
    return bool(reports), reports


def _steps(graph: Graph, path: Node, *, backwards: bool = False) -> list[tuple[URIRef, bool]] | None:
    if isinstance(path, URIRef):
        return [(path, backwards)]
    if inverse := graph.value(path, SH.inversePath):
        return _steps(graph, inverse, backwards=not backwards) if isinstance(inverse, URIRef) else None
    if (path, RDF.first, None) not in graph:
        return None
    steps = [_steps(graph, one, backwards=backwards) for one in graph.items(path)]
    return None if None in steps or len(steps) < 2 else [step for one in steps for step in one or ()]


def _walk(graph: JudgedGraph, start: Node, steps: Sequence[tuple[URIRef, bool]]) -> set[Node]:
    """The nodes at the end of a path."""
    reached = {start}
    for predicate, backwards in steps:
        if backwards:
            reached = {one for node in reached for one in graph.subjects(predicate, node)}
        else:
            reached = {one for node in reached for one in graph.objects(node, predicate)}
    return reached


class _Later:
    """A report of pySHACL, written when it is read: its text, its node and its triples."""

    def __init__(self, report: Callable[..., Any], graph: JudgedGraph, *about: Any, **more: Any) -> None:
        self._report = partial(report, graph, *about, **more)

    def __iter__(self) -> Iterator[Any]:
        report, (graph, *about), more = self._report.func, self._report.args, self._report.keywords
        return iter(report(graph.whole, *about, **more))


def _nothing(*_: Any, **__: Any) -> str:
    """In place of pySHACL's long description, which it writes for every violation and keeps parts of for ever."""
    return ""


def _same(text: str) -> str:
    return text
