"""A catalogue under test: what is wrong with each of its exchanges, as its owner's policy takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from gridlingua.catalogue import Catalogue, Content, Exchange
from gridlingua.catalogue.checking import checks, run
from gridlingua.catalogue.checking.cache import Memory, Nowhere
from gridlingua.catalogue.checking.kinds import BESIDES
from gridlingua.catalogue.checking.policy import Policy, find_policy
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import Problem


@dataclass
class Inspected:
    """A catalogue's content, read and checked when asked for, each exchange once.

    Raises CatalogueError for a policy file that is wrong.
    """

    content: Content
    _problems: dict[str, list[Problem]] = field(default_factory=dict)
    _memory: Memory = field(default_factory=lambda: Memory(Nowhere()))

    @property
    def ids(self) -> list[str]:
        """The exchanges there are: every folder with a declaration. Raises CatalogueError where there is none."""
        folders = [folder for folder in self.content.folders() if (folder / "exchange.yaml").is_file()]
        return [folder.relative_to(self.content.patterns).as_posix() for folder in folders]

    @cached_property
    def policy(self) -> Policy:
        """The ``gridlingua.toml`` that holds for the catalogue."""
        path = find_policy(self.content.root)
        return Policy.read(path, {*checks(), *BESIDES}) if path else Policy()

    def problems(self, exchange: str) -> list[Problem]:
        """What is wrong with an exchange, with the severities of the policy and without what it excepts."""
        if exchange not in self._problems:
            self._problems[exchange] = list(self._judged(run(self.content, [exchange], cache=self._memory)))
        return self._problems[exchange]

    def cases(self, exchange: str) -> dict[Path, str]:
        """The files of its examples and rejects, with their names: ``examples/one_day``."""
        folder = self.content.patterns / exchange
        return {
            path: f"{kind}/{path.stem}"
            for kind in ("examples", "rejects")
            for path in sorted((folder / kind).glob("*.json"))
        }

    def alone(self, exchange: str) -> tuple[Exchange, Catalogue] | None:
        """An exchange and a catalogue of nothing else; None when it cannot be read."""
        draft = read(self.content, self.content.patterns / exchange, self._vocabulary.prefixes)
        if draft.exchange is None or draft.problems:
            return None
        return draft.exchange, Catalogue(self.content, self._vocabulary, {exchange: draft.exchange})

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.load(self.content.ontologies, self.content.extension_base)

    def _judged(self, problems: list[Problem]) -> Iterator[Problem]:
        for problem in problems:
            beneath = self.content.root / problem.path
            file = beneath if beneath.exists() else Path(problem.path)
            if self.policy.exempted(problem, file):
                continue
            if (weighed := self.policy.weighed(problem)) is not None:
                yield replace(weighed, path=problem.path)
