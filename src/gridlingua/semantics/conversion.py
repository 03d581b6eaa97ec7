"""Exact conversion of quantities at the edge: a peer's MW and our kW are the same quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from functools import lru_cache
from typing import Final

from gridlingua.semantics.datatypes import DATATYPES
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.terms import Term, literal, split_literal
from gridlingua.semantics.units import BY_TERM, UNITS

_OM: Final = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
_SAREF: Final = "https://saref.etsi.org/core/"

_VALUE: Final = frozenset((f"<{_SAREF}hasValue>", f"<{_OM}hasNumericalValue>"))
_UNIT: Final = frozenset((f"<{_SAREF}isMeasuredIn>", f"<{_OM}hasUnit>", "<http://qudt.org/schema/qudt/hasUnit>"))

_EXACT: Final = Context(prec=100, traps=[Inexact])


def _rank(symbol: str, preferred: Sequence[str]) -> int:
    return preferred.index(symbol) if symbol in preferred else len(preferred)


@dataclass(frozen=True)
class Quantity:
    """The variables of the numbers that a unit belongs to, and the units that its field can carry: symbol → term."""

    numbers: tuple[str, ...]
    codes: Mapping[str | int, Term]


class Codes:
    """The units that a field can carry, by the terms of its profile; ``preferred`` symbols win over others."""

    def __init__(self, codes: Mapping[str | int, Term], preferred: Sequence[str] = ()) -> None:
        known = {term: BY_TERM.get(term) or UNITS.get(str(code)) for code, term in codes.items()}
        self._own = {term: unit for term, unit in known.items() if unit}
        self._terms: dict[str, Term] = {}
        wanted = sorted(self._own.items(), key=lambda one: _rank(one[1].symbol, preferred))
        for term, unit in wanted:
            self._terms.setdefault(unit.kind, term)
        self._preferred = frozenset(preferred)
        self._targets: dict[Term, tuple[Term, Decimal, Decimal] | None] = {}

    def target(self, term: Term) -> tuple[Term, Decimal, Decimal] | None:
        """The term to write instead, and the factors of the unit that stands there and of the one that will; None to
        leave it."""
        if term not in self._targets:
            self._targets[term] = self._target(term)
        return self._targets[term]

    def _target(self, term: Term) -> tuple[Term, Decimal, Decimal] | None:
        unit = self._own.get(term) or BY_TERM.get(term)
        if unit is None or unit.kind not in self._terms:
            return None
        wanted = self._terms[unit.kind]
        other = self._own[wanted]
        if wanted == term or (term in self._own and other.symbol not in self._preferred):
            return None
        return wanted, unit.factor, other.factor


@lru_cache(maxsize=1024)
def quantities(pattern: Pattern) -> dict[str, tuple[str, ...]]:
    """The variables of units, each with the variables of the numbers that it is the unit of."""
    numbers = {s: o[1:] for s, p, o in pattern.triples if p in _VALUE and o.startswith("?")}
    found: dict[str, tuple[str, ...]] = {}
    for s, p, o in pattern.triples:
        if p in _UNIT and o.startswith("?") and s in numbers:
            found[o[1:]] = (*found.get(o[1:], ()), numbers[s])
    return found


def convert(rows: Sequence[Row], found: Mapping[str, Quantity], preferred: Sequence[str] = ()) -> Rows:
    """The rows with every quantity in a unit that its field can carry, exactly: a preferred one (symbols) where it can
    carry that. ``found`` are the quantities by the variable of their unit.

    What cannot be converted stays as it is: lowering says what is wrong with it. Rows that need nothing are the same
    objects.
    """
    codes = {unit: Codes(one.codes, preferred) for unit, one in found.items()}
    numbers = {unit: one.numbers for unit, one in found.items()}
    return [_converted(row, numbers, codes) for row in rows] if found else list(rows)


def _converted(row: Row, numbers: Mapping[str, Sequence[str]], codes: Mapping[str, Codes]) -> Row:
    for variable, one in codes.items():
        found = one.target(row[variable]) if variable in row else None
        if found is None:
            continue
        wanted, factor, divisor = found
        values = {name: _times(row[name], factor, divisor) for name in numbers[variable] if name in row}
        if None not in values.values():
            row = {**row, variable: wanted, **{name: value for name, value in values.items() if value is not None}}
    return row


def _times(term: Term, factor: Decimal, divisor: Decimal) -> Term | None:
    """A number times a ratio, with its datatype; None when it is no decimal number or the product has no end."""
    if not term.startswith('"'):
        return None
    value, decimal = split_literal(term), DATATYPES["decimal"]
    try:
        number = Decimal(decimal.read(value.lexical))
        return literal(decimal.write(_EXACT.divide(_EXACT.multiply(number, factor), divisor)), value.datatype)
    except (ArithmeticError, ValueError):
        return None
