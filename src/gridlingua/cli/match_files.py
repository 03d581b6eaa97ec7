"""Patterns for ``gridlingua match`` in the files of any project: pattern files, KE JSON and YAML, Java properties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gridlingua.catalogue.passages import Passage, PassageError, Role, passages, suffixes
from gridlingua.errors import MessageError
from gridlingua.semantics.patterns import Pattern, PatternError, parse_file

Found = Mapping[Role, Pattern]
"""The patterns of one interaction: ``pattern`` of an ask or answer, ``argument`` and ``result`` of a post or react."""

_PLAIN: Final = frozenset((".rq", ".gp", ""))
_NAMED: Final = re.compile(r"(?P<file>.+)#(?P<name>[^#]*)")


def file_named(text: str) -> tuple[Path, str] | None:
    """The file that a text names, and the name or line of a pattern in it: ``peer.json#needs``; None when there is no
    such file."""
    if Path(text).is_file():
        return Path(text), ""
    found = _NAMED.fullmatch(text)
    return (Path(found["file"]), found["name"]) if found and Path(found["file"]).is_file() else None


def patterns_of(path: Path, name: str, prefixes: Mapping[str, str]) -> Found:
    """The patterns of a file's only interaction, or of the one with a name, or at a line. Raises MessageError with the
    place of what is no pattern, and with what there is when it cannot be told which is meant."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MessageError(f"{path}: {error}") from None
    if path.suffix.lower() in _PLAIN or path.suffix.lower() not in suffixes():
        part: Role = next((one for one in ("argument", "result") if path.stem.endswith(f".{one}")), "pattern")
        return {part: _parsed(path, Passage(text), prefixes)}
    try:
        every = passages(path, text)
    except PassageError as error:
        raise MessageError(f"{path}:{error.line}: {error}") from None
    chosen = _chosen(path, [one for one in every if one.role != "graph"], name)
    return {one.role: _parsed(path, one, prefixes) for one in chosen}


def _chosen(path: Path, every: list[Passage], name: str) -> list[Passage]:
    """The passages of one interaction."""
    if not every:
        raise MessageError(f"{path}: there is no graph pattern in this file")
    groups: dict[str, list[Passage]] = {}
    for one in every:
        known = groups.setdefault(one.name or f"line {one.line}", [])
        is_other = any(one.role == two.role for two in known)
        (groups.setdefault(f"line {one.line}", []) if is_other else known).append(one)
    if name:
        if found := groups.get(name) or groups.get(f"line {name}"):
            return found
    elif len(groups) == 1:
        return next(iter(groups.values()))
    there = ", ".join(f"{path}#{one.removeprefix('line ')}" for one in groups)
    raise MessageError(f"{path}: " + (f"there is no pattern {name!r}; " if name else "") + f"there are {there}")


def _parsed(path: Path, passage: Passage, prefixes: Mapping[str, str]) -> Pattern:
    try:
        return parse_file(passage.text, {**prefixes, **passage.prefixes})
    except PatternError as error:
        before = passage.text.splitlines(keepends=True)[: error.line - 1]
        line = passage.place(sum(map(len, before)))[0]
        raise MessageError(f"{path}:{line}: {error}") from None
