"""What the DSO does with what meters say: keep frames and answer with them, and send readings to who may have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gridlingua.errors import RemoteError
from gridlingua.services import answers, dispatches
from gridlingua.services.answers import Answers
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
_KINDS = {one.name: one.kind for one in (CUTOFF, INJECTED, OVERRUN)}


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

    What a user withdraws while others are told is told no more. Raises ``RemoteError`` when nobody says anything of
    worth; the readings are kept and can be sent again.
    """
    if faults := domain.reading_faults(readings):
        raise RefusedError(faults)
    now = here.clock()
    with here.database.writing() as connection:
        users = store.users(connection, {one.meter_id for one in readings})
        granted = store.grants(connection, users.values(), now)
        drafts = []
        for one in readings:
            given = granted.get(users.get(one.meter_id, ""), ())
            for party in _may(given, operation.kind, one.timestamp, Instant.of(now)):
                drafts += [_draft(operation, one, base) for base in knowledge_bases(connection, party)]
        numbers = dispatches.record_once(connection, SENT, drafts, by, now)
    sent, heard = _send(here, numbers)
    found, told_of = sending(sent, heard), {one.body[0]["meterId"] for one in sent}
    withheld = sorted({one.meter_id for one in readings} - told_of)
    return MeterSending(sent=found.sent, failures=found.failures, withheld=tuple(withheld)), heard.headers


def _send(here: Context, numbers: Sequence[int]) -> tuple[list[Dispatch], Answers[ReadingAcknowledgement]]:
    """Send what somebody has not acknowledged of these dispatches, and may have at the moment when it is sent.

    A dispatch is for one knowledge base, and a post may last a minute: so its grant is looked up before each. Gives
    those that were allowed as they are then. Raises ``RemoteError`` when nobody said anything of worth.
    """
    allowed, heard = [], []
    for number in dict.fromkeys(numbers):
        with here.database.reading() as connection:
            (one,) = dispatches.find(connection, SENT, SENT.sent.c.number == number)
            if not _may_have(connection, one, here.clock()):
                continue
        allowed.append(number)
        if one.missing is not None:
            heard.append(dispatches.send(here, SENT, one, _reader(one)))
    together = answers.together(heard)
    if heard:
        together.required()
    with here.database.reading() as connection:
        return dispatches.find(connection, SENT, SENT.sent.c.number.in_(allowed)), together


def _may_have(connection: Connection, one: Dispatch, now: datetime) -> bool:
    """Whether everybody whom a dispatch is for may have it at this moment."""
    meter, at = one.body[0]["meterId"], Instant.parse(one.body[0]["timestamp"])
    user = store.users(connection, [meter]).get(meter)
    if user is None:
        return False
    given = store.grants(connection, [user], now).get(user, ())
    may = _may(given, _KINDS[one.operation], at, Instant.of(now))
    reached = {base for party in may for base in knowledge_bases(connection, party)}
    return bool(one.recipients) and reached.issuperset(one.recipients)


def _may(given: Sequence[Grant], kind: str, at: Instant, now: Instant) -> Iterator[str]:
    """The organisations that may have a kind of data of an instant, each once."""
    valid = [one for one in given if one.valid_from <= at < one.valid_until and one.valid_from <= now]
    yield from sorted({one.grantee for one in valid if kind in one.kinds})


def _draft(operation: Operation, one: MeterReading, to: str) -> Draft:
    subject = f"{one.meter_id}@{one.timestamp.at:%Y-%m-%dT%H:%M:%S.%fZ}"
    return Draft(operation.name, subject, operation.path, [one.plain()], (to,))


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
    with here.database.reading() as connection:
        numbers = [one.number for one in dispatches.find(connection, SENT) if one.missing is not None]
    sent, heard = _send(here, numbers)
    return sending(sent, heard), heard.headers


def listed(here: Context, meter: str | None) -> list[Sent]:
    """What was sent, of a meter or of all, and who acknowledged it."""
    conditions = [] if meter is None else [SENT.sent.c.subject.startswith(f"{meter}@")]
    with here.database.reading() as connection:
        return [told(one) for one in dispatches.find(connection, SENT, *conditions)]
