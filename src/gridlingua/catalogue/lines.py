"""YAML that remembers on which line each value stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import yaml

Lines = dict[tuple[str, ...], int]
"""From the path of a value (its keys, outermost first) to its line, counted from 1."""


_MOST: Final = 100_000
_FAST: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where there is one: ten times as fast."""


def read_yaml(text: str) -> tuple[Any, Lines]:
    """The value of a YAML document and the lines of its parts; raises yaml.YAMLError."""
    try:
        return _read(text, _FAST)
    except RecursionError:
        raise yaml.YAMLError("it is nested too deeply, or an anchor holds itself") from None
    except (yaml.YAMLError, ValueError):
        return _read(text, yaml.SafeLoader)  # which says what is wrong, and where, in better words


def _read(text: str, kind: Any) -> tuple[Any, Lines]:
    loader = kind(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None, {}
        lines = list(islice(_lines(root, ()), _MOST))
        if len(lines) == _MOST:
            raise ValueError(f"more than {_MOST:,} values, by aliases of aliases")
        return loader.construct_document(root), dict(lines)
    finally:
        loader.dispose()


def _lines(node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _lines(value, (*path, str(position)))


def line_of(lines: Lines, *path: str) -> int:
    """The line of a part, or of the nearest part around it that exists."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
