"""Cases carried from the old catalogue to the new one and back: what is refused was seen, not inferred."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.difference.change import Change, Role
from gridlingua.catalogue.exchange import Case, Exchange
from gridlingua.catalogue.translation import reply_message, reply_rows, request_message, request_rows
from gridlingua.errors import MessageError
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.matching import Match, matches
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows, project
from gridlingua.semantics.search import TooInterchangeableError

_MINTER: Final = Minter("https://party.example.org/")
_MOST: Final = 3


def carried(old: Exchange, new: Exchange) -> Iterator[Change]:
    """What one side refuses of what the other says, in each profile that both have; the first few."""
    if old.kind != new.kind:
        return
    for profile in old.profiles.keys() & new.profiles.keys():
        for role, initiator, responder in (("initiators", old, new), ("responders", new, old)):
            yield from _carried(initiator, responder, profile, role)  # type: ignore[arg-type]


def told_otherwise(old: Exchange, new: Exchange) -> Iterator[Change]:
    """Rejects of both whose senders are told something else."""
    words = {case.name: case.told for case in old.rejects}
    changed = [case.name for case in new.rejects if case.name in words and words[case.name] != case.told]
    if changed:
        yield Change(
            "words", f"what senders of {', '.join(changed)} are told", "it is for people; nothing is read from it"
        )


def _carried(initiator: Exchange, responder: Exchange, profile: str, role: Role) -> Iterator[Change]:
    """Requests of the initiator to the responder, and replies of the responder to the initiator."""
    sent, answered = initiator.profiles[profile], responder.profiles[profile]
    request = _match(sent.request, answered.request)
    reply = request if sent.result is None else _match(sent.reply, answered.reply)
    if request is None or reply is None:
        return  # the patterns tell
    ages = ("new", "old") if role == "initiators" else ("old", "new")
    found: list[tuple[str, str]] = []
    for name, case in _cases(initiator, responder):
        fault = _request_refused(initiator, responder, profile, request, case)
        found.append((f"{ages[0]} responders refuse the request of {name}", fault))
    for name, case in _cases(responder, initiator):
        fault = _reply_refused(initiator, responder, profile, (request, reply), case)
        found.append((f"{ages[1]} initiators refuse the reply of {name}", fault))
    for what, fault in [one for one in found if one[1]][:_MOST]:
        yield Change("cases", f"{profile}: {what}", fault, frozenset((role,)))


def _cases(sender: Exchange, other: Exchange) -> Iterator[tuple[str, Case]]:
    """What a side may say: its examples, and what maybe only the other side refuses."""
    yield from ((f"examples/{case.name}", case) for case in sender.examples)
    yield from ((f"rejects/{case.name}", case) for case in other.rejects)


def _match(target: Pattern, source: Pattern) -> Match | None:
    try:
        return next(matches(target, source), None)
    except TooInterchangeableError:
        return None


def _request_refused(initiator: Exchange, responder: Exchange, profile: str, match: Match, case: Case) -> str:
    """Why a responder refuses a request that the initiator sends; empty when it does not, or nobody sends it."""
    try:
        rows = _sent(initiator, profile, case)
    except MessageError:
        return ""
    try:
        request_message(responder, match.to_source(rows), profile, _MINTER)
    except MessageError as error:
        return str(error.faults[0])
    return ""


def _sent(exchange: Exchange, profile: str, case: Case) -> Rows:
    rows = request_rows(exchange, case.messages["request"], _MINTER, profile).rows
    return project(rows, exchange.profiles[profile].request.variables)


def _reply_refused(
    initiator: Exchange, responder: Exchange, profile: str, parts: tuple[Match, Match], case: Case
) -> str:
    """Why an initiator refuses what a responder answers; empty when it does not, or nobody answers it."""
    request, reply = parts
    if "reply" not in case.messages:
        return ""
    try:
        asked = request_rows(responder, case.messages["request"], _MINTER, profile).rows
        answer = reply_rows(responder, case.messages["reply"], asked, profile, _MINTER).rows
    except MessageError:
        return ""
    rows = reply.to_target(answer)
    about = rows if initiator.kind == "ask" else request.to_target(project(asked, request.source.variables))
    names = initiator.request_variables
    known: list[Row] = project(about, [name for name in initiator.profiles[profile].request.variables if name in names])
    try:
        reply_message(initiator, rows, known, profile, _MINTER)
    except MessageError as error:
        return str(error.faults[0])
    return ""
