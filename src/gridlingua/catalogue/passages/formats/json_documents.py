"""JSON, with comments where there are some: registrations of the Knowledge Engine's REST API, configurations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json import scanner
from typing import Any, Final

from gridlingua.catalogue.passages.error import PassageError
from gridlingua.catalogue.passages.escapes import spots_of_escapes
from gridlingua.catalogue.passages.passage import Passage
from gridlingua.catalogue.passages.tree import Scope, Text, Tree, may_hold_patterns, passages_of

SUFFIXES: Final = (".json", ".jsonc", ".json5")

_COMMENT: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?P<comment>//[^\n]*|/\*.*?\*/)', re.DOTALL)
_COMMA: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?P<comma>,)(?=\s*[}\]])')
_ESCAPE: Final = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.")


class _Said(str):
    """A text with the offset at which its quotes open."""

    start: int


def read(text: str) -> Iterator[Passage]:
    """Every pattern of a JSON document. Comments and a comma after the last element are passed over."""
    if not may_hold_patterns(text):
        return
    plain = _COMMA.sub(_blanked, _COMMENT.sub(_blanked, text))
    try:
        value = _decoder().decode(plain)
    except json.JSONDecodeError as error:
        raise PassageError(f"not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise PassageError("not JSON that can be read: it is nested too deeply") from None
    except ValueError as error:  # a number of more figures than Python reads
        raise PassageError(f"not JSON that can be read: {str(error).partition(':')[0]}") from None
    yield from passages_of(_tree(value, text), Scope({}, {}))


def _blanked(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0]) if found.lastgroup else found[0]


def _decoder() -> json.JSONDecoder:
    """A decoder whose texts know where they stand."""
    decoder: Any = json.JSONDecoder()
    scan = decoder.parse_string

    def said(text: str, end: int, strict: bool = True) -> tuple[str, int]:
        value, stop = scan(text, end, strict)
        found = _Said(value)
        found.start = end - 1
        return found, stop

    decoder.parse_string = said
    # the scanner in C would not call ours
    decoder.scan_once = scanner.py_make_scanner(decoder)  # type: ignore[attr-defined]
    found: json.JSONDecoder = decoder
    return found


def _tree(value: Any, text: str) -> Tree:
    if isinstance(value, dict):
        return {key: _tree(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_tree(inner, text) for inner in value]
    if not isinstance(value, _Said):
        return None
    return Text(str(value), spots_of_escapes(text, value.start + 1, len(value), _ESCAPE))
