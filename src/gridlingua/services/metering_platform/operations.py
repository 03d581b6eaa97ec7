"""What the DSO does with what meters say: keep frames and answer with them, and send readings to who may have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gridlingua.errors import RemoteError
from gridlingua.services import answers, dispatches
from gridlingua.services.consent import grants
from gridlingua.services.consent.messages import Grant
from gridlingua.services.context import Context
from gridlingua.services.dispatches import Dispatch, Draft
from gridlingua.services.instants import Instant
from gridlingua.services.metering_platform import domain, store
from gridlingua.services.metering_platform.messages import Frame, MeterReading, MeterSending, ReadingAcknowledgement
from gridlingua.services.metering_platform.store import SENT
from gridlingua.services.organisations import knowledge_bases
from gridlingua.services.refusals import ForbiddenError, NotFoundError, RefusedError
from gridlingua.services.sendings import Sending, Sent, sending, told

KINDS = ("metering", "consumption", "voltage", "cutoff_power", "injected_power")
"""What a frame holds, in the words of consent: it is told whole, so all of it must be granted."""
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Operation:
    """An operation by which readings are sent, and the kind of data that a user must have granted."""

    name: str
    path: str
    kind: str


CUTOFF = Operation("CutoffPower", "/Metering/CutoffPower", "cutoff_power")
INJECTED = Operation("InjectedPower", "/Metering/InjectedPower", "injected_power")
OVERRUN = Operation("PowerOverrun", "/Metering/PowerOverrun", "consumption")


def keep_frames(here: Context, frames: Sequence[Frame]) -> None:
    """Keep the last frame of each meter, all or none; raises ``RefusedError`` with every fault."""
    if faults := domain.frame_faults(frames):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        store.keep(connection, frames, here.clock())


def frame(here: Context, meter: str, reference: str, organisation: str) -> Frame:
    """The last frame of a meter, on a grant of its user for all that a frame holds.

    Raises ``ForbiddenError`` without such a grant, in the same words for a meter that there is not, so that neither
    meters nor their users can be found out; ``NotFoundError`` when the meter has not said anything.
    """
    now = here.clock()
    refusal = f"grant {reference} does not let {organisation} read all that meter {meter} says; ask its user for one"
    with here.database.writing() as connection:
        user = store.users(connection, [meter]).get(meter)
        if user is None:
            raise ForbiddenError(refusal)
        found = store.frame(connection, meter)
        at = found.timestamp.at if found else now
        asked = Asked(reference, organisation, user, at)
        if not _granted(connection, asked, now):
            raise ForbiddenError(refusal)
    if found is None:
        raise NotFoundError(f"meter {meter} has not said anything yet")
    return found


@dataclass(frozen=True)
class Asked:
    """On which grant an organisation asks for all that a user's meter said at an instant."""

    reference: str
    organisation: str
    user: str
    at: datetime


def _granted(connection: Connection, asked: Asked, now: datetime) -> bool:
    who = {"reference": asked.reference, "organisation": asked.organisation, "user": asked.user}
    try:
        for kind in KINDS:
            grants.require(connection, **who, kind=kind, start=asked.at, end=asked.at, now=now, lock=True)
    except ForbiddenError:
        return False
    return True


def send(
    here: Context, operation: Operation, readings: Sequence[MeterReading], by: str
) -> tuple[MeterSending, Headers]:
    """Send readings of meters to the providers whom their users have granted that kind of data, and to nobody else.

    Raises ``RemoteError`` when nobody says anything of worth; the readings are kept and can be sent again.
    """
    if faults := domain.reading_faults(readings):
        raise RefusedError(faults)
    now = here.clock()
    with here.database.writing() as connection:
        users = store.users(connection, {one.meter_id for one in readings})
        granted = store.grants(connection, users.values(), now)
        drafts, withheld = [], set()
        for one in readings:
            parties = list(
                _may(granted.get(users.get(one.meter_id, ""), ()), operation.kind, one.timestamp, Instant.of(now))
            )
            to = [kbs for party in parties if (kbs := knowledge_bases(connection, party))]
            drafts += [_draft(operation, one, tuple(kbs)) for kbs in to]
            if not to:
                withheld.add(one.meter_id)
        numbers = dispatches.record_once(connection, SENT, drafts, by, now)
    sent, heard = dispatches.send_all(here, SENT, numbers, _reader)
    found = sending(sent, heard)
    return MeterSending(sent=found.sent, failures=found.failures, withheld=tuple(sorted(withheld))), heard.headers


def _may(given: Sequence[Grant], kind: str, at: Instant, now: Instant) -> Iterator[str]:
    """The organisations that may have a kind of data of an instant, each once."""
    valid = [one for one in given if one.valid_from <= at < one.valid_until and one.valid_from <= now]
    yield from sorted({one.grantee for one in valid if kind in one.kinds})


def _draft(operation: Operation, one: MeterReading, to: tuple[str, ...]) -> Draft:
    subject = f"{one.meter_id}@{one.timestamp.at:%Y-%m-%dT%H:%M:%S.%fZ}"
    return Draft(operation.name, subject, operation.path, [one.plain()], to)


def _reader(one: Dispatch) -> Callable[[Any], ReadingAcknowledgement]:
    sent = one.body[0]

    def read(body: Any) -> ReadingAcknowledgement:
        found = answers.messages(ReadingAcknowledgement, body, "the acknowledgement is")
        wanted = (sent["meterId"], Instant.parse(sent["timestamp"]))
        if [(each.meter_id, each.timestamp) for each in found] != [wanted]:
            raise RemoteError(f"acknowledged was not the reading of {wanted[0]} at {wanted[1]}", party="network")
        return found[0]

    return read


def again(here: Context) -> tuple[Sending, Headers]:
    """Send readings again to whoever has not acknowledged them and may still have them."""
    now = here.clock()
    kinds = {one.name: one.kind for one in (CUTOFF, INJECTED, OVERRUN)}
    with here.database.reading() as connection:
        missing = [one for one in dispatches.find(connection, SENT) if one.missing is not None]
        users = store.users(connection, {one.body[0]["meterId"] for one in missing})
        granted = store.grants(connection, users.values(), now)
        numbers = []
        for one in missing:
            given = granted.get(users.get(one.body[0]["meterId"], ""), ())
            at = Instant.parse(one.body[0]["timestamp"])
            may = _may(given, kinds[one.operation], at, Instant.of(now))
            reached = {base for party in may for base in knowledge_bases(connection, party)}
            numbers += [one.number] if reached.issuperset(one.recipients) else []
    sent, heard = dispatches.send_all(here, SENT, numbers, _reader)
    return sending(sent, heard), heard.headers


def listed(here: Context, meter: str | None) -> list[Sent]:
    """What was sent, of a meter or of all, and who acknowledged it."""
    conditions = [] if meter is None else [SENT.sent.c.subject.startswith(f"{meter}@")]
    with here.database.reading() as connection:
        return [told(one) for one in dispatches.find(connection, SENT, *conditions)]
