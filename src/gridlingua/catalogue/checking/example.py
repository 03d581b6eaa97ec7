"""The example on a check's page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """What a check refuses, and the same put right. In ``sparql`` both are whole pattern files, which tests run."""

    wrong: str
    right: str
    language: str = "sparql"
