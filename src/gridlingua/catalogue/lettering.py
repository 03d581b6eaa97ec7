"""The texts of a drawn graph pattern: what they say, and how wide they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from math import ceil
from typing import Final

from gridlingua.errors import MessageError
from gridlingua.semantics.terms import XSD, Term, is_iri, split_iri, split_literal

_LONGEST: Final = 44
_BARE: Final = tuple(f"{XSD}{name}" for name in ("integer", "decimal", "boolean"))


def text_width(text: str, size: int) -> int:
    """Width of a text in a monospaced font, px."""
    cells = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return ceil(cells * size * 0.605)


def shortened(text: str) -> str:
    """A text that fits in a box, its middle left out when it is long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 + 1 :]}"


def written(term: Term, curie: Callable[[str], str]) -> str:
    """A term of a pattern as people write it: ``?variable``, CURIE, ``"text"``, number, ``"PT15M"^^xsd:duration``."""
    if term.startswith(("?", "_:")):
        return term
    if is_iri(term):
        return curie(split_iri(term))
    try:
        value = split_literal(term)
    except MessageError:
        return term
    if value.datatype in _BARE:
        return value.lexical
    if value.language or value.datatype == f"{XSD}string":
        return term
    return f'"{value.lexical}"^^{curie(value.datatype)}'
