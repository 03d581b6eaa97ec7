"""RDF terms as canonical text: what a knowledge engine carries is what we compute with.

A term is a string in the syntax of N-Triples: ``<iri>``, ``"text"``, ``"text"@en``, ``"1"^^<datatype>``; ``xsd:string``
is never written. Two terms are the same term when the strings are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rdflib import BNode, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Identifier

from gridlingua.errors import MessageError

Term = str
"""Canonical text of an RDF term."""

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
RDF_TYPE: Final = f"<{RDF}type>"

# Prefixes that the knowledge engine's term parser knows by itself (contract 2.2).
_PREDEFINED: Final = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "ex": "http://example.org/",
    "ns": "http://example.org/ns#",
    "afn": "http://jena.apache.org/ARQ/function#",
    "apf": "http://jena.apache.org/ARQ/procedure#",
    "list": "http://jena.apache.org/ARQ/list#",
    "": "http://example/",
}

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPABLE: Final = re.compile(r'[\\"\n\r\t\b\f]')
_UNESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_IRI: Final = re.compile(r"<([^\x00-\x20<>\"{}|^`\\]*)>")
_STRING: Final = re.compile(
    r'"""(?P<a>(?:"{0,2}(?:[^"\\]|\\.))*)"""'
    r"|'''(?P<b>(?:'{0,2}(?:[^'\\]|\\.))*)'''"
    r'|"(?P<c>(?:[^"\\\n\r]|\\.)*)"'
    r"|'(?P<d>(?:[^'\\\n\r]|\\.)*)'",
    re.DOTALL,
)
_LANGUAGE: Final = re.compile(r"@([A-Za-z]+(?:-[A-Za-z0-9]+)*)")
_NAME: Final = re.compile(r"([A-Za-z][\w.-]*)?:([\w.%-]*)")
_NUMBERS: Final = (
    (re.compile(r"[+-]?[0-9]+"), f"{XSD}integer"),
    (re.compile(r"[+-]?(?:[0-9]*\.[0-9]+|[0-9]+\.)"), f"{XSD}decimal"),
    (re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+"), f"{XSD}double"),
)
_CANONICAL_LITERAL: Final = re.compile(r'"((?:[^"\\\n\r]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?')


@dataclass(frozen=True)
class Literal:
    """A literal taken apart: lexical form, datatype IRI (``xsd:string`` when none was written), language tag."""

    lexical: str
    datatype: str
    language: str = ""


def iri(value: str) -> Term:
    """The term of an IRI; refuses characters that an IRI cannot hold."""
    term = f"<{value}>"
    if not _IRI.fullmatch(term):
        raise MessageError(f'{value!r} is not an IRI: it holds a blank, a control character or one of <>"{{}}|^`\\')
    return term


def literal(lexical: str, datatype: str = "", language: str = "") -> Term:
    """The term of a literal; ``datatype`` is an IRI, a plain string when absent."""
    text = _ESCAPABLE.sub(lambda found: _ESCAPES[found[0]], lexical) if _ESCAPABLE.search(lexical) else lexical
    if language:
        return f'"{text}"@{_spelt(language)}'
    if datatype and datatype != f"{XSD}string":
        return f'"{text}"^^<{datatype}>'
    return f'"{text}"'


def _spelt(language: str) -> str:
    """A language tag as RFC 5646 section 2.1.1 writes it: ``en``, ``en-GB``, ``zh-Hant-TW``, ``en-x-ab``."""
    first, *rest = language.lower().split("-")
    plain = next((at for at, part in enumerate([first, *rest]) if len(part) == 1), len(rest) + 1)
    return "-".join([first, *(_subtag(part) if at < plain else part for at, part in enumerate(rest, 1))])


def _subtag(part: str) -> str:
    return {2: part.upper(), 4: part.capitalize()}.get(len(part), part)


def is_iri(term: Term) -> bool:
    return term.startswith("<")


def split_iri(term: Term) -> str:
    """The IRI inside a term that is one."""
    return term[1:-1]


def split_literal(term: Term) -> Literal:
    """Lexical form, datatype and language of a canonical literal."""
    found = _CANONICAL_LITERAL.fullmatch(term)
    if not found:
        raise MessageError(f"{term} is not a literal")
    text, datatype, language = found.groups()
    lexical = _unescape(text) if "\\" in text else text
    if language:
        return Literal(lexical, f"{RDF}langString", language)
    return Literal(lexical, datatype or f"{XSD}string")


def parse(text: str, prefixes: dict[str, str] | None = None) -> Term:
    """The canonical form of a term in SPARQL syntax, as peers write it (contract 2.2).

    Reads ``<iri>``, the four kinds of quotes, language tags, datatypes, bare numbers and booleans, prefixed names and
    ``_:labels``. Raises MessageError for anything else: blanks around a term, a variable, a bare word, two terms.
    """
    if found := _IRI.match(text):
        if found.end() == len(text):
            return text
    elif found := _STRING.match(text):
        return _literal_with(
            _unescape(next(group for group in found.groups() if group is not None)), text[found.end() :], text, prefixes
        )
    elif text in ("true", "false"):
        return literal(text, f"{XSD}boolean")
    elif text.startswith("_:") and len(text) > 2 and re.fullmatch(r"_:[\w.-]+", text):
        return text
    else:
        for number, datatype in _NUMBERS:
            if number.fullmatch(text):
                return literal(text, datatype)
        if name := _prefixed(text, prefixes):
            return f"<{name}>"
    raise MessageError(
        f'{text!r} is not an RDF term: write an IRI as <https://…>, a text as "…", '
        'a typed value as "…"^^<datatype>, or a bare number or boolean'
    )


def _literal_with(lexical: str, rest: str, text: str, prefixes: dict[str, str] | None) -> Term:
    if not rest:
        return literal(lexical)
    if found := _LANGUAGE.fullmatch(rest):
        return literal(lexical, language=found[1])
    if rest.startswith("^^"):
        if found := _IRI.fullmatch(rest[2:]):
            return literal(lexical, found[1])
        if name := _prefixed(rest[2:], prefixes):
            return literal(lexical, name)
    raise MessageError(f"{text!r} is not an RDF term: what follows the quotes is neither ^^<datatype> nor @language")


def _prefixed(text: str, prefixes: dict[str, str] | None) -> str:
    found = _NAME.fullmatch(text)
    if not found:
        return ""
    known = _PREDEFINED if prefixes is None else prefixes
    base = known.get(found[1] or "")
    return base + found[2] if base is not None else ""


def _unescape(text: str) -> str:
    def char(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            point = int(code, 16)
            if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
                raise MessageError(f"{found[0]} is no character of Unicode")
            return chr(point)
        if found[3] not in _UNESCAPES:
            raise MessageError(f"\\{found[3]} is no escape of a quoted text")
        return _UNESCAPES[found[3]]

    return _ESCAPE.sub(char, text) if "\\" in text else text


def to_rdflib(term: Term) -> Identifier:
    """The same term as rdflib has it."""
    if term.startswith("<"):
        return URIRef(term[1:-1])
    if term.startswith("_:"):
        return BNode(term[2:])
    value = split_literal(term)
    if value.language:
        return RdfLiteral(value.lexical, lang=value.language)
    if value.datatype == f"{XSD}string":
        return RdfLiteral(value.lexical)
    return RdfLiteral(value.lexical, datatype=URIRef(value.datatype), normalize=False)


def from_rdflib(node: Identifier) -> Term:
    """The canonical text of an rdflib term."""
    if isinstance(node, RdfLiteral):
        return literal(str(node), str(node.datatype or ""), node.language or "")
    return f"_:{node}" if isinstance(node, BNode) else f"<{node}>"
