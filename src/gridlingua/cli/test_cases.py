"""What comes of the examples and rejects of an exchange, and what a file would hold if that were accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final, Literal

from gridlingua.catalogue import EXTENSION_BASE, Case, Catalogue, Content, Exchange, request_rows
from gridlingua.catalogue.checking import MINTER
from gridlingua.catalogue.checks.rejects import refusal
from gridlingua.catalogue.exchange import Part
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import ABSENT, Pointer
from gridlingua.semantics.mapping import Mapping as MessageMapping
from gridlingua.semantics.schema import write_json
from gridlingua.testing import loopback

PARTS: Final[tuple[Part, Part]] = ("request", "reply")


@dataclass(frozen=True)
class Proposal:
    """A file of the catalogue as it is, and as it would be; ``before`` is empty where there is none."""

    path: Path
    before: str
    after: str

    def difference(self, content: Content) -> str:
        """The change, as ``diff -u`` writes it."""
        name = content.shown(self.path)
        lines = (self.before.splitlines(), self.after.splitlines())
        return "\n".join(unified_diff(*lines, name if self.before else "/dev/null", name, lineterm=""))

    def write(self) -> None:
        self.path.write_text(self.after, encoding="utf-8")


@dataclass(frozen=True)
class Outcome:
    """A case, what is wrong with it or nothing, and what may be accepted instead of mended by hand."""

    exchange: Exchange
    kind: Literal["example", "reject"]
    case: Case
    trouble: str = ""
    proposal: Proposal | None = None

    @property
    def name(self) -> str:
        return name_of(self.exchange, self.kind, self.case)


def name_of(exchange: Exchange, kind: str, case: Case) -> str:
    """How a case is told and selected: ``flexibility/offers example day_ahead``."""
    return f"{exchange.id} {kind} {case.name}"


def outcome(catalogue: Catalogue, exchange: Exchange, kind: Literal["example", "reject"], case: Case) -> Outcome:
    """Carry an example through the adapters of both parties, or see a reject refused."""
    found = Outcome(exchange, kind, case)
    return _of_example(catalogue, found) if kind == "example" else _of_reject(catalogue, found)


def _of_reject(catalogue: Catalogue, found: Outcome) -> Outcome:
    told = refusal(found.exchange, found.case)
    if told is None:
        return replace(found, trouble="it is not refused")
    if told == found.case.told:
        return found
    path = found.case.path.with_suffix(".txt")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    written = told.replace(catalogue.content.extension_base, EXTENSION_BASE)
    return replace(found, trouble=f"the sender is told: {told}", proposal=Proposal(path, before, f"{written}\n"))


def _of_example(catalogue: Catalogue, found: Outcome) -> Outcome:
    exchange, case = found.exchange, found.case
    try:
        back: dict[str, Json] = dict(_back(exchange, case))
        wrong = [part for part in PARTS if part in back and back[part] != case.messages[part]]
        if not wrong:
            return replace(found, trouble=_carried(catalogue, exchange, case))
    except GridlinguaError as error:
        return replace(found, trouble=str(error))
    if refused := refusal(exchange, case):
        return replace(found, trouble=refused)
    trouble = "; ".join(f"the {part} came back as {write_json(back[part])}" for part in wrong)
    found = replace(found, trouble=trouble)
    same = all(_alike(exchange.mapping(part), case.messages[part], back[part]) for part in wrong)
    if not same or _carried(catalogue, exchange, replace(case, messages=back)):
        return found
    before, after = case.path.read_text(encoding="utf-8"), write_json(back, indent=2) + "\n"
    return replace(found, proposal=Proposal(case.path, before, after))


def _back(exchange: Exchange, case: Case) -> Iterator[tuple[Part, Json]]:
    """Each message of an example as its rows say it."""
    request = lift(exchange.request, case.messages["request"], MINTER)
    yield "request", lower(exchange.request, request)
    if "reply" in case.messages:
        given = request[0] if exchange.kind == "ask" else {}
        reply = lift(exchange.reply, case.messages["reply"], MINTER, given)
        yield "reply", lower(exchange.reply, reply) if reply or case.messages["reply"] else case.messages["reply"]


def _carried(catalogue: Catalogue, exchange: Exchange, case: Case) -> str:
    """What goes wrong on the way there and back; an example without a reply is judged only."""
    try:
        if "reply" not in case.messages:
            request_rows(exchange, case.messages["request"], MINTER)
            return ""
        with loopback(exchange, catalogue, case.messages["reply"]) as call:
            message = call(case.messages["request"]).only().message
    except GridlinguaError as error:
        return str(error)
    return "" if message == case.messages["reply"] else f"the reply came back as {write_json(message)}"


def _alike(mapping: MessageMapping, one: Json, other: Json) -> bool:
    """Whether two messages differ in the order of arrays only, or in saying what absence says."""
    defaults = {field.pointer: field.default for field in mapping.fields.values() if field.default is not ABSENT}
    return bool(_bare(one, (), defaults) == _bare(other, (), defaults))


def _bare(value: Json, at: Pointer, defaults: Mapping[Pointer, Json]) -> Any:
    if isinstance(value, list):
        return sorted((_bare(one, (*at, "*"), defaults) for one in value), key=write_json)
    if isinstance(value, dict):
        inner = {name: (one, (*at, name)) for name, one in value.items()}
        return {
            name: _bare(one, place, defaults)
            for name, (one, place) in sorted(inner.items())
            if place not in defaults or defaults[place] != one
        }
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value
