"""What is known of an exchange before its pattern is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from gridlingua.catalogue.exchange import Access, Operation, Part
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import Schema

UNDECIDED: Final = "UNDECIDED: "
"""How a mark begins that an author has to look at; the check ``undecided`` tells of each."""


REMEDY: Final = "give its field a default in exchange.yaml and take it out of required here, or drop it (--drop)"
"""What to do about a field that may be absent."""
PARTS: Final[tuple[Part, Part]] = ("request", "reply")


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
    ignored: dict[Part, list[str]] = field(default_factory=lambda: {"request": [], "reply": []})
    """Pointers of what is left out, and may be sent all the same."""

    def schema(self, part: Part) -> Schema:
        return self.request if part == "request" else self.reply


def with_parameters(messages: Messages, operation: Operation) -> Messages:
    """The same with the parameters of the path in the request, in front of what it says.

    Raises ScaffoldError when the request is an array, which has no place for them.
    """
    request = messages.request
    for name in reversed(operation.parameters):
        if request["type"] != "object":
            raise ScaffoldError(f"the request is an array, so the parameter {{{name}}} of the path has no place in it")
        if name not in request["properties"]:
            request["properties"] = {name: {"type": "string", "minLength": 1}, **request["properties"]}
            request["required"] = [name, *request.get("required", ())]
    return messages


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
