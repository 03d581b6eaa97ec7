"""What a token stands for: a term, or a variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, count
from typing import Final
from urllib.parse import urljoin

from gridlingua.errors import MessageError
from gridlingua.semantics.reading.slips import Slip, excerpt
from gridlingua.semantics.reading.tokens import Token
from gridlingua.semantics.terms import XSD, iri, literal, parse

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPED: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")
_NOT_IN_IRI: Final = re.compile(r"[\x00-\x20\"{}|^`\\]")
_NOT_A_NAME: Final = re.compile(r"\W+")


class Nodes:
    """Reads tokens as terms and variables, and notes what is none of them.

    ``prefixes`` are declared, ``known`` those that everyone means alike. A blank node becomes a variable of its own:
    what a pattern says of it stays the same. In a ``graph`` blank nodes are no slip; nor are placeholders such as
    ``${UNIT}``, which become variables too, in a ``template``.
    """

    def __init__(
        self, text: str, known: Mapping[str, str], prefixes: Mapping[str, str], graph: bool, template: bool
    ) -> None:
        self.slips: list[Slip] = []
        self.prefixes: dict[str, str] = dict(prefixes)
        self.undeclared: set[str] = set()
        self.datatypes: dict[str, int] = {}
        self.base = ""
        self._known = known
        self._graph = graph
        self._template = template
        self._text = text
        self._blanks: dict[str, str] = {}
        self._invented: set[str] = set()

    def slip(self, start: int, text: str, message: str) -> None:
        """Note what keeps a triple from being read."""
        self.slips.append(Slip("unreadable", start, excerpt(text), message))

    def iri(self, token: Token) -> str:
        """The term of an IRI that is written out, or of a prefixed name."""
        if token.kind == "name":
            return self._name(token)
        if token.kind == "iri":
            value = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), token.text[1:-1])
            return self._whole(token, self.absolute(value))
        if token.kind == "odd_iri":
            message = f'{excerpt(token.text)} is no IRI: it holds a blank or one of "{{}}|^`\\'
            self.slip(token.start, token.text, message)
            return f"<{_NOT_IN_IRI.sub('', token.text[1:-1])}>"
        if token.kind == "open_iri":
            self.slip(token.start, token.text, f"the > of {excerpt(token.text)} is missing")
            return f"{token.text.rstrip('.;,')}>"
        self.slip(token.start, token.text, f"an IRI stands between < and >: <{token.text}>")
        return f"<{token.text}>"

    def absolute(self, value: str) -> str:
        """An IRI against the base, if there is one."""
        if not self.base or _SCHEME.match(value):
            return value
        try:
            end = "#" if value.endswith("#") else ""  # urljoin drops a fragment that is empty
            return urljoin(self.base, value).removesuffix(end) + end
        except ValueError:  # a host that is none
            return value

    def _whole(self, token: Token, value: str) -> str:
        try:
            return iri(value)
        except MessageError as error:
            self.slip(token.start, token.text, str(error))
            return token.text

    def _name(self, token: Token) -> str:
        prefix, _, written = token.text.partition(":")
        local = _LOCAL_ESCAPE.sub(r"\1", written)
        if prefix in self.prefixes:
            return f"<{self.prefixes[prefix]}{local}>"
        if prefix not in self.undeclared:
            self.undeclared.add(prefix)
            self.slips.append(Slip("prefix", token.start, f"{prefix}:", self._known.get(prefix, "")))
        return f"<{self._known[prefix]}{local}>" if prefix in self._known else f"<{token.text}>"

    def literal(self, token: Token, datatype: str = "", language: str = "") -> str:
        """The term of a string with a datatype (a term) or a language tag."""
        suffix = f"^^{datatype}" if datatype else language
        try:
            return parse(token.text + suffix)
        except MessageError as error:
            self.slip(token.start, token.text, str(error))
            return literal(token.text.strip("\"'"))

    def plain(self, token: Token) -> str:
        """The term of a number or a boolean, or the variable of a name, a placeholder or a blank node; "" for none."""
        if token.kind == "variable":
            return f"?{token.text[1:]}"
        if token.kind == "number":
            return literal(token.text, f"{XSD}{_datatype(token.text)}")
        if token.is_word("TRUE", "FALSE"):
            return literal(token.text.lower(), f"{XSD}boolean")
        if token.kind == "placeholder":
            return self._placeholder(token)
        return self.blank(token) if token.kind == "blank" else ""

    def _placeholder(self, token: Token) -> str:
        if not self._template:
            self.slip(token.start, token.text, f"{token.text} is a placeholder: a pattern holds terms and variables")
        return f"?{_NOT_A_NAME.sub('_', token.text).strip('_') or 'placeholder'}"

    def blank(self, token: Token, message: str = "") -> str:
        """The variable that stands for a blank node; one without a label is a new one each time."""
        label = token.text if token.kind == "blank" else ""
        if not label or label not in self._blanks:
            node = self.fresh(label[2:].replace("-", "_").replace(".", "_") or "node")
            self._blanks[label or node] = node
            if not self._graph:
                self.slips.append(Slip("blank_node", token.start, message or token.text, node))
            return node
        return self._blanks[label]

    def fresh(self, name: str) -> str:
        """A variable that the text does not use."""
        found = next(
            one
            for one in chain([name], (f"{name}_{number}" for number in count(2)))
            if one not in self._invented and not re.search(rf"[?$]{re.escape(one)}\b", self._text)
        )
        self._invented.add(found)
        return f"?{found}"


def _datatype(number: str) -> str:
    if "e" in number.lower():
        return "double"
    return "decimal" if "." in number else "integer"
