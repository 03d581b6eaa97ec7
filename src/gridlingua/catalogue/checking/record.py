"""What was found in one exchange, to be kept until something changes that it depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gridlingua.catalogue.checking.outline import Outline
from gridlingua.catalogue.checking.registry import Check
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Role, Written
from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import CatalogueError, GridlinguaError, Problem

_ROLES: Final[Mapping[str, Role]] = {".argument": "argument", ".result": "result"}


@dataclass(frozen=True)
class Record:
    """The problems of one folder: those of reading it, and those that each check found in it by itself.

    ``key`` stands for all that they depend on.
    """

    key: str
    unread: tuple[Problem, ...] = ()
    found: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    outline: Outline | None = None

    def problems(self, checks: Collection[str]) -> Iterator[Problem]:
        """Those of reading, and those of some checks."""
        yield from self.unread
        for name in checks:
            yield from self.found[name]

    def joined(self, before: Record | None) -> Record:
        """With what other checks found in the same folder before."""
        return replace(self, found={**before.found, **self.found}) if before else self

    def written(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "key": self.key,
            "unread": [vars(one) for one in self.unread],
            "found": {name: [vars(one) for one in problems] for name, problems in self.found.items()},
            "outline": self.outline.written() if self.outline else None,
        }

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Record:
        """The record that ``written`` wrote."""
        return cls(
            written["key"],
            tuple(Problem(**one) for one in written["unread"]),
            {name: tuple(Problem(**one) for one in problems) for name, problems in written["found"].items()},
            Outline.read(written["outline"]) if written["outline"] else None,
        )


def record(key: str, draft: Draft, vocabulary: Vocabulary, checks: Iterable[Check]) -> Record:
    """Put a folder to checks."""
    patterns = list(written(draft, vocabulary))
    found = {one.name: tuple(_found(one, draft, patterns, vocabulary)) for one in checks}
    return Record(key, tuple(draft.problems), found, Outline.of(draft))


def written(draft: Draft, vocabulary: Vocabulary) -> Iterator[Written]:
    """The pattern files of an exchange, each with the vocabulary of its profile; of a faulty one, what can be read."""
    faulty = {problem.path for problem in draft.problems if problem.column}
    for path in sorted(draft.folder.glob("*.rq")):
        place, view = draft.content.shown(path), vocabulary.of(path.name.partition(".")[0])
        role = _ROLES.get(path.suffixes[0], "pattern")
        if path in draft.patterns:
            yield Written(place, draft.content.read(path), role, draft.patterns[path], view)
        elif place in faulty:
            yield Written.read(place, draft.content.read(path), view, role)


def of_patterns(check: Check, patterns: Iterable[Written]) -> Iterator[Problem]:
    """What a check finds in patterns alone."""
    if check.of_pattern:
        for one in patterns:
            yield from weighed(check, check.of_pattern(one))


def weighed(check: Check, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems as grave as their check is."""
    for one in problems:
        yield replace(one, severity=check.severity) if one.severity == "error" else one


def _found(check: Check, draft: Draft, patterns: Iterable[Written], vocabulary: Vocabulary) -> Iterator[Problem]:
    """What a check finds; what it cannot decide, such as shapes that are none, is a finding, not the end of the run."""
    exchange = draft.exchange
    try:
        yield from of_patterns(check, patterns)
        if check.of_exchange and exchange:
            yield from weighed(check, check.of_exchange(Subject(draft, exchange, vocabulary)))
    except CatalogueError as error:
        yield from error.problems
    except GridlinguaError as error:
        yield draft.problem(check.name, str(error), exchange.shapes_path if exchange else None)
