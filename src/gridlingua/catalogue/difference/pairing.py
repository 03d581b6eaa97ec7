"""Which exchanges of two catalogues are the same, and which of them differ at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from gridlingua.catalogue.content import Content
from gridlingua.catalogue.exchange import Exchange
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import CatalogueError, Problem

_PARTY: Final = re.compile(r"^(?:initiator|responder): *([a-z][a-z0-9_]*)", re.MULTILINE)
_TURTLE: Final = re.compile(r"<([^<>\s]+\.ttl)>")


@dataclass(frozen=True)
class Source:
    """A catalogue, or some exchanges of it; ``label`` stands before the paths of its files."""

    content: Content
    only: Collection[str] = ()
    label: str = ""

    @cached_property
    def folders(self) -> Mapping[str, Path]:
        """The exchanges' folders by id."""
        found = {one.relative_to(self.content.patterns).as_posix(): one for one in self.content.folders()}
        return {name: folder for name, folder in found.items() if not self.only or name in self.only}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary.load(self.content.ontologies, self.content.extension_base)

    def exchange(self, exchange_id: str) -> Exchange:
        """Read one exchange; raises CatalogueError with what keeps it from being read."""
        draft = read(self.content, self.folders[exchange_id], self.vocabulary.prefixes)
        problems: Sequence[Problem] = draft.problems
        if draft.exchange is not None:
            try:
                _ = draft.exchange.shapes  # read now, while it is known whose they are
                return draft.exchange
            except CatalogueError as error:
                problems = error.problems
        raise CatalogueError([replace(one, path=f"{self.label}{one.path}") for one in problems])

    @cached_property
    def parties(self) -> frozenset[str]:
        """Who initiates or responds, as the declarations have it, readable or not."""
        files = [folder / "exchange.yaml" for folder in self.folders.values()]
        texts = [file.read_text("utf-8", "replace") for file in files if file.is_file()]
        return frozenset(name for text in texts for name in _PARTY.findall(text))

    def files(self, exchange_id: str) -> dict[str, bytes]:
        """The content of everything that makes an exchange, by path below the root: its folder, and its shapes with all
        that they import."""
        folder = self.folders[exchange_id]
        found = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
        waiting = [self.content.shapes / f"{exchange_id}.ttl"]
        while waiting:
            path = waiting.pop()
            if path not in found and path.is_file():
                found[path] = path.read_bytes()
                named = _TURTLE.findall(found[path].decode("utf-8", "replace"))
                waiting += [(path.parent / one).resolve() for one in named]
        root = self.content.root.resolve()
        return {path.resolve().relative_to(root).as_posix(): text for path, text in found.items()}


@dataclass(frozen=True)
class Pair:
    """An exchange as it was and as it is; one of them is None where there was none, or is none any more."""

    old: Exchange | None
    new: Exchange | None

    @property
    def id(self) -> str:
        known = self.new or self.old
        return known.id if known else ""

    @property
    def is_renamed(self) -> bool:
        return self.old is not None and self.new is not None and self.old.id != self.new.id


def pairs(old: Source, new: Source) -> tuple[list[Pair], int]:
    """The exchanges that differ, and how many there are in all. One that is gone and one that is new are one exchange
    under another name when they say the same."""
    every = sorted(old.folders.keys() | new.folders.keys())
    gone = [old.exchange(name) for name in every if name not in new.folders]
    fresh = [new.exchange(name) for name in every if name not in old.folders]
    found: list[Pair] = []
    for one in gone:
        same = next((other for other in fresh if _is_renamed(one, other)), None)
        found.append(Pair(one, same))
        fresh = [other for other in fresh if other is not same]
    found += [Pair(None, one) for one in fresh]
    found += _changed(old, new, [name for name in every if name in old.folders and name in new.folders])
    return sorted(found, key=lambda pair: pair.id), len(every) - sum(1 for one in found if one.is_renamed)


def _changed(old: Source, new: Source, ids: Collection[str]) -> Iterator[Pair]:
    for name in ids:
        if old.files(name) != new.files(name):
            yield Pair(old.exchange(name), new.exchange(name))


def _is_renamed(one: Exchange, other: Exchange) -> bool:
    return one.kind == other.kind and one.operation == other.operation and one.profiles == other.profiles
