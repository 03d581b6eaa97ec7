"""Running checks: over a catalogue, some of its exchanges, or patterns alone. All problems are told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gridlingua.catalogue.checking.registry import Check, checks
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Role, Written
from gridlingua.catalogue.content import Content
from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import CatalogueError, GridlinguaError, Problem


def run(content: Content, ids: Sequence[str] = (), only: Sequence[str] = ()) -> list[Problem]:
    """Check a catalogue, or only some exchanges of it, or with only some checks; the problems in order of place.

    Raises CatalogueError for an id or a check that does not exist.
    """
    folders = {folder.relative_to(content.patterns).as_posix(): folder for folder in content.folders()}
    _refuse_unknown("exchange", ids, folders)
    chosen = _chosen(only)
    vocabulary = Vocabulary.load(content.ontologies, content.extension_base)
    drafts = [read(content, folder, vocabulary.prefixes) for folder in folders.values()]
    problems: list[Problem] = []
    whole = {draft.id: draft.exchange for draft in drafts if draft.exchange}
    for draft in drafts:
        if ids and draft.id not in ids:
            continue
        problems += draft.problems
        for check in chosen:
            problems += _of_patterns(check, written(draft, vocabulary))
            if draft.exchange:
                problems += _of_exchange(check, Subject(draft, draft.exchange, vocabulary, whole))
    return sorted(set(problems))


def run_written(patterns: Iterable[Written], only: Sequence[str] = ()) -> list[Problem]:
    """Check patterns alone, wherever they stand; the problems in order of place.

    Raises CatalogueError for a check that does not exist.
    """
    chosen, found = _chosen(only), list(patterns)
    return sorted({problem for check in chosen for problem in _of_patterns(check, found)})


def written(draft: Draft, vocabulary: Vocabulary) -> list[Written]:
    """The pattern files of an exchange, each with the vocabulary of its profile."""
    return [
        Written(
            place=draft.content.shown(path),
            text=draft.content.read(path),
            role=_role(path),
            pattern=pattern,
            vocabulary=vocabulary.of(path.name.partition(".")[0]),
        )
        for path, pattern in draft.patterns.items()
    ]


def _role(path: Path) -> Role:
    roles: dict[str, Role] = {".argument": "argument", ".result": "result"}
    return roles.get(path.suffixes[0], "pattern")


def _of_patterns(check: Check, patterns: Iterable[Written]) -> Iterator[Problem]:
    if check.of_pattern:
        for one in patterns:
            yield from _weighed(check, check.of_pattern(one))


def _of_exchange(check: Check, subject: Subject) -> Iterator[Problem]:
    """What a check finds; shapes that SHACL cannot decide are a finding, not the end of the run."""
    try:
        if check.of_exchange:
            yield from _weighed(check, check.of_exchange(subject))
    except CatalogueError as error:
        yield from error.problems
    except GridlinguaError as error:
        yield subject.draft.problem(check.name, str(error), subject.exchange.shapes_path)


def _weighed(check: Check, problems: Iterator[Problem]) -> Iterator[Problem]:
    for one in problems:
        yield replace(one, severity=check.severity) if one.severity == "error" else one


def _chosen(only: Sequence[str]) -> list[Check]:
    known = checks()
    _refuse_unknown("check", only, known)
    return [known[name] for name in only or known]


def _refuse_unknown(what: str, wanted: Sequence[str], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            message = f"there is no {what} {name!r}; there are {', '.join(known)}"
            raise CatalogueError([Problem(name, 1, what, message)])
