"""Where in the text of a file the nodes of its graph stand, so that a finding has a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Final
from urllib.parse import urljoin

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node

Place = tuple[int, int]
"""Line and column, counted from 1."""

# What Turtle, TriG, N-Triples and N-Quads are made of, as far as it takes to find the names in them.
_TOKEN: Final = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\s]*>)"""
    r"""|(?P<text>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|\#[^\n]*"""
    r"""|(?P<directive>@(?:prefix|base)\b|\b(?:PREFIX|BASE)\b(?=\s*(?:[\w.-]*:)?\s*<))"""
    r"""|(?P<blank>_:[\w.-]*\w)"""
    r"""|(?P<name>(?:\w[\w.-]*)?:(?:(?:[\w:%-]|\\.)(?:(?:[\w:%.-]|\\.)*(?:[\w:%-]|\\.))?)?)"""
    r"""|(?P<stop>[.{}](?!\d))""",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True)
class Places:
    """Where the names of a text first stand: ``subjects`` at the beginning of a statement, ``anywhere`` at all, and all
    places where ``said`` has one in the statements that another one begins."""

    text: str = field(repr=False)
    graph: Graph = field(repr=False)
    subjects: Mapping[str, int] = field(repr=False)
    anywhere: Mapping[str, int] = field(repr=False)
    said: Mapping[tuple[str, str], Sequence[int]] = field(repr=False)

    @classmethod
    def of(cls, text: str, graph: Graph, base: str) -> Places:
        """Look through a text whose triples are in the graph; ``base``: what relative IRIs are relative to."""
        subjects: dict[str, int] = {}
        anywhere: dict[str, int] = {}
        said: dict[tuple[str, str], list[int]] = {}
        leader = ""
        for iri, at, leads in _names(text, base):
            anywhere.setdefault(iri, at)
            if leads:
                subjects.setdefault(iri, at)
            leader = iri if leads else leader
            said.setdefault((leader, iri), []).append(at)
        return cls(text, graph, subjects, anywhere, said)

    def of_node(self, node: Node | None) -> Place:
        """Where a node stands, or what it hangs from; the first line where nothing of it can be found."""
        offset = next((at for one in self._around(node) if (at := self._offset(one)) is not None), None)
        return self._place(offset) if offset is not None else (1, 0)

    def of_triple(self, subject: Node, predicate: Node | None, value: Node | None) -> Place:
        """Where a value of a property of a node stands, where it can be told; else the node."""
        predicates = self.said.get((str(subject), str(predicate)), ())
        if predicate == RDF.type and str(subject) in self.subjects:  # Turtle writes it as a
            predicates = [self.subjects[str(subject)]]
        if value is None or not isinstance(subject, URIRef) or not predicates:
            return self.of_node(subject)
        after = ((one, self._value(str(subject), value, one)) for one in predicates)
        return self._place(min(((at - one, at) for one, at in after if at is not None), default=(0, predicates[0]))[1])

    def _value(self, subject: str, value: Node, start: int) -> int | None:
        """Where a value stands next after an offset: a name in the statements of its subject, a literal as it is
        written, or as rdflib would have it."""
        if isinstance(value, URIRef):
            return next((at for at in self.said.get((subject, str(value)), ()) if at > start), None)
        if not isinstance(value, Literal) or not str(value):
            return None
        said = str(value)
        forms = (f'"{said}"', f"'{said}'", f'"{said.removesuffix("+00:00")}Z"', said)
        return next((at for one in forms if (at := self.text.find(one, start)) >= 0), None)

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return (line, offset - self._starts[line - 1] + 1)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0))

    def _around(self, node: Node | None) -> Iterator[Node]:
        """The node; of one without a name those that it hangs from, and then what it says itself."""
        waiting, seen = [node] if node is not None else [], set[Node]()
        for one in waiting:
            if one in seen:
                continue
            seen.add(one)
            yield one
            if isinstance(one, BNode):
                waiting += sorted(self.graph.subjects(None, one), key=str)
        if isinstance(node, BNode):
            said = sorted((o for _, p, o in self.graph.triples((node, None, None))), key=str)
            yield from (one for one in said if isinstance(one, Literal) and self.text.count(str(one)) == 1)

    def _offset(self, node: Node) -> int | None:
        if isinstance(node, Literal):
            at = self.text.find(str(node)) if str(node) else -1
            return at if at >= 0 else None
        if not isinstance(node, URIRef):
            return None
        iri = str(node)
        found = self.subjects.get(iri, self.anywhere.get(iri))
        if found is not None:
            return found
        ends = (f'"{iri}"', f"'{iri}'", f'"{_local(iri)}"', f'"#{_local(iri)}"', f":{_local(iri)}")  # JSON-LD, RDF/XML
        return next((at for one in ends if _local(iri) and (at := self.text.find(one)) >= 0), None)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _names(text: str, base: str) -> Iterator[tuple[str, int, bool]]:
    """The IRIs that a text names, each with its offset and whether it leads a statement."""
    prefixes: dict[str, str] = {}
    leads, directive, named = True, "", ""
    for token in _TOKEN.finditer(text):
        kind, said = token.lastgroup, token.group()
        if kind == "directive":
            directive, named = said.lower().lstrip("@"), ""
        elif directive and kind == "name":
            named = said[:-1]
        elif directive and kind == "iri":
            iri = urljoin(base, said[1:-1])
            base = iri if directive == "base" else base
            if directive == "prefix":
                prefixes[named] = iri
            directive, leads = "", True
        elif kind == "stop":
            leads = True
        elif kind in {"iri", "name"}:
            prefix, _, local = said.partition(":")
            known = prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local) if kind == "name" else said[1:-1]
            yield (urljoin(base, known) if kind == "iri" else known), token.start(), leads
            leads = False
        elif kind is not None:
            leads = False
