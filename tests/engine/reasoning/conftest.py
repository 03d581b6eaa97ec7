"""Patterns in the shorthand of the contract, and rules that bring prepared rows."""

from typing import Any

import pytest

from gridlingua.engine.bindings import value_key
from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import Interaction
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.engine.reasoning.scope import Directory, Scope
from gridlingua.semantics.patterns import Pattern, parse_body


def read(text: str) -> Pattern:
    """``?s p ?o . ?s q <c>``: bare words are IRIs below ``http://example.org/``."""
    return parse_body(" ".join(f"<http://example.org/{word}>" if word.isalpha() else word for word in text.split()))


def make(name: str, head: str | None, body: str | None = None) -> Rule:
    return Rule(name, read(body) if body else None, read(head) if head else None)


@pytest.fixture
def pattern() -> Any:
    return read


@pytest.fixture
def rule() -> Any:
    return make


class Meeting:
    """Interactions of others, and one initiator among them."""

    def __init__(self) -> None:
        self.directory = Directory(value_key)

    def add(self, name: str, kind: Any, text: str, result: str | None = None) -> None:
        made = Interaction(name, kind, read(text), read(result) if result else None)
        self.directory.add(Entry(name, f"http://ex.org/{name}", made))

    def initiator(self, kind: Any, text: str, result: str | None = None, own: tuple[Rule, ...] = ()) -> Any:
        asked = Interaction("q", kind, read(text), read(result) if result else None)
        return asked, Scope(self.directory, Entry("me/q", "http://ex.org/me", asked), frozenset(), own)


@pytest.fixture
def meeting() -> Meeting:
    return Meeting()
