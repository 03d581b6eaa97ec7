"""Triples, read so that one fault does not hide the next."""

from __future__ import annotations

from typing import Final

from gridlingua.semantics.reading.cursor import BEYOND, IRIS, Cursor
from gridlingua.semantics.reading.nodes import Nodes
from gridlingua.semantics.reading.paths import Path, read_path
from gridlingua.semantics.reading.slips import Slip, excerpt
from gridlingua.semantics.reading.tokens import Token
from gridlingua.semantics.terms import RDF, RDF_TYPE

Places = tuple[int, int, int]
"""The offsets at which subject, predicate and object of a triple stand."""

Said = tuple[str, int]
"""A term or variable, and the offset at which it stands."""

_ENDS: Final = (".", "}", "]", ")", ";", ",", "")


class Statements:
    """Reads statements and keeps their triples, each once, with where they first stand."""

    def __init__(self, cursor: Cursor, nodes: Nodes) -> None:
        self.cursor = cursor
        self.nodes = nodes
        self.triples: dict[tuple[str, str, str], Places] = {}

    def statement(self) -> None:
        """Read a subject and all that is said of it, up to and including its dot; afterwards the next one may come."""
        cursor, start = self.cursor, self.cursor.start
        bracket = cursor.peek().is_sign("[")
        subject = self._node()
        if subject is None:
            self._unexpected("a statement begins with a variable or an IRI")
            return
        whole = bracket and cursor.peek().is_sign(".", "}")
        if not whole:
            whole = self._said_of(subject, start)
        if cursor.accept(".") or self._ended():
            return
        if whole:
            self._unfinished()
        elif not cursor.begins_line():
            cursor.skip_statement()

    def _ended(self) -> bool:
        """Whether a statement may end here without a dot."""
        token = self.cursor.peek()
        return self.cursor.done or token.is_sign("{", "}") or token.is_word(*BEYOND)

    def _unfinished(self) -> None:
        cursor = self.cursor
        if cursor.at_term() and not cursor.peek().is_sign("("):
            before = excerpt(cursor.last.text)
            self.nodes.slip(cursor.last.start, before, f"a dot is missing after {before}")
        else:
            self._unexpected("no triple goes on like this")

    def _unexpected(self, why: str) -> None:
        found = self.cursor.peek()
        rest = self.cursor.text[self.cursor.start :].split("\n", 1)[0]
        shown = excerpt(found.text if found.kind in ("stray", "open_string") else rest) or "the end"
        self.nodes.slip(self.cursor.start, shown, f"{_not_closed(found) or f'not a triple: {shown!r}: {why}'}")
        self.cursor.skip_statement()

    def _said_of(self, subject: Said, start: int, closing: str = "") -> bool:
        """What follows a subject: predicates and their objects, between semicolons. Whether the last one was whole."""
        cursor = self.cursor
        while True:
            begin = cursor.start
            path = self._verb(start)
            whole = path is not None and self._objects(subject, path, start, begin)
            if path is None:
                return False
            if cursor.accept(";"):
                while cursor.accept(";"):
                    pass
                if cursor.done or cursor.peek().is_sign(".", "}", closing or "."):
                    return whole
            elif not whole:
                return False
            elif cursor.peek().kind != "variable" and cursor.terms_ahead() == 2 and not cursor.peek().is_sign("[", "("):
                before = excerpt(cursor.last.text)
                self.nodes.slip(cursor.last.start, before, f"a semicolon is missing after {before}")
            else:
                return True

    def _verb(self, start: int) -> Path | None:
        """A predicate, or the path that stands for one; None where there is neither, which is noted."""
        cursor, token = self.cursor, self.cursor.peek()
        if token.kind == "variable":
            return Path(((self.nodes.plain(cursor.take()), False),))
        if token.kind in IRIS or token.text == "a" or token.is_sign("^", "!", "("):
            return read_path(cursor, self._iri)
        said = excerpt(cursor.since(start))
        if token.is_sign(*_ENDS) or cursor.done:
            self.nodes.slip(start, said, f"an unfinished triple: {said} has no predicate")
            return None
        if token.kind == "blank":
            self.nodes.blank(cursor.take(), f"{token.text} as a predicate")
            return Path(())
        if cursor.at_term() and not token.is_sign("["):
            shown = excerpt(cursor.take().text)
            self._suffix()
            self.nodes.slip(token.start, shown, f"{shown} cannot be a predicate: a predicate is an IRI or a variable")
            return Path(())
        if token.is_sign("-") and cursor.last.kind == "variable" and cursor.last.end == token.start:
            shown = cursor.since(cursor.last.start) + cursor.text[token.start :].split(None, 1)[0]
            self.nodes.slip(cursor.last.start, shown, f"{shown} is no variable: its name has letters, digits and _")
        elif _not_closed(token) or token.kind != "word":
            self.nodes.slip(token.start, token.text, _not_closed(token) or f"{token.text!r} cannot be a predicate")
        else:
            self.nodes.slip(token.start, token.text, f"{token.text!r} is no IRI: has it lost its prefix?")
            cursor.take()
            return Path(())
        return None

    def _iri(self) -> str:
        """The next token as a predicate; "" where it is none."""
        token = self.cursor.peek()
        if token.kind in IRIS:
            return self.nodes.iri(self.cursor.take())
        if token.text == "a":
            self.cursor.take()
            return RDF_TYPE
        return ""

    def _objects(self, subject: Said, path: Path, start: int, begin: int) -> bool:
        """The objects of a predicate, between commas. Whether all are there."""
        cursor, told = self.cursor, not path.text
        while True:
            value = self._node()
            if value is None:
                self._no_object(start)
                return False
            self._say(subject, path, value, begin)
            if not told:
                spelt = path.spelt_out(cursor.text[subject[1] :].split()[0], cursor.since(value[1]))
                self.nodes.slips.append(Slip("path", begin, excerpt(path.text), spelt))
                told = True
            if not cursor.accept(",") and not self._one_more():
                return True

    def _one_more(self) -> bool:
        """Whether a term follows that is all of a statement: an object, then, with nothing before it."""
        cursor = self.cursor
        if not cursor.at_term() or cursor.peek().is_sign("[", "(") or cursor.terms_ahead() != 1:
            return False
        before = excerpt(cursor.last.text)
        message = f"a dot, a semicolon or a comma is missing after {before}"
        self.nodes.slip(cursor.last.start, before, message)
        return True

    def _no_object(self, start: int) -> None:
        cursor, token = self.cursor, self.cursor.peek()
        if token.kind == "word" and not token.is_word(*BEYOND):
            cursor.take()
            message = f"{token.text!r} is no term: write an IRI, a prefixed name, or a text between quotes"
            self.nodes.slip(token.start, token.text, message)
        elif found := _not_closed(token):
            cursor.take()
            self.nodes.slip(token.start, token.text, found)
        else:
            said = excerpt(cursor.since(start))
            self.nodes.slip(cursor.last.start, said, f"an unfinished triple: {said} has no object")

    def _say(self, subject: Said, path: Path, value: Said, begin: int) -> None:
        """Keep the triples that a path leads along from a subject to an object."""
        here, steps = subject[0], path.steps
        if path.text and not steps:  # anything but a property
            steps = ((self.nodes.fresh("any"), False),)
        for number, (predicate, inverse) in enumerate(steps, 1):
            there = value[0] if number == len(steps) else self.nodes.fresh("step")
            left, right = (there, here) if inverse else (here, there)
            self.triples.setdefault((left, predicate, right), (subject[1], begin, value[1]))
            here = there

    def _node(self) -> Said | None:
        """A subject or object; None where there is none."""
        cursor, token = self.cursor, self.cursor.peek()
        if token.kind in IRIS:
            return self.nodes.iri(cursor.take()), token.start
        if token.kind == "string":
            return self._literal(cursor.take()), token.start
        if token.is_sign("["):
            return self._brackets()
        if token.is_sign("("):
            return self._list()
        found = self.nodes.plain(token)
        if found:
            cursor.take()
        return (found, token.start) if found else None

    def _literal(self, token: Token) -> str:
        datatype, language = self._suffix()
        return self.nodes.literal(token, datatype, language)

    def _suffix(self) -> tuple[str, str]:
        """What follows the quotes of a text: a datatype (a term), or a language tag."""
        cursor, before = self.cursor, self.cursor.last
        if cursor.peek().kind == "language":
            if cursor.start != before.end:
                self.nodes.slip(cursor.start, cursor.peek().text, f"no blank before {cursor.peek().text}")
            return "", cursor.take().text
        if not cursor.peek().is_sign("^^"):
            return "", ""
        caret = cursor.take()
        if caret.start != before.end or cursor.start != caret.end:
            self.nodes.slip(caret.start, "^^", "no blank around ^^: a datatype follows its text at once")
        if cursor.peek().kind in IRIS:
            at, datatype = cursor.start, self.nodes.iri(cursor.take())
            self.nodes.datatypes.setdefault(datatype, at)
            return datatype, ""
        self.nodes.slip(caret.start, "^^", "a datatype is missing after ^^")
        return "", ""

    def _brackets(self) -> Said:
        """A blank node in brackets, with what is said of it there."""
        cursor = self.cursor
        opening = cursor.take()
        node = self.nodes.blank(opening, "[ … ]"), opening.start
        if not cursor.peek().is_sign("]"):
            self._said_of(node, opening.start, "]")
        self._close(opening, "]")
        return node

    def _list(self) -> Said:
        """A list in parentheses; one that is empty is ``rdf:nil``."""
        cursor = self.cursor
        opening = cursor.take()
        if cursor.accept(")"):
            return f"<{RDF}nil>", opening.start
        head = here = self.nodes.blank(opening, "( … )"), opening.start
        while (value := self._node()) is not None:
            self._say(here, Path(((f"<{RDF}first>", False),)), value, value[1])
            if not cursor.at_term():
                break
            rest = self.nodes.fresh("rest"), value[1]
            self._say(here, Path(((f"<{RDF}rest>", False),)), rest, value[1])
            here = rest
        self._say(here, Path(((f"<{RDF}rest>", False),)), (f"<{RDF}nil>", cursor.start), cursor.start)
        self._close(opening, ")")
        return head

    def _close(self, opening: Token, closing: str) -> None:
        if not self.cursor.accept(closing):
            shown = excerpt(self.cursor.text[opening.start :].split("\n", 1)[0])
            self.nodes.slip(opening.start, shown, f"the {closing} that closes {shown!r} is missing")


def _not_closed(token: Token) -> str:
    if token.kind == "open_string":
        return f"the quotes that close {excerpt(token.text)} are missing"
    return f"{token.text!r} has no meaning here" if token.kind == "stray" else ""
