"""Which patterns could cover a pattern, or a part of it, without looking at each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from gridlingua.semantics.matching import Key
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.terms import RDF_TYPE

_Entry = tuple[Hashable, Hashable]


class PatternIndex:
    """Patterns by the predicates they use, and by the classes where the predicate is rdf:type.

    Not thread-safe; its owner locks.
    """

    def __init__(self, key: Key) -> None:
        self._key = key
        self._names: dict[_Entry, set[str]] = {}
        self._all: Counter[str] = Counter()

    def add(self, name: str, pattern: Pattern) -> None:
        self._all[name] += 1
        for entry in self._entries(pattern):
            self._names.setdefault(entry, set()).add(name)

    def remove(self, name: str, pattern: Pattern) -> None:
        del self._all[name]
        for entry in self._entries(pattern):
            names = self._names.get(entry, set())
            names.discard(name)
            if not names:
                self._names.pop(entry, None)

    def covering(self, pattern: Pattern) -> frozenset[str]:
        """The names of patterns that have, for every triple of this one, a triple of a like predicate."""
        wanted = sorted((self._matching(triple) for triple in set(pattern.triples)), key=_size)
        found: set[str] | None = None
        for parts in wanted:
            found = set().union(*parts) if found is None else {n for n in found if any(n in part for part in parts)}
            if not found:
                break
        return frozenset(found or ())

    def touching(self, pattern: Pattern) -> frozenset[str]:
        """The names of patterns that have, for some triple of this one, a triple of a like predicate."""
        return frozenset(name for triple in set(pattern.triples) for part in self._matching(triple) for name in part)

    def _entries(self, pattern: Pattern) -> Iterator[_Entry]:
        for _, predicate, value in pattern.triples:
            if predicate.startswith("?"):
                yield (None, None)
            elif predicate == RDF_TYPE:
                yield (RDF_TYPE, None if value.startswith("?") else self._key(value))
            else:
                yield (self._key(predicate), None)

    def _matching(self, triple: Triple) -> list[set[str]]:
        _, predicate, value = triple
        if predicate.startswith("?"):
            return [set(self._all)]
        if predicate == RDF_TYPE and not value.startswith("?"):
            entries: list[_Entry] = [(None, None), (RDF_TYPE, None), (RDF_TYPE, self._key(value))]
        elif predicate == RDF_TYPE:
            return [names for (first, _), names in self._names.items() if first in (None, RDF_TYPE)]
        else:
            entries = [(None, None), (self._key(predicate), None)]
        return [self._names[entry] for entry in entries if entry in self._names]


def _size(parts: list[set[str]]) -> int:
    return sum(map(len, parts))
