"""A catalogue as it lies on disk now: a folder that was edited is read again, and texts may stand in for its files."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from gridlingua.catalogue import Content
from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.exchange import Exchange
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import CatalogueError, MessageError
from gridlingua.semantics.shacl import Shapes

T = TypeVar("T")

_MOST_EDITED: Final = 16

Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of the last change (ns) and size of every file that something was read from."""


@dataclass(frozen=True)
class Edited(Content):
    """A catalogue of which some files say something else."""

    texts: Mapping[Path, str] = field(default_factory=dict)

    def read(self, path: Path) -> str:
        return self.texts[path] if path in self.texts else super().read(path)


@dataclass(frozen=True)
class Volume:
    """An exchange folder as it was read: its draft, the vocabulary it is judged by, and the edition of its files."""

    draft: Draft
    vocabulary: Vocabulary = field(repr=False)
    edition: str
    _worked_out: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, what: Hashable, work_out: Callable[[], T]) -> T:
        """What was worked out from these files alone, and is asked with every key that is pressed."""
        if what not in self._worked_out:
            self._worked_out[what] = work_out()
        found: T = self._worked_out[what]
        return found

    @property
    def exchange(self) -> Exchange:
        """The exchange; CatalogueError when the folder cannot be read."""
        if self.draft.exchange is None:
            raise CatalogueError(self.draft.problems)
        return self.draft.exchange


class Shelf:
    """The exchanges of a content root. Its methods may be called from several threads."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._lock = threading.RLock()
        self._vocabulary: tuple[Stamp, Vocabulary] | None = None
        self._volumes: dict[str, tuple[Stamp, Volume]] = {}
        self._edited: OrderedDict[tuple[str, str, frozenset[tuple[str, str]]], Volume] = OrderedDict()

    def ids(self) -> list[str]:
        """The exchanges that are there now. Raises CatalogueError when the root has no folder of patterns."""
        return [folder.relative_to(self._content.patterns).as_posix() for folder in self._content.folders()]

    def volume(self, exchange_id: str) -> Volume:
        """An exchange as it is on disk now; MessageError for an id that there is not."""
        with self._lock:
            folder = self._folder(exchange_id)
            vocabulary, stamp = self._words(), self._stamp(exchange_id)
            known = self._volumes.get(exchange_id)
            if known is None or known[0] != stamp or known[1].vocabulary is not vocabulary:
                draft = read(self._content, folder, vocabulary.prefixes)
                edition = hashlib.sha256(repr((stamp, self._vocabulary and self._vocabulary[0])).encode())
                known = self._volumes[exchange_id] = stamp, Volume(draft, vocabulary, edition.hexdigest()[:16])
            return known[1]

    def edited(self, exchange_id: str, texts: Mapping[str, str]) -> Volume:
        """The same with other texts in the place of its pattern files, by their names (``saref4.rq``)."""
        with self._lock:
            volume = self.volume(exchange_id)
            if not texts:
                return volume
            key = exchange_id, volume.edition, frozenset(texts.items())
            if key not in self._edited:
                self._edited[key] = self._read_edited(volume, texts)
                if len(self._edited) > _MOST_EDITED:
                    self._edited.popitem(last=False)
            self._edited.move_to_end(key)
            return self._edited[key]

    def _read_edited(self, volume: Volume, texts: Mapping[str, str]) -> Volume:
        draft = volume.draft
        strange = sorted(name for name in texts if draft.folder / name not in draft.patterns)
        if strange:
            there = ", ".join(path.name for path in draft.patterns)
            raise MessageError(f"{draft.id} has no pattern file {', '.join(strange)}; there are {there}")
        content = Edited(
            draft.content.root, draft.content.extension_base, {draft.folder / name: texts[name] for name in texts}
        )
        found = read(content, draft.folder, volume.vocabulary.prefixes)
        if found.exchange and draft.exchange:
            found.exchange = replace(found.exchange, read_shapes=partial(_shapes_of, draft.exchange))
        return replace(volume, draft=found, _worked_out={})

    def _folder(self, exchange_id: str) -> Path:
        ids = self.ids()
        if exchange_id not in ids:
            raise MessageError(f"there is no exchange {exchange_id!r}; there are {', '.join(ids) or 'none'}")
        return self._content.patterns / exchange_id

    def _words(self) -> Vocabulary:
        stamp = _stamp([self._content.ontologies])
        if self._vocabulary is None or self._vocabulary[0] != stamp:
            found = Vocabulary.load(self._content.ontologies, self._content.extension_base)
            self._vocabulary = stamp, found
        return self._vocabulary[1]

    def _stamp(self, exchange_id: str) -> Stamp:
        shapes = self._content.shapes
        return _stamp([self._content.patterns / exchange_id, shapes / f"{exchange_id}.ttl", shapes / "concepts"])


def _shapes_of(exchange: Exchange) -> Shapes:
    return exchange.shapes


def _stamp(places: list[Path]) -> Stamp:
    return tuple(one for place in places for one in sorted(_stamps(str(place))))


def _stamps(place: str) -> Iterator[tuple[str, int, int]]:
    """Files below a place; what goes away meanwhile is not there."""
    try:
        if os.path.isdir(place):
            for entry in os.scandir(place):
                yield from _stamps(entry.path)
        else:
            found = os.stat(place)
            yield place, found.st_mtime_ns, found.st_size
    except OSError:
        return
