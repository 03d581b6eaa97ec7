"""Where the content is: the three folders of a catalogue, ours or anyone's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gridlingua
from gridlingua.catalogue.texts import read_text
from gridlingua.errors import CatalogueError, Problem

EXTENSION_BASE: Final = "https://w3id.org/gridlingua#"
"""The namespace of our own terms, as the content files write it."""


@dataclass(frozen=True)
class Content:
    """A catalogue's folders on disk: ``graph_patterns``, ``shapes``, ``ontologies`` below one root.

    ``extension_base`` replaces the namespace of our own terms in every file that is read.
    """

    root: Path
    extension_base: str = EXTENSION_BASE

    @property
    def patterns(self) -> Path:
        return self.root / "graph_patterns"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def ontologies(self) -> Path:
        """The catalogue's own term lists, or ours where it has none."""
        own = self.root / "ontologies"
        return own if own.is_dir() else shipped().ontologies

    def read(self, path: Path) -> str:
        """The text of a content file, with the configured namespace."""
        text = read_text(path)
        return text if self.extension_base == EXTENSION_BASE else text.replace(EXTENSION_BASE, self.extension_base)

    def shown(self, path: Path) -> str:
        """How a path is shown in a problem: from the root of the catalogue on."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def folders(self) -> list[Path]:
        """The exchange folders, in order of their ids."""
        if not self.patterns.is_dir():
            raise CatalogueError([Problem(str(self.root), 1, "folder", "there is no folder graph_patterns here")])
        return sorted(path for path in self.patterns.glob("*/*") if path.is_dir())


def shipped(extension_base: str = EXTENSION_BASE) -> Content:
    """The content that comes with gridlingua: in the wheel, or beside ``src`` in a checkout."""
    package = Path(gridlingua.__file__).parent
    checkout = package.parents[1]
    root = checkout if (checkout / "graph_patterns").is_dir() else package / "content"
    return Content(root, extension_base)
