"""A field is required, or says what its absence means; an inner array has at least one element.

Rows have no null and no empty array: what is not said in a message must still be said in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.errors import Problem
from gridlingua.semantics.mapping import ABSENT, Field, write_pointer
from gridlingua.semantics.schema import Schema, resolve, subschemas

EXAMPLE: Final = Example(
    language="json",
    wrong="""
        { "type": "object", "properties": { "reason": { "type": "string" }, "meters": { "type": "array" } } }
    """,
    right="""
        {
          "type": "object",
          "required": ["reason", "meters"],
          "properties": { "reason": { "type": "string" }, "meters": { "type": "array", "minItems": 1 } }
        }
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    for part, mapping, schema in subject.parts():
        for name, field in mapping.fields.items():
            for message in _field(schema, field):
                yield subject.declared("required", f"?{name}: {message}", part, "fields", name)
        for level in mapping.levels[1:]:
            yield from _arrays(subject, part, schema, level.pointer)


def _field(schema: Schema, field: Field) -> Iterator[str]:
    way = subschemas(schema, field.pointer) or []
    *above, (_, leaf_required) = way or [({}, True)]
    for depth, (_, required) in enumerate(above, 1):
        if not required:
            yield f"{write_pointer(field.pointer[:depth])} may be missing: require it in the schema"
    if not leaf_required and field.default is ABSENT:
        yield f"{write_pointer(field.pointer)} may be missing: require it in the schema, or give a default"
    if leaf_required and field.default is not ABSENT and way:
        yield f"{write_pointer(field.pointer)} is required, so its default can never be meant"
    if field.default is not ABSENT:
        try:
            field.converter.write(field.default)
        except ValueError as error:
            yield f"the default {field.default!r} is not allowed, it must be {error}"


def _arrays(subject: Subject, part: str, schema: Schema, pointer: tuple[str, ...]) -> Iterator[Problem]:
    array = pointer[:-1]
    way = subschemas(schema, array)
    if way is None or (not array and part == "reply"):
        return
    found = resolve(schema, way[-1][0] if way else schema)
    if not found.get("minItems"):
        message = f"{write_pointer(array) or '/'} may be empty, which rows cannot say: give it minItems 1"
        path = subject.exchange.folder / f"{part}.schema.json"
        yield subject.written("required", message, path, f'"{array[-1]}"' if array else "")
