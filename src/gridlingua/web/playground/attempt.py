"""A message and maybe other patterns, tried against an exchange: step by step as far as it goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from gridlingua.catalogue.checking import MINTER
from gridlingua.catalogue.exchange import Exchange, Part
from gridlingua.catalogue.translation import lift_reply
from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.mapping import Mapping
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows, distinct
from gridlingua.semantics.schema import NotJsonError, conform, read_json
from gridlingua.web.playground.places import Places

StepName = Literal["request", "json", "schema", "lift", "shacl"]
State = Literal["passed", "refused", "skipped"]

_MOST_PLACES: Final = 50


@dataclass(frozen=True)
class Attempt:
    """What somebody tries: the texts of the messages (the reply's only where that is the part), and the texts of
    pattern files that are not to be the catalogue's."""

    exchange: str
    profile: str
    part: Part
    request: str
    reply: str = ""
    patterns: dict[str, str] = field(default_factory=dict)

    def text(self, part: Part) -> str:
        return self.request if part == "request" else self.reply


@dataclass(frozen=True)
class Told:
    """One thing that is wrong: a sentence, the JSON Pointer it is about, and the places in the message that it means;
    ``line`` and ``column`` where the text is no JSON."""

    part: Part
    pointer: str
    message: str
    places: tuple[str, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Step:
    """What one step of the way says."""

    name: StepName
    state: State
    said: str
    faults: tuple[Told, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Tried:
    """An attempt as far as it got. ``rows`` are lifted, by part; ``said`` are the rows that would be sent."""

    exchange: Exchange
    profile: str
    part: Part
    steps: list[Step] = field(default_factory=list)
    messages: dict[Part, Json] = field(default_factory=dict)
    rows: dict[Part, Rows] = field(default_factory=dict)
    said: Rows | None = None

    @property
    def pattern(self) -> Pattern:
        """The pattern of the part, in its profile."""
        found = self.exchange.profiles[self.profile]
        return found.request if self.part == "request" else found.reply

    def mapping(self, part: Part) -> Mapping:
        return self.exchange.mapping(part, self.profile)

    def places(self) -> dict[Part, Places]:
        """Where the rows come from, by part."""
        return {part: Places(self.mapping(part), self.messages[part], rows) for part, rows in self.rows.items()}


def attempted(exchange: Exchange, attempt: Attempt) -> Tried:
    """Take an attempt through JSON, schema and lifting."""
    if attempt.profile not in exchange.profiles:
        there = ", ".join(exchange.profiles)
        raise MessageError(f"{exchange.id} has no profile {attempt.profile!r}; there are {there}", exchange=exchange.id)
    tried = Tried(exchange, attempt.profile, attempt.part)
    if attempt.part == "reply":
        tried.steps.append(_of_request(tried, attempt.request))
    tried.steps += _read(tried, attempt.part, attempt.text(attempt.part))
    return tried


def _of_request(tried: Tried, text: str) -> Step:
    """The request that a reply answers, as one step."""
    refused = next((one for one in _read(tried, "request", text) if one.state == "refused"), None)
    if refused:
        return Step("request", "refused", "The request that it answers is refused.", refused.faults)
    return Step("request", "passed", "The request that it answers can be sent.")


def _read(tried: Tried, part: Part, text: str) -> list[Step]:
    steps = [_json(tried, part, text)]
    if part in tried.messages:
        return [*steps, _schema(tried.exchange, part, tried.messages[part]), _lifted(tried, part)]
    return [*steps, Step("schema", "skipped", ""), Step("lift", "skipped", "")]


def _json(tried: Tried, part: Part, text: str) -> Step:
    try:
        tried.messages[part] = read_json(text)
    except NotJsonError as error:
        cause = error.__context__
        at = (cause.lineno, cause.colno) if isinstance(cause, json.JSONDecodeError) else (0, 0)
        said = error.faults[0].message if text.strip() else f"there is no {part} yet"
        return Step("json", "refused", "This is not JSON.", (Told(part, "", said, (), *at),))
    return Step("json", "passed", "The text is JSON.")


def _schema(exchange: Exchange, part: Part, message: Json) -> Step:
    found = conform(exchange.request_schema if part == "request" else exchange.reply_schema, message)
    if found:
        return Step("schema", "refused", f"The schema of the {part} refuses it.", told(found, part))
    return Step("schema", "passed", f"The schema of the {part} allows it.")


def _lifted(tried: Tried, part: Part) -> Step:
    given: Row = {}
    if part == "reply":
        if "request" not in tried.rows:
            return Step("lift", "skipped", "A reply needs its request: that cannot be read.")
        given = common(tried.rows["request"]) if tried.exchange.kind == "ask" else {}
    try:
        rows = lift(tried.mapping(part), tried.messages[part], MINTER, given)
        tried.rows[part] = rows
        tried.said = _shown(tried, [{**given, **row} for row in rows]) if part == tried.part else None
        if part == "reply":
            request = tried.rows["request"]
            joined = lift_reply(tried.exchange, tried.profile, tried.messages[part], request, MINTER)
            tried.said = _shown(tried, joined)
    except MessageError as error:
        faults = _of_others(tried, part, error.faults) if part in tried.rows else told(error.faults, part)
        return Step("lift", "refused", "It cannot be said in rows.", faults)
    return Step("lift", "passed", _count(rows))


def _of_others(tried: Tried, part: Part, faults: Sequence[Fault]) -> tuple[Told, ...]:
    """Faults about every element, at those elements whose value they name."""
    places = Places(tried.mapping(part), tried.messages[part], tried.rows[part])
    return tuple(
        Told(part, one.pointer, one.message, tuple(places.saying(one.pointer, one.message)[:_MOST_PLACES]))
        for one in faults
    )


def common(rows: Sequence[Row]) -> Row:
    """What all rows of a request say."""
    first = rows[0] if rows else {}
    return {name: term for name, term in first.items() if all(row.get(name) == term for row in rows)}


def _shown(tried: Tried, rows: Sequence[Row]) -> Rows:
    """What of the rows the pattern has."""
    wanted = tried.pattern.variables
    return distinct({name: row[name] for name in wanted if name in row} for row in rows)


def _count(rows: Rows) -> str:
    return f"It says {len(rows)} row{'s' if len(rows) != 1 else ''}."


def told(faults: Sequence[Fault], part: Part) -> tuple[Told, ...]:
    """Faults whose pointers are places of the message itself."""
    return tuple(
        Told(part, one.pointer, one.message, (one.pointer,) if "*" not in one.pointer.split("/") else ())
        for one in faults
    )


def at_places(fault: Fault, rows: Sequence[Row], places: dict[Part, Places], part: Part) -> Told:
    """A fault that is declared for every element, at the elements of these rows."""
    other: Part = "request" if part == "reply" else "reply"
    at = part if places[part].has(fault.pointer) or other not in places else other
    found = places[at].concrete(fault.pointer, rows) if places[at].has(fault.pointer) else []
    return Told(at, fault.pointer, fault.message, tuple(found[:_MOST_PLACES]))
