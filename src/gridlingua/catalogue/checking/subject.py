"""What a check looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.exchange import Exchange, Part, Profile
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import Problem
from gridlingua.semantics.mapping import Mapping as MessageMapping
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.schema import Schema

MINTER = Minter("https://party.example.org/")
"""Names nodes while a catalogue is checked; nothing depends on which."""


@dataclass(frozen=True)
class Subject:
    """One exchange that could be read, the folder it came from, and the vocabulary."""

    draft: Draft
    exchange: Exchange
    vocabulary: Vocabulary

    def parts(self) -> Iterator[tuple[Part, MessageMapping, Schema]]:
        """Request and reply, each with its mapping and schema."""
        yield "request", self.exchange.request, self.exchange.request_schema
        yield "reply", self.exchange.reply, self.exchange.reply_schema

    def patterns(self) -> Iterator[tuple[Profile, Path, Pattern]]:
        """Every pattern file: its profile, path and pattern."""
        for profile in self.exchange.profiles.values():
            if profile.result is None:
                yield profile, self.exchange.folder / f"{profile.name}.rq", profile.request
            else:
                yield profile, self.exchange.folder / f"{profile.name}.argument.rq", profile.request
                yield profile, self.exchange.folder / f"{profile.name}.result.rq", profile.result

    def declared(self, check: str, message: str, *place: str) -> Problem:
        """A problem at a part of exchange.yaml."""
        return self.draft.problem(check, message, line=self.draft.at(*place))

    def written(self, check: str, message: str, path: Path, text: str) -> Problem:
        """A problem at the line of a file where a text first stands."""
        return self.draft.written(check, message, path, text)
