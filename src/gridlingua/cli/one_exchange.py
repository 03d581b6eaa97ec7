"""The exchange that a command is about, by its id or by the path of its folder; nothing beside it is read."""

from __future__ import annotations

from pathlib import Path

from gridlingua.catalogue import Content, Exchange
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import CatalogueError, GridlinguaError


class UsageError(GridlinguaError):
    """What was typed names nothing that is there."""


def one_exchange(where: Content, named: str) -> tuple[Exchange, Vocabulary]:
    """The exchange of an id such as ``flexibility/needs`` in a catalogue, or of a folder on disk, with the catalogue
    that it stands in. Raises UsageError, or CatalogueError when the folder cannot be read."""
    content, folder = _folder(where, named)
    vocabulary = Vocabulary.load(content.ontologies, content.extension_base)
    draft = read(content, folder, vocabulary.prefixes)
    if draft.exchange is None:
        raise CatalogueError(draft.problems)
    return draft.exchange, vocabulary


def profile_of(exchange: Exchange, profile: str) -> str:
    """A profile that the exchange has. Raises UsageError with those that it has."""
    if profile not in exchange.profiles:
        raise UsageError(f"{exchange.id} has no profile {profile!r}; it has {', '.join(exchange.profiles)}")
    return profile


def _folder(where: Content, named: str) -> tuple[Content, Path]:
    path = Path(named).absolute()
    path = path.parent if path.name == "exchange.yaml" else path
    if (path / "exchange.yaml").is_file():
        if path.parents[1].name != "graph_patterns":
            raise UsageError(f"{named}: an exchange stands in graph_patterns/<service>/<name> of its catalogue")
        return Content(path.parents[2], where.extension_base), path
    folder = where.patterns / named
    if not (folder / "exchange.yaml").is_file() or folder.parent.parent != where.patterns:
        known = ", ".join(one.relative_to(where.patterns).as_posix() for one in where.folders())
        raise UsageError(f"there is no exchange {named!r}; there are {known}")
    return where, folder
