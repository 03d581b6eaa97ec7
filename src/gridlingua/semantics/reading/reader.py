"""Reading a text of triples, however many faults it has."""

from __future__ import annotations

from collections.abc import Mapping

from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.reading.cursor import Cursor
from gridlingua.semantics.reading.groups import Groups
from gridlingua.semantics.reading.nodes import Nodes
from gridlingua.semantics.reading.script import Form, Script
from gridlingua.semantics.reading.slips import excerpt
from gridlingua.semantics.reading.tokens import Token, tokens

_QUERIES = ("SELECT", "ASK", "DESCRIBE", "CONSTRUCT", "INSERT", "DELETE")


def read(
    text: str,
    known: Mapping[str, str] | None = None,
    prefixes: Mapping[str, str] | None = None,
    *,
    graph: bool = False,
    template: bool = False,
) -> Script:
    """Read a pattern file, a bare body with or without PREFIX lines, a query, of which the WHERE is read, or, for a
    ``graph``, Turtle. In a ``template`` placeholders such as ``${UNIT}`` are variables.

    ``prefixes`` are declared outside of the text, ``known`` are what everyone means by a prefix that is declared
    nowhere: using one is a slip all the same. Where there is no slip, the pattern is the one that
    ``patterns.parse_file`` reads. Never raises.
    """
    found = tokens(text)
    reader = _Reader(text, found, Nodes(text, known or {}, prefixes or {}, graph, template), graph)
    try:
        form: Form = reader.read()
    except RecursionError:
        form = "body"
        reader.nodes.slip(0, "", "the brackets are nested too deeply")
    nodes = reader.nodes
    triples = reader.groups.statements.triples
    return Script(
        text=text,
        form=form,
        pattern=Pattern(tuple(triples), {**(prefixes or {}), **nodes.prefixes}),
        slips=tuple(sorted(nodes.slips, key=lambda slip: slip.start)),
        places=triples,
        datatypes=nodes.datatypes,
        declared=reader.declared,
        undeclared=frozenset(nodes.undeclared),
    )


class _Reader:
    def __init__(self, text: str, found: list[Token], nodes: Nodes, graph: bool) -> None:
        self.cursor = Cursor(text, found)
        self.nodes = nodes
        self.groups = Groups(self.cursor, nodes)
        self.declared: dict[str, int] = {}
        self._graph = graph

    def read(self) -> Form:
        """Read everything; what the text is."""
        while self._declaration():
            pass
        if self._graph:
            self._turtle()
            return "graph"
        form = self._opening()
        self.groups.inside()
        self._closing(form)
        if not self.groups.statements.triples and not self.nodes.slips:
            self.nodes.slip(0, "", "an empty graph pattern")
        return form

    def _declaration(self) -> bool:
        """Read one PREFIX or BASE, in either spelling; whether there was one."""
        cursor, token = self.cursor, self.cursor.peek()
        directive = token.kind == "directive"
        if not directive and not token.is_word("PREFIX", "BASE"):
            return False
        cursor.take()
        name = token.text.lstrip("@").upper()
        if directive and not self._graph:
            self.nodes.slip(token.start, token.text, f"{token.text} … . is Turtle: a pattern says {name} without a dot")
        problem = self._prefix() if name == "PREFIX" else self._base()
        if problem:
            self.nodes.slip(token.start, excerpt(cursor.since(token.start)), problem)
        if directive and not cursor.accept(".") and self._graph:
            self.nodes.slip(token.start, token.text, f"{token.text} ends with a dot")
        return True

    def _prefix(self) -> str:
        """The rest of a declaration; what is wrong with it."""
        cursor, token = self.cursor, self.cursor.peek()
        prefix, _, rest = token.text.partition(":")
        if token.kind not in ("name", "word") or rest:
            return "a declaration is PREFIX name: <namespace>"
        cursor.take()
        colon = token.kind == "name"
        if cursor.peek().kind not in ("iri", "odd_iri", "bare_iri", "open_iri"):
            return f"the namespace of {prefix}: is missing: PREFIX {prefix}: <https://…>"
        namespace = self.nodes.iri(cursor.take())[1:-1]
        self.nodes.prefixes[prefix] = namespace
        self.declared[prefix] = token.start
        return "" if colon else f"the colon after {prefix} is missing: PREFIX {prefix}: <{namespace}>"

    def _base(self) -> str:
        if self.cursor.peek().kind != "iri":
            return "a declaration is BASE <https://…>"
        self.nodes.base = self.nodes.absolute(self.cursor.take().text[1:-1])
        return ""

    def _opening(self) -> Form:
        """Go to where the triples begin."""
        cursor, token = self.cursor, self.cursor.peek()
        if not token.is_word(*_QUERIES):
            return "body"
        cursor.take()
        if token.is_word("CONSTRUCT") and cursor.peek().is_word("WHERE") and cursor.peek(1).is_sign("{"):
            cursor.take()
            cursor.take()
            return "pattern"
        if token.is_word("CONSTRUCT", "INSERT", "DELETE") and cursor.peek().is_sign("{"):
            cursor.skip_balanced()
        while not cursor.done and not cursor.accept("{"):
            cursor.take()
        return "query"

    def _closing(self, form: Form) -> None:
        cursor = self.cursor
        if form == "body":
            while not cursor.done:
                self.nodes.slip(cursor.start, cursor.take().text, "this } closes nothing")
                self.groups.inside()
            return
        if not cursor.accept("}"):
            self.nodes.slip(max(cursor.last.start, 0), excerpt(cursor.last.text), "the } at the end is missing")
        elif form == "pattern" and not cursor.done:
            shown = excerpt(cursor.text[cursor.start :])
            self.nodes.slip(cursor.start, shown, f"{shown!r} stands after the end of the pattern")

    def _turtle(self) -> None:
        cursor = self.cursor
        while not cursor.done:
            if self._declaration():
                continue
            if cursor.peek().is_sign("{", "}"):
                self.nodes.slip(cursor.start, cursor.take().text, "Turtle has no braces")
            elif not cursor.accept("."):
                self.groups.statements.statement()
