"""Translate the messages of an exchange, for either party, with SHACL deciding each time.

Four ways: a request or a reply, from JSON to rows (``…_rows``) or from rows to JSON (``…_message``), in any profile.
Rows that leave a party have been judged before they are returned, rows that reach it before anything is done with them.
What is judged is always the graph that the message means in the judged profile.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gridlingua.catalogue.exchange import JUDGED_PROFILE, Exchange, Part
from gridlingua.errors import CatalogueError, Fault, MessageError, Problem
from gridlingua.semantics.conversion import convert
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Mapping, Minter, write_pointer
from gridlingua.semantics.rows import Row, Rows, distinct, join, project
from gridlingua.semantics.schema import conform, write_json
from gridlingua.semantics.shacl import NoFocusNodeError, Verdict, faults, judge
from gridlingua.semantics.terms import Term


class JudgedError(MessageError):
    """SHACL refuses what a message says: the violations (none when it found nothing to judge), and the rows of the
    judged profile that they are about."""

    def __init__(
        self, found: Sequence[Fault], told: Verdict, rows: Sequence[Row], exchange: Exchange, part: Part
    ) -> None:
        self.violations = told.violations
        self.rows = tuple(rows)
        super().__init__(found, exchange=exchange.id, part=part)


@dataclass
class Translation:
    """A message and its rows, SHACL's verdict, and the milliseconds that each step took."""

    message: Json = None
    rows: Rows = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; a step may run several times."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.milliseconds[name] = self.milliseconds.get(name, 0.0) + (time.perf_counter() - started) * 1000


def request_rows(exchange: Exchange, message: Json, minter: Minter, profile: str = JUDGED_PROFILE) -> Translation:
    """The rows of a request that this party sends, judged, without what the exchange ignores. Raises MessageError with
    every fault, CatalogueError when a pattern has variables that nothing fills."""
    told = Translation(exchange.prunings["request"].pruned(message))
    _conform(exchange, "request", told)
    with told.step("lift"):
        told.rows = lift(exchange.request, told.message, minter)
    _judge(exchange, "request", told, told.rows)
    if profile != JUDGED_PROFILE:
        with told.step("lift"):
            told.rows = lift(exchange.mapping("request", profile), told.message, minter)
    return told


def request_message(
    exchange: Exchange, rows: Sequence[Row], profile: str, minter: Minter, units: Sequence[str] = ()
) -> Translation:
    """The request that rows from a peer say, judged; ``rows`` come back complete: nodes the peer left open are minted.

    Quantities are converted to ``units`` (symbols) where the message can carry them, and to units that it can carry
    where the peer's are others. Raises MessageError, also when a variable of the request is not bound.
    """
    told = Translation()
    _refuse_unbound(exchange, rows)
    with told.step("lower"):
        ours = convert(rows, exchange.quantities("request", profile), units)
        told.message = lower(exchange.mapping("request", profile), ours)
    _conform(exchange, "request", told)
    with told.step("lift"):
        complete = _complete(exchange, profile, ours, told.message, minter)
        told.rows = [
            {**one, **{name: row[name] for name in one if name in row}} for one, row in zip(complete, rows, strict=True)
        ]
        judged = complete if profile == JUDGED_PROFILE else lift(exchange.request, told.message, minter)
    _judge(exchange, "request", told, judged)
    return told


def reply_rows(exchange: Exchange, message: Json, request: Sequence[Row], profile: str, minter: Minter) -> Translation:
    """The rows of a reply that this party sends: joined with the request's, so that what was asked is echoed byte for
    byte, and judged. Raises MessageError, also when the reply is about something that was not asked."""
    told = Translation(exchange.prunings["reply"].pruned(message))
    _conform(exchange, "reply", told)
    with told.step("lift"):
        joined = lift_reply(exchange, profile, told.message, request, minter)
        wanted = exchange.profiles[profile].reply.variables
        said = [{name: row[name] for name in wanted} for row in joined]
        told.rows = said if exchange.kind == "ask" else distinct(said)
        judged = joined if profile == JUDGED_PROFILE else _as_judged(exchange, profile, told.message, request, minter)
    _judge(exchange, "reply", told, judged)
    return told


def reply_message(
    exchange: Exchange,
    rows: Sequence[Row],
    request: Sequence[Row],
    profile: str,
    minter: Minter,
    units: Sequence[str] = (),
) -> Translation:
    """The reply that rows from a peer say, judged; quantities in ``units`` as in ``request_message``. Raises
    MessageError when they say it wrongly or say something that was not asked."""
    told = Translation(rows=list(rows))
    with told.step("lower"):
        judged = convert(rows, exchange.quantities("reply", profile), units)
        told.message = lower(exchange.mapping("reply", profile), judged)
    _conform(exchange, "reply", told)
    if profile != JUDGED_PROFILE:
        judged = _as_judged(exchange, profile, told.message, request, minter)
    elif exchange.kind == "post":
        _join(exchange, profile, judged, request)
    _judge(exchange, "reply", told, judged)
    return told


def _as_judged(exchange: Exchange, profile: str, message: Json, request: Sequence[Row], minter: Minter) -> Rows:
    """The rows of a reply and its request in the profile that SHACL judges; ``request`` is in another one."""
    ours = convert(request, exchange.quantities("request", profile))
    asked = lower(exchange.mapping("request", profile), ours)
    return lift_reply(exchange, JUDGED_PROFILE, message, lift(exchange.request, asked, minter), minter)


