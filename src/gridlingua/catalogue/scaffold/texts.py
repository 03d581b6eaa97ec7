"""Texts that match a pattern, and texts that do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from gridlingua.semantics.schema import python_pattern

_PRINTABLE: Final = "A1a0_-. :/@xX?~ "


def matching(pattern: str) -> str | None:
    """A short text that a JSON Schema pattern matches; None when none was found."""
    try:
        compiled = re.compile(python_pattern(pattern))
        parsed = import_module("re._parser").parse(python_pattern(pattern))  # the one parser of this syntax there is
        made = "".join(_texts(parsed))
    except (re.error, NotImplementedError, RecursionError):
        return None
    return made if compiled.search(made) else None


def not_matching(pattern: str) -> str | None:
    """A text that a JSON Schema pattern does not match; None when it matches all."""
    compiled = re.compile(python_pattern(pattern))
    return next((one for one in ("?", "not allowed", "", "0", "x" * 300) if not compiled.search(one)), None)


def _texts(parsed: Any) -> Iterator[str]:
    for operation, said in parsed:
        yield _text(str(operation), said)


def _text(operation: str, said: Any) -> str:
    match operation:
        case "LITERAL":
            return chr(said)
        case "IN":
            return _one_of(said)
        case "ANY":
            return "x"
        case "NOT_LITERAL":
            return "x" if said != ord("x") else "y"
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = said
            return "".join(_texts(inner)) * int(max(least, min(1, int(most))))
        case "SUBPATTERN":
            return "".join(_texts(said[-1]))
        case "BRANCH":
            return "".join(_texts(said[1][0]))
        case "AT":
            return ""
        case _:
            raise NotImplementedError(operation)


def _one_of(said: Any) -> str:
    """A character of a set: the first of the printable ones that it holds, else the first that it names."""
    fitting = [one for one in _PRINTABLE if _holds(said, one)]
    if fitting:
        return fitting[0]
    for operation, one in said:
        if str(operation) == "LITERAL":
            return chr(one)
        if str(operation) == "RANGE":
            return chr(one[0])
    raise NotImplementedError("a set of characters of no kind that is known")


def _holds(said: Any, character: str) -> bool:
    inside, negated = False, False
    for operation, one in said:
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                inside = inside or ord(character) == one
            case "RANGE":
                inside = inside or one[0] <= ord(character) <= one[1]
            case "CATEGORY":
                inside = inside or _is(character, str(one))
    return inside != negated


def _is(character: str, category: str) -> bool:
    known = {
        "DIGIT": character.isdigit(),
        "SPACE": character.isspace(),
        "WORD": character.isalnum() or character == "_",
    }
    kind = category.rpartition("_")[2]
    return known.get(kind, False) != ("NOT" in category)
