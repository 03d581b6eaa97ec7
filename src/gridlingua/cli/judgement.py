"""Problems as a repository takes them: with the severities of its policy, without what it excepts, by its paths."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from gridlingua.catalogue.checking.policy import Exemption, Policy, find_policy
from gridlingua.errors import Problem, legible


@dataclass
class Judgement:
    """Weighs problems by the policies that hold where they were found.

    ``settings`` is the policy file for all of them; None: the nearest above each. ``known`` are the names of checks.
    Every method raises CatalogueError for a policy file that is wrong.
    """

    settings: Path | None
    known: Collection[str]
    _policies: dict[Path | None, Policy] = field(default_factory=dict)
    _found: dict[Path, Path | None] = field(default_factory=dict)
    _above: dict[Path, Path | None] = field(default_factory=dict)
    _of: dict[Path, Policy] = field(default_factory=dict)
    _used: dict[Path | None, set[Exemption]] = field(default_factory=dict)
    _excepted: dict[Problem, str] = field(default_factory=dict)

    def policy(self, file: Path) -> Policy:
        """The policy that holds for a file or folder."""
        if file not in self._of:
            where = self.settings or self._nearest(file if file in self._found or file.is_dir() else file.parent)
            if where not in self._policies:
                self._policies[where] = Policy.read(where, self.known) if where else Policy()
            self._of[file] = self._policies[where]
        return self._of[file]

    @property
    def files(self) -> list[Path]:
        """The policy files that were read."""
        return [path for path in self._policies if path]

    @property
    def excepted(self) -> tuple[tuple[Problem, str], ...]:
        """What was found and is not told, in order of place, each with the reason that its exception gives."""
        return tuple(sorted(self._excepted.items()))

    def told(
        self, problems: Iterable[tuple[Problem, Path]], files: Collection[Path], ran: Collection[str]
    ) -> list[Problem]:
        """What is to be told of problems, each found in a file, in order of place; their paths as reports show them.

        ``files`` were looked at and the checks ``ran``: an exception that they show to be idle is told too.
        """
        found = list(problems)
        told = list(self._weighed(found))
        looked = {*files, *(file for _, file in found)}
        for folder in {file.parent for file in looked}:
            self.policy(folder)
        for where, policy in self._policies.items():
            if not policy.exemptions:
                continue
            ours = [file for file in looked if self.policy(file) is policy]
            idle = policy.idle(self._used.get(where, set()), ours, ran)
            told += self._weighed([(problem, Path(problem.path)) for problem in idle])
        return sorted(set(told), key=lambda one: (one.path, one.line, one.column, one.check, one.message))

    def _weighed(self, problems: Iterable[tuple[Problem, Path]]) -> Iterator[Problem]:
        for problem, file in problems:
            policy = self.policy(file)
            exemption = policy.exempted(problem, file)
            if exemption:
                self._used.setdefault(policy.path, set()).add(exemption)
                self._excepted[replace(problem, path=shown(file))] = exemption.reason
            elif (weighed := policy.weighed(problem)) is not None:
                yield replace(weighed, path=shown(file), message=_told(weighed.message))

    def _nearest(self, folder: Path) -> Path | None:
        if folder not in self._found:
            self._found[folder] = find_policy(folder, self._above)
        return self._found[folder]


def _told(message: str) -> str:
    """A message whose lines are legible."""
    return "\n".join(map(legible, message.splitlines()))


def located(problem: Problem, root: Path) -> Path:
    """The file of a problem whose path is relative to a catalogue's root, or else to the working directory."""
    beneath = root / problem.path
    return beneath if beneath.exists() else Path(problem.path)


def shown(file: Path) -> str:
    """A path as reports show it: from the working directory on, with ``/``; absolute when it is not below."""
    return next(all_shown([file]))


def all_shown(files: Iterable[Path]) -> Iterator[str]:
    """Paths as reports show them. A catalogue has a thousand files: texts are fast, and folders are resolved once."""
    here = os.path.join(os.getcwd(), "")
    real: dict[str, str] = {}
    for file in files:
        absolute = os.path.join(here, file)
        if not absolute.startswith(here):
            folder, name = os.path.split(absolute)
            if folder not in real:
                real[folder] = os.path.realpath(folder)
            resolved = os.path.join(real[folder], name)
            resolved = os.path.realpath(resolved) if os.path.islink(resolved) else resolved
            absolute = resolved if resolved.startswith(here) else absolute
        path = absolute.removeprefix(here).replace(os.sep, "/")
        yield legible(f"./{path}" if path.startswith("::") else path)  # no command of GitHub's runner
