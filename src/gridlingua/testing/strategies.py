"""Messages of an exchange, generated from its JSON Schema, for property tests with hypothesis.

PyPI's ``hypothesis-jsonschema`` would be the library for this; its last release (0.23.1) fails to draw with today's
hypothesis, and it knows neither the keys of an exchange nor columns. Schemas of a catalogue use a small part of JSON
Schema, and that part is here. Install ``hypothesis`` to use this module; nothing else in gridlingua needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from math import ceil, floor
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from gridlingua.catalogue import Exchange
from gridlingua.catalogue.exchange import Part
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import Field, Level, Mapping, Place, Pointer, write_pointer
from gridlingua.semantics.schema import Schema, python_pattern, resolve

_MOST_ELEMENTS: Final = 4  # of an array without maxItems: enough to go wrong, few enough to read
_MOST_PLACES: Final = 6
_WIDEST: Final = 10**9
_ZONES: Final = tuple(timezone(timedelta(minutes=minutes)) for minutes in (0, 60, 120, -300, 330, 345))
_KEYWORDS: Final = """
    $schema $id $ref $defs $comment title description examples default deprecated type enum const pattern format
    minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf properties required
    additionalProperties items minItems maxItems uniqueItems
"""


def messages(exchange: Exchange, part: Part) -> SearchStrategy[Json]:
    """A strategy of messages that conform to the schema of ``part`` (``"request"`` or ``"reply"``).

    Numbers are ``int`` or ``Decimal``, times have a zone. Elements of an array differ in its keys, columns are equally
    long. What a schema cannot say (an end after its start, a unit of power) holds only by chance: SHACL decides that.
    Raises GridlinguaError when the schema uses a keyword that this generator does not know.
    """
    mapping = exchange.request if part == "request" else exchange.reply
    schema = exchange.request_schema if part == "request" else exchange.reply_schema
    return _Generator(schema, mapping).message()


class _Generator:
    def __init__(self, schema: Schema, mapping: Mapping) -> None:
        self.root = schema
        self.mapping = mapping
        self.fields = {field.pointer: field for field in mapping.fields.values()}

    def message(self) -> SearchStrategy[Json]:
        made = self.of(self.root, ())
        columns = [level for level in self.mapping.levels if len(level.arrays) > 1]
        for level in columns:
            made = made.map(self._even(level))
        return made

    def of(self, schema: Schema, at: Pointer) -> SearchStrategy[Json]:
        schema = resolve(self.root, schema)
        if unknown := sorted(schema.keys() - set(_KEYWORDS.split())):
            raise GridlinguaError(f"{write_pointer(at) or '/'}: no messages can be made for {', '.join(unknown)}")
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        kinds = schema.get("type", "string")
        made = [self._kind(kind, schema, at) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
        return st.one_of(made)

    def _kind(self, kind: str, schema: Schema, at: Pointer) -> SearchStrategy[Json]:
        match kind:
            case "object":
                return self._object(schema, at)
            case "array":
                return self._array(schema, at)
            case "integer":
                return _integers(schema)
            case "number":
                return _numbers(schema)
            case "boolean":
                return st.booleans()
            case "string":
                return _texts(schema, self.fields.get(at))
        raise GridlinguaError(f"{write_pointer(at) or '/'}: no messages can be made of type {kind}")

    def _object(self, schema: Schema, at: Pointer) -> SearchStrategy[Json]:
        made = {name: self.of(one, (*at, name)) for name, one in schema.get("properties", {}).items()}
        required = set(schema.get("required", ()))
        return st.fixed_dictionaries(
            {name: one for name, one in made.items() if name in required},
            optional={name: one for name, one in made.items() if name not in required},
        )

    def _array(self, schema: Schema, at: Pointer) -> SearchStrategy[Json]:
        least = schema.get("minItems", 0)
        most = schema.get("maxItems", max(least, _MOST_ELEMENTS))
        inner = (*at, "*")
        level = next((one for one in self.mapping.levels if one.pointer == inner), None)
        apart = self._identity(level) if level and len(level.arrays) == 1 else None
        if apart is None and schema.get("uniqueItems"):
            apart = repr
        return st.lists(self.of(schema.get("items", {}), inner), min_size=least, max_size=most, unique_by=apart)

    def _identity(self, level: Level) -> Callable[[Any], Any]:
        """What tells an element from the others: its keys that are fields; those of the request are the same to all."""
        places = [(field, place) for field, place in level.fields if field.variable in level.keys]

        def identity(element: Json) -> tuple[str, ...]:
            return tuple(_said(field, place, (element,)) for field, place in places)

        return identity

    def _even(self, level: Level) -> Callable[[Json], Json]:
        """Cut columns to one length, and drop the elements whose keys came before."""
        above = self.mapping.levels[self.mapping.levels.index(level) - 1]
        places = [(field, place) for field, place in level.fields if field.variable in level.keys]

        def even(message: Json) -> Json:
            for holder in _elements(message, above.pointer):
                columns = [_follow(holder, place.steps) for place in level.arrays]
                seen: dict[tuple[str, ...], tuple[Json, ...]] = {}
                for parts in zip(*columns, strict=False):
                    seen.setdefault(tuple(_said(field, place, parts) for field, place in places), parts)
                for column, values in zip(columns, zip(*seen.values(), strict=True), strict=True):
                    column[:] = values
            return message

        return even


def _said(field: Field, place: Place, parts: Sequence[Json]) -> str:
    return field.converter.identity(field.converter.write(_follow(parts[place.array], place.steps, field.default)))


def _follow(value: Json, steps: Sequence[str], default: Json = None) -> Json:
    for step in steps:
        if step not in value:
            return default
        value = value[step]
    return value


def _elements(value: Json, pointer: Pointer) -> Iterator[Json]:
    if not pointer:
        yield value
    elif pointer[0] == "*":
        for one in value:
            yield from _elements(one, pointer[1:])
    elif pointer[0] in value:
        yield from _elements(value[pointer[0]], pointer[1:])


def _integers(schema: Schema) -> SearchStrategy[int]:
    step = schema.get("multipleOf", 1)
    if not isinstance(step, int):
        raise GridlinguaError(f"multipleOf {step} of an integer: no messages can be made")
    least, most = _bounds(schema, step)
    return st.integers(least, most).map(lambda number: number * step)


def _numbers(schema: Schema) -> SearchStrategy[Json]:
    """Whole numbers as ``int`` and others as ``Decimal``, as JSON is read here."""
    if "multipleOf" in schema:
        return _multiples(schema, Decimal(str(schema["multipleOf"])))
    steps = [Decimal(1).scaleb(-places) for places in range(_MOST_PLACES + 1)]
    return st.one_of([_multiples(schema, step) for step in steps])


def _multiples(schema: Schema, step: Decimal) -> SearchStrategy[Json]:
    least, most = _bounds(schema, step)
    if least > most:
        return st.nothing()
    return st.integers(least, most).map(lambda number: _plain(number * step))


def _bounds(schema: Schema, step: int | Decimal) -> tuple[int, int]:
    """The least and greatest multiple of a step that a schema allows."""
    size = Decimal(step)
    least = ceil(Decimal(str(schema.get("minimum", -_WIDEST))) / size)
    most = floor(Decimal(str(schema.get("maximum", _WIDEST))) / size)
    if (over := schema.get("exclusiveMinimum")) is not None:
        least = max(least, floor(Decimal(str(over)) / size) + 1)
    if (under := schema.get("exclusiveMaximum")) is not None:
        most = min(most, ceil(Decimal(str(under)) / size) - 1)
    return least, most


def _plain(number: Decimal) -> Json:
    return int(number) if number == int(number) else number


def _texts(schema: Schema, field: Field | None) -> SearchStrategy[str]:
    """Texts of a leaf; its datatype knows what a schema without format does not say."""
    name = field.converter.name if field else ""
    if name in _TYPED:
        return _fitting(_TYPED[name](), schema)
    if schema.get("format") in _FORMATS:
        return _fitting(_FORMATS[schema["format"]](), schema)
    if field and field.converter.codes:
        return st.sampled_from([str(code) for code in field.converter.codes])
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        return _fitting(st.from_regex(python_pattern(schema["pattern"])), schema)
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=most)


def _fitting(texts: SearchStrategy[str], schema: Schema) -> SearchStrategy[str]:
    least, most = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    pattern = re.compile(python_pattern(schema.get("pattern", "")))
    return texts.filter(lambda text: least <= len(text) <= most and pattern.search(text) is not None)


def _times() -> SearchStrategy[str]:
    moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.sampled_from(_ZONES))
    return st.one_of(
        moments.map(lambda moment: moment.replace(second=0, microsecond=0)),
        moments.map(lambda moment: moment.replace(microsecond=0)),
        moments,
    ).map(_written)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _dates() -> SearchStrategy[str]:
    return st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)


def _durations() -> SearchStrategy[str]:
    return st.sampled_from(["PT15M", "PT1H", "P1D", "P1Y", "P1DT12H", "PT0.5S"])


def _iris() -> SearchStrategy[str]:
    return st.from_regex(r"\Ahttps://example\.org/[A-Za-z0-9._~/-]{0,20}\Z")


_TYPED: Final = {
    "dateTimeStamp": _times,
    "dateTime": _times,
    "date": _dates,
    "duration": _durations,
    "anyURI": _iris,
    "iri": _iris,
}
_FORMATS: Final = {"date-time": _times, "date": _dates, "duration": _durations, "uri": _iris, "iri": _iris}
