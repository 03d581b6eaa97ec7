"""JSON values as XSD literals and back, exactly: what a field says is what its term says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from gridlingua.semantics.terms import XSD, Term, literal, split_literal
from gridlingua.semantics.units import UNITS

Json = Any
"""A JSON value, numbers read as ``int`` or ``Decimal``, never as ``float``."""


@dataclass(frozen=True)
class Datatype:
    """How one XSD datatype is written in JSON.

    ``write`` gives the lexical form of a JSON value, ``read`` the JSON value of a lexical form, ``order`` a sortable
    value; each raises ValueError with what is allowed.
    """

    name: str
    write: Callable[[Json], str]
    read: Callable[[str], Json]
    order: Callable[[Json], Any]

    @property
    def iri(self) -> str:
        return f"{XSD}{self.name}"


_MOST_DIGITS: Final = 100  # 1E+999999999 is short JSON and a long number


def _text(value: Json) -> str:
    if not isinstance(value, str) or (not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)):
        raise ValueError("a text of Unicode characters")
    return value


def _matching(pattern: str, meaning: str) -> Callable[[Json], str]:
    compiled = re.compile(pattern, re.ASCII)

    def write(value: Json) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise ValueError(meaning)
        return value

    return write


def _decimal(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError("a number")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("a finite number")
    if not number:
        return "0"
    lowest = number.adjusted() - len(number.as_tuple().digits) + 1
    if number.adjusted() >= _MOST_DIGITS or lowest < -_MOST_DIGITS:
        raise ValueError(f"a number of at most {_MOST_DIGITS} digits")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_decimal(lexical: str) -> Json:
    if not re.fullmatch(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", lexical, re.ASCII):
        raise ValueError("a decimal number such as 12.5")
    if len(lexical) > 2 * _MOST_DIGITS:
        raise ValueError(f"a number of at most {_MOST_DIGITS} digits")
    value = Decimal(lexical)
    return int(value) if value == value.to_integral_value() else value


def _integer(value: Json) -> str:
    text = _decimal(value)
    if "." in text:
        raise ValueError("a whole number")
    return text


def _read_integer(lexical: str) -> Json:
    if not re.fullmatch(r"[+-]?\d+", lexical, re.ASCII) or len(lexical) > 2 * _MOST_DIGITS:
        raise ValueError("a whole number")
    return int(lexical)


def _boolean(value: Json) -> str:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return "true" if value else "false"


def _read_boolean(lexical: str) -> Json:
    if lexical not in ("true", "false", "1", "0"):
        raise ValueError("true or false")
    return lexical in ("true", "1")


def _time(zone: str, meaning: str) -> Callable[[Json], str]:
    shape = _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?" + zone, meaning)

    def write(value: Json) -> str:
        text = shape(value)
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo:
                moment.astimezone(UTC)  # the first and last hours of the calendar have no instant
        except (ValueError, OverflowError):
            raise ValueError(meaning) from None
        return text

    return write


def _date(value: Json) -> str:
    text = _matching(r"\d{4}-\d\d-\d\d", "a date such as 2026-11-21")(value)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date such as 2026-11-21") from None
    return text


_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"  # XSD 1.1 part 2, 3.3.7.2
_STAMP: Final = _time(_ZONE, "a time with a zone such as 2026-11-21T10:00:00Z")
_DATETIME: Final = _time(f"{_ZONE}?", "a time such as 2026-11-21T10:00:00Z")
_DURATION: Final = _matching(
    r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "a duration such as PT15M",
)
_URI: Final = _matching(r"[^\x00-\x20<>\"{}|^`\\]+", "an IRI")

DATATYPES: Final = {
    one.name: one
    for one in (
        Datatype("string", _text, _text, str),
        Datatype("decimal", _decimal, _read_decimal, Decimal),
        Datatype("integer", _integer, _read_integer, int),
        Datatype("boolean", _boolean, _read_boolean, bool),
        Datatype("dateTimeStamp", _STAMP, _STAMP, datetime.fromisoformat),
        Datatype("dateTime", _DATETIME, _DATETIME, str),
        Datatype("date", _date, _date, str),
        Datatype("duration", _DURATION, _DURATION, str),
        Datatype("anyURI", _URI, _URI, str),
    )
}
"""The datatypes that ``as:`` may name (exchange.yaml)."""


def lexical(term: Term) -> str:
    """What a term says, without its datatype: the lexical form of a literal, an IRI as it is."""
    return term[1:-1] if term.startswith("<") else split_literal(term).lexical


def _instant(term: Term) -> str:
    """A time as the instant it means: 11:00:00+01:00 and 10:00:00Z are one."""
    text = lexical(term)
    if text.endswith("Z") and len(text) == 20:
        return text
    return datetime.fromisoformat(text).astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Converter:
    """JSON value ↔ term, invertible.

    ``write`` and ``read`` raise ValueError with what is allowed; ``order`` sorts JSON values; ``codes`` are the terms
    of a finite list; ``identity`` tells whether two terms mean the same, where one is a key.
    """

    name: str
    write: Callable[[Json], Term]
    read: Callable[[Term], Json]
    order: Callable[[Json], Any] = str
    codes: Mapping[str | int, Term] = field(default_factory=dict)
    identity: Callable[[Term], str] = lexical


def typed(datatype: Datatype) -> Converter:
    """The converter of ``as: <datatype>``."""
    if datatype.name == "string":
        return Converter("string", lambda value: literal(_text(value)), _reader(datatype, '"'), str)
    end = f'"^^<{datatype.iri}>'

    def spelt(term: Term) -> str:
        return datatype.write(datatype.read(lexical(term)))

    identity = _instant if datatype.name == "dateTimeStamp" else spelt

    def write(value: Json) -> Term:
        return f'"{datatype.write(value)}{end}'  # no lexical form but a string's has a character to escape

    return Converter(datatype.name, write, _reader(datatype, end), datatype.order, identity=identity)


def _reader(datatype: Datatype, end: str) -> Callable[[Term], Json]:
    size = len(end)

    def read(term: Term) -> Json:
        if term.startswith('"') and term.endswith(end) and "\\" not in term:
            return datatype.read(term[1:-size])
        if not term.startswith('"') or (value := split_literal(term)).datatype != datatype.iri:
            raise ValueError(f"a literal of xsd:{datatype.name}")
        return datatype.read(value.lexical)

    return read


def coded(codes: Mapping[str | int, Term]) -> Converter:
    """The converter of ``codes: {value: term}``, one-to-one."""
    terms = dict(codes)
    values = {term: value for value, term in terms.items()}
    rank = {value: position for position, value in enumerate(terms)}
    allowed = "one of " + ", ".join(map(str, terms))

    def write(value: Json) -> Term:
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value in terms:
            return terms[value]
        raise ValueError(allowed)

    def read(term: Term) -> Json:
        if term not in values:
            raise ValueError(f"{allowed}, that is one of {', '.join(values)}")
        return values[term]

    return Converter("codes", write, read, rank.__getitem__, terms)


def _iri_write(value: Json) -> Term:
    return f"<{_URI(value)}>"


def _iri_read(term: Term) -> Json:
    if not term.startswith("<"):
        raise ValueError("an IRI")
    return term[1:-1]


CONVERTERS: Final = {
    "iri": Converter("iri", _iri_write, _iri_read),
    "unit": replace(coded({unit.symbol: unit.term for unit in UNITS.values()}), name="unit"),
}
"""The converters that ``with:`` may name (exchange.yaml): ``iri``, an absolute IRI carried as a resource; ``unit``, the
symbol of a unit of measure (``units.UNITS``)."""
