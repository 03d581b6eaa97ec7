"""What ``gridlingua check`` looks at, and what it finds."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gridlingua.catalogue import Content
from gridlingua.catalogue.checking import Written, checks, run, run_written
from gridlingua.catalogue.checking.cache import Nowhere, Store
from gridlingua.catalogue.checking.kinds import READING
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.passages import PassageError, passages
from gridlingua.catalogue.texts import read_text
from gridlingua.cli.judgement import Judgement, located
from gridlingua.cli.one_exchange import UsageError
from gridlingua.cli.reports import counted
from gridlingua.cli.targets import Targets
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.patience import SECONDS, TooLongError, limited


@dataclass(frozen=True)
class Inspection:
    """Targets and the checks to put them to: all of them when ``only`` is empty. Bare files use the ``ontologies``, and
    each is given up after some seconds of ``patience``; their ``profile`` is this one if it is given, else that of the
    policy."""

    targets: Targets
    only: Sequence[str]
    ontologies: Path
    extension_base: str
    store: Store = field(default_factory=Nowhere)
    processes: int = 1
    patience: float = SECONDS
    profile: str = ""

    def problems(self, judgement: Judgement) -> list[Problem]:
        """What is to be told, in order of place. Raises CatalogueError for a policy file that is wrong."""
        found = [*self._of_catalogues(), *self._of_files(judgement)]
        ran = self.only or {*checks(), *READING}
        return judgement.told(found, self.files, ran)

    @cached_property
    def files(self) -> list[Path]:
        """Every file that is looked at."""
        return [*(file for content in self._contents() for file in self._read_of(content)), *self.targets.files]

    @property
    def subject(self) -> str:
        """What is looked at, in words: ``33 exchanges, 20 checks``."""
        exchanges = sum(len(self._folders(content)) for content in self._contents())
        said = [counted(exchanges, "exchange")] if self.targets.exchanges else []
        said += [counted(len(self.targets.files), "file")] if self.targets.files else []
        return ", ".join([*said, counted(len(self.only or checks()), "check")])

    @property
    def folders(self) -> list[Path]:
        """The folders of the catalogues that are looked at."""
        found = [folder for one in self._contents() for folder in (one.patterns, one.shapes, one.ontologies)]
        return [*found, *([self.ontologies] if self.targets.files else [])]

    def _contents(self) -> Iterator[Content]:
        for root in self.targets.exchanges:
            yield Content(root, self.extension_base)

    def _folders(self, content: Content) -> list[Path]:
        ids = self.targets.exchanges[content.root]
        try:
            return content.folders() if ids is None else [content.patterns / one for one in ids]
        except CatalogueError:
            return []

    def _read_of(self, content: Content) -> Iterator[Path]:
        for folder in self._folders(content):
            found = (os.path.join(here, one) for here, _, files in os.walk(folder) for one in files if one[0] != ".")
            yield from sorted(map(Path, filter(os.path.isfile, found)))
            shapes = content.shapes / folder.relative_to(content.patterns).with_suffix(".ttl")
            if shapes.is_file():
                yield shapes

    def _of_catalogues(self) -> Iterator[tuple[Problem, Path]]:
        for content in self._contents():
            try:
                problems: Collection[Problem] = run(
                    content,
                    self.targets.exchanges[content.root] or (),
                    self.only,
                    cache=self.store,
                    processes=self.processes,
                )
            except CatalogueError as error:
                problems = error.problems
            for problem in problems:
                yield problem, located(problem, content.root)

    def _of_files(self, judgement: Judgement) -> Iterator[tuple[Problem, Path]]:
        if not self.targets.files:
            return
        vocabulary = Vocabulary.load(self.ontologies, self.extension_base)
        known = sorted({vocabulary.profile, *(one for names in vocabulary.all_lists for one in names.profiles)})
        if self.profile and self.profile not in known:
            raise UsageError(f"there is no profile {self.profile!r}; there are {', '.join(known)}")
        for file in self.targets.files:
            policy = judgement.policy(file)
            if policy.profile and policy.profile not in known:
                raise UsageError(f"{policy.path}: there is no profile {policy.profile!r}; there are {', '.join(known)}")
            for problem in self._of_file(file, vocabulary, self.profile or policy.profile):
                yield problem, file

    def _of_file(self, file: Path, vocabulary: Vocabulary, profile: str) -> list[Problem]:
        """What is wrong with a file; that it is none that can be read is a finding, and no end of the run."""
        line = 1
        try:
            with limited(self.patience):
                found = passages(file, read_text(file))
                return run_written([Written.of(str(file), one, vocabulary, profile) for one in found], self.only)
        except PassageError as error:
            line, said = error.line, str(error)
        except UnicodeDecodeError as error:
            said = f"not a text in UTF-8: {error}"
        except OSError as error:
            said = f"cannot be read: {error.strerror}"
        except TooLongError as error:
            said = f"it {error} to check: {file.stat().st_size:,} bytes of patterns may be too many"
        except RecursionError:
            said = "it is too large, or nested too deeply, to be checked"
        return [Problem(str(file), line, "pattern", said)]
