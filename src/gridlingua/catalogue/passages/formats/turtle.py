"""Triples: Turtle and N-Triples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.passages.passage import Passage

SUFFIXES: Final = (".ttl", ".nt")


def read(text: str) -> Iterator[Passage]:
    yield Passage(text, role="graph")
