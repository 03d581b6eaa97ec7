"""The tokens of a graph pattern, a query or Turtle: every character of the text belongs to one, or is a blank."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

Kind = Literal[
    "string",
    "placeholder",
    "iri",
    "odd_iri",
    "open_iri",
    "bare_iri",
    "variable",
    "blank",
    "directive",
    "language",
    "number",
    "name",
    "word",
    "sign",
    "open_string",
    "stray",
]
"""``odd_iri`` holds what an IRI cannot, ``open_iri`` and ``open_string`` are not closed, ``bare_iri`` has no brackets;
``placeholder`` is ``${…}`` of a template, ``directive`` Turtle's ``@prefix`` and ``@base``."""

_LOCAL: Final = r"(?:%[0-9A-Fa-f]{2}|\\[_~.\-!$&\"'()*+,;=/?\#@%])"
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>\s+|\#[^\n]*)
    | (?P<string>\"{{3}}(?:\"{{0,2}}(?:[^"\\]|\\.))*\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*'{{3}}
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<placeholder><?\$\{{[^}}\n]*\}}[^\s<>]*> | \$\{{[^}}\n]*\}})
    | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<odd_iri><[^\s<>=][^<>\n]*>)
    | (?P<open_iri><[A-Za-z][\w.-]*:[^\s<>]*)
    | (?P<bare_iri>https?://[^\s<>"{{}}|^`\\;,]*[^\s<>"{{}}|^`\\;,.])
    | (?P<variable>[?$][\w·]+)
    | (?P<blank>_:\w(?:[\w.·-]*[\w·-])?)
    | (?P<directive>@(?:prefix|base)\b)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>[+-]?(?:(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+))
    | (?P<name>(?:[^\W\d_](?:[\w.·-]*[\w·-])?)?:(?:(?:[\w:]|{_LOCAL})(?:(?:[\w.:·-]|{_LOCAL})*(?:[\w:·-]|{_LOCAL}))?)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|[.;,\[\](){{}}^/|*+?!=<>&@$-])
    | (?P<open_string>["'][^\n]*)
    | (?P<stray>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a text: ``start`` is its offset, counted from 0."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, which are given in capitals."""
        return self.kind == "word" and self.text.upper() in words


def tokens(text: str) -> list[Token]:
    """Every token of a text, in order; blanks and comments are none."""
    return [
        Token(found.lastgroup, found[0], found.start())  # type: ignore[arg-type]
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "space"
    ]
