"""One look at what is to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridlingua.cli.reports import Report


@dataclass(frozen=True)
class Look:
    """What was found, and what to keep an eye on: whole folders, and single files that may not be there yet."""

    report: Report
    folders: Sequence[Path]
    files: Sequence[Path]
