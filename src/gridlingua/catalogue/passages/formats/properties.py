"""Java properties: any value that reads like triples, whatever its key.

The code that reads such a file declares the prefixes, or keys such as ``prefix.saref`` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.passages.likeness import reads_like_triples
from gridlingua.catalogue.passages.passage import Passage, Role, Spot
from gridlingua.catalogue.passages.tree import Text

SUFFIXES: Final = (".properties",)

_SKIPPED: Final = re.compile(r"\s*(?:[#!]|$)")
_CONTINUED: Final = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_KEY: Final = re.compile(r"\s*(?P<key>(?:[^\s=:\\]|\\.)+)(?:\s*[=:]\s*|\s+|$)")
_ESCAPE: Final = re.compile(r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<char>.))")
_CHARS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_PREFIX: Final = re.compile(r"(?:.*\.)?prefix(?:es)?\.(?P<prefix>[\w-]+)", re.IGNORECASE)
_WORD: Final = re.compile(r"[._\-\s]+|(?<=[a-z])(?=[A-Z])")


def read(text: str) -> Iterator[Passage]:
    """Every value that reads like triples; its line is that at which the value begins."""
    entries = list(_entries(text))
    named = {found["prefix"]: value for key, value in entries if (found := _PREFIX.fullmatch(key))}
    prefixes = {prefix: value.value.strip().strip("<>") for prefix, value in named.items()}
    for key, value in entries:
        if reads_like_triples(value.value):
            yield Passage(
                text=value.value,
                line=value.spots[0].line,
                role=_role(key),
                name=key,
                prefixes=prefixes,
                declared={prefix: one.place for prefix, one in named.items()},
                borrows=True,
                spots=value.spots,
            )


def _role(key: str) -> Role:
    words = {word.lower() for word in _WORD.split(key)}
    if words & {"argument", "arg"}:
        return "argument"
    return "result" if words & {"result", "res"} else "pattern"


def _entries(text: str) -> Iterator[tuple[str, Text]]:
    """Every key and its value; a line that ends with a backslash goes on in the next."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        line, begin = lines[number], number
        number += 1
        found = _KEY.match(line)
        if _SKIPPED.match(line) or not found:
            continue
        pieces = [(begin, found.end())]
        while _CONTINUED.search(lines[number - 1]) and number < len(lines):
            pieces.append((number, len(lines[number]) - len(lines[number].lstrip())))
            number += 1
        yield _ESCAPE.sub(_char, found["key"]), _value(lines, pieces)


def _value(lines: list[str], pieces: list[tuple[int, int]]) -> Text:
    """The value that is written in pieces, each a line and the offset in it from which on."""
    value, spots = "", []
    for last, (number, start) in enumerate(pieces, 1 - len(pieces)):
        line = lines[number] if last == 0 and not _CONTINUED.search(lines[number]) else lines[number][:-1]
        spots.append(Spot(len(value), number + 1, start + 1))
        at = start
        for found in _ESCAPE.finditer(line, start):
            value += line[at : found.start()] + _char(found)
            at = found.end()
            spots.append(Spot(len(value), number + 1, at + 1))
        value += line[at:]
    return Text(value, tuple(spots))


def _char(found: re.Match[str]) -> str:
    if found["code"]:
        return chr(int(found["code"], 16))
    return _CHARS.get(found["char"], found["char"])
