"""SHACL: what is judged is the graph that rows mean (DESIGN.md 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from gridlingua.errors import Fault, GridlinguaError
from gridlingua.semantics.judged_graph import JudgedGraph
from gridlingua.semantics.mapping import Mapping, write_pointer
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import RDF_TYPE, Term, from_rdflib

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import Query

    from gridlingua.semantics.prepared import PreparedShapes, Report

_MOST_FAULTS = 20


class NoFocusNodeError(GridlinguaError):
    """A shape that should have judged the rows found nothing to judge: data without a target conforms to anything."""


@dataclass(frozen=True)
class Violation:
    """One result of SHACL validation. ``predicate`` is the last one of the path, ``value`` the offending term."""

    focus: Term
    predicate: Term
    value: Term
    message: str
    component: str


@dataclass(frozen=True)
class Verdict:
    """What SHACL says of a graph."""

    violations: tuple[Violation, ...] = ()
    focus_nodes: int = 0

    @property
    def conforms(self) -> bool:
        return not self.violations

    def __str__(self) -> str:
        if self.conforms:
            return f"conforms ({self.focus_nodes} focus nodes)"
        count = len(self.violations)
        return f"refused ({count} violation{'s' if count != 1 else ''}, {self.focus_nodes} focus nodes)"


@dataclass(frozen=True)
class Shapes:
    """A shapes graph: an exchange's own file and the concepts it imports."""

    graph: Graph = field(compare=False)
    queries: dict[str, Query] = field(default_factory=dict, compare=False, repr=False)
    """Its SPARQL constraints as far as rdflib has had to answer them, parsed."""

    @cached_property
    def prepared(self) -> PreparedShapes:
        """The shapes, ready to judge many graphs."""
        from gridlingua.semantics.prepared import PreparedShapes  # not above: pySHACL is for those who judge

        return PreparedShapes(self.graph)

    def target_classes(self) -> frozenset[Term]:
        """The classes whose instances are judged."""
        return frozenset(from_rdflib(one) for one in self.graph.objects(None, SH.targetClass))  # type: ignore[arg-type]

    def expected(self, pattern: Pattern) -> frozenset[Term]:
        """The target classes that rows of this pattern must have instances of."""
        types = {o for _, p, o in pattern.triples if p == RDF_TYPE}
        return frozenset(types & self.target_classes())


def judge(pattern: Pattern, rows: Sequence[Row], shapes: Shapes) -> Verdict:
    """The verdict on the graph that ``rows`` mean under ``pattern``.

    Raises NoFocusNodeError when no shape targets the pattern, or one that does finds no instance.
    """
    expected = shapes.expected(pattern)
    if not expected:
        raise NoFocusNodeError("no shape targets a class of this pattern, so nothing would be judged")
    graph = JudgedGraph(pattern, rows, shapes.queries)
    found = {one: len(graph.subjects(RDF.type, URIRef(one[1:-1]))) for one in sorted(expected)}
    if missing := [one for one, count in found.items() if not count]:
        raise NoFocusNodeError(f"no focus node of {', '.join(missing)}: the rows bind too little to be judged")
    return Verdict(tuple(violations(graph, shapes)), sum(found.values()))


def violations(graph: JudgedGraph, shapes: Shapes) -> list[Violation]:
    """All that shapes refuse in a graph, in a fixed order. Raises GridlinguaError where they cannot be decided."""
    found = [_violation(report, shapes.graph) for report in shapes.prepared.reports(graph)]
    return sorted(found, key=lambda one: (one.focus, one.predicate, one.value, one.message, one.component))


def _violation(report: Report, shapes: Graph) -> Violation:
    said: dict[Node, list[Node]] = defaultdict(list)
    for predicate, value in report:
        said[predicate].append(value[1] if isinstance(value, tuple) else value)
    focus, path, value = (next(iter(said[one]), None) for one in (SH.focusNode, SH.resultPath, SH.value))
    return Violation(
        focus=_text(focus),
        predicate=_last_predicate(shapes, path),
        value=_text(value),
        message="; ".join(sorted(set(map(str, said[SH.resultMessage])))),
        component=str(said[SH.sourceConstraintComponent][0]).rpartition("#")[2],
    )


def _text(node: Node | None) -> Term:
    return from_rdflib(node) if node is not None else ""  # type: ignore[arg-type]


