"""Pattern files and queries, of which the WHERE is read: one pattern a file, or two told apart by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.passages.passage import Passage

SUFFIXES: Final = (".rq", ".sparql")


def read(text: str) -> Iterator[Passage]:
    yield Passage(text)
