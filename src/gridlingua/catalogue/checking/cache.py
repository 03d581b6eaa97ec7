"""What was found before, kept in the user's cache directory: a file for each catalogue, as small as its findings.

A file that is damaged, of another program or of other term lists is as good as none. Of two runs at once the later one
writes last; nothing is lost but time.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Protocol

from gridlingua.catalogue.checking.fingerprint import Files
from gridlingua.catalogue.checking.record import Record
from gridlingua.catalogue.content import Content
from gridlingua.errors import Problem

_FORM: Final = 1
_MOST_FILES: Final = 32
_MARK: Final = "gridlingua-findings"


Pair = tuple[str, str]
"""The prints of two outlines."""


@dataclass
class Kept:
    """What is kept of a catalogue: records by exchange, and by two outlines what each check tells of one beside the
    other. ``whole`` stands for what all of it depends on."""

    whole: str = ""
    records: dict[str, Record] = field(default_factory=dict)
    beside: dict[Pair, dict[str, tuple[Problem, ...]]] = field(default_factory=dict)

    def lasting(self) -> Kept:
        """What holds as long as the files are the same.

        Where a term of shapes is unknown the line is looked for in other files too, so those are looked at each time.
        """
        prints = {one.outline.print for one in self.records.values() if one.outline}
        return Kept(
            self.whole,
            {name: one for name, one in self.records.items() if not one.found.get("terms")},
            {pair: told for pair, told in self.beside.items() if prints.issuperset(pair)},
        )


class Store(Protocol):
    """Where findings are kept from one run to the next."""

    files: Files

    def read(self, content: Content, whole: str) -> Kept:
        """What is kept of a catalogue that was found under the circumstances that ``whole`` stands for."""

    def write(self, content: Content, kept: Kept) -> None:
        """Keep what was found; where that cannot be, it is not."""


class Nowhere:
    """Nothing is kept."""

    def __init__(self) -> None:
        self.files = Files()

    def read(self, _: Content, whole: str) -> Kept:
        return Kept(whole)

    def write(self, _: Content, __: Kept) -> None:
        pass


class Memory:
    """Findings of one process, which begins with those of another store and looks at files only when they change."""

    def __init__(self, beginning: Store) -> None:
        self.files = Files()
        self._beginning = beginning
        self._kept: dict[Content, Kept] = {}

    def read(self, content: Content, whole: str) -> Kept:
        found = self._kept.get(content) or self._beginning.read(content, whole)
        return found if found.whole == whole else Kept(whole)

    def write(self, content: Content, kept: Kept) -> None:
        self._kept[content] = kept
        self._beginning.write(content, kept)


class Cache:
    """A folder of findings."""

    def __init__(self, folder: Path) -> None:
        self.files = Files()
        self._folder = folder

    def read(self, content: Content, whole: str) -> Kept:
        try:
            found = json.loads(self._path(content).read_bytes())
            if found["form"] != _FORM or found["whole"] != whole:
                return Kept(whole)
            records = {name: Record.read(one) for name, one in found["records"].items()}
            beside: dict[Pair, dict[str, tuple[Problem, ...]]] = {
                (one, other): {name: tuple(Problem(**said) for said in problems) for name, problems in told.items()}
                for one, other, told in found["beside"]
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Kept(whole)
        return Kept(whole, records, beside)

    def write(self, content: Content, kept: Kept) -> None:
        written: Mapping[str, Any] = {
            "form": _FORM,
            "whole": kept.whole,
            "records": {name: one.written() for name, one in kept.records.items()},
            "beside": [
                (*pair, {name: [vars(one) for one in problems] for name, problems in told.items()})
                for pair, told in kept.beside.items()
            ],
        }
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _replace(self._path(content), json.dumps(written, separators=(",", ":")))
            self._drop_the_oldest()

    def _path(self, content: Content) -> Path:
        name = "\0".join([str(content.root.resolve()), str(content.root), content.extension_base])
        return self._folder / f"{_MARK}-{blake2b(os.fsencode(name), digest_size=12).hexdigest()}.json"

    def _drop_the_oldest(self) -> None:
        files = sorted(self._folder.glob(f"{_MARK}-*.json"), key=lambda one: one.stat().st_mtime)
        for one in files[:-_MOST_FILES]:
            one.unlink()


def user_cache() -> Path | None:
    """The folder in which findings of this user are kept, by the custom of the system; None where there is no home."""
    if chosen := os.environ.get("XDG_CACHE_HOME"):
        return Path(chosen) / "gridlingua"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "gridlingua" / "Cache"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "gridlingua"


def _replace(path: Path, text: str) -> None:
    """Write a file at once or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{_MARK}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
