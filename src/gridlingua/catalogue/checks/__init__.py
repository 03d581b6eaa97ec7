"""The checks of a catalogue: one module each, found by looking; all problems are collected and told at once.

A check module has a docstring that says what it demands and why, and ``check(subject: Subject) -> Iterator[Problem]``.
Its name is the check's name in ``path:line: [check] message``. What it can tell of a pattern alone it tells in
``check_pattern(draft, vocabulary, path, pattern)``, which also runs when the rest of the folder cannot be read.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib import import_module
from types import ModuleType

from gridlingua.catalogue.checks.subject import Subject
from gridlingua.catalogue.content import Content
from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import CatalogueError, GridlinguaError, Problem

Check = Callable[[Subject], Iterator[Problem]]

__all__ = ["Check", "Subject", "checks", "run"]


def checks() -> dict[str, Check]:
    """Every check by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "subject")
    return {name: _module(name).check for name in names}


def run(content: Content, ids: Sequence[str] = (), only: Sequence[str] = ()) -> list[Problem]:
    """Check a catalogue, or only some exchanges of it, or with only some checks; the problems in order of place.

    Raises CatalogueError for an id or a check that does not exist.
    """
    folders = {folder.relative_to(content.patterns).as_posix(): folder for folder in content.folders()}
    known = checks()
    _refuse_unknown("exchange", ids, folders)
    _refuse_unknown("check", only, known)
    vocabulary = Vocabulary.load(content.ontologies, content.extension_base)
    drafts = [read(content, folder, vocabulary.prefixes) for folder in folders.values()]
    problems = []
    whole = {draft.id: draft.exchange for draft in drafts if draft.exchange}
    for draft in drafts:
        if ids and draft.id not in ids:
            continue
        problems += draft.problems
        if draft.exchange:
            subject = Subject(draft, draft.exchange, vocabulary, whole)
            for name in only or known:
                problems += _found(name, known[name], subject)
        else:
            problems += _of_patterns(draft, vocabulary, only or known)
    return sorted(set(problems))


def _found(name: str, check: Check, subject: Subject) -> Iterator[Problem]:
    """What a check finds; shapes that SHACL cannot decide are a finding, not the end of the run."""
    try:
        yield from check(subject)
    except CatalogueError as error:
        yield from error.problems
    except GridlinguaError as error:
        yield subject.draft.problem(name, str(error), subject.exchange.shapes_path)


def _of_patterns(draft: Draft, vocabulary: Vocabulary, names: Collection[str]) -> Iterator[Problem]:
    for name in names:
        if check := getattr(_module(name), "check_pattern", None):
            for path, pattern in draft.patterns.items():
                yield from check(draft, vocabulary, path, pattern)


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")


def _refuse_unknown(what: str, wanted: Sequence[str], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            message = f"there is no {what} {name!r}; there are {', '.join(known)}"
            raise CatalogueError([Problem(name, 1, what, message)])
