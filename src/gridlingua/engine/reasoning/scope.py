"""The rules there are, found by what they bring and take, and those of them that one initiator may use."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from gridlingua.engine.entries import Entry
from gridlingua.engine.purposes import compatible
from gridlingua.engine.reasoning.index import PatternIndex
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.semantics.matching import Key
from gridlingua.semantics.patterns import Pattern


class Directory:
    """The rules of everybody's answer and react interactions. Thread-safe."""

    def __init__(self, key: Key) -> None:
        self._lock = threading.Lock()
        self._rules: dict[str, Rule] = {}
        self._heads = PatternIndex(key)
        self._bodies = PatternIndex(key)

    def add(self, entry: Entry) -> None:
        rule = Rule.of(entry)
        with self._lock:
            self._rules[entry.id] = rule
            if rule.head is not None:
                self._heads.add(rule.name, rule.head)
            if rule.body is not None:
                self._bodies.add(rule.name, rule.body)

    def remove(self, entry: Entry) -> None:
        with self._lock:
            rule = self._rules.pop(entry.id)
            if rule.head is not None:
                self._heads.remove(rule.name, rule.head)
            if rule.body is not None:
                self._bodies.remove(rule.name, rule.body)

    def heads(self, pattern: Pattern, *, whole: bool) -> list[Rule]:
        """Rules whose head may bring triples of a pattern; ``whole``: all of them."""
        return self._found(self._heads, pattern, whole)

    def bodies(self, pattern: Pattern, *, whole: bool) -> list[Rule]:
        """Rules whose body may take triples of a pattern; ``whole``: all of them."""
        return self._found(self._bodies, pattern, whole)

    def _found(self, index: PatternIndex, pattern: Pattern, whole: bool) -> list[Rule]:
        with self._lock:
            names = index.covering(pattern) if whole else index.touching(pattern)
            return [self._rules[name] for name in sorted(names)]


class Scope:
    """What an initiator may use (contract 4.1): rules of other knowledge bases, of the ``recipients`` if there are
    any, that were meant to talk with it; and ``own``, what it brings along."""

    def __init__(self, directory: Directory, initiator: Entry, recipients: frozenset[str], own: Sequence[Rule]) -> None:
        self._directory = directory
        self._initiator = initiator
        self._recipients = recipients
        self._own = own

    def heads(self, pattern: Pattern, *, whole: bool) -> list[Rule]:
        """Rules whose head may bring triples of a pattern; ``whole``: all of them."""
        own = [rule for rule in self._own if rule.head is not None and (rule.entry is None or self._may_use(rule))]
        return [*filter(self._may_use, self._directory.heads(pattern, whole=whole)), *own]

    def bodies(self, pattern: Pattern, *, whole: bool) -> list[Rule]:
        """Rules whose body may take triples of a pattern; ``whole``: all of them."""
        own = [rule for rule in self._own if rule.body is not None]
        return [*filter(self._may_use, self._directory.bodies(pattern, whole=whole)), *own]

    def _may_use(self, rule: Rule) -> bool:
        entry = rule.entry
        return (
            entry is not None
            and entry.knowledge_base != self._initiator.knowledge_base
            and (not self._recipients or entry.knowledge_base in self._recipients)
            and compatible(self._initiator.interaction, entry.interaction)
        )
