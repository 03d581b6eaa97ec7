"""Graph patterns: triples over constants and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from pyparsing import Located, ParseBaseException, ParseResults
from rdflib import BNode, Graph, Variable
from rdflib.namespace import NamespaceManager
from rdflib.plugins.sparql.algebra import translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import TriplesTemplate, parseQuery
from rdflib.term import Identifier, Node

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.grammar import PARSING
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import XSD, Term, from_rdflib, to_rdflib

Triple = tuple[str, str, str]
"""Subject, predicate, object: each a term or ``?variable``."""

_OPENING = re.compile(r"\bCONSTRUCT\s+WHERE\s*\{", re.IGNORECASE)
_PREFIX = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
_HEADER = re.compile(r"(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[\w.-]*:\s*<[^>]*>)*", re.IGNORECASE)
_QUERY = re.compile(r"(?:SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE)\b", re.IGNORECASE)
_BEYOND_TRIPLES = re.compile(r"(?:FILTER|OPTIONAL|UNION|BIND|VALUES|GRAPH|MINUS|SERVICE)\b", re.IGNORECASE)
# What a number may stand in without being one, and then numbers.
_NUMBER = re.compile(
    r"""<[^<>\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
    r"""|\#[^\n]*|[?$@]\w+|[\w.-]*:[^\s;,]*|[^\W\d][\w-]*"""
    r"""|(?P<double>[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)|(?P<decimal>[+-]?\d*\.\d+)|(?P<integer>[+-]?\d+)""",
    re.DOTALL,
)
_UNKNOWN_PREFIX = re.compile(r"Unknown namespace prefix : (\S*)")


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
    known = {**(prefixes or {}), **dict(_PREFIX.findall(head))}
    used = {name: iri for name, iri in known.items() if f"{name}:" in text}
    return parse_body("\n" * head.count("\n") + text[len(head) :], used)


def _read(text: str, body: int) -> Pattern:
    with PARSING:
        return _parsed(text[:body] + _NUMBER.sub(_as_written, text[body:]), body)


def _as_written(found: re.Match[str]) -> str:
    """A bare number with its datatype where rdflib would spell it anew: ``01`` and ``1`` are different terms."""
    if found.lastgroup is None or re.fullmatch(r"-?(?:0|[1-9]\d*)", found[0]):
        return found[0]
    return f'"{found[0]}"^^<{XSD}{found.lastgroup}>'


def _parsed(text: str, body: int) -> Pattern:
    if not re.sub(r"#.*", "", text[body:]).strip(" .}\t\r\n"):
        raise PatternError("an empty graph pattern", text.count("\n", 0, body) + 1)
    try:
        nodes = _nodes(parseQuery(text))
    except ParseBaseException as error:
        raise _syntax_error(text, body, error) from None
    except Exception as error:  # rdflib raises bare Exception for a prefix nobody declared
        raise _prefix_error(text, error) from None
    triples = tuple(_triple(tuple(nodes[at : at + 3])) for at in range(0, len(nodes), 3))
    return Pattern(tuple(dict.fromkeys(triples)), dict(_PREFIX.findall(text[:body])))


def _nodes(query: ParseResults) -> list[Identifier]:
    """Subject, predicate, object of each triple in turn, prefixes resolved. rdflib's own translation would reorder
    the triples for evaluation."""
    prologue = translatePrologue(query[0], None)
    resolved: Any = traverse(query[1], visitPost=partial(translatePName, prologue=prologue))
    return [node for group in resolved.where.part[0].triples for node in group]


def _syntax_error(text: str, body: int, error: ParseBaseException) -> PatternError:
    """Say where the triples end: the grammar itself only says that this is no query."""
    try:
        stop = body + Located(TriplesTemplate).parse_string(text[body:])["locn_end"]
    except ParseBaseException as inner:
        stop = body + inner.loc if body < len(text) else error.loc
    rest = text[stop:].lstrip(" .\t\r\n")
    line = text.count("\n", 0, len(text) - len(rest)) + 1
    found = _BEYOND_TRIPLES.match(rest) or _BEYOND_TRIPLES.search(text[body:stop])
    if found or (rest.startswith("{") and (found := _BEYOND_TRIPLES.search(rest))):
        return PatternError(f"a graph pattern holds triples only, not {found[0].upper()}", line)
    shown = rest[:40].strip().split("\n", 1)[0]
    path = text[body:stop].rstrip().endswith(tuple("/|*+^")) or rest.startswith(tuple("/|*+^"))
    if path or re.match(r"[^.;,]*?(?:>|:[\w-]*)\s*[/|*+^]", rest.split("\n", 1)[0]):
        return PatternError(f"a property path near {shown!r}: write its triples out", line)
    return PatternError(f"not a triple: {shown!r}" if rest.strip(" }\n") else "an unfinished triple", line)


def _prefix_error(text: str, error: Exception) -> PatternError:
    found = _UNKNOWN_PREFIX.search(str(error))
    if not found:
        return PatternError(f"not a graph pattern: {error}")
    line = next((n for n, one in enumerate(text.splitlines(), 1) if f"{found[1]}:" in one), 1)
    return PatternError(f"the prefix {found[1]}: is not declared", line)


def _triple(triple: tuple[Identifier, ...]) -> Triple:
    s, p, o = map(_node, triple)
    return s, p, o


def _node(node: Identifier) -> str:
    if isinstance(node, Variable):
        return f"?{node}"
    if isinstance(node, BNode):
        raise PatternError("a blank node: give it a variable, a knowledge engine takes no blank nodes")
    if not isinstance(node, Identifier):
        raise PatternError("a property path: write its triples out, a knowledge engine takes no paths")
    return from_rdflib(node)


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
