"""Two catalogues, exchange by exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from gridlingua.catalogue.difference.carrying import carried, told_otherwise
from gridlingua.catalogue.difference.change import (
    BOTH,
    JSON,
    Area,
    Change,
    Part,
    Role,
    broken_by,
    verdict,
    why,
)
from gridlingua.catalogue.difference.fields import field_changes, key_changes, node_changes, renamed
from gridlingua.catalogue.difference.pairing import Pair, Source, pairs
from gridlingua.catalogue.difference.patterns import Curie, Level, pattern_changes
from gridlingua.catalogue.difference.schemas import Step, steps
from gridlingua.catalogue.difference.shapes import shape_changes
from gridlingua.catalogue.exchange import Exchange
from gridlingua.semantics.conversion import Codes

_PARTS: Final[tuple[Part, ...]] = get_args(Part)
_OPEN: Final = "open"
_A: Final = {"ask": "an ask", "post": "a post"}


@dataclass(frozen=True)
class Difference:
    """What became of one exchange, between whom."""

    id: str
    initiator: str
    responder: str
    changes: tuple[Change, ...]

    def breaks(self, party: str = "") -> frozenset[Role]:
        """Whom the changes break; as seen by a party that takes the new alone: who is on its other side."""
        found = frozenset(role for change in self.changes for role in change.breaks)
        if party == self.responder != self.initiator:
            return found & {"initiators", "callers"}
        if party == self.initiator != self.responder:
            return found & {"responders", "services"}
        return found if not party or party == self.initiator else frozenset()

    def verdict(self, party: str = "") -> str:
        gone = any(change.gone for change in self.changes)
        return verdict(self.breaks(party), gone=gone)


def compare(old: Source, new: Source, level: Level) -> tuple[list[Difference], int]:
    """The exchanges that changed and how many there are; ``level`` tells at which reasoner level two still meet.

    Raises CatalogueError when one of the catalogues cannot be read.
    """
    found, count = pairs(old, new)
    differences = [_difference(pair, level, new.vocabulary.curie) for pair in found]
    return [one for one in differences if one.changes], count


def _difference(pair: Pair, level: Level, curie: Curie) -> Difference:
    known: Any = pair.new or pair.old
    order = get_args(Area)
    changes = sorted(_changes(pair, level, curie), key=lambda one: order.index(one.area))
    return Difference(pair.id, known.initiator, known.responder, tuple(changes))


def _changes(pair: Pair, level: Level, curie: Curie) -> Iterator[Change]:
    if pair.old is None:
        yield Change("exchange", "the exchange is new", "nobody has it yet")
    elif pair.new is None:
        why_ = "peers and callers that have it find nobody any more"
        yield Change("exchange", "the exchange is gone", why_, BOTH | JSON, gone=True)
    else:
        yield from _of_both(pair.old, pair.new, level, curie)


def _of_both(old: Exchange, new: Exchange, level: Level, curie: Curie) -> Iterator[Change]:
    names = renamed(old, new)
    yield from _declared(old, new)
    yield from pattern_changes(old, new, level, curie)
    yield from field_changes(old, new, names)
    yield from key_changes(old, new, names)
    yield from node_changes(old, new, names)
    yield from _schema_changes(old, new)
    yield from shape_changes(old, new, curie)
    yield from carried(old, new)
    yield from told_otherwise(old, new)


def _declared(old: Exchange, new: Exchange) -> Iterator[Change]:
    if old.id != new.id:
        what = f"it was called {old.id}"
        yield Change("exchange", what, "peers meet by patterns, not by names; settings that name it change with it")
    if old.kind != new.kind:
        yield Change("exchange", f"it is {_A[new.kind]} instead of {_A[old.kind]}", "the two kinds never meet", BOTH)
    for role, before, after in (
        ("initiator", old.initiator, new.initiator),
        ("responder", old.responder, new.responder),
    ):
        if before != after:
            yield Change(
                "exchange", f"the {role} is {after} instead of {before}", f"no {before} takes part any more", BOTH
            )
    if old.operation != new.operation:
        what = f"{new.operation} instead of {old.operation}"
        yield Change(
            "operation", what, "rows are the same; who calls or serves the operation must change with it", JSON
        )
    if old.access != new.access:
        looser = new.access == _OPEN
        reason = "more are let in" if looser else "who was let in may be refused"
        breaks: frozenset[Role] = frozenset() if looser else frozenset(("initiators", "callers"))
        yield Change("access", f"{new.access} instead of {old.access}", reason, breaks, gone=not looser)
    if texts := [name for name in ("title", "source", "note") if getattr(old, name) != getattr(new, name)]:
        yield Change("words", ", ".join(texts), "they are for people")


def _schema_changes(old: Exchange, new: Exchange) -> Iterator[Change]:
    for part in _PARTS:
        schemas = [one.request_schema if part == "request" else one.reply_schema for one in (old, new)]
        moved = {field.pointer for one in (old, new) for field in one.mapping(part).fields.values()}
        for step in steps(schemas[0], schemas[1]):
            yield _of_step(part, step, old, new, is_field=step.pointer in moved)


def _of_step(part: Part, step: Step, old: Exchange, new: Exchange, *, is_field: bool) -> Change:
    what = f"{part} {step.place}: {step.text}"
    if step.matter == "presence":
        return Change("schema", what, *_presence(part, step))
    if is_field and step.way != "wider" and _is_converted(part, step, old, new):
        return Change("schema", what, "peers' quantities in other units are converted exactly")
    if step.matter == "shape":
        return Change("schema", what, "the JSON is of another kind", JSON | BOTH)
    return Change("schema", what, why(part, step.way), broken_by(part, step.way))


def _presence(part: Part, step: Step) -> tuple[str, frozenset[Role]]:
    """That something must, may or cannot be there is between who speaks JSON: rows always have every variable."""
    sender: Role = "callers" if part == "request" else "services"
    receiver: Role = "services" if part == "request" else "callers"
    if step.way == "other":
        return f"old {sender} send it, and old {receiver} look for it", JSON
    if step.way == "narrower":
        return f"old {sender} leave it out, and are refused", frozenset((sender,))
    if "new" in step.text:
        return f"old {sender} leave it out, and old {receiver} are told nothing they need", frozenset()
    return f"old {receiver} look for it where it is left out", frozenset((receiver,))


def _is_converted(part: Part, step: Step, old: Exchange, new: Exchange) -> bool:
    """Whether every unit that a field no longer has is converted to one that it still has."""
    for profile in old.profiles.keys() & new.profiles.keys():
        before, after = old.quantities(part, profile), new.quantities(part, profile)
        unit = next((name for name, field in old.mapping(part).fields.items() if field.pointer == step.pointer), "")
        if unit not in before or unit not in after:
            return False
        codes = Codes(after[unit].codes)
        left = [term for term in before[unit].codes.values() if term not in after[unit].codes.values()]
        if not all(codes.target(term) for term in left):
            return False
    return True


def overall(differences: Sequence[Difference], party: str = "") -> str:
    """The verdict on all of them."""
    breaks = frozenset(role for one in differences for role in one.breaks(party))
    return verdict(breaks, gone=any(change.gone for one in differences for change in one.changes))