def _conform(exchange: Exchange, part: Part, told: Translation) -> None:
    if exchange.unfilled:
        raise CatalogueError([_unfilled(path, variable) for path, variable in exchange.unfilled])
    with told.step("schema"):
        schema = exchange.request_schema if part == "request" else exchange.reply_schema
        found = conform(schema, told.message)
    if found:
        raise MessageError(found, exchange=exchange.id, part=part)


def _unfilled(path: Path, variable: str) -> Problem:
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((number for number, one in enumerate(lines, 1) if re.search(rf"\?{variable}\b", one)), 1)
    return Problem(str(path), line, "variables", f"?{variable} is neither a field nor a node")


def _judge(exchange: Exchange, part: Part, told: Translation, rows: Sequence[Row]) -> None:
    """Let SHACL decide; an empty array says nothing that could be judged."""
    if not rows:
        return
    pattern = exchange.judged[part]
    with told.step("shacl"):
        try:
            told.verdict = judge(pattern, rows, exchange.shapes)
        except NoFocusNodeError as error:
            raise JudgedError([Fault("", str(error))], told.verdict, rows, exchange, part) from None
    if not told.verdict.conforms:
        found = faults(told.verdict.violations, pattern, rows, exchange.mappings(part))
        raise JudgedError(found, told.verdict, rows, exchange, part)


def _refuse_unbound(exchange: Exchange, rows: Sequence[Row]) -> None:
    names = list(exchange.request.fields)
    missing = [name for name in names if not rows or any(name not in row for row in rows)]
    if missing:
        raise MessageError(
            f"bind {' and '.join(missing)}: a request that leaves them open is not answered with everything",
            exchange=exchange.id,
            part="request",
        )


def _complete(exchange: Exchange, profile: str, rows: Sequence[Row], message: Json, minter: Minter) -> Rows:
    """The request's variables in the peer's rows, with the nodes that it left open minted as we would.

    What else a peer binds restricts the answer and is no part of the request.
    """
    mapping = exchange.mapping("request", profile)
    fields, nodes = mapping.fields, mapping.nodes
    asked = [{name: term for name, term in row.items() if name in fields or name in nodes} for row in rows]
    if all(name in row for row in asked for name in nodes):
        return asked
    minted = {tuple(row[name] for name in fields): row for row in lift(mapping, message, minter)}
    return [{**minted[_as_we_write(mapping, row)], **row} for row in asked]


def _as_we_write(mapping: Mapping, row: Row) -> tuple[Term, ...]:
    """The fields of a peer's row in our own spelling: its 20.0 is our 20."""
    converters = {name: field.converter for name, field in mapping.fields.items()}
    return tuple(one.write(one.read(row[name])) for name, one in converters.items())


def lift_reply(exchange: Exchange, profile: str, message: Json, request: Sequence[Row], minter: Minter) -> Rows:
    """The rows of a reply, each with the row of the request that it is about, not judged.

    Raises MessageError, also when the reply is about something that was not asked.
    """
    given = _common(request) if exchange.kind == "ask" else {}
    return _join(exchange, profile, lift(exchange.mapping("reply", profile), message, minter, given), request)


def _common(rows: Sequence[Row]) -> Row:
    """What all rows of a request say."""
    if len(rows) < 2:
        return rows[0] if rows else {}
    return {name: term for name, term in rows[0].items() if all(row.get(name) == term for row in rows)}


def _join(exchange: Exchange, profile: str, reply: Rows, request: Sequence[Row]) -> Rows:
    """Tie each row of a reply to the row of the request that it is about: what both say is one by its meaning, and
    comes back as the request has it."""
    if not reply or not request:
        return reply
    shared = sorted(reply[0].keys() & request[0].keys())
    fields = exchange.mapping("reply", profile).fields
    meanings = [(name, fields[name].converter.identity if name in fields else str) for name in shared]

    def meaning(row: Row) -> tuple[str, ...]:
        return tuple([identity(row[name]) for name, identity in meanings])

    known = {meaning(row): row for row in reversed(request)}
    echoes: dict[tuple[Term, ...], Row] = {}  # a long reply says the same of its request in every row
    tied: Rows = []
    for row in reply:
        terms = tuple([row[name] for name in shared])
        if terms not in echoes:
            about = known.get(meaning(row))
            if about is None:
                raise MessageError(_stray(exchange, profile, row, request), exchange=exchange.id, part="reply")
            echoes[terms] = about if len(request) == 1 else {name: about[name] for name in shared}
        tied.append({**row, **echoes[terms]})
    if len(request) == 1:
        return tied
    wanted = set(exchange.profiles[profile].reply.variables)
    return join(tied, project(request, [name for name in request[0] if name in wanted or name in shared]))


def _stray(exchange: Exchange, profile: str, row: Row, request: Sequence[Row]) -> list[Fault]:
    """Which fields of a reply are not about the request: those that no row of it has, else all that it shares."""
    fields = exchange.mapping("reply", profile).fields
    shared = [name for name in sorted(row.keys() & request[0].keys()) if name in fields]
    strange = [name for name in shared if all(one[name] != row[name] for one in request)]
    return [
        Fault(
            write_pointer(fields[name].pointer),
            f"{write_json(fields[name].converter.read(row[name]))} is not what the request was about",
        )
        for name in strange or shared
    ]
