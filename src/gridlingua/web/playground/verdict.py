"""What SHACL says of an attempt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gridlingua.catalogue import Exchange, Translation, reply_rows, request_rows
from gridlingua.catalogue.checking import MINTER
from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.translation import JudgedError
from gridlingua.errors import CatalogueError, Fault, MessageError
from gridlingua.semantics.lift import lift
from gridlingua.semantics.rows import Row
from gridlingua.semantics.shacl import Violation, faults
from gridlingua.web.playground.attempt import Step, Told, Tried, at_places, common
from gridlingua.web.playground.places import Places

_MOST_TRIPLES: Final = 20_000
"""Rows times triples of the pattern: what SHACL does in a few seconds."""


def verdict(tried: Tried) -> Step:
    """SHACL's step, by the very way that messages take over the network."""
    if any(step.state != "passed" for step in tried.steps):
        return Step("shacl", "skipped", "SHACL is asked about what passes so far.")
    if nothing := _open(tried):
        names = ", ".join(f"?{name}" for name in nothing)
        return Step("shacl", "skipped", f"Neither a field nor a node fills {names} of the pattern.")
    size = len(tried.rows[tried.part]) * len(tried.pattern.triples)
    if size > _MOST_TRIPLES:
        said = f"SHACL was not asked: {size:,} triples are more than the {_MOST_TRIPLES:,} that a playground judges."
        return Step("shacl", "skipped", f"{said} `gridlingua map` judges them.")
    try:
        found = _translated(tried)
    except JudgedError as error:
        return _refused(tried, error)
    except MessageError as error:
        return Step(
            "shacl", "refused", "It cannot be sent.", tuple(Told(tried.part, "", str(one)) for one in error.faults)
        )
    except CatalogueError as error:
        problems = tuple(Told(tried.part, "", str(one)) for one in error.problems)
        return Step("shacl", "refused", "The shapes cannot be read.", problems)
    if not found.rows:
        return Step("shacl", "passed", "An empty array says nothing that could be judged.")
    count = found.verdict.focus_nodes
    return Step("shacl", "passed", f"SHACL accepts it: {count} node{'s' if count != 1 else ''} judged.")


def _translated(tried: Tried) -> Translation:
    request = request_rows(tried.exchange, tried.messages["request"], MINTER, tried.profile)
    if tried.part == "request":
        return request
    return reply_rows(tried.exchange, tried.messages["reply"], request.rows, tried.profile, MINTER)


def _refused(tried: Tried, error: JudgedError) -> Step:
    part: Part = "request" if error.part == "request" else "reply"
    whose = "it" if part == tried.part else "the request that it answers"
    return Step("shacl", "refused", f"SHACL refuses {whose}.", tuple(_told(tried, part, error)))


def _told(tried: Tried, part: Part, error: JudgedError) -> Iterator[Told]:
    """Every fault with the places that its violations are about."""
    exchange = tried.exchange
    places = _judged_places(tried)
    about: dict[Fault, list[Row]] = {}
    for one in error.violations:
        for fault in faults([one], exchange.judged[part], error.rows, exchange.mappings(part)):
            about.setdefault(fault, []).extend(_rows_about(one, error.rows))
    for fault in error.faults:
        yield at_places(fault, about.get(fault, []), places, part)


def _judged_places(tried: Tried) -> dict[Part, Places]:
    """Where the rows of the judged profile come from."""
    found: dict[Part, Places] = {}
    given: Row = {}
    for part in tried.rows:  # the request first
        mapping = tried.exchange.mapping(part)
        rows = lift(mapping, tried.messages[part], MINTER, given)
        found[part] = Places(mapping, tried.messages[part], rows)
        given = common(rows) if tried.exchange.kind == "ask" else {}
    return found


def _open(tried: Tried) -> list[str]:
    """The variables of the patterns that neither a field nor a node fills: an edited pattern may have some."""
    exchange = tried.exchange
    known = exchange.request_variables | (set() if tried.part == "request" else _of_reply(exchange))
    wanted = dict.fromkeys([*tried.pattern.variables, *exchange.judged[tried.part].variables])
    if tried.part == "request" and exchange.kind == "ask":
        known |= _of_reply(exchange)
    return [name for name in wanted if name not in known]


def _of_reply(exchange: Exchange) -> set[str]:
    return {*exchange.reply.fields, *exchange.reply.nodes}


def _rows_about(violation: Violation, rows: Sequence[Row]) -> list[Row]:
    """The rows in which a violation's node stands, with its value where there are such rows."""
    found = [row for row in rows if violation.focus in row.values()]
    exact = [row for row in found if violation.value and violation.value in row.values()]
    return exact or found
