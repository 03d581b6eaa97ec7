"""What SHACL reports, as sentences that a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import NamespaceManager
from rdflib.term import Node

from gridlingua.errors import Severity

_SEVERITIES: Final[Mapping[Node | None, Severity]] = {SH.Warning: "warning", SH.Info: "note"}
_LANGUAGES: Final = ("en", "")
_MOST: Final = 80

_Say = Callable[[str], str]
# By its component, the parameter that says what a constraint allows, and a sentence with it.
_DEMANDS: Final[Mapping[str, tuple[str, _Say]]] = {
    "MinCount": ("minCount", lambda said: f"at least {said} needed"),
    "MaxCount": ("maxCount", lambda said: f"at most {said} allowed"),
    "Datatype": ("datatype", lambda said: f"it must be of datatype {said}"),
    "Class": ("class", lambda said: f"it must be an instance of {said}"),
    "NodeKind": ("nodeKind", lambda said: f"it must be of the kind {said}"),
    "MinInclusive": ("minInclusive", lambda said: f"it must be at least {said}"),
    "MaxInclusive": ("maxInclusive", lambda said: f"it must be at most {said}"),
    "MinExclusive": ("minExclusive", lambda said: f"it must be above {said}"),
    "MaxExclusive": ("maxExclusive", lambda said: f"it must be below {said}"),
    "MinLength": ("minLength", lambda said: f"it must have at least {said} characters"),
    "MaxLength": ("maxLength", lambda said: f"it must have at most {said} characters"),
    "Pattern": ("pattern", lambda said: f"it must match {said}"),
    "HasValue": ("hasValue", lambda said: f"{said} must be among the values"),
    "In": ("in", lambda said: f"it must be one of {said}"),
    "LanguageIn": ("languageIn", lambda said: f"its language must be one of {said}"),
    "UniqueLang": ("uniqueLang", lambda _: "there must be one value a language"),
    "Equals": ("equals", lambda said: f"the values must be those of {said}"),
    "Disjoint": ("disjoint", lambda said: f"it must be no value of {said}"),
    "LessThan": ("lessThan", lambda said: f"it must be less than the value of {said}"),
    "LessThanOrEquals": ("lessThanOrEquals", lambda said: f"it must not be more than the value of {said}"),
    "Closed": ("closed", lambda _: "the shape is closed and does not allow it"),
    "Node": ("node", lambda said: f"it must conform to {said}"),
    "And": ("and", lambda number: f"it must conform to all of the {number} shapes of sh:and"),
    "Or": ("or", lambda number: f"it must conform to one of the {number} shapes of sh:or"),
    "Xone": ("xone", lambda number: f"it must conform to exactly one of the {number} shapes of sh:xone"),
    "Not": ("not", lambda said: f"it must not conform to {said}"),
}

CONSTRAINING: Final = (*(SH[one] for one, _ in _DEMANDS.values()), SH.property, SH.sparql, SH.qualifiedValueShape)
"""The properties by which a shape demands something."""

_PATHS: Final = (
    (SH.inversePath, "^", ""),
    (SH.zeroOrMorePath, "", "*"),
    (SH.oneOrMorePath, "", "+"),
    (SH.zeroOrOnePath, "", "?"),
)
_NUMBERS: Final = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean})


@dataclass(frozen=True)
class Finding:
    """One result of SHACL: the node it is about, the path and the value there, the shape and its constraint component
    (``MinCount``) that say so, how grave it is, and a sentence."""

    focus: Node
    path: Node | None
    value: Node | None
    component: str
    shape: Node | None
    severity: Severity
    sentence: str


def findings(report: Graph, shapes: Graph, data: Graph) -> Iterator[Finding]:
    """What a report holds. The prefixes are those of the data, then those of the shapes."""
    words = Words(shapes, data, report + shapes)
    for result in report.objects(None, SH.result):
        focus = report.value(result, SH.focusNode)
        yield Finding(
            focus=focus if focus is not None else result,
            path=report.value(result, SH.resultPath),
            value=report.value(result, SH.value),
            component=_component(report, result),
            shape=report.value(result, SH.sourceShape),
            severity=_SEVERITIES.get(report.value(result, SH.resultSeverity), "error"),
            sentence=words.sentence(report, result),
        )


@dataclass(frozen=True)
class Words:
    """How nodes, paths and demands are said. ``paths`` holds the paths that results name: pySHACL copies some of them
    into its report, and leaves others where they are."""

    shapes: Graph
    data: Graph
    paths: Graph

    @cached_property
    def _prefixes(self) -> NamespaceManager:
        names = Graph(bind_namespaces="core")
        known = {str(namespace) for _, namespace in self.shapes.namespaces()}
        for graph in (self.shapes, self.data):
            for prefix, namespace in graph.namespaces():
                if prefix or str(namespace) not in known:  # a name is better than none
                    names.bind(prefix, namespace, replace=True)
        return names.namespace_manager

    def named(self, node: Node | None, graph: Graph) -> str:
        """A node as people write it: with a prefix, a literal by its value, one without a name by its classes."""
        if isinstance(node, URIRef):
            return node.n3(self._prefixes)
        if isinstance(node, Literal):
            text = str(node) if node.datatype in _NUMBERS else f'"{node}"'
            return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
        if isinstance(node, BNode):
            if (node, RDF.first, None) in graph:
                return ", ".join(self.named(one, graph) for one in _members(graph, node))
            kinds = " and ".join(sorted(self.named(one, graph) for one in graph.objects(node, RDF.type)))
            return f"a {kinds} without a name" if kinds else "a node without a name"
        return ""

    def path(self, path: Node | None) -> str:
        """A property path as SPARQL writes it: ``saref:hasResult/saref:hasValue``, ``^saref:observes``."""
        graph = self.paths
        if not isinstance(path, BNode):
            return self.named(path, graph)
        if (path, RDF.first, None) in graph:
            return "/".join(map(self.path, _members(graph, path)))
        if (inner := graph.value(path, SH.alternativePath)) is not None:
            return "(" + "|".join(map(self.path, _members(graph, inner))) + ")"
        for term, before, after in _PATHS:
            if (inner := graph.value(path, term)) is not None:
                return f"{before}{self.path(inner)}{after}"
        return ""

    def sentence(self, report: Graph, result: Node) -> str:
        """``ex:m1 saref:hasValue -5: A load must not be below zero.``"""
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        said = [self.named(focus, self.data), self.path(report.value(result, SH.resultPath))]
        if value is not None and value != focus and not isinstance(value, BNode):
            said.append(self.named(value, self.data))
        return f"{' '.join(filter(None, said))}: {self._demand(report, result)}"

    def _demand(self, report: Graph, result: Node) -> str:
        """What the author of the shape says, of one that demands several things with what this one is; else a sentence
        of ours about what it demands."""
        shape = report.value(result, SH.sourceShape)
        told = [one for one in report.objects(result, SH.resultMessage) if isinstance(one, Literal)]
        demanded = self._demanded(shape, _component(report, result))
        if not demanded:
            return _in_one_language(told)
        if (shape, SH.message, None) not in self.shapes:
            return demanded
        several = sum((shape, one, None) in self.shapes for one in CONSTRAINING) > 1
        return _in_one_language(told) + (f" ({demanded})" if several else "")

    def _demanded(self, shape: Node | None, component: str) -> str:
        """The sentence about a constraint of a shape; nothing for one that only its author can word."""
        parameter, say = _DEMANDS.get(component, ("", str))
        allowed = self.shapes.value(shape, SH[parameter]) if parameter else None
        if allowed is None:
            return ""
        if parameter in {"and", "or", "xone"}:
            return say(str(len(list(_members(self.shapes, allowed)))))
        if parameter in {"node", "not"} and isinstance(allowed, BNode):
            return say(f"what sh:{parameter} says")
        return say(self.named(allowed, self.shapes))


def _members(graph: Graph, head: Node) -> Iterator[Node]:
    """The members of a list, once around where it comes back to itself."""
    seen: set[Node] = set()
    at: Node | None = head
    while at is not None and at not in seen:
        seen.add(at)
        if (member := graph.value(at, RDF.first)) is not None:
            yield member
        at = graph.value(at, RDF.rest)


def _component(report: Graph, result: Node) -> str:
    name = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
    return name.removesuffix("ConstraintComponent")


def _in_one_language(told: Sequence[Literal]) -> str:
    """The messages in English, or else those without a language, or all of them."""
    for language in _LANGUAGES:
        if chosen := [str(one) for one in told if (one.language or "").partition("-")[0] == language]:
            return "; ".join(sorted(chosen))
    return "; ".join(sorted(map(str, told)))
