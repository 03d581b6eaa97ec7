"""Patterns, rows and purposes as people type them on a command line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import MessageError
from gridlingua.semantics.patterns import Pattern, PatternError, parse_body
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.terms import Term, is_iri, parse, split_iri

_PREFIX: Final = re.compile(r"([A-Za-z][\w.-]*|)=<?([A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*)>?")
_BINDING: Final = re.compile(
    r"""\s* \??(?P<name>[^\W\d]\w*) =
    (?P<term> <[^>\s]*> | (?P<quotes>\"{3}|'{3}|["']) (?:\\.|(?!(?P=quotes)).)* (?P=quotes) [^\s"']* | [^\s"'<]\S* )
    (?=\s|$)""",
    re.VERBOSE | re.DOTALL,
)
_UNDECLARED: Final = re.compile(r"the prefix (\S*): is not declared")
_KE: Final = "https://w3id.org/knowledge-engine/"


def read_prefixes(given: Sequence[str]) -> dict[str, str]:
    """``ex=http://…`` each, over the prefixes of the ontologies that come with gridlingua and ``ke:``. Raises
    MessageError."""
    content = shipped()
    known = {"ke": _KE, **Vocabulary.load(content.ontologies, content.extension_base).prefixes}
    for text in given:
        found = _PREFIX.fullmatch(text)
        if not found:
            raise MessageError(f"--prefix {text!r} is not prefix=IRI, such as ex=http://example.org/")
        known[found[1]] = found[2]
    return known


def read_pattern(text: str, prefixes: Mapping[str, str], where: str) -> Pattern:
    """A graph pattern; ``where`` names it. Raises MessageError with the line when it has several."""
    try:
        return parse_body(text, {name: iri for name, iri in prefixes.items() if f"{name}:" in text})
    except PatternError as error:
        line = f", line {error.line}" if text.strip().count("\n") else ""
        found = _UNDECLARED.search(str(error))
        hint = f": add --prefix {found[1]}=IRI" if found else ""
        raise MessageError(f"{where}{line}: {error}{hint}") from None


def read_row(text: str, prefixes: Mapping[str, str], where: str) -> Row:
    """``s=<http://…> o=1 name="a b"``. Raises MessageError with the place."""
    row: Row = {}
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _BINDING.match(text, at)
        if not found:
            raise MessageError(
                f"{where}, at {text[at:].strip()[:40]!r}: not variable=term; "
                'write s=<http://…> name="a text" n=1 with blanks between'
            )
        if found["name"] in row:
            raise MessageError(f"{where}: ?{found['name']} is bound twice; give each row a --row of its own")
        row[found["name"]] = _term(found["term"], prefixes, f"{where}, ?{found['name']}")
        at = found.end()
    return row


def read_rows_file(name: str, prefixes: Mapping[str, str]) -> Rows:
    """A JSON array of objects of terms; ``-`` is the standard input. Raises MessageError with the place."""
    try:
        text = sys.stdin.read() if name == "-" else _text_of(name)
        value = json.loads(text)
    except (OSError, ValueError) as error:
        raise MessageError(f"--rows {name}: {error}") from None
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise MessageError(f'--rows {name}: not an array of objects, such as [{{"s": "<http://…>"}}]')
    return [
        {
            name_: _term(_as_text(term), prefixes, f"--rows {name}, row {number}, ?{name_}")
            for name_, term in row.items()
        }
        for number, row in enumerate(value, 1)
    ]


def check_variables(rows: Rows, pattern: Pattern, *, complete: bool) -> None:
    """Rows bind variables of the pattern only, all of them where it must be ``complete``; MessageError otherwise."""
    names = ", ".join(f"?{name}" for name in pattern.variables) or "none"
    for number, row in enumerate(rows, 1):
        if strange := next(iter(row.keys() - set(pattern.variables)), None):
            raise MessageError(f"row {number} binds ?{strange}, which the pattern has not; its variables are {names}")
        if complete and (open_ := [name for name in pattern.variables if name not in row]):
            raise MessageError(f"row {number} leaves ?{open_[0]} open; a post binds every variable: {names}")


def read_purposes(given: Sequence[str], prefixes: Mapping[str, str]) -> tuple[str, ...]:
    """IRIs, with or without angle brackets, or prefixed names such as ``ke:ActuationPurpose``. Raises MessageError."""
    return tuple(_purposes(given, prefixes))


def _purposes(given: Sequence[str], prefixes: Mapping[str, str]) -> Iterator[str]:
    for text in given:
        try:
            term = parse(text if text.startswith("<") or "://" not in text else f"<{text}>", dict(prefixes))
        except MessageError:
            term = ""
        if not is_iri(term):
            raise MessageError(f"--purpose {text!r} is neither an IRI nor a name such as ke:ActuationPurpose")
        yield split_iri(term)


def _term(text: str, prefixes: Mapping[str, str], where: str) -> Term:
    try:
        return parse(text, dict(prefixes))
    except MessageError as error:
        found = re.match(r"([A-Za-z][\w.-]*):[\w.%-]*$", text)
        unknown = found and f"the prefix {found[1]}: is not declared: add --prefix {found[1]}=IRI"
        raise MessageError(f"{where}: {unknown or error.faults[0].message}") from None


def _text_of(name: str) -> str:
    with open(name, encoding="utf-8") as file:
        return file.read()


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
