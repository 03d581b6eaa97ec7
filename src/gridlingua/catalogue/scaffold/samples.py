"""Messages that a schema allows, as an author would write them for an example."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import simplejson

from gridlingua.catalogue.checking import MINTER
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Exchange, Part
from gridlingua.catalogue.scaffold.brief import PARTS, ScaffoldError
from gridlingua.catalogue.scaffold.leaves import Leaf, Level
from gridlingua.catalogue.scaffold.proposal import Proposal
from gridlingua.catalogue.scaffold.texts import matching
from gridlingua.catalogue.translation import reply_rows, request_rows
from gridlingua.errors import MessageError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import ABSENT, Pointer
from gridlingua.semantics.rows import Rows
from gridlingua.semantics.schema import Schema, conform, read_json

_START: Final = datetime(2026, 1, 27, 10, tzinfo=UTC)
_QUARTER: Final = timedelta(minutes=15)
_FLAT: Final[dict[str, str]] = {
    "email": "someone@example.org",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "10:00:00Z",
    "duration": "PT15M",
    "byte": "ZXhhbXBsZQ==",
    "binary": "example",
}


@dataclass
class Samples:
    """Makes messages for a proposal: the same field has the same value in a request and its reply."""

    proposal: Proposal
    elements: int = 2

    def message(self, part: Part, schema: Schema) -> Json:
        """A message of a part; raises ScaffoldError for a value that cannot be guessed."""
        self._leaves = {one.pointer: one for one in self.proposal.leaves(part)}
        self._part: Part = part
        return self._value(schema, (), ())

    def _value(self, schema: Schema, at: Pointer, index: tuple[int, ...]) -> Json:
        if schema["type"] == "object":
            properties = schema["properties"].items()
            said = ((name, one, self._leaves.get((*at, name))) for name, one in properties)
            return {
                name: self._value(one, (*at, name), index)
                for name, one, leaf in said
                if leaf is None or leaf.default is ABSENT
            }
        if schema["type"] == "array":
            count = min(max(self.elements, schema.get("minItems", 1)), schema.get("maxItems", 1000))
            made = [self._value(schema["items"], (*at, "*"), (*index, number)) for number in range(max(count, 1))]
            return _distinct(made)
        return self._scalar(self._leaves[at], index)

    def _scalar(self, leaf: Leaf, index: tuple[int, ...]) -> Json:
        """A value of a field; where a reply repeats its request, one that both allow."""
        both = [one for part in PARTS if (one := self.proposal.leaf_of(self.proposal.variables[leaf], part))]
        number = _number(index[: min(one.level.count("*") for one in both)])
        for one in both:
            for value in self._candidates(one, number):
                made = read_json(simplejson.dumps(value, use_decimal=True))
                if all(_allowed(each.schema, made) for each in both):
                    return made
        raise ScaffoldError(
            f"no example could be made for {leaf} of the {leaf.part}: give it an example in the document that its "
            "schema allows"
        )

    def _candidates(self, leaf: Leaf, number: int) -> Iterator[Any]:
        schema = leaf.schema
        if "enum" in schema:
            yield schema["enum"][number % len(schema["enum"])]
        if number == 0 and not self._is_ordered(leaf):
            yield from schema.get("examples", ())
        steps = number + self._is_later(leaf) * self._window(leaf)
        match leaf.datatype:
            case "dateTimeStamp":
                yield (_START + _QUARTER * steps).isoformat().replace("+00:00", "Z")
            case "date":
                yield (date(2026, 1, 27) + timedelta(days=steps)).isoformat()
            case "boolean":
                yield True
            case "decimal" | "integer":
                if leaf.is_count and self._level(leaf).has_more_below:
                    yield self.elements
                numbers = [one for one in self.proposal.leaves(leaf.part) if one.is_number]
                first = number + 10 * numbers.index(leaf) if leaf in numbers else number
                yield first + 1 if leaf.datatype == "integer" else 12.5 + first
                yield from _numbers(schema, number, leaf.datatype == "integer")
            case _:
                yield from _words(leaf, number, self._noun(leaf))

    def _noun(self, leaf: Leaf) -> str:
        """What an identifier is of."""
        name = f"?{self.proposal.variables[leaf]}"
        owners = {one[0][1:] for side in self.proposal.sides for one in self.proposal.triples[side] if one[2] == name}
        return next((one.noun for one in self.proposal.things if one.variable in owners), "")

    def _window(self, leaf: Leaf) -> int:
        """The steps that a period takes: what is asked of is longer than what is answered."""
        return 8 if leaf.part == "request" and self.proposal.kind == "ask" else 1

    def _level(self, leaf: Leaf) -> Level:
        return next(one for one in self.proposal.levels[leaf.part] if one.pointer == leaf.level)

    def _is_later(self, leaf: Leaf) -> bool:
        return any(one.later == self.proposal.variables[leaf] for one in self.proposal.orders) or leaf.words[-1:] in (
            ("end",),
            ("to",),
            ("until",),
        )

    def _is_ordered(self, leaf: Leaf) -> bool:
        name = self.proposal.variables[leaf]
        return any(name in (one.later, one.than) for one in self.proposal.orders)


def case(proposal: Proposal, exchange: Exchange, given: dict[Part, list[Json]]) -> dict[str, Json]:
    """A request and its reply that make the round trip, arrays in the order of their keys.

    What the source gave is taken where schema and shapes accept it. Raises ScaffoldError when no messages do.
    """
    request, rows = _first(
        lambda message: request_rows(exchange, message, MINTER).rows,
        _attempts(proposal, "request", exchange.request_schema, given["request"]),
    )
    reply, said = _first(
        lambda message: reply_rows(exchange, message, rows, JUDGED_PROFILE, MINTER).rows,
        _attempts(proposal, "reply", exchange.reply_schema, given["reply"]),
    )
    return {
        "request": lower(exchange.request, rows) if rows else request,
        "reply": lower(exchange.reply, said) if said else reply,
    }


def _first(judged: Callable[[Json], Rows], attempts: Iterable[Json]) -> tuple[Json, Rows]:
    """The first message that is accepted, and its rows."""
    refused = None
    for message in attempts:
        try:
            return message, judged(message)
        except MessageError as error:
            refused = error
    raise ScaffoldError(
        f"no example could be made ({refused}): give one in the document, or one that fits with --example"
    )


def _attempts(proposal: Proposal, part: Part, schema: Schema, given: list[Json]) -> Iterator[Json]:
    for one in given:
        yield _known(schema, one)
    for elements in (2, 1):
        yield Samples(proposal, elements).message(part, schema)


def _known(schema: Schema, message: Json) -> Json:
    """What a schema knows of a message."""
    if schema.get("type") == "object" and isinstance(message, dict):
        return {name: _known(one, message[name]) for name, one in schema["properties"].items() if name in message}
    if schema.get("type") == "array" and isinstance(message, list):
        return [_known(schema["items"], one) for one in message]
    return message


def _numbers(schema: Schema, number: int, whole: bool) -> Iterator[Any]:
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = Decimal(str(schema.get("multipleOf", 1)))
    yield number + 1 if whole else 12.5 + number
    for bound, sign in ((least, 1), (most, -1)):
        if bound is not None:
            exact = Decimal(str(bound))
            yield from (
                _plain(exact + sign * move)
                for move in (step * number, step, step / 2, Decimal(0))
                if not whole or (exact + sign * move) % 1 == 0
            )
            aligned = (exact / step).to_integral_value() * step
            yield from (_plain(aligned + sign * step * more) for more in range(3))
    if least is not None and most is not None and not whole:
        yield _plain((Decimal(str(least)) + Decimal(str(most))) / 2)
    yield _plain(step * (number + 1))
    yield 0


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _words(leaf: Leaf, number: int, owner: str) -> Iterator[str]:
    """Texts that a field of this name, format and pattern could have."""
    schema = leaf.schema
    form = str(schema.get("format", ""))
    if form in _FLAT:
        yield _FLAT[form]
    if form == "uuid":
        yield str(uuid5(NAMESPACE_URL, f"{leaf.name}/{number}"))
    if leaf.datatype == "anyURI":
        yield f"https://example.org/{'-'.join(leaf.words)}/{number + 1}"
    noun = "-".join(leaf.said[:-1] if leaf.is_identifier else leaf.said) or owner.replace(" ", "-") or "item"
    made = [f"{noun.upper()}-{number + 1:04d}"] if leaf.is_identifier else []
    made.append(f"example {' '.join(leaf.said)}" + (f" {number + 1}" if number else ""))
    made += [f"{noun}-{number + 1}", f"{chr(65 + number % 26)}{number + 1}", chr(65 + number % 26), f"{number + 1}"]
    least, most = schema.get("minLength", 0), schema.get("maxLength", 10**6)
    for text in made:
        yield text[:most].rstrip().ljust(least, "x")
    if "pattern" in schema and (found := matching(schema["pattern"])) is not None:
        yield from (found[:-1] + str(number + 1), found, found.ljust(least, found[-1:] or "x"))


def _allowed(schema: Schema, value: Json) -> bool:
    return value is not None and not conform(schema, value)


def _number(index: tuple[int, ...]) -> int:
    """A number for an element that no other element of its message has, for a few of each."""
    found = 0
    for one in index:
        found = found * 2 + one
    return found


def _distinct(elements: list[Json]) -> list[Json]:
    found: list[Json] = []
    for one in elements:
        if one not in found:
            found.append(one)
    return found
