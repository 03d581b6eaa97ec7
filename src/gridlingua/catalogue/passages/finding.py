"""Which module reads a file, and what it finds there."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from gridlingua.catalogue.passages import formats as folder
from gridlingua.catalogue.passages.passage import Passage, Role

Read = Callable[[str], Iterator[Passage]]

_PART: Final = re.compile(r"[._-](?:(?P<argument>arg|argument)|(?P<result>res|result))(?=[._-]|$)", re.IGNORECASE)


def suffixes() -> frozenset[str]:
    """The suffixes of the files that may hold patterns or triples: ``.rq``, ``.json``, ``.ttl`` and others."""
    return frozenset(_readers())


def passages(path: PurePath, text: str) -> list[Passage]:
    """Every pattern and graph in the text of a file; none where it holds none.

    Raises PassageError when the text is not of the format that the name of the file promises, KeyError for a suffix
    that nobody reads.
    """
    part = _PART.search(path.stem)
    role: Role = "pattern" if not part else "argument" if part["argument"] else "result"
    found = _readers()[path.suffix.lower()](text.removeprefix("\ufeff"))
    return [replace(one, role=role) if one.role == "pattern" and not one.name else one for one in found]


@cache
def _readers() -> MappingProxyType[str, Read]:
    found: dict[str, Read] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        reader = import_module(f"{folder.__name__}.{module.name}")
        found |= dict.fromkeys(reader.SUFFIXES, reader.read)
    return MappingProxyType(found)
