"""Property paths, as far as they are triples: what a sequence leads along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gridlingua.semantics.reading.cursor import Cursor

Steps = tuple[tuple[str, bool], ...]
"""Predicates, in order; True for one that is walked from object to subject."""


@dataclass(frozen=True)
class Path:
    """A predicate, or the steps of a path; ``text`` is how a path is written, "" for a predicate.

    ``spelt`` holds the steps as the text writes them when they alone say what the path says.
    """

    steps: Steps
    text: str = ""
    spelt: tuple[tuple[str, bool], ...] = ()

    def spelt_out(self, subject: str, value: str) -> str:
        """The triples that say the same, or "" when no triples do."""
        said, here = [], subject
        for number, (predicate, inverse) in enumerate(self.spelt, 1):
            there = value if number == len(self.spelt) else f"?step{number}"
            said.append(f"{there} {predicate} {here}" if inverse else f"{here} {predicate} {there}")
            here = there
        return " . ".join(said)


@dataclass
class _Reading:
    """What is read of a path so far: whether it has an operator, and whether it is more than a sequence."""

    cursor: Cursor
    iri: Callable[[], str]
    operator: bool = False
    beyond: bool = False


def read_path(cursor: Cursor, iri: Callable[[], str]) -> Path:
    """Read a predicate or a path; ``iri`` takes the next token as a predicate, "" where it is none.

    Of alternatives only the first is kept, of a repeated step one, of a negated one nothing.
    """
    reading, start = _Reading(cursor, iri), cursor.start
    steps = _alternatives(reading)
    kept = tuple((predicate, inverse) for predicate, _, inverse in steps)
    if not reading.operator:
        return Path(kept)
    spelt = () if reading.beyond else tuple((text, inverse) for _, text, inverse in steps)
    return Path(kept, cursor.since(start), spelt)


_Written = list[tuple[str, str, bool]]


def _alternatives(reading: _Reading) -> _Written:
    steps = _sequence(reading)
    while reading.cursor.accept("|"):
        reading.operator = reading.beyond = True
        _sequence(reading)
    return steps


def _sequence(reading: _Reading) -> _Written:
    steps = _element(reading)
    while reading.cursor.accept("/"):
        reading.operator = True
        steps += _element(reading)
    return steps


def _element(reading: _Reading) -> _Written:
    cursor = reading.cursor
    if cursor.accept("^"):
        reading.operator = True
        return [(predicate, text, not inverse) for predicate, text, inverse in reversed(_element(reading))]
    if cursor.accept("!"):
        reading.operator = reading.beyond = True
        _element(reading)
        return []
    if cursor.accept("("):
        reading.operator = True
        steps = _alternatives(reading)
        cursor.accept(")")
    else:
        start = cursor.start
        predicate = reading.iri()
        steps = [(predicate, cursor.since(start), False)] if predicate else []
    while cursor.accept("*", "+", "?"):
        reading.operator = reading.beyond = True
    return steps
