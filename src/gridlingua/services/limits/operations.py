"""What the DSO does with limits: send them, and ask first what can be limited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from gridlingua.errors import Fault, RemoteError
from gridlingua.services import answers, dispatches, documents
from gridlingua.services.context import Context
from gridlingua.services.dispatches import Dispatch, Draft
from gridlingua.services.instants import Instant
from gridlingua.services.limits import domain
from gridlingua.services.limits.messages import Capability, Decision, KnownCapability, NewLimits
from gridlingua.services.limits.store import CAPABILITIES, LIMITS
from gridlingua.services.messages import Failure
from gridlingua.services.refusals import NotFoundError, RefusedError
from gridlingua.services.sendings import Sending, Sent, sending, told
from gridlingua.storage import upsert

Headers = Mapping[str, str]


def impose(here: Context, wanted: NewLimits, by: str) -> tuple[Sending, Headers]:
    """Keep limits, all or none, and send each to the providers; the same limit again goes to who has not decided.

    Raises ``ConflictError`` for an id that was sent with other content, ``RemoteError`` when nobody decides anything;
    the limits are kept even then, and can be sent again.
    """
    if faults := domain.limit_faults(wanted.limits):
        raise RefusedError([Fault(f"/limits{one.pointer}", one.message) for one in faults])
    with here.database.writing() as connection:
        to = dispatches.recipients(connection, wanted.providers or ())
        drafts = [Draft("PowerLimit", one.limit_id, "/Limits/PowerLimit", [one.plain()], to) for one in wanted.limits]
        numbers = dispatches.record_once(connection, LIMITS, drafts, by, here.clock())
    return _sent(here, numbers)


def again(here: Context) -> tuple[Sending, Headers]:
    """Send every limit once more to whoever has not decided on it."""
    with here.database.reading() as connection:
        found = dispatches.find(connection, LIMITS)
    return _sent(here, [one.number for one in found if one.missing is not None])


def listed(here: Context, limit: str | None) -> list[Sent]:
    """The limits that were sent, or one, with what was decided on them."""
    conditions = [] if limit is None else [LIMITS.sent.c.subject == limit]
    with here.database.reading() as connection:
        return [told(one) for one in dispatches.find(connection, LIMITS, *conditions)]


def _sent(here: Context, numbers: Sequence[int]) -> tuple[Sending, Headers]:
    sent, heard = dispatches.send_all(here, LIMITS, numbers, _reader)
    return sending(sent, heard), heard.headers


def _reader(one: Dispatch) -> Callable[[Any], Decision]:
    def read(body: Any) -> Decision:
        found = answers.messages(Decision, body, "the decision is")
        if [each.limit_id for each in found] != [one.subject]:
            said = ", ".join(each.limit_id for each in found) or "nothing"
            raise RemoteError(f"decided was on {said}, and sent {one.subject}", party="network")
        if not found[0].accepted and found[0].reason is None:
            raise RemoteError(f"limit {one.subject} is not accepted, and no reason is given", party="network")
        return found[0]

    return read


def ask(here: Context, point: str, provider: str | None) -> tuple[list[KnownCapability], list[Failure], Headers]:
    """Ask what can be limited at a connection point, and keep it; raises ``RemoteError`` when nobody says."""
    with here.database.reading() as connection:
        parties = dispatches.recipients(connection, [provider] if provider else []) or ("",)
    heard = answers.together(
        dispatches.asked(here, f"/Limits/Capability/{point}", {}, _capability(point), party) for party in parties
    ).required()
    at = here.clock()
    rows = [
        {"connection_point": point, "party": party, "message": documents.written(said), "asked_at": at}
        for party, said in heard.found
    ]
    with here.database.writing() as connection:
        upsert(connection, CAPABILITIES, rows)
        return _known(connection, point), heard.failures(), heard.headers


def _capability(point: str) -> Callable[[Any], Capability]:
    def read(body: Any) -> Capability:
        said = answers.message(Capability, body, "the capability is")
        if said.connection_point != point:
            raise RemoteError(f"asked was for {point}, and answered for {said.connection_point}", party="network")
        if wrong := domain.contradiction(said):
            raise RemoteError(f"the capability is worthless: {wrong}", party="network")
        return said

    return read


def known(here: Context, point: str) -> list[KnownCapability]:
    """What was told last of a connection point, by party; raises ``NotFoundError`` when it is nothing."""
    with here.database.reading() as connection:
        found = _known(connection, point)
    if not found:
        raise NotFoundError(f"nothing is known of connection point {point}; ask for its capability first")
    return found


def _known(connection: Connection, point: str) -> list[KnownCapability]:
    query = select(CAPABILITIES).where(CAPABILITIES.c.connection_point == point).order_by(CAPABILITIES.c.party)
    return [
        KnownCapability.model_validate(
            documents.opened(row["message"]) | {"party": row["party"], "askedAt": Instant.of(row["asked_at"])}
        )
        for row in connection.execute(query).mappings()
    ]
