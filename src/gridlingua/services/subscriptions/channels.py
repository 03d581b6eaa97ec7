"""How a subscriber is reached: over the network, or at its own REST interface, with the same words coming back.

Any service sends a message with ``deliver`` over the channel that ``channel_of`` tells of an organisation. One call is
one attempt; what may help later is tried again by the scheduler, or by whoever called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import simplejson
from sqlalchemy import Connection

from gridlingua.decimals import read_decimal
from gridlingua.errors import RemoteError
from gridlingua.services.access import knowledge_bases
from gridlingua.services.context import Context
from gridlingua.services.network import Reply
from gridlingua.services.scheduling.domain import LaterError, words
from gridlingua.services.subscriptions import callbacks, signatures, store
from gridlingua.services.subscriptions.callbacks import Answer

FORMER_SECRET = timedelta(hours=24)
"""How long a replaced secret goes on signing beside the new one."""
_GONE = 410
_LATER = frozenset({408, 409, 425, 429})  # 409: the first attempt is still under way there (Idempotency-Key)


@dataclass(frozen=True)
class Channel:
    """How an organisation with a subscription is reached.

    ``knowledge_bases`` are its ids on the network, ``callback`` the base URL of its REST interface.
    """

    organisation: str
    subscription_id: str
    kind: Literal["REST", "network"]
    subscribed_at: datetime
    callback: str = ""
    knowledge_bases: tuple[str, ...] = ()
    secrets: tuple[tuple[str, datetime | None], ...] = field(default=(), repr=False)

    def keys(self, now: datetime) -> list[str]:
        """The secrets to sign with; a replaced one until its end."""
        return [secret for secret, until in self.secrets if until is None or until > now]


def channel_of(connection: Connection, organisation: str) -> Channel | None:
    """The channel of an organisation; None when it has no subscription, or is not let in any more."""
    return next((_channel(connection, row) for row in store.served(connection, organisation)), None)


def subscribers(connection: Connection) -> list[Channel]:
    """The channel of every organisation that has a subscription."""
    return [_channel(connection, row) for row in store.served(connection)]


def _channel(connection: Connection, row: store.Found) -> Channel:
    by_network = row.channel == "network"
    former = [(row.former_secret, row.secret_at + FORMER_SECRET)] if row.former_secret else []
    return Channel(
        row.organisation,
        row.subscription_id,
        row.channel,
        row.subscribed_at,
        row.callback,
        tuple(knowledge_bases(connection, row.organisation)) if by_network else (),
        () if by_network else ((row.secret, None), *former),
    )


def deliver(here: Context, channel: Channel, path: str, body: object) -> Reply:
    """Send a message to a subscriber, once, and keep what became of it.

    Whoever replies or fails is named by the organisation, whatever the channel; nothing is raised for a party that
    fails. The same body to the same path is the same message: it has the same id each time.
    """
    content = simplejson.dumps(body, use_decimal=True, ensure_ascii=False).encode()
    subscription = channel.organisation, channel.subscription_id
    message_id = signatures.message_id(subscription, path, content)
    with here.database.writing() as connection:
        allowed = store.hosts(connection)
        store.begin_delivery(connection, subscription, message_id, path, here.clock())
    if channel.kind == "network":
        reply = _over_the_network(here, channel, path, body)
    else:
        reply = _called_back(here, channel, path, (message_id, content), allowed)
    outcome, detail = _outcome(reply)
    with here.database.writing() as connection:
        store.end_delivery(connection, channel.organisation, message_id, outcome, detail, here.clock())
        if any(error.status == _GONE for error in reply.failures) and channel.kind == "REST":
            _end(connection, channel, here.clock())
    return reply


def _end(connection: Connection, channel: Channel, at: datetime) -> None:
    row = store.subscription(connection, channel.organisation, channel.subscription_id)
    if row is not None and row.callback == channel.callback:
        store.end(connection, row, at, "callback", "the callback answered 410 Gone")


def _outcome(reply: Reply) -> tuple[str, str]:
    said = words("; ".join(str(error) for error in reply.failures))
    if reply.messages:
        return "delivered", said
    return ("failed" if any(error.retry for error in reply.failures) else "refused"), said


def _over_the_network(here: Context, channel: Channel, path: str, body: object) -> Reply:
    """To each of the organisation's knowledge bases: which of them reacts is its own affair."""
    messages: list[tuple[str, Any]] = []
    failures: list[RemoteError] = []
    headers: dict[str, str] = {}
    if not channel.knowledge_bases:
        said = f"{channel.organisation} has no knowledge base any more"
        failures.append(RemoteError(said, party=channel.organisation, status=404))
    for one in channel.knowledge_bases:
        try:
            reply = here.network.post(path, body, to=one)
        except RemoteError as error:
            failures.append(_of(channel, error))
            continue
        messages += [(channel.organisation, message) for _, message in reply.messages]
        failures += [_of(channel, error) for error in reply.failures]
        headers |= reply.headers
    return Reply(messages, failures, headers)


def _called_back(
    here: Context, channel: Channel, path: str, message: tuple[str, bytes], allowed: Sequence[str]
) -> Reply:
    message_id, content = message
    now = here.clock()
    headers = signatures.headers(message_id, now, content, channel.keys(now))
    url = channel.callback.rstrip("/") + path
    try:
        answer = callbacks.post(url, content, headers, allowed)
        return Reply([(channel.organisation, _read(url, answer, now))])
    except RemoteError as error:
        return Reply([], [_of(channel, error)])


def _of(channel: Channel, error: RemoteError) -> RemoteError:
    if isinstance(error, LaterError):
        return LaterError(str(error), party=channel.organisation, status=error.status, after=error.after)
    return RemoteError(str(error), party=channel.organisation, status=error.status, retry=error.retry)


def _read(url: str, answer: Answer, now: datetime) -> Any:
    """The JSON of an answer, an empty array when it says nothing; raises ``RemoteError`` for what is no success."""
    if not 200 <= answer.status < 300:
        raise _refusal(url, answer, now)
    if not answer.content.strip():
        return []
    try:
        return simplejson.loads(answer.content, parse_float=read_decimal)
    except (ValueError, RecursionError) as error:
        raise RemoteError(f"{url} was answered with what is not JSON", status=502) from error


def _refusal(url: str, answer: Answer, now: datetime) -> RemoteError:
    said = words(f"{url} was answered with status {answer.status}{_detail(answer)}")
    if answer.status in _LATER or answer.status >= 500:
        after = _after(str(answer.headers.get("Retry-After", "")), now)
        return LaterError(said, party="", status=answer.status, after=after)
    return RemoteError(said, status=answer.status if answer.status >= 400 else 502)


def _detail(answer: Answer) -> str:
    """What a problem document says (RFC 9457)."""
    try:
        document = simplejson.loads(answer.content)
    except (ValueError, RecursionError):
        return ""
    detail = document.get("detail") if isinstance(document, dict) else None
    return f": {detail[:500]}" if isinstance(detail, str) else ""


def _after(text: str, now: datetime) -> timedelta:
    """How long ``Retry-After`` asks to wait (RFC 9110, 10.2.3), at most a day; nothing when it is not to be read."""
    try:
        wait = timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(wait, timedelta()), timedelta(days=1))
