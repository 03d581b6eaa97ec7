"""Graph patterns: triples over constants and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import Graph
from rdflib.namespace import NamespaceManager
from rdflib.term import Node

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import Term, to_rdflib

Triple = tuple[str, str, str]
"""Subject, predicate, object: each a term or ``?variable``."""

_OPENING = re.compile(r"\bCONSTRUCT\s+WHERE\s*\{", re.IGNORECASE)
PREFIX = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
_HEADER = re.compile(r"(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[\w.-]*:\s*<[^>]*>)*", re.IGNORECASE)
_QUERY = re.compile(r"(?:SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE)\b", re.IGNORECASE)
_LEFT_TO_GRAMMAR = re.compile(r"\bBASE\b|[?$]·", re.IGNORECASE)


class PatternError(GridlinguaError):
    """A text that is not a graph pattern; ``line`` is where, counted from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        self.line = line
        super().__init__(message)


@dataclass(frozen=True)
class Pattern:
    """A graph pattern in canonical form: full IRIs, every triple written out, in the author's order."""

    triples: tuple[Triple, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, without ``?``, in order of first appearance."""
        return tuple(dict.fromkeys(node[1:] for triple in self.triples for node in triple if node.startswith("?")))

    @cached_property
    def constants(self) -> tuple[Term, ...]:
        """The terms that are not variables, in order of first appearance."""
        return tuple(dict.fromkeys(node for triple in self.triples for node in triple if not node.startswith("?")))

    def __str__(self) -> str:
        """The text that a knowledge engine reads: full IRIs, `` . `` after every triple (contract 3)."""
        return "".join(f"{s} {p} {o} . " for s, p, o in self.triples)

    def bound_by(self, variables: Sequence[str] | frozenset[str]) -> Pattern:
        """The part of the pattern whose variables are all among these."""
        known = frozenset(variables)
        return Pattern(tuple(t for t in self.triples if all(n[0] != "?" or n[1:] in known for n in t)), self.prefixes)


def parse_construct(text: str) -> Pattern:
    """Read a pattern file: ``PREFIX …  CONSTRUCT WHERE { triples }``, a syntax of SPARQL 1.1 that has no FILTER,
    OPTIONAL, UNION or property path. Raises PatternError with the line."""
    opening = _OPENING.search(text)
    if not opening:
        raise PatternError("a pattern file is PREFIX lines and then CONSTRUCT WHERE { triples }")
    return _read(text, opening.end())


def parse_body(text: str, prefixes: Mapping[str, str] | None = None) -> Pattern:
    """Read the body of a pattern (``?s ex:p ?o . …``) as a knowledge base registers it, with its prefixes."""
    if not text.strip().strip("."):
        raise PatternError("an empty graph pattern")
    head = "".join(f"PREFIX {name}: <{base}> " for name, base in (prefixes or {}).items()) + "CONSTRUCT WHERE {"
    return _read(f"{head} {text}\n}}", len(head))


def parse_file(text: str, prefixes: Mapping[str, str] | None = None) -> Pattern:
    """Read a pattern as files have it: a pattern file, or PREFIX lines, if any, and the bare body. A bare body may use
    ``prefixes`` that it does not declare itself. Raises PatternError with the line."""
    if _OPENING.search(text):
        return parse_construct(text)
    found = _HEADER.match(text)
    head = found[0] if found else ""
    if query := _QUERY.match(text, len(head)):
        message = f"a query ({query[0].upper()}): a pattern is what stands between the braces of its WHERE"
        raise PatternError(message, head.count("\n") + 1)
    known = {**(prefixes or {}), **dict(PREFIX.findall(head))}
    used = {name: iri for name, iri in known.items() if f"{name}:" in text}
    return parse_body("\n" * head.count("\n") + text[len(head) :], used)


def _read(text: str, body: int) -> Pattern:
    """The pattern of a text whose triples begin at ``body``.

    The reader is ten times as fast as the grammar of SPARQL, which decides where the reader finds fault.
    """
    from gridlingua.semantics.reading import read  # not above: it reads Patterns

    if not _LEFT_TO_GRAMMAR.search(text):
        script = read(text)
        if script.form == "pattern" and not script.slips:
            return script.pattern
    from gridlingua.semantics.strict import parse  # not above: the grammar takes as long to import as all the rest

    return parse(text, body)


def instantiate(pattern: Pattern, rows: Sequence[Row], into: Graph | None = None) -> Graph:
    """The graph that rows mean: every triple whose variables a row binds, once. It goes into ``into`` if given."""
    graph = Graph(bind_namespaces="none") if into is None else into
    manager = NamespaceManager(graph, bind_namespaces="none")
    for prefix, namespace in pattern.prefixes.items():
        manager.bind(prefix, namespace)
    nodes: dict[Term, Node] = {}

    def node(term: Term) -> Node:
        known = nodes.get(term)
        if known is None:
            known = nodes[term] = to_rdflib(term)
        return known

    add = graph.store.add
    for s, p, o in instances(pattern, rows):
        add((node(s), node(p), node(o)), graph)
    return graph


def instances(pattern: Pattern, rows: Sequence[Row]) -> Iterator[Triple]:
    """The triples that rows mean: those whose variables a row binds; one may come several times."""
    for subject, predicate, value in pattern.triples:
        before: tuple[Term | None, ...] = ()
        for row in rows:
            triple = tuple([row.get(one[1:]) if one[0] == "?" else one for one in (subject, predicate, value)])
            # neighbouring rows repeat what their parents say
            if triple != before and None not in triple:
                yield triple  # type: ignore[misc]
            before = triple
