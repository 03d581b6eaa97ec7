"""What is to be known of an exchange to tell whether it and another get in each other's way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from hashlib import blake2b
from typing import Any

from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.exchange import Operation
from gridlingua.errors import Problem
from gridlingua.semantics.patterns import Pattern


@dataclass(frozen=True)
class Outline:
    """An exchange as those beside it see it. ``requests`` are the patterns that reach its responder, by profile;
    ``files`` theirs, ``declaration`` that of the exchange, ``line`` where it names its operation."""

    id: str
    kind: str
    initiator: str
    rest: str
    declaration: str
    line: int
    requests: Mapping[str, Pattern] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft) -> Outline | None:
        """The outline of a folder; None when it could not be read as an exchange."""
        exchange = draft.exchange
        if exchange is None:
            return None
        suffix = ".rq" if exchange.kind == "ask" else ".argument.rq"
        return cls(
            id=exchange.id,
            kind=exchange.kind,
            initiator=exchange.initiator,
            rest=str(exchange.operation),
            declaration=draft.content.shown(draft.declaration_path),
            line=draft.at("rest"),
            requests={name: Pattern(one.request.triples) for name, one in exchange.profiles.items()},
            files={name: draft.content.shown(draft.folder / f"{name}{suffix}") for name in exchange.profiles},
        )

    @cached_property
    def print(self) -> str:
        """A text that stands for all of it."""
        return blake2b(json.dumps(self.written(), sort_keys=True).encode(), digest_size=8).hexdigest()

    @property
    def operation(self) -> Operation:
        """The REST operation."""
        return Operation.parse(self.rest)

    def problem(self, check: str, message: str, profile: str = "") -> Problem:
        """A problem at the operation, or in the pattern of a profile."""
        if profile:
            return Problem(self.files[profile], 1, check, message)
        return Problem(self.declaration, self.line, check, message)

    def written(self) -> dict[str, Any]:
        """The same for JSON."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**found, "requests": {name: pattern.triples for name, pattern in self.requests.items()}}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Outline:
        """The outline that ``written`` wrote."""
        triples = {name: tuple((s, p, o) for s, p, o in one) for name, one in written["requests"].items()}
        return cls(**{**written, "requests": {name: Pattern(one) for name, one in triples.items()}})
