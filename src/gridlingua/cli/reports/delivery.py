"""Where a report goes: in one or several formats, to the standard output or to files."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from gridlingua.cli.reports import formats as folder
from gridlingua.cli.reports.report import Report
from gridlingua.errors import GridlinguaError

Writer = Callable[[Report], str]


@dataclass(frozen=True)
class Destination:
    """A format, and the file that it is written to; None: the standard output."""

    format: str
    file: Path | None = None


@cache
def formats() -> Mapping[str, Writer]:
    """Every format by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return MappingProxyType({name: import_module(f"{folder.__name__}.{name}").write for name in names})


def read_destination(text: str) -> Destination:
    """Read ``sarif`` or ``sarif:gridlingua.sarif``. Raises GridlinguaError for a format that does not exist."""
    name, colon, file = text.partition(":")
    if name not in formats():
        raise GridlinguaError(f"there is no format {name!r}; there are {', '.join(formats())}")
    if colon and not file:
        raise GridlinguaError(f"{text!r} names no file: write {name}:FILE, or {name} for the standard output")
    return Destination(name, Path(file) if file else None)


def deliver(report: Report, destinations: Sequence[Destination], echo: Callable[[str], None]) -> None:
    """Write the report everywhere; ``echo`` is the standard output, which reads text when all else goes to files.

    Raises GridlinguaError for a file that cannot be written.
    """
    for one in destinations:
        if one.file is not None:
            _save(one.file, formats()[one.format](replace(report, coloured=False)))
    spoken = [one.format for one in destinations if one.file is None]
    for name in spoken or ["text"]:
        if text := formats()[name](report).removesuffix("\n"):
            echo(text)


def _save(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.removesuffix("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise GridlinguaError(f"{file} cannot be written: {error.strerror or error}") from None
