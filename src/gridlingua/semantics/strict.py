"""Patterns by the grammar of SPARQL: the judge of what is a pattern, and of where a text ceases to be one."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from pyparsing import Located, ParseBaseException, ParseResults
from rdflib import BNode, Variable
from rdflib.plugins.sparql.algebra import translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import TriplesTemplate, parseQuery
from rdflib.term import Identifier

from gridlingua.semantics.grammar import PARSING
from gridlingua.semantics.patterns import PREFIX, Pattern, PatternError, Triple
from gridlingua.semantics.terms import XSD, from_rdflib

_BEYOND_TRIPLES = re.compile(r"(?:FILTER|OPTIONAL|UNION|BIND|VALUES|GRAPH|MINUS|SERVICE)\b", re.IGNORECASE)
_UNKNOWN_PREFIX = re.compile(r"Unknown namespace prefix : (\S*)")
# What a number may stand in without being one, and then numbers.
_NUMBER = re.compile(
    r"""<[^<>\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
    r"""|\#[^\n]*|[?$@]\w+|[\w.-]*:[^\s;,]*|[^\W\d][\w-]*"""
    r"""|(?P<double>[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)|(?P<decimal>[+-]?\d*\.\d+)|(?P<integer>[+-]?\d+)""",
    re.DOTALL,
)


def parse(text: str, body: int) -> Pattern:
    """Read ``PREFIX …  CONSTRUCT WHERE { triples }`` whose triples begin at an offset. Raises PatternError."""
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
    return Pattern(tuple(dict.fromkeys(triples)), dict(PREFIX.findall(text[:body])))


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
