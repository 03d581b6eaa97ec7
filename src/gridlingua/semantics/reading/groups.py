"""What stands between braces: statements, and the blocks that are no triples."""

from __future__ import annotations

from typing import Final

from gridlingua.semantics.reading.cursor import BEYOND, Cursor
from gridlingua.semantics.reading.nodes import Nodes
from gridlingua.semantics.reading.slips import Slip, excerpt
from gridlingua.semantics.reading.statements import Statements
from gridlingua.semantics.reading.tokens import Token

_EXPRESSIONS: Final = ("FILTER", "BIND", "VALUES")


class Groups:
    """Reads a group and the groups in it; their triples are kept, whatever the group means."""

    def __init__(self, cursor: Cursor, nodes: Nodes) -> None:
        self.cursor = cursor
        self.nodes = nodes
        self.statements = Statements(cursor, nodes)

    def inside(self) -> None:
        """Read up to a closing brace, or to the end."""
        cursor, dotted = self.cursor, True
        while not cursor.done and not cursor.peek().is_sign("}"):
            token = cursor.peek()
            if token.is_sign("."):
                if dotted:
                    self.nodes.slip(token.start, ".", "a dot that ends no triple")
                cursor.take()
                dotted = True
            elif token.is_sign("{"):
                self._braces()
                dotted = False
            elif token.is_word(*BEYOND):
                self._block(cursor.take())
                dotted = False
            else:
                self.statements.statement()
                dotted = cursor.last.is_sign(".")

    def _braces(self) -> None:
        start = self.cursor.start
        self._group()
        if self.cursor.peek().is_word("UNION"):
            return
        if not self.nodes.slips or self.nodes.slips[-1].text != "UNION":
            self._beyond(start, "{ … }")

    def _group(self) -> None:
        opening = self.cursor.take()
        self.inside()
        if not self.cursor.accept("}"):
            self.nodes.slip(opening.start, "{", "the } that closes this { is missing")

    def _block(self, keyword: Token) -> None:
        cursor, name = self.cursor, keyword.text.upper()
        if name in _EXPRESSIONS:
            self._expression(name)
            self._beyond(keyword.start, cursor.since(keyword.start))
            return
        self._beyond(keyword.start, name)
        if name == "SELECT":
            while not cursor.done and not cursor.peek().is_sign("{", "}"):
                cursor.take()
        elif name in ("GRAPH", "SERVICE"):
            if cursor.peek().is_word("SILENT"):
                cursor.take()
            cursor.take()
        if cursor.peek().is_sign("{"):
            self._group()

    def _expression(self, name: str) -> None:
        """Go past what a FILTER, BIND or VALUES says."""
        cursor = self.cursor
        while cursor.peek().is_word("NOT", "EXISTS"):
            cursor.take()
        if cursor.peek().kind in ("word", "iri", "name", "variable") and not cursor.begins_line():
            cursor.take()
        if cursor.peek().is_sign("(", "{"):
            cursor.skip_balanced()
        if name == "VALUES" and cursor.peek().is_sign("{"):
            cursor.skip_balanced()

    def _beyond(self, start: int, text: str) -> None:
        self.nodes.slips.append(Slip("filter", start, excerpt(text)))
