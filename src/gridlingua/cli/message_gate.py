"""JSON messages of an exchange, judged as its adapters judge them: each fault at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridlingua.catalogue import Exchange, reply_rows, request_rows
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Part
from gridlingua.catalogue.translation import JudgedError
from gridlingua.cli.json_lines import fault_lines, lines_of
from gridlingua.errors import CatalogueError, MessageError, Problem
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.rows import Rows
from gridlingua.semantics.schema import conform, read_json

_MINTER = Minter("https://party.example.org/")


@dataclass(frozen=True)
class MessageFile:
    """A request, a reply, or a case of both. ``place`` is how problems name the file."""

    place: str
    text: str
    messages: dict[Part, Any]
    is_case: bool

    @classmethod
    def read(cls, path: Path, exchange: Exchange) -> MessageFile:
        """Read a file; raises CatalogueError when it holds no JSON."""
        try:
            text = path.read_text(encoding="utf-8")
            message = read_json(text)
        except MessageError as error:
            said = error.faults[0].message
            line = re.search(r"at line (\d+)", said)
            raise CatalogueError([Problem(str(path), int(line[1]) if line else 1, "message", said)]) from None
        except (OSError, UnicodeDecodeError) as error:
            said = f"cannot be read: {getattr(error, 'strerror', None) or error}"
            raise CatalogueError([Problem(str(path), 1, "message", said)]) from None
        is_case = isinstance(message, dict) and "request" in message and message.keys() <= {"request", "reply"}
        return cls(str(path), text, message if is_case else {_part(exchange, message): message}, is_case)

    def problems(self, exchange: Exchange) -> Iterator[Problem]:
        """Everything that the party who receives it would refuse."""
        part: Part = "request"
        try:
            rows = self._request(exchange)
            part = "reply"
            if "reply" in self.messages:
                reply_rows(exchange, self.messages["reply"], rows, JUDGED_PROFILE, _MINTER)
        except MessageError as error:
            yield from self._told(exchange, part, error)

    def _request(self, exchange: Exchange) -> Rows:
        """The rows of its request; of a reply alone those of a request that it may be the reply to."""
        if "request" in self.messages:
            return request_rows(exchange, self.messages["request"], _MINTER).rows
        return _request_of(exchange, self.messages["reply"]) if exchange.kind == "ask" else []

    def _told(self, exchange: Exchange, part: Part, error: MessageError) -> Iterator[Problem]:
        check = "message"
        if isinstance(error, JudgedError):
            check = "shacl" if error.violations else "focus"
        lines = lines_of(self.text)
        mapping = exchange.request if part == "request" else exchange.reply
        within = (part,) if self.is_case else ()
        for fault in error.faults:
            found = fault_lines(fault, self.messages[part], mapping, lines, within)
            yield Problem(self.place, found[0] if found else 1, check, f"{part} {fault}")


def _part(exchange: Exchange, message: Any) -> Part:
    """What a message is: that whose schema it fits, or breaks less."""
    request, reply = (len(conform(schema, message)) for schema in (exchange.request_schema, exchange.reply_schema))
    return "request" if request <= reply else "reply"


def _request_of(exchange: Exchange, reply: Any) -> Rows:
    """The rows of a request that a reply may answer: the first example's, with what both say taken from the reply.

    An answer repeats what was asked, and the graph that SHACL judges holds both.
    """
    example = next((one.messages["request"] for one in exchange.examples), None)
    if example is None:
        return []
    asked = lift(exchange.request, example, _MINTER)
    found = conform(exchange.reply_schema, reply)
    if found or not asked:
        return asked
    said = lift(exchange.reply, reply, _MINTER, asked[0])
    shared = {name: term for name, term in (said[0] if said else {}).items() if name in exchange.request.fields}
    return lift(exchange.request, lower(exchange.request, [{**asked[0], **shared}]), _MINTER)
