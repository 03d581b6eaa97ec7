"""What is known of an exchange before its pattern is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gridlingua.catalogue.exchange import Access, Part
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import Schema

UNDECIDED = "UNDECIDED: "
"""How a mark begins that an author has to look at; the check ``undecided`` tells of each."""


class ScaffoldError(GridlinguaError):
    """Something keeps the folder from being written; the message says what to do about it."""


@dataclass
class Messages:
    """The two messages of an operation: plain schemas (closed objects, no reference, no alternative) and examples.

    ``parameters`` are the properties of the request that stand in the path; ``remarks`` what was left out or decided on
    the way, as sentences.
    """

    request: Schema
    reply: Schema
    rest: str = ""
    title: str = ""
    source: str = ""
    examples: dict[Part, list[Json]] = field(default_factory=lambda: {"request": [], "reply": []})
    remarks: list[str] = field(default_factory=list)

    def schema(self, part: Part) -> Schema:
        return self.request if part == "request" else self.reply


@dataclass(frozen=True)
class Brief:
    """An exchange to be written: what exchange.yaml says of it as a whole, and its messages."""

    id: str
    title: str
    source: str
    kind: Literal["ask", "post"]
    initiator: str
    responder: str
    rest: str
    access: Access
    messages: Messages
    undecided: Mapping[str, str] = field(default_factory=dict)
    """What of this is a guess, by the key of exchange.yaml: a sentence for its author."""

    @property
    def service(self) -> str:
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        return self.id.partition("/")[2]
