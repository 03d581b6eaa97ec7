"""Binding sets as the network judges them (contract 2): terms, values, completeness, what an answer may say."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from gridlingua.engine.errors import AnswerError, RowsError, TermError
from gridlingua.engine.protocol import Interaction
from gridlingua.errors import MessageError
from gridlingua.semantics.matching import Key
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows, distinct, values_of
from gridlingua.semantics.terms import XSD, Term, parse, split_literal

_DERIVED: Final = """
    decimal integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger
    unsignedLong unsignedInt unsignedShort unsignedByte
"""
_DECIMALS: Final = frozenset(XSD + name for name in _DERIVED.split())
# Most terms come as they go: no escapes, no control characters, no xsd:string.
_CANONICAL: Final = re.compile(
    r"<[^\x00-\x20<>\"{}|^`\\]*>"
    r'|"[^"\\\x00-\x1f]*"'
    r"(?:\^\^<(?!http://www\.w3\.org/2001/XMLSchema#string>)[^\x00-\x20<>\"{}|^`\\]+>|@[a-z]+(?:-[A-Z]{2})?)?"
)
_TIMES: Final = frozenset((f"{XSD}dateTime", f"{XSD}dateTimeStamp"))


def value_key(term: Term) -> Hashable:
    """What terms of the same value share, as runtime 1.5.0 compares them (contract 2.6): numbers derived from decimal
    by value, doubles and floats among themselves, instants, languages without case; any other term by itself."""
    if not term.startswith('"') or term.endswith('"'):
        return term
    literal = split_literal(term)
    if literal.language:
        return (literal.lexical, literal.language.lower())
    try:
        return _typed_value(literal.lexical, literal.datatype) or term
    except (ValueError, ArithmeticError):
        return term


def _typed_value(lexical: str, datatype: str) -> Hashable:
    if datatype in _DECIMALS:
        return ("number", Decimal(lexical)) if _is_plain(lexical) else None
    if datatype in (f"{XSD}double", f"{XSD}float"):
        value = float(lexical)
        return None if math.isnan(value) else (datatype, value)  # NaN equals nothing, the term equals itself
    if datatype in _TIMES:
        moment = datetime.fromisoformat(lexical)
        return ("instant", moment.astimezone(UTC)) if moment.tzinfo else ("local time", moment)
    if datatype == f"{XSD}boolean":
        return (datatype, {"1": "true", "0": "false"}.get(lexical, lexical))
    return None


def _is_plain(lexical: str) -> bool:
    return not lexical.strip("+-.0123456789")


@dataclass(frozen=True)
class _Group:
    """Rows that bind the same variables: their ``values``, as they are ``spelled`` and by what makes them ``equal``."""

    values: Callable[[Row], tuple[Term, ...]]
    spelled: set[tuple[Term, ...]]
    equal: set[tuple[Hashable, ...]]

    def admits(self, row: Row, key: Key) -> bool:
        try:
            found = self.values(row)
        except KeyError:
            return False
        # who echoes what it was asked with, as it should, spares us the values
        return found in self.spelled or tuple(map(key, found)) in self.equal


@dataclass(frozen=True)
class Restriction:
    """What a set of partial rows admits: the rows that extend at least one of them. No rows admit nothing."""

    groups: tuple[_Group, ...]
    key: Key

    @classmethod
    def of(cls, rows: Iterable[Row], key: Key) -> Restriction:
        """Index rows by the variables they bind, so that a check does not depend on how many they are."""
        groups: dict[tuple[str, ...], _Group] = {}
        for row in rows:
            names = tuple(sorted(row))
            group = groups.get(names) or groups.setdefault(names, _Group(values_of(names), set(), set()))
            values = group.values(row)
            group.spelled.add(values)
            group.equal.add(tuple(map(key, values)))
        return cls(tuple(groups.values()), key)

    @property
    def is_open(self) -> bool:
        """Whether it admits every row."""
        return any(() in group.spelled for group in self.groups)

    def admits(self, row: Row) -> bool:
        return any(group.admits(row, self.key) for group in self.groups)

    def filter(self, rows: Sequence[Row]) -> Rows:
        """The rows that it admits."""
        return list(rows) if self.is_open else [row for row in rows if self.admits(row)]


def canonical_rows(rows: Iterable[Mapping[str, Any]], keep: Iterable[str] | None = None) -> Rows:
    """Rows as peers send them, in canonical terms and without repetition (contract 2.2).

    Only variables of ``keep`` stay. Raises RowsError in the words of contract 1.10, TermError for a value that does
    not read as a term.
    """
    given = list(rows)
    if None in given:
        raise RowsError("Bindings must be non-null.")
    respelled = _respelled(given)
    found: Rows = [{name: respelled.get(v, v) for name, v in row.items()} if respelled else dict(row) for row in given]
    if keep is not None:
        wanted = frozenset(keep)
        found = [row if wanted.issuperset(row) else {n: row[n] for n in row if n in wanted} for row in found]
    return distinct(found)


def _respelled(rows: Sequence[Mapping[str, Any]]) -> dict[str, Term]:
    """The values that are not in canonical terms, with the term of each; every name and value is looked at once."""
    try:
        values = dict.fromkeys(chain.from_iterable(row.values() for row in rows))
    except TypeError:  # a list or an object has no hash
        raise TermError("Binding values should be texts that hold RDF terms, not lists or objects.") from None
    if None in values:
        raise RowsError("Variable values should not be null and follow SPARQL literal/iri syntax.")
    if any(name[:1] == "?" for name in dict.fromkeys(chain.from_iterable(rows))):
        raise RowsError("Variable names should not be null or start with a question mark.")
    return {v: _read(v) for v in values if not isinstance(v, str) or not _CANONICAL.fullmatch(v)}


def _read(value: Any) -> Term:
    if not isinstance(value, str):
        raise TermError(f"{value!r} is not an RDF term, it is not even a text.")
    if value.startswith("?"):
        raise RowsError("Binding values should be concrete nodes (either RDF literals or RDF URIs).")
    try:
        return parse(value)
    except MessageError as error:
        raise TermError("; ".join(fault.message for fault in error.faults)) from None


def check_complete(rows: Sequence[Row], interaction: Interaction, mark: str = "?") -> None:
    """Every row binds exactly the variables of what the interaction answers with (contract 2.3), else AnswerError,
    which writes variables after ``mark``."""
    pattern = interaction.pattern if interaction.kind == "answer" else interaction.result
    if pattern is None:
        if rows:
            raise AnswerError("Bindings must be empty when the graph pattern is missing.")
        return
    names = frozenset(pattern.variables)
    for row in rows:
        if row.keys() != names:
            raise AnswerError(_incomplete(row, pattern, mark))


def _incomplete(row: Row, pattern: Pattern, mark: str) -> str:
    for name in row:
        if name not in pattern.variables:
            return (
                f"Given binding set uses key '{mark}{name}', but this does not occur as a variable "
                f"in graph pattern '{short_form(pattern)}'."
            )
    missing = ", ".join(f"{mark}{name}" for name in pattern.variables if name not in row)
    return (
        "Expected a complete binding, but was missing some variable(s) that ARE in the graph pattern "
        f"('{short_form(pattern)}'), but are missing from the binding, namely: [{missing}]. "
        "Note that the question mark should NOT be included in your binding keys."
    )


def check_extends(rows: Sequence[Row], incoming: Sequence[Row], interaction: Interaction, key: Key) -> None:
    """Every row agrees with one it was asked for (contract 2.4), else AnswerError with the row. Nothing is checked
    when no restriction was known."""
    if not incoming:
        return
    restriction = _restriction(incoming, interaction, key)
    if restriction.is_open:
        return
    for row in rows:
        if not restriction.admits(row):
            raise AnswerError(
                f"KB gave outgoing binding {as_text(row)}, but this doesn't have a matching incoming binding!"
            )


def _restriction(incoming: Sequence[Row], interaction: Interaction, key: Key) -> Restriction:
    if interaction.kind == "answer":
        return Restriction.of(incoming, key)
    shared = frozenset(interaction.pattern.variables) & frozenset(
        interaction.result.variables if interaction.result else ()
    )
    return Restriction.of(({name: row[name] for name in shared if name in row} for row in incoming), key)


def as_text(row: Row) -> str:
    """A row as error messages show it."""
    return "{" + ", ".join(f"{name}={term}" for name, term in row.items()) + "}"


def short_form(pattern: Pattern) -> str:
    """A pattern as a runtime writes it back: numbers and booleans without quotes (contract 3)."""
    return "".join(f"{s} {p} {_short(o)} . " for s, p, o in pattern.triples)


def _short(node: str) -> str:
    if node.startswith('"') and node.endswith(">"):
        literal = split_literal(node)
        if literal.datatype in _SHORT and _SHORT[literal.datatype].fullmatch(literal.lexical):
            return literal.lexical
    return node


_SHORT: Final = {
    f"{XSD}integer": re.compile(r"[+-]?\d+"),
    f"{XSD}decimal": re.compile(r"[+-]?\d+\.\d+"),
    f"{XSD}double": re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+"),
    f"{XSD}boolean": re.compile(r"true|false"),
}
