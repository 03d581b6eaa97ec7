"""Running checks: over a catalogue, some of its exchanges, or patterns alone. All problems are told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gridlingua.catalogue.checking.cache import Kept, Nowhere, Store
from gridlingua.catalogue.checking.fingerprint import Fingerprints
from gridlingua.catalogue.checking.outline import Outline
from gridlingua.catalogue.checking.record import of_patterns, weighed
from gridlingua.catalogue.checking.registry import Check, checks
from gridlingua.catalogue.checking.several import Task, done
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.content import Content
from gridlingua.errors import CatalogueError, GridlinguaError, Problem


def run(
    content: Content,
    ids: Sequence[str] = (),
    only: Sequence[str] = (),
    *,
    cache: Store | None = None,
    processes: int = 1,
) -> list[Problem]:
    """Check a catalogue, or only some exchanges of it, or with only some checks; the problems in order of place.

    With a ``cache`` only what has changed is looked at; the problems are the same. Raises CatalogueError for an id or a
    check that does not exist.
    """
    folders = {folder.relative_to(content.patterns).as_posix(): folder for folder in content.folders()}
    _refuse_unknown("exchange", ids, folders)
    chosen = _chosen(only)
    store = cache or Nowhere()
    prints = Fingerprints(content, store.files)
    kept = store.read(content, prints.whole)
    fresh = _renewed(content, folders, ids, chosen, prints, kept, processes)
    names = [one.name for one in chosen]
    found = [problem for name in ids or folders for problem in fresh.records[name].problems(names)]
    outlines = {name: one.outline for name, one in fresh.records.items() if one.outline}
    for name in ids or folders:
        if name in outlines:
            found += _beside(outlines[name], list(outlines.values()), chosen, fresh)
    if fresh != kept:
        store.write(content, fresh.lasting())
    return sorted(set(found))


def run_written(patterns: Iterable[Written], only: Sequence[str] = ()) -> list[Problem]:
    """Check patterns alone, wherever they stand; the problems in order of place.

    Raises CatalogueError for a check that does not exist.
    """
    chosen, found = _chosen(only), list(patterns)
    return sorted({problem for check in chosen for problem in of_patterns(check, found)})


def _renewed(
    content: Content,
    folders: Mapping[str, Path],
    ids: Collection[str],
    chosen: Sequence[Check],
    prints: Fingerprints,
    kept: Kept,
    processes: int,
) -> Kept:
    """The records of all exchanges as they are now; those that are not asked for need an outline only."""
    names = tuple(one.name for one in chosen)
    tasks: dict[str, Task] = {}
    fresh = Kept(kept.whole, beside={pair: dict(told) for pair, told in kept.beside.items()})
    for name, folder in folders.items():
        key = prints.of(folder)
        known = kept.records.get(name)
        known = known if known and known.key == key else None
        wanted = names if not ids or name in ids else ()
        missing = tuple(one for one in wanted if known is None or one not in known.found)
        if known:
            fresh.records[name] = known
        if missing or known is None:
            tasks[name] = Task(content, folder, prints.whole, key, missing)
    for name, record in zip(tasks, done(list(tasks.values()), processes), strict=True):
        fresh.records[name] = record.joined(fresh.records.get(name))
    return fresh


def _beside(one: Outline, outlines: Iterable[Outline], chosen: Sequence[Check], fresh: Kept) -> Iterator[Problem]:
    """What is told of an exchange beside each of the others."""
    asked = [check for check in chosen if check.beside]
    for other in outlines:
        if other.id == one.id or not asked:
            continue
        told = fresh.beside.setdefault((one.print, other.print), {})
        for check in asked:
            if check.name not in told:
                told[check.name] = tuple(_told(check, one, other))
            yield from told[check.name]


def _told(check: Check, one: Outline, other: Outline) -> Iterator[Problem]:
    try:
        if check.beside:
            yield from weighed(check, check.beside(one, other))
    except GridlinguaError as error:  # patterns of which no search comes to an end
        yield one.problem(check.name, f"beside {other.id}: {error}")


def _chosen(only: Sequence[str]) -> list[Check]:
    known = checks()
    _refuse_unknown("check", only, known)
    return [known[name] for name in only or known]


def _refuse_unknown(what: str, wanted: Sequence[str], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            message = f"there is no {what} {name!r}; there are {', '.join(known)}"
            raise CatalogueError([Problem(name, 1, what, message)])
