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
from gridlingua.semantics.rows import Rows, distinct
from gridlingua.semantics.schema import Schema, conform, read_json, resolve
from gridlingua.semantics.shacl import Verdict, faults, judge

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
            text = path.read_text(encoding="utf-8-sig")
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
            if "request" in self.messages:
                rows = request_rows(exchange, self.messages["request"], _MINTER).rows
                part = "reply"
                if "reply" in self.messages:
                    reply_rows(exchange, self.messages["reply"], rows, JUDGED_PROFILE, _MINTER)
            else:
                part = "reply"
                judge_reply_alone(exchange, self.messages["reply"])
        except MessageError as error:
            yield from self._told(exchange, part, error)

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
    """What a message is: that whose schema it fits, or breaks less; being an array or an object counts most."""
    request, reply = (_strangeness(one, message) for one in (exchange.request_schema, exchange.reply_schema))
    return "request" if request <= reply else "reply"


def _strangeness(schema: Schema, message: Any) -> tuple[bool, int]:
    kind = {"array": list, "object": dict}.get(resolve(schema, schema).get("type", ""), object)
    return not isinstance(message, kind), len(conform(schema, message))


def judge_reply_alone(exchange: Exchange, reply: Any) -> None:
    """Judge a reply whose request nobody knows; raises MessageError with what is wrong whatever the request was.

    SHACL judges a reply and its request together. What it finds beside the request of an example, and also without what
    only a request says, is the reply's own fault; what it finds in one of the two only may be the other's.
    """
    try:
        reply_rows(exchange, reply, _likely_request(exchange, reply), JUDGED_PROFILE, _MINTER)
    except JudgedError as error:
        if not error.violations:
            raise
        said = frozenset({*exchange.reply.fields, *exchange.reply.nodes, *exchange.request.nodes})
        alone = exchange.judged["reply"].bound_by(said)
        own = set(error.violations) & set(judge(alone, error.rows, exchange.shapes).violations)
        told = Verdict(tuple(one for one in error.violations if one in own))
        if own:
            found = faults(told.violations, exchange.judged["reply"], error.rows, exchange.mappings("reply"))
            raise JudgedError(found, told, error.rows, exchange, "reply") from None


def _likely_request(exchange: Exchange, reply: Any) -> Rows:
    """The rows of a request that a reply may answer: an example's, with what both say taken from the reply."""
    asked = [lift(exchange.request, one.messages["request"], _MINTER) for one in exchange.examples]
    example = next((rows[0] for rows in asked if rows), {})
    if conform(exchange.reply_schema, reply):
        return [example]
    shared = [
        {name: term for name, term in row.items() if name in exchange.request.fields}
        for row in lift(exchange.reply, reply, _MINTER, example)
    ]
    message = lower(exchange.request, distinct([{**example, **row} for row in shared or [{}]]))
    return lift(exchange.request, message, _MINTER)
