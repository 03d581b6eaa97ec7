"""Every pointer leads to a leaf of the message's schema, every leaf of the schema is a field, and their kinds fit.

A leaf without a field would be dropped silently; a schema that admits unknown properties would let them be dropped.
What a service or client sends and nobody carries stands under ``ignore``, and not in the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.errors import Problem
from gridlingua.semantics.mapping import Field, Pointer, write_pointer
from gridlingua.semantics.schema import Schema, resolve, subschemas

_TYPES = {"decimal": {"number", "integer"}, "integer": {"integer"}, "boolean": {"boolean"}}


EXAMPLE: Final = Example(
    language="yaml",
    wrong="""
        reply:
          fields:
            load: {at: /load}            # a number in reply.schema.json, carried as a string
            time: {at: /readAt}          # reply.schema.json calls it "timestamp"
    """,
    right="""
        reply:
          fields:
            load: {at: /load, as: decimal}
            time: {at: /timestamp, as: dateTimeStamp}
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    for part, mapping, schema in subject.parts():
        path = subject.exchange.folder / f"{part}.schema.json"
        pointers: dict[Pointer, str] = {}
        for name, field in mapping.fields.items():
            if (other := pointers.setdefault(field.pointer, name)) != name:
                message = (
                    f"?{name}: {write_pointer(field.pointer)} is ?{other} already: rows could contradict each other"
                )
                yield subject.declared("pointers", message, part, "fields", name)
            for message in _field(schema, field):
                yield subject.declared("pointers", f"?{name}: {message}", part, "fields", name)
        for number, pointer in enumerate(subject.exchange.ignored.get(part, ())):
            if message := _ignored(schema, pointer):
                yield subject.declared("pointers", message, part, "ignore", str(number))
        for leaf in _leaves(schema, schema, ()):
            if leaf not in pointers:
                last = leaf[-1] if leaf else ""
                yield subject.written(
                    "pointers", f"{write_pointer(leaf) or '/'} is no field: it would be lost", path, f'"{last}"'
                )
        for place in _open_objects(schema, schema, ()):
            message = f"{write_pointer(place) or '/'} needs additionalProperties false: what is unknown would be lost"
            yield subject.draft.problem("pointers", message, path)


def _field(schema: Schema, field: Field) -> Iterator[str]:
    way = subschemas(schema, field.pointer)
    if way is None:
        yield f"{write_pointer(field.pointer)} is not in the schema"
        return
    leaf = resolve(schema, way[-1][0] if way else schema)
    kinds = _kinds(leaf)
    if kinds & {"object", "array"}:
        yield f"{write_pointer(field.pointer)} is no leaf but {' or '.join(sorted(kinds))}"
    elif field.converter.codes:
        yield from (
            f"{code!r} is in the schema's enum but stands for no term"
            for code in leaf.get("enum", ())
            if code not in field.converter.codes
        )
    elif kinds and kinds - _TYPES.get(field.converter.name, {"string"}):
        yield f"{field.converter.name} does not carry JSON of type {' or '.join(sorted(kinds))}"


def _ignored(schema: Schema, pointer: Pointer) -> str:
    at = write_pointer(pointer)
    if subschemas(schema, pointer) is not None:
        return f"{at} is ignored, and in the schema: a field is carried or it is not"
    for size in range(1, len(pointer)):
        if subschemas(schema, pointer[:size]) is None:
            return f"{at}: {write_pointer(pointer[:size])} is not in the schema: ignore that"
    return ""


def _kinds(schema: Schema) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _leaves(root: Schema, schema: Schema, at: Pointer) -> Iterator[Pointer]:
    schema = resolve(root, schema)
    if isinstance(inner := schema.get("items"), dict):
        yield from _leaves(root, inner, (*at, "*"))
    elif properties := schema.get("properties"):
        for name, one in properties.items():
            yield from _leaves(root, one, (*at, name))
    elif not _kinds(schema) & {"object"}:
        yield at


def _open_objects(root: Schema, schema: Schema, at: Pointer) -> Iterator[Pointer]:
    schema = resolve(root, schema)
    if "object" in _kinds(schema) and schema.get("additionalProperties") is not False:
        yield at
    if isinstance(inner := schema.get("items"), dict):
        yield from _open_objects(root, inner, (*at, "*"))
    for name, one in schema.get("properties", {}).items():
        yield from _open_objects(root, one, (*at, name))
