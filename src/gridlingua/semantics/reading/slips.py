"""What stands in a text of triples and is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SlipKind = Literal["blank_node", "path", "filter", "prefix", "unreadable"]
"""``filter`` is any block that is no triple (FILTER, OPTIONAL, UNION, …), ``prefix`` one that the text does not
declare, ``unreadable`` everything that keeps a triple from being read."""

_LONGEST: Final = 60


@dataclass(frozen=True)
class Slip:
    """One thing that is no triple: ``text`` is what stands there, at ``start``, an offset counted from 0.

    ``message`` is a sentence for ``unreadable``; for ``path`` the triples that say the same, where there are such; for
    ``prefix`` the namespace that everyone means by it, if anyone does; for ``blank_node`` a name for the node.
    """

    kind: SlipKind
    start: int
    text: str
    message: str = ""


def excerpt(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
