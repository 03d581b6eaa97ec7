"""The part of JSON Schema that a message of rows can have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gridlingua.semantics.mapping import Pointer, write_pointer


def unspeakable(schema: Any) -> Iterator[str]:
    """What keeps a schema from being followed to its leaves: an unclear place, a reference to nowhere or to itself."""
    yield from _within(schema, schema, (), ())


def _within(root: Any, schema: Any, at: Pointer, followed: tuple[str, ...]) -> Iterator[str]:
    place = write_pointer(at) or "/"
    if not isinstance(schema, dict):
        yield f"{place}: a schema is an object that says what stands here, not {schema}"
        return
    reference = schema.get("$ref")
    if reference in followed:
        yield f"{place}: {reference} is part of itself, and rows have no end of levels"
    elif reference is not None:
        target = _target(root, str(reference))
        if target is None:
            yield f"{place}: {reference} leads nowhere in this file"
        else:
            yield from _within(root, target, at, (*followed, reference))
    if "items" in schema:
        yield from _within(root, schema["items"], (*at, "*"), followed)
    for name, one in schema.get("properties", {}).items():
        yield from _within(root, one, (*at, name), followed)


def _target(root: Any, reference: str) -> Any:
    if not reference.startswith("#/"):
        return root if reference == "#" else None
    for step in reference[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(root, dict) or name not in root:
            return None
        root = root[name]
    return root
