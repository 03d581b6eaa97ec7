"""Bare bodies, as adapters of the pilots keep them: PREFIX lines, if any, and triples.

The code that reads such a file often declares the prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.passages.passage import Passage

SUFFIXES: Final = (".gp",)

_PREFIX: Final = re.compile(r"^\s*@?PREFIX\b", re.IGNORECASE | re.MULTILINE)


def read(text: str) -> Iterator[Passage]:
    yield Passage(text, borrows=not _PREFIX.search(text))
