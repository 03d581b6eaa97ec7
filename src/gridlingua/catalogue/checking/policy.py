"""How grave a repository takes what checks find, and what it excepts, with a reason: one file, ``gridlingua.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gridlingua.catalogue.checking.kinds import POLICY
from gridlingua.catalogue.texts import read_text
from gridlingua.errors import CatalogueError, Problem

FILE: Final = "gridlingua.toml"
CHECK: Final = POLICY

Weight = Literal["error", "warning", "note", "off"]

_ROOTS: Final = (".git", ".hg", ".svn", ".jj")
_HEADER: Final = re.compile(r"\s*\[{1,2}\s*(?P<name>[\w.\"' -]+?)\s*\]{1,2}")
_KEY: Final = re.compile(r"\s*(?P<name>[\w.\"'-]+)\s*=")
_AT: Final = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)")


@dataclass(frozen=True)
class Exemption:
    """One ``[[exceptions]]``: what a check says of the files of a glob is not told, where ``about`` is part of it."""

    check: str
    path: str
    reason: str
    about: str = ""
    line: int = 1

    def covers(self, problem: Problem, path: str) -> bool:
        """Whether it excepts a problem in the file at a path below the policy's folder."""
        return problem.check == self.check and self.matches(path) and self.about in problem.message

    def matches(self, path: str) -> bool:
        """Whether its glob names a file. ``*`` stands for anything, a folder for all that is in it."""
        glob = self.path.removeprefix("./")
        return fnmatchcase(path, glob) or fnmatchcase(path, f"{glob.rstrip('/')}/*")


@dataclass(frozen=True)
class Policy:
    """The severities and exceptions of a folder; ``path`` is its file, None where there is none.

    ``profile`` is the generation of vocabulary that bare files are written in; empty: each says so itself.
    """

    path: Path | None = None
    weights: Mapping[str, Weight] = field(default_factory=dict)
    exemptions: Sequence[Exemption] = ()
    profile: str = ""

    @classmethod
    def read(cls, path: Path, known: Collection[str]) -> Policy:
        """Read a file that may name the ``known`` checks. Raises CatalogueError with everything wrong, by line."""
        return _Reading(path, known).policy()

    def relative(self, path: Path) -> str:
        """A path as the globs of the file say it: from its folder on, with ``/``."""
        root = self.path.parent.resolve() if self.path else Path.cwd()
        found = Path(os.path.realpath(path))  # which no circle of links stops
        return found.relative_to(root).as_posix() if found.is_relative_to(root) else found.as_posix()

    def exempted(self, problem: Problem, path: Path) -> Exemption | None:
        """The exception that covers a problem in a file, if any."""
        where = self.relative(path)
        return next((one for one in self.exemptions if one.covers(problem, where)), None)

    def weighed(self, problem: Problem) -> Problem | None:
        """The problem with the severity that the file gives its check; None where that is off."""
        weight = self.weights.get(problem.check)
        if weight is None or weight == problem.severity:
            return problem
        return None if weight == "off" else replace(problem, severity=weight)

    def idle(self, used: Collection[Exemption], files: Iterable[Path], ran: Collection[str]) -> Iterator[Problem]:
        """A warning for each exception that was not ``used``, although its check ran over a file that it names, or
        there is no such file."""
        looked = [self.relative(one) for one in files]
        for one in self.exemptions:
            if one in used or one.check not in ran or self.weights.get(one.check) == "off" or not self.path:
                continue
            if any(map(one.matches, looked)):
                message = f"the exception of {one.check} for {one.path} matches nothing that was found: take it away"
            elif not _exists(self.path.parent, one):
                message = f"the exception of {one.check} names {one.path}, and there is no such file"
            else:
                continue
            yield Problem(str(self.path), one.line, CHECK, message, "warning")


def find_policy(start: Path, known: dict[Path, Path | None] | None = None) -> Path | None:
    """The ``gridlingua.toml`` that holds for a file or folder: the nearest above it, within its repository.

    ``known`` keeps what was found for each folder, from one call to the next.
    """
    found: dict[Path, Path | None] = {} if known is None else known
    start = start.resolve()
    passed: list[Path] = []
    nearest: Path | None = None
    for one in (start, *start.parents):
        if one in found:
            nearest = found[one]
            break
        passed.append(one)
        if os.path.isfile(one / FILE):
            nearest = one / FILE
            break
        if any(os.path.exists(one / root) for root in _ROOTS):
            break
    found.update(dict.fromkeys(passed, nearest))
    return nearest


def _exists(folder: Path, exemption: Exemption) -> bool:
    """Whether any file below a folder is one that an exception names."""
    fixed = exemption.path.removeprefix("./").partition("*")[0].partition("?")[0].partition("[")[0]
    start = folder / (fixed if exemption.path.endswith(fixed) else fixed.rpartition("/")[0])
    if not start.is_dir():
        return start.exists()
    return any(exemption.matches(one.relative_to(folder).as_posix()) for one in start.rglob("*"))


