"""The graph that rows mean, as Turtle to read beside its pattern, in which each term knows its variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import RDF_TYPE, Term

_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_RELATIVE: Final = re.compile(r"[A-Za-z0-9_~-][^:?#]*(?:/[^?#]*)?")


@dataclass(frozen=True)
class Piece:
    """A piece of the text; ``variable`` and ``term`` where it stands for a variable of the pattern."""

    text: str
    variable: str = ""
    term: Term = ""


_Node = tuple[Term, str]
_Statements = dict[_Node, dict[_Node, dict[_Node, None]]]


def turtle(pattern: Pattern, rows: Sequence[Row], prefixes: Mapping[str, str], base: str, most: int) -> list[Piece]:
    """The triples that the rows bind, subjects in the order of rows and pattern, the first ``most`` of them.

    ``base`` is the beginning of minted IRIs, which are written relative to it. Parsing the text gives the graph of
    ``patterns.instantiate``, as far as it goes.
    """
    statements, count = _statements(pattern, rows, most)
    body = list(_Writer({**prefixes, **pattern.prefixes}, base).write(statements))
    if count > most:
        body.append(Piece(f"# … and {count - most} more triples\n"))
    return body


def _statements(pattern: Pattern, rows: Sequence[Row], most: int) -> tuple[_Statements, int]:
    found: _Statements = {}
    subjects: dict[Term, _Node] = {}
    seen: set[tuple[Term, ...]] = set()
    for row in rows:
        for triple in pattern.triples:
            nodes = [(row.get(one[1:], ""), one[1:]) if one[0] == "?" else (one, "") for one in triple]
            terms = tuple(term for term, _ in nodes)
            if "" in terms or terms in seen:
                continue
            seen.add(terms)
            if len(seen) <= most:
                subject = subjects.setdefault(terms[0], nodes[0])
                found.setdefault(subject, {}).setdefault(nodes[1], {})[nodes[2]] = None
    return found, len(seen)


class _Writer:
    """Writes statements; the prefixes that they use come first."""

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        self._namespaces = sorted(prefixes.items(), key=lambda one: -len(one[1]))
        self._base = base
        self._used: dict[str, str] = {}

    def write(self, statements: _Statements) -> Iterator[Piece]:
        body = [piece for subject, said in statements.items() for piece in self._subject(subject, said)]
        yield Piece(f"@base <{self._base}> .\n")
        yield from (Piece(f"@prefix {name}: <{self._used[name]}> .\n") for name in sorted(self._used))
        yield from body

    def _subject(self, subject: _Node, said: Mapping[_Node, Mapping[_Node, None]]) -> Iterator[Piece]:
        yield Piece("\n")
        yield self._piece(subject)
        for number, (predicate, values) in enumerate(said.items()):
            yield Piece(" ;\n    " if number else " ")
            yield Piece("a") if predicate[0] == RDF_TYPE else self._piece(predicate)
            for position, value in enumerate(values):
                yield Piece(", " if position else " ")
                yield self._piece(value)
        yield Piece(" .\n")

    def _piece(self, node: _Node) -> Piece:
        term, variable = node
        return Piece(self._written(term), variable, term if variable else "")

    def _written(self, term: Term) -> str:
        if term.startswith("<"):
            return self._iri(term[1:-1])
        value, caret, datatype = term.rpartition("^^")
        return f"{value}^^{self._iri(datatype[1:-1])}" if caret else term

    def _iri(self, iri: str) -> str:
        for name, namespace in self._namespaces:
            if namespace and iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self._used[name] = namespace
                return f"{name}:{iri[len(namespace) :]}"
        rest = iri.removeprefix(self._base)
        return f"<{rest}>" if rest != iri and _RELATIVE.fullmatch(rest) and "/." not in rest else f"<{iri}>"
