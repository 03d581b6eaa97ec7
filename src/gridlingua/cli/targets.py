"""What ``gridlingua check`` is pointed at: exchanges of catalogues, and files of anybody."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from gridlingua.catalogue import Content
from gridlingua.cli.one_exchange import UsageError

_PATTERNS: Final = "graph_patterns"
_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "venv", "CVS"})


@dataclass
class Targets:
    """Exchanges by the root of their catalogue (``None``: all of them), and bare files."""

    exchanges: dict[Path, list[str] | None] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)

    def add(self, root: Path, ids: Sequence[str] | None = None) -> None:
        """Add exchanges of a catalogue, or all of them."""
        known = self.exchanges.get(root, [])
        if ids is None or known is None:
            self.exchanges[root] = None
        else:
            self.exchanges[root] = sorted({*known, *ids})

    def __bool__(self) -> bool:
        return bool(self.exchanges or self.files)


def is_catalogue(folder: Path) -> bool:
    """Whether a folder is the root of a catalogue. A folder named graph_patterns alone does not make one."""
    patterns = folder / _PATTERNS
    return patterns.is_dir() and ((folder / "shapes").is_dir() or any(patterns.glob("*/*/exchange.yaml")))


def find_targets(named: Sequence[str], default: Content, suffixes: Sequence[str]) -> Targets:
    """What paths and ids mean; without any, the whole default catalogue. Bare files are those of the suffixes.

    Raises UsageError for what is neither a path nor an exchange, and for a file of another kind.
    """
    targets = Targets()
    if not named:
        targets.add(default.root)
    for name in named:
        path = Path(name)
        if not path.exists():
            targets.add(default.root, _ids(name, default))
        elif not _of_catalogue(path.absolute(), targets):
            before = len(targets.files)
            targets.files += _walk(path, targets, suffixes) if path.is_dir() else _file(path, suffixes)
            if path.is_dir() and len(targets.files) == before and not targets.exchanges:
                raise UsageError(f"{name} holds nothing that can be checked: no catalogue, and no {_said(suffixes)}")
    targets.files = list(dict.fromkeys(targets.files))
    return targets


def _ids(name: str, default: Content) -> list[str]:
    """The exchange of an id, or all of a service."""
    known = [folder.relative_to(default.patterns).as_posix() for folder in default.folders()]
    wanted = name.rstrip("/")
    found = [one for one in known if one == wanted or one.startswith(f"{wanted}/")]
    if not found:
        services = sorted({one.partition("/")[0] for one in known})
        near = get_close_matches(wanted, [*known, *services], 3, 0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are exchanges of {', '.join(services)}"
        raise UsageError(f"{name} is no file, no folder and no exchange; {hint}")
    return found


def _of_catalogue(path: Path, targets: Targets) -> bool:
    """Add what a path means that leads into a catalogue; whether it does."""
    if path.is_dir() and is_catalogue(path):
        targets.add(path)
        return True
    for root in path.parents:
        if path.is_relative_to(root / _PATTERNS) and is_catalogue(root):
            targets.add(root, _beneath(path, root))
            return True
        if path.is_relative_to(root / "shapes") and is_catalogue(root):
            targets.add(root, _judged_by(path, root))
            return True
        if path.is_relative_to(root / "ontologies") and is_catalogue(root):
            targets.add(root)
            return True
    return False


def _beneath(path: Path, root: Path) -> list[str] | None:
    """The exchanges that a file or folder of ``graph_patterns`` belongs to or holds; None: all."""
    steps = path.relative_to(root / _PATTERNS).parts
    if len(steps) >= 2:
        return ["/".join(steps[:2])]
    folders = path.glob("*") if steps else ()
    return [f"{steps[0]}/{one.name}" for one in folders if one.is_dir()] if steps and path.is_dir() else None


def _judged_by(path: Path, root: Path) -> list[str] | None:
    """The exchanges that a file or folder of ``shapes`` judges; None: all."""
    steps = path.relative_to(root / "shapes").parts
    known = {
        one.parent.relative_to(root / _PATTERNS).as_posix() for one in (root / _PATTERNS).glob("*/*/exchange.yaml")
    }
    if not steps:
        return None
    if steps[0] != "concepts":
        wanted = "/".join(steps).removesuffix(".ttl")
        return sorted(one for one in known if one == wanted or one.startswith(f"{wanted}/"))
    shapes = {one: root / "shapes" / f"{one}.ttl" for one in known}
    return sorted(one for one, file in shapes.items() if file.is_file() and path.name in file.read_text("utf-8"))


def _file(path: Path, suffixes: Sequence[str]) -> list[Path]:
    if path.suffix.lower() not in suffixes:
        raise UsageError(f"{path} cannot be checked: patterns and triples stand in {_said(suffixes)}")
    return [path]


def _walk(folder: Path, targets: Targets, suffixes: Sequence[str]) -> Iterator[Path]:
    """The files of a folder, in order of their paths; catalogues in it are added to the targets as such."""
    for here, folders, files in os.walk(folder):
        inner = [one for one in sorted(folders) if _is_entered(Path(here, one))]
        for one in inner:
            if is_catalogue(Path(here, one)):
                targets.add(Path(here, one).absolute())
        folders[:] = [one for one in inner if not is_catalogue(Path(here, one))]
        wanted = (Path(here, one) for one in sorted(files) if one[0] != "." and Path(one).suffix.lower() in suffixes)
        yield from (one for one in wanted if not one.is_symlink() or _leads_inside(one, folder))


def _leads_inside(link: Path, folder: Path) -> bool:
    """Whether a link leads to what a walk through the folder may see: what else it leads to is nobody's to print."""
    root, found = os.path.realpath(folder), os.path.realpath(link)
    inside = os.path.relpath(found, root).split(os.sep)
    return not any(one.startswith(".") for one in inside)


def _is_entered(folder: Path) -> bool:
    return folder.name[0] != "." and folder.name not in _SKIPPED and not (folder / "pyvenv.cfg").exists()


def _said(suffixes: Sequence[str]) -> str:
    return f"{', '.join(suffixes[:-1])} or {suffixes[-1]} file"
