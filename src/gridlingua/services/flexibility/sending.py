"""How needs and orders reach service providers: by their subscriptions, or over the network without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, inspect

from gridlingua.errors import RemoteError
from gridlingua.services.access import knowledge_bases
from gridlingua.services.context import Context
from gridlingua.services.network import Reply
from gridlingua.services.subscriptions.channels import Channel, channel_of, deliver, subscribers
from gridlingua.services.subscriptions.store import SUBSCRIPTIONS


def send(here: Context, provider: str, path: str, body: object) -> Reply:
    """Send a message to one organisation: over its channel, else to its knowledge bases; raises nothing."""
    with here.database.reading() as connection:
        channel = channel_of(connection, provider) if _has_subscriptions(connection) else None
        bases = knowledge_bases(connection, provider)
    if channel is not None:
        return deliver(here, channel, path, body)
    if not bases:
        said = f"{provider} has no subscription and no knowledge base, so it cannot be reached"
        return Reply([], [RemoteError(said, party=provider, status=503, retry=True)])
    return _together([_attempt(base, partial(here.network.post, path, body, base)) for base in bases])


def broadcast(here: Context, path: str, body: object) -> Reply:
    """Send a message to every responder that the own adapter knows, and to every subscriber that is none of them.

    Raises ``RemoteError`` when there is no subscriber, and the adapter cannot be reached or refuses.
    """
    with here.database.reading() as connection:
        channels = subscribers(connection) if _has_subscriptions(connection) else []
    if not channels:
        return here.network.post(path, body)
    replies = []
    if here.network.base_url:
        replies.append(_attempt("", partial(here.network.post, path, body)))
    heard = {party for reply in replies for party, _ in reply.messages}
    return _together([*replies, *(deliver(here, one, path, body) for one in channels if not _among(one, heard))])


def _among(channel: Channel, heard: set[str]) -> bool:
    return channel.kind == "network" and not heard.isdisjoint(channel.knowledge_bases)


def _attempt(party: str, call: Callable[[], Reply]) -> Reply:
    """The reply of a call, with its failure in it instead of raised."""
    try:
        reply = call()
    except RemoteError as error:
        known = RemoteError(str(error), party=party or error.party, status=error.status, retry=error.retry)
        return Reply([], [known])
    if not party:
        return reply
    named = [RemoteError(str(error), party=party, status=error.status, retry=error.retry) for error in reply.failures]
    return Reply([(party, message) for _, message in reply.messages], named, reply.headers)


def _together(replies: Sequence[Reply]) -> Reply:
    messages: list[tuple[str, Any]] = [message for reply in replies for message in reply.messages]
    failures = [failure for reply in replies for failure in reply.failures]
    headers: dict[str, str] = {}
    for reply in replies:
        for name, value in reply.headers.items():
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Reply(messages, failures, headers)


def has_subscribers(here: Context) -> bool:
    """Whether anybody has subscribed."""
    with here.database.reading() as connection:
        return _has_subscriptions(connection) and bool(subscribers(connection))


def _has_subscriptions(connection: Connection) -> bool:
    """Whether the service of subscriptions is run on this database."""
    return inspect(connection).has_table(SUBSCRIPTIONS.name)
