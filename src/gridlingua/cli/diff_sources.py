"""The two catalogues of ``gridlingua diff``, as people name them: folders, or folders of a git revision."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gridlingua.catalogue import Content
from gridlingua.catalogue.difference import Source
from gridlingua.cli.one_exchange import UsageError
from gridlingua.errors import legible

_OWN: Final = "safe.bareRepository=explicit"
"""A folder of the catalogue that only looks like a repository does not bring a configuration of its own."""
_REVISION: Final = re.compile(r"(?P<revision>[^:\s-][^:\s]+):(?P<path>.*)")


@contextmanager
def source(text: str, extension_base: str) -> Iterator[Source]:
    """A folder, or ``REVISION:FOLDER``, which is written to a temporary folder as long as it is needed. Raises
    UsageError when there is no catalogue."""
    found = _REVISION.fullmatch(text)
    if Path(text).is_dir() or not found:
        yield _source(Path(text), text, "" if text == "." else f"{text}/", extension_base)
        return
    folder = Path(found["path"] or ".")
    root, inner = _catalogue_of(folder)
    with TemporaryDirectory(prefix="gridlingua-") as made:
        _extract(found["revision"], root, Path(made))
        yield _source(Path(made) / inner, text, f"{found['revision']}:", extension_base)


def _source(folder: Path, named: str, label: str, extension_base: str) -> Source:
    root, inner = _catalogue_of(folder)
    if not (root / "graph_patterns").is_dir():
        if folder.is_file():
            raise UsageError(f"{named} is a file: gridlingua match compares two graph patterns, diff two catalogues")
        hint = "" if folder.exists() else f"; of a revision of git it is {named}:. or --git {named}"
        raise UsageError(f"{named}: there is no catalogue here, that is a folder with graph_patterns and shapes{hint}")
    if inner == Path():
        return Source(Content(root, extension_base), (), label)
    if not (folder / "exchange.yaml").is_file():
        raise UsageError(f"{named}: there is no exchange here")
    exchange_id = folder.resolve().relative_to(root.resolve() / "graph_patterns").as_posix()
    return Source(Content(root, extension_base), (exchange_id,), label)


def _catalogue_of(folder: Path) -> tuple[Path, Path]:
    """The root of the catalogue that a folder is or stands in, and the way from there: to an exchange, or nowhere."""
    path = folder.resolve()
    if len(path.parents) > 2 and path.parents[1].name == "graph_patterns":
        return path.parents[2], path.relative_to(path.parents[2])
    return path, Path()


def _extract(revision: str, root: Path, into: Path) -> None:
    """Write the content folders of a revision, as far as it has them."""
    there = next((one for one in (root, *root.parents) if one.is_dir()), root)
    prefix = _git(there, "rev-parse", "--show-prefix").decode().strip()
    below = (Path(prefix) / root.relative_to(there)).as_posix()
    tree = f"{revision}:{'' if below == '.' else below}"
    top = Path(_git(there, "rev-parse", "--show-toplevel").decode().strip())
    names = _git(top, "ls-tree", "--name-only", tree).decode().splitlines()
    wanted = [name for name in ("graph_patterns", "shapes", "ontologies") if name in names]
    if "graph_patterns" not in wanted:
        raise UsageError(f"{revision} has no folder graph_patterns in {below}")
    with tarfile.open(fileobj=io.BytesIO(_git(top, "archive", "--format=tar", tree, *wanted))) as archive:
        try:
            archive.extractall(into, filter="data")
        except tarfile.TarError as error:  # such as a link out of the catalogue
            raise UsageError(f"{revision} cannot be read: {legible(str(error))}") from None


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(
            ["git", "-c", _OWN, "-C", str(folder), *arguments], check=True, capture_output=True
        ).stdout
    except FileNotFoundError:
        raise UsageError("git is not installed, so no revision can be read") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or ["it failed"]
        raise UsageError(f"git {arguments[0]}: {said[0]}") from None
