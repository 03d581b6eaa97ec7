"""Domain knowledge: facts and rules that a knowledge base reasons with, in Jena's rule text (contract 5.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gridlingua.engine.errors import KnowledgeError
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.errors import MessageError
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.rows import project
from gridlingua.semantics.terms import OWL, RDF, RDFS, XSD, iri, literal, parse

_TOKEN: Final = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*|//[^\n]*)
    |(?P<directive>@\w+)
    |(?P<iri><[^<>\s]*>)
    |(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")(?P<type>\^\^(?:<[^<>\s]*>|[\w-]*:[\w.-]+))?(?P<language>@[A-Za-z-]+)?
    |(?P<arrow>->|<-)
    |(?P<number>[+-]?\d+(?:\.\d+)?(?![\w:]))
    |(?P<variable>\?[\w-]+)
    |(?P<prefix>[\w-]*:(?![\w./]))
    |(?P<name>[\w-]*:[\w./\#-]*[\w/\#-])
    |(?P<word>\w[\w-]*)
    |(?P<mark>[][(),.])""",
    re.VERBOSE,
)
_PREFIXES: Final = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD}
_FACTS: Final = Pattern((("?s", "?p", "?o"),))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int
    type: str = ""


def read_knowledge(text: str) -> tuple[Rule, ...]:
    """The rules of a text: those with a body, and all facts as one.

    ``[name: (?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device)]``, the name and the brackets may be left out, a dot
    may end a rule, ``<-`` has the body on its right; ``-> (s p o)`` is a fact. Raises KnowledgeError with the line for
    what does not read, built-ins, a fact with a variable, and a head whose variable is not in the body.
    """
    reader = _Reader(list(_tokens(text)))
    rules: list[Rule] = []
    facts: list[Triple] = []
    for number, (name, body, head) in enumerate(reader.rules(), 1):
        if body:
            rules.append(_rule(f"domain rule {number} {name}".strip(), Pattern(tuple(body)), Pattern(tuple(head))))
        else:
            facts += head
    if facts:
        rows = [dict(zip("spo", fact, strict=True)) for fact in dict.fromkeys(facts)]
        rules.append(Rule("domain facts", None, _FACTS, compute=lambda _: rows))
    return tuple(rules)


def _rule(name: str, body: Pattern, head: Pattern) -> Rule:
    return Rule(name, body, head, compute=lambda rows: project(rows, head.variables))


def _tokens(text: str) -> Iterator[_Token]:
    position, line = 0, 1
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise KnowledgeError(line, f"{text[position : position + 20].split()[0]!r} is not part of a rule")
        position = found.end()
        kind = next(kind for kind, value in found.groupdict().items() if value is not None)
        if found["language"]:
            raise KnowledgeError(line, f"{found[0]} has a language tag: rules take none")
        if kind != "blank":
            yield _Token(kind, found["text"] or found[0], line, found["type"] or "")
        line += found[0].count("\n")


class _Reader:
    """Reads rules off tokens."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._prefixes = dict(_PREFIXES)

    def rules(self) -> Iterator[tuple[str, list[Triple], list[Triple]]]:
        """Name, body and head of each."""
        while self._at < len(self._tokens):
            if self._next().kind == "directive":
                self._directive()
            elif self._is("."):
                self._take()
            else:
                yield self._rule()

    def _directive(self) -> None:
        token = self._take()
        if token.text != "@prefix":
            raise KnowledgeError(token.line, f"{token.text} is not understood: only @prefix is")
        prefix = self._expect("prefix", "a prefix with its colon")
        namespace = self._expect("iri", "an IRI as <https://…>")
        self._prefixes[prefix.text[:-1]] = namespace.text[1:-1]

    def _rule(self) -> tuple[str, list[Triple], list[Triple]]:
        bracket = self._is("[") and self._take()
        name = self._take().text[:-1] if bracket and self._next().kind == "prefix" else ""
        line = self._next().line
        left = self._triples()
        arrow = self._expect("arrow", "-> or <-")
        right = self._triples()
        if bracket and not self._is("]"):
            raise self._missing("]")
        if bracket:
            self._take()
        body, head = (left, right) if arrow.text == "->" else (right, left)
        _check(line, body, head)
        return name, body, head

    def _triples(self) -> list[Triple]:
        found = []
        while self._at < len(self._tokens):
            if self._is("("):
                found.append(self._triple())
            elif self._is(","):
                self._take()
            elif self._next().kind in ("word", "name") and self._is("(", 1):
                raise KnowledgeError(
                    self._next().line, f"{self._next().text}(…) is a built-in: rules take triples only"
                )
            else:
                break
        return found

    def _triple(self) -> Triple:
        line = self._take().line
        nodes = []
        while not self._is(")"):
            if self._is(","):
                self._take()
            else:
                nodes.append(self._node())
        self._take()
        if len(nodes) != 3:
            raise KnowledgeError(line, f"a triple has a subject, a predicate and an object, not {len(nodes)} nodes")
        return nodes[0], nodes[1], nodes[2]

    def _node(self) -> str:
        token = self._take()
        readers: dict[str, Callable[[_Token], str]] = {
            "iri": lambda one: one.text,
            "variable": lambda one: one.text,
            "name": self._name,
            "text": self._literal,
            "number": lambda one: parse(one.text) if "." in one.text else literal(one.text, f"{XSD}int"),
        }
        read = readers.get(token.kind)
        if read is None:
            raise KnowledgeError(token.line, f"{token.text!r} is no node: write ?variable, <iri>, p:name, 'text' or 7")
        try:
            return read(token)
        except MessageError as error:
            raise KnowledgeError(token.line, str(error)) from None

    def _name(self, token: _Token) -> str:
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes:
            raise KnowledgeError(token.line, f"the prefix {prefix}: is not declared")
        return iri(self._prefixes[prefix] + local)

    def _literal(self, token: _Token) -> str:
        datatype = token.type[2:]
        if datatype and not datatype.startswith("<"):
            datatype = self._name(_Token("name", datatype, token.line))
        return parse(token.text + (f"^^{datatype}" if datatype else ""))

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            raise self._missing("a rule")
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next()
        self._at += 1
        return token

    def _is(self, mark: str, ahead: int = 0) -> bool:
        at = self._at + ahead
        return at < len(self._tokens) and self._tokens[at].kind == "mark" and self._tokens[at].text == mark

    def _expect(self, kind: str, what: str) -> _Token:
        if self._at >= len(self._tokens) or self._next().kind != kind:
            raise self._missing(what)
        return self._take()

    def _missing(self, what: str) -> KnowledgeError:
        if self._at < len(self._tokens):
            return KnowledgeError(self._next().line, f"{what} is expected, not {self._next().text!r}")
        return KnowledgeError(self._tokens[-1].line, f"{what} is expected, not the end")


def _check(line: int, body: Sequence[Triple], head: Sequence[Triple]) -> None:
    if not head:
        raise KnowledgeError(line, "a rule has at least one triple in its head")
    known = {node for triple in body for node in triple}
    for node in (node for triple in head for node in triple if node[0] == "?"):
        if node not in known:
            where = "its body does not have: nothing could bind it" if body else "a fact cannot have"
            raise KnowledgeError(line, f"the head has the variable {node}, which {where}")