def _last_predicate(report: Graph, path: Any) -> Term:
    if isinstance(path, URIRef):
        return from_rdflib(path)
    if isinstance(path, BNode):
        if (path, RDF.first, None) in report:
            return _last_predicate(report, list(Collection(report, path))[-1])
        for inner in report.objects(path):
            return _last_predicate(report, inner)
    return ""


def faults(
    violations: Iterable[Violation], pattern: Pattern, rows: Sequence[Row], mappings: Sequence[Mapping]
) -> list[Fault]:
    """What to tell the sender: each violation as a sentence at the field it is about, the first twenty."""
    found = list(violations)
    about = _rows_about({(one.focus, one.value) for one in found}, rows, mappings[0].fields)
    told = dict.fromkeys(_fault(one, pattern, about.get((one.focus, one.value), {}), mappings) for one in found)
    ordered = sorted(told, key=lambda one: (one.pointer, one.message))
    if len(ordered) > _MOST_FAULTS:
        more = len(ordered) - _MOST_FAULTS
        return [*ordered[:_MOST_FAULTS], Fault("", f"and {more} more of this kind")]
    return ordered


def _rows_about(
    wanted: Set[tuple[Term, Term]], rows: Sequence[Row], own: Iterable[str]
) -> dict[tuple[Term, Term], Row]:
    """The row that each violation, a focus node and its value, is about: the first in which the node stands, and one
    of the part's own fields has the value where there is such a row. A query stands in every row of its answer."""
    foci, values = {focus for focus, _ in wanted}, {value for _, value in wanted}
    anywhere: dict[Term, Row] = {}
    exactly: dict[tuple[Term, Term], Row] = {}
    for row in rows:
        for focus in foci.intersection(row.values()):
            anywhere.setdefault(focus, row)
            for value in values.intersection(row.get(name, "") for name in own):
                exactly.setdefault((focus, value), row)
    return {one: exactly.get(one, anywhere.get(one[0], {})) for one in wanted}


def _fault(violation: Violation, pattern: Pattern, row: Row, mappings: Sequence[Mapping]) -> Fault:
    for mapping in mappings:
        for variable in _suspects(violation, pattern, row):
            if variable in mapping.fields:
                value = _json(mapping, variable, row.get(variable, violation.value))
                level = mapping.level_of(variable)
                where = _element(mapping, row, level, variable)
                return Fault(write_pointer(mapping.fields[variable].pointer), f"{value}{where}: {violation.message}")
    return _fault_of_node(violation, row, mappings)


def _fault_of_node(violation: Violation, row: Row, mappings: Sequence[Mapping]) -> Fault:
    """A violation that is about no single field: told at the element that the focus node belongs to."""
    for mapping in mappings:
        for name in mapping.nodes:
            if row.get(name) == violation.focus:
                level = mapping.level_of(name)
                where = _element(mapping, row, level).strip()
                return Fault(write_pointer(mapping.levels[level].pointer), f"{where} {violation.message}".strip())
    return Fault("", f"{violation.focus}: {violation.message}")


def _suspects(violation: Violation, pattern: Pattern, row: Row) -> Iterator[str]:
    """The variables a violation may be about, the likeliest first."""
    by_value = [name for name, term in row.items() if violation.value and term == violation.value]
    by_path = [o[1:] for _, p, o in pattern.triples if p == violation.predicate and o.startswith("?")]
    yield from (name for name in by_path if name in by_value)
    yield from by_value
    yield from by_path


def _element(mapping: Mapping, row: Row, level: int, apart: str = "") -> str:
    """Which element a row is about: the keys down to a level."""
    keys = dict.fromkeys(key for one in mapping.levels[: level + 1] for key in one.keys)
    known = [key for key in keys if key in mapping.fields and key in row and key != apart]
    said = ", ".join(f"{_name(mapping, key)} {_json(mapping, key, row[key])}" for key in known)
    return f" ({said})" if said else ""


def _name(mapping: Mapping, variable: str) -> str:
    last = mapping.fields[variable].pointer[-1]
    return variable if last == "*" else last


def _json(mapping: Mapping, variable: str, term: Term) -> str:
    try:
        value = mapping.fields[variable].converter.read(term)
    except ValueError:
        return term
    return f'"{value}"' if isinstance(value, str) else str(value)
