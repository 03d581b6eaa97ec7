"""Checking again after every save: the process stays, and looks at what the save touched."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typer
import watchfiles

from gridlingua.catalogue.checking.fingerprint import Files
from gridlingua.cli.look import Look
from gridlingua.cli.reports import Report, counted
from gridlingua.errors import GridlinguaError, Problem

_QUIET: Final = 10
"""Milliseconds without a change after which a save is over."""
_LONGEST: Final = 60
"""Milliseconds after which it is looked at, over or not."""
_PATIENCE: Final = 100
"""Milliseconds after which single files are looked at, which a folder's watch does not tell of."""


Place = tuple[Path, int]
"""A folder and its inode: another folder may take its name."""


def stay(look: Callable[[], Look], tell: Callable[[Report], None], files: Files) -> int:
    """Look, tell, and do so again after every save, until Ctrl-C; the exit status of the last look.

    ``files`` are the prints that looking goes by: what a save touched is read again. Raises what the first look raises.
    """
    rounds = _Rounds(look, tell)
    try:
        rounds.begin()
        while True:
            for number, changed in enumerate(_changes(rounds.places, rounds.stamps)):
                files.forget(_same(changed, files.known))
                rounds.go(quietly=number == 0)
    except KeyboardInterrupt:
        return rounds.status


class _Rounds:
    def __init__(self, look: Callable[[], Look], tell: Callable[[Report], None]) -> None:
        self._look, self._tell = look, tell
        self._folders: Sequence[Path] = ()
        self._files: Sequence[Path] = ()
        self._told: tuple[Problem, ...] | None = None
        self.status = 0

    def begin(self) -> None:
        """The first look, of which nothing is told: until the watch has begun, something more may be saved.

        Raises GridlinguaError for what cannot be looked at.
        """
        seen = self._look()
        self._folders, self._files = seen.folders, seen.files

    def go(self, *, quietly: bool = False) -> None:
        """Another look; what cannot be looked at is told, and waited for. ``quietly``: nothing is told twice."""
        try:
            seen = self._look()
        except (GridlinguaError, OSError) as error:  # a folder that is being moved, a policy that is half written
            typer.echo(f"gridlingua check: {error}", err=True)
            self.status, self._told = 2, None
            _tell_time("cannot be checked")
        else:
            if not quietly or self._told != seen.report.problems:
                self._take(seen)

    def _take(self, seen: Look) -> None:
        report = seen.report
        self._folders, self._files, self._told = seen.folders, seen.files, report.problems
        self.status = 1 if report.failed else 0
        self._tell(report)
        _tell_time(counted(len(report.problems), "problem") if report.problems else "no problem")

    def places(self) -> list[Place]:
        """The folders to be watched, as far as they are there."""
        stamps = ((folder, _stamp(folder)) for folder in self._folders)
        return sorted({(folder, stamp[0]) for folder, stamp in stamps if len(stamp) == 1})

    def stamps(self) -> dict[Path, tuple[int, ...]]:
        """The single files, each with its size and time of change; and which folders there are."""
        return {file: _stamp(file) for file in (*self._files, *self._folders)}


def _tell_time(said: str) -> None:
    typer.echo(f"{datetime.now():%H:%M:%S} {said}", err=True)


def _changes(
    places: Callable[[], list[Place]], stamps: Callable[[], dict[Path, tuple[int, ...]]]
) -> Iterator[set[str]]:
    """Changes below folders and of files, as they come; ends when other folders are to be watched.

    The first is told at once: something may have been saved before the watch began.
    """
    watched, before = places(), stamps()
    first = True
    for found in _events([folder for folder, _ in watched]):
        now = stamps()
        if found or now != before or first:
            before, first = now, False
            yield {path for _, path in found} | set(map(str, before))
        if places() != watched:
            return


def _events(folders: Sequence[Path]) -> Iterator[set[tuple[Any, str]]]:
    """Changes below folders as they come, and nothing every tenth of a second without one."""
    if not folders:
        while True:
            time.sleep(_PATIENCE / 1000)
            yield set()
    yield from watchfiles.watch(
        *folders,
        watch_filter=_is_of_author,
        step=_QUIET,
        debounce=_LONGEST,
        rust_timeout=_PATIENCE,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )


def _is_of_author(_: Any, path: str) -> bool:
    """Whether a file is somebody's work: not what an editor keeps beside it."""
    name = os.path.basename(path)
    return name[:1] not in (".", "#") and not name.endswith(("~", ".tmp"))


def _same(changed: Iterable[str], known: Iterable[Path]) -> list[Path]:
    """The known paths that changes are about."""
    wanted = {os.path.abspath(path) for path in changed}
    return [path for path in known if os.path.abspath(path) in wanted]


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        told = path.stat()
    except OSError:
        return ()
    return (told.st_ino,) if path.is_dir() else (told.st_ino, told.st_size, told.st_mtime_ns)
