"""Spellings that peers agreed on and no ontology has: they match each other because both carry the same typo.

A pattern file of a profile other than the judged one marks each, in a comment of its own line::

    # deployed: ic-tplg:hasToplogicalAssociation for ic-tplg:hasTopologicalAssociation
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_MARK: Final = re.compile(
    r"^[ \t]*#[ \t]*deployed:[ \t]*(?P<deployed>\S+)(?:[ \t]+for[ \t]+(?P<meant>\S+))?[ \t]*$", re.MULTILINE
)


@dataclass(frozen=True)
class Spelling:
    """A term as peers write it, the term that was meant, and the line of the text that says so; IRIs."""

    deployed: str
    meant: str
    line: int


def spellings(text: str, prefixes: Mapping[str, str]) -> list[Spelling]:
    """Every spelling that a pattern file marks."""
    found = []
    for mark in _MARK.finditer(text):
        deployed, meant = (_iri(mark[name] or "", prefixes) for name in ("deployed", "meant"))
        found.append(Spelling(deployed, meant, text.count("\n", 0, mark.start()) + 1))
    return found


def _iri(text: str, prefixes: Mapping[str, str]) -> str:
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else text
