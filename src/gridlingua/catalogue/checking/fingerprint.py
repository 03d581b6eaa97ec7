"""What findings depend on, as short texts: equal texts, equal findings."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import gridlingua
from gridlingua.catalogue.content import Content
from gridlingua.catalogue.texts import read_bytes

_LIBRARIES: Final = ("rdflib", "pyshacl", "pyoxigraph", "jsonschema", "yaml", "simplejson")
_SKIPPED: Final = frozenset(
    {"__pycache__", "services", "web", "adapter", "engine", "storage", "demo", "cli", "testing"}
)
"""Rooms of the package that no check knows."""
_REFERENCE: Final = re.compile(rb"<([^<>\s]+\.ttl)>")


@dataclass(frozen=True)
class Print:
    """A file as it was: its size and time of change, what stands for its text, and the Turtle files that it names."""

    stamp: tuple[int, ...]
    text: bytes
    named: tuple[Path, ...]


@dataclass
class Files:
    """The prints of files, each read again when its size, time or place on the disk is another."""

    known: dict[Path, Print] = field(default_factory=dict)

    def of(self, path: Path) -> Print:
        """The print of a file; of none when it cannot be read."""
        try:
            told = path.stat()
            stamp = (told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino)
            found = self.known.get(path)
            if found is None or found.stamp != stamp:
                found = self.known[path] = _read(path, stamp)
        except OSError:
            found = Print((), b"absent", ())
        return found

    def forget(self, paths: Iterable[Path]) -> None:
        """Read these again, whatever their stamps say."""
        for path in paths:
            self.known.pop(path, None)


class Fingerprints:
    """The fingerprints of a catalogue as its files are now."""

    def __init__(self, content: Content, files: Files | None = None) -> None:
        self._content = content
        self._files = files or Files()

    @cached_property
    def whole(self) -> str:
        """Of what every exchange depends on: the program, its libraries, the term lists, and where the catalogue is."""
        lists = sorted(one for one in self._content.ontologies.glob("*") if one.suffix in (".json", ".ttl"))
        said = [gridlingua.__version__, sys.version, str(self._content.root), self._content.extension_base]
        return digest([*(text.encode() for text in said), program(), *self._said(lists)])

    def of(self, folder: Path) -> str:
        """Of an exchange: its folder, its shapes, and the shapes that those name."""
        content = self._content
        shapes = content.shapes / folder.relative_to(content.patterns)
        named = self._named(shapes.with_name(f"{shapes.name}.ttl"))
        return digest([*self._said(_below(folder)), *self._said(named)])

    def _named(self, path: Path) -> list[Path]:
        """A file of shapes, and all that it names, and what they name."""
        seen: dict[Path, None] = {}
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen[current] = None
                waiting += self._files.of(current).named
        return sorted(seen)

    def _said(self, paths: Iterable[Path]) -> Iterator[bytes]:
        for path in paths:
            yield os.fsencode(path)
            yield self._files.of(path).text


def _read(path: Path, stamp: tuple[int, ...]) -> Print:
    text = read_bytes(path)
    named = _REFERENCE.findall(text) if path.suffix == ".ttl" else ()
    beside = tuple(Path(os.path.normpath(path.parent / os.fsdecode(one))) for one in named)
    return Print(stamp, blake2b(text, digest_size=16).digest(), beside)


def _below(folder: Path) -> Iterator[Path]:
    for here, inner, files in os.walk(folder):
        inner.sort()
        yield from (Path(here, one) for one in sorted(files))


@cache
def program() -> bytes:
    """What stands for the modules that find something and for the libraries: their sizes and times of change, for in a
    checkout they change without a version. It is that of this process: modules are loaded once."""
    return digest(_modules()).encode()


def _modules() -> Iterator[bytes]:
    for here, inner, files in os.walk(Path(gridlingua.__file__).parent):
        inner[:] = sorted(one for one in inner if one not in _SKIPPED)
        for one in sorted(files):
            if one.endswith((".py", ".json", ".yaml")):
                yield _stamp(Path(here, one))
    for name in _LIBRARIES:
        spec = find_spec(name)
        yield _stamp(Path(spec.origin)) if spec and spec.origin else name.encode()


def _stamp(path: Path) -> bytes:
    told = path.stat()
    return f"{path}:{told.st_size}:{told.st_mtime_ns}".encode()


def digest(parts: Iterable[bytes]) -> str:
    """A text of 32 letters and figures that stands for several texts, in their order."""
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