class _Reading:
    """One reading of a policy file: everything that is wrong with it is collected, then told at once."""

    def __init__(self, path: Path, known: Collection[str]) -> None:
        self.path = path
        self.known = sorted(known)
        self.problems: list[Problem] = []
        self.text = ""

    def policy(self) -> Policy:
        told = self._parsed()
        for name in told.keys() - {"checks", "exceptions", "profile"}:
            self._wrong(f"there is no setting {name!r}; there are checks, exceptions and profile", self._line(name))
        weights = dict(self._weights(told.get("checks", {})))
        exemptions = tuple(self._exemptions(told.get("exceptions", [])))
        profile = told.get("profile", "")
        if not isinstance(profile, str):
            self._wrong("profile is a text, such as saref4", self._line("profile"))
        if self.problems:
            raise CatalogueError(self.problems)
        return Policy(self.path, weights, exemptions, profile)

    def _parsed(self) -> dict[str, Any]:
        try:
            self.text = read_text(self.path)
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            place = _AT.search(str(error))
            line = int(place["line"]) if place and place["line"] else len(self.text.splitlines()) or 1
            message = f"not TOML: {_AT.sub('', str(error))}"
        except (OSError, ValueError, RecursionError) as error:  # no UTF-8, a number too long, brackets too deep
            line, message = 1, f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise CatalogueError([Problem(str(self.path), line, CHECK, message)]) from None

    def _weights(self, told: Any) -> Iterator[tuple[str, Weight]]:
        if not isinstance(told, dict):
            self._wrong("checks is a table: [checks], and below it NAME = severity", self._line("checks"))
            return
        for name, said in told.items():
            line = self._line("checks", name)
            self._refuse_unknown(name, line)
            if isinstance(said, dict):
                weight = said.get("severity", "")
                if said.keys() - {"severity", "reason"} or not _is_said(said.get("reason", "-")):
                    self._wrong(f'{name} is a severity, or {{severity = "off", reason = "why"}}', line)
            else:
                weight = said
            if weight in get_args(Weight):
                yield name, weight
            else:
                self._wrong(f"{name}: {weight!r} is no severity; there are {', '.join(get_args(Weight))}", line)

    def _exemptions(self, told: Any) -> Iterator[Exemption]:
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            self._wrong(
                "exceptions are tables: [[exceptions]], and below it check, path, reason", self._line("exceptions")
            )
            return
        for number, one in enumerate(told):
            line = self._line_of_exemption(number)
            for name in sorted(one.keys() - {"check", "path", "about", "reason"}):
                self._wrong(f"an exception has check, path, about and reason, no {name!r}", line)
            for name in ("check", "path", "reason"):
                if not _is_said(one.get(name)):
                    self._wrong(f"an exception needs a {name}" + (": say why" if name == "reason" else ""), line)
            if os.path.isabs(str(one.get("path", ""))) or ".." in str(one.get("path", "")).split("/"):
                self._wrong("the path of an exception lies below the folder of this file", line)
            if not isinstance(one.get("about", ""), str):
                self._wrong("about is a text, part of what is said", line)
            if isinstance(one.get("check"), str):
                self._refuse_unknown(one["check"], line)
            check, path, reason, about = (str(one.get(name, "")) for name in ("check", "path", "reason", "about"))
            yield Exemption(check, path, reason, about, line)

    def _refuse_unknown(self, name: str, line: int) -> None:
        if name not in self.known:
            near = get_close_matches(name, self.known, 1)
            hint = f": did you mean {near[0]}?" if near else f"; there are {', '.join(self.known)}"
            self._wrong(f"there is no check {name!r}{hint}", line)

    def _wrong(self, message: str, line: int) -> None:
        self.problems.append(Problem(str(self.path), line, CHECK, message))

    def _line(self, *keys: str) -> int:
        """The line at which a key stands: below the header of its table, or written with a dot."""
        wanted, table = ".".join(keys), ""
        for number, text in enumerate(self.text.splitlines(), 1):
            if header := _HEADER.match(text):
                table = _bare(header["name"])
                if table == wanted:
                    return number
            elif (key := _KEY.match(text)) and ".".join(filter(None, (table, _bare(key["name"])))) == wanted:
                return number
        return self._line(*keys[:-1]) if len(keys) > 1 else 1

    def _line_of_exemption(self, number: int) -> int:
        lines = [
            line
            for line, text in enumerate(self.text.splitlines(), 1)
            if (header := _HEADER.match(text)) and _bare(header["name"]) == "exceptions"
        ]
        return lines[number] if number < len(lines) else self._line("exceptions")


def _bare(key: str) -> str:
    return re.sub(r"[\"'\s]", "", key)


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
