"""The responder's side: a request from the network is judged, replayed at the party's service, and its reply judged."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Hashable, Iterable
from contextlib import suppress

from gridlingua.adapter.bridge import Bridge
from gridlingua.adapter.settings import AdapterSettings
from gridlingua.adapter.twins import Twins
from gridlingua.catalogue import Exchange, Translation, reply_rows, request_message
from gridlingua.engine import Request
from gridlingua.engine.bindings import value_key
from gridlingua.errors import MessageError, RemoteError
from gridlingua.semantics.conversion import Quantity, convert
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.rows import Row, Rows, distinct
from gridlingua.semantics.schema import write_json
from gridlingua.semantics.units import BY_TERM

_log = logging.getLogger(__name__)

_MOST_QUESTIONS = 100  # each may be a call of the party's service


class Responder:
    """Answers the exchanges that a party is asked for."""

    def __init__(self, exchanges: Iterable[Exchange], settings: AdapterSettings) -> None:
        self._settings = settings
        self._minter = settings.minter()
        self._bridge = Bridge(settings)
        self._twins = Twins(2 * settings.deadline)
        self._by_interaction = {
            one.interaction_name(profile): (one, profile) for one in exchanges for profile in settings.spoken(one)
        }

    def close(self) -> None:
        """Let go of the connections to the services."""
        self._bridge.close()

    def answer(self, request: Request) -> Rows:
        """The rows that answer a request from the network: judged, replayed at the party's service, judged again.

        Raises MessageError when the request may not be answered, RemoteError when the service refuses or fails.
        """
        exchange, profile = self._by_interaction[request.interaction.name]
        rows = request.rows or ([] if exchange.request.fields else [{}])
        asks = exchange.kind == "ask"
        complete = [row for row in rows if exchange.request.fields.keys() <= row.keys()]
        if not asks or not complete:  # of a post every row counts
            asked = self._understood(exchange, profile, _nearest(exchange, rows) if asks else rows)
            return self._told(exchange, profile, asked, self._once(exchange, profile, asked, request), request)
        if len(complete) > _MOST_QUESTIONS:
            raise MessageError(
                f"{len(complete)} questions in one ask; at most {_MOST_QUESTIONS} are answered", exchange=exchange.id
            )
        found: Rows = []
        replies: dict[Hashable, Json] = {}
        for asking, asked in self._questions(exchange, profile, complete, request.requester):
            meaning = tuple(_meaning(exchange, profile, row) for row in asking)
            if meaning not in replies:
                replies[meaning] = self._replied(exchange, asked, request)
            told = self._told(exchange, profile, asked, replies[meaning], request)
            for row in asking:
                found += _restricted(row, _in_units_of(exchange, profile, row, told))
        return distinct(found)

    def _questions(
        self, exchange: Exchange, profile: str, rows: Rows, requester: str
    ) -> list[tuple[Rows, Translation]]:
        """The rows of each request, with what it says: all rows where they are the list of one request, else each row
        that is a request. From reasoner level 2 a network also asks with rows in which it took one variable for another
        (contract 4.4): those are left out as long as one row is a request."""
        if len(rows) > 1 and len(exchange.request.levels) > 1:
            with suppress(MessageError):
                return [(rows, self._understood(exchange, profile, rows))]
        understood: list[tuple[Rows, Translation]] = []
        refusals: list[MessageError] = []
        for row in rows:
            try:
                understood.append(([row], self._understood(exchange, profile, [row])))
            except MessageError as refusal:
                refusals.append(refusal)
        if not understood:
            raise refusals[0]
        for one in refusals:
            _log.info("%s: a row of %s is left out: %s", exchange.id, requester, one)
        return understood

    def _understood(self, exchange: Exchange, profile: str, rows: Rows) -> Translation:
        return request_message(exchange, rows, profile, self._minter, self._settings.units)

    def _once(self, exchange: Exchange, profile: str, asked: Translation, request: Request) -> Json:
        """The reply of the service; a post that also comes in another profile is carried to it once."""
        if exchange.kind == "ask" or len(self._settings.spoken(exchange)) == 1:
            return self._replied(exchange, asked, request)
        said = hashlib.sha256(write_json(asked.message).encode()).digest()
        key = (request.requester, exchange.id, said)
        return self._twins.once(key, profile, request.remaining(), lambda: self._replied(exchange, asked, request))

    def _replied(self, exchange: Exchange, asked: Translation, request: Request) -> Json:
        return self._bridge.call(exchange, asked.message, request.requester, request.remaining())

    def _told(self, exchange: Exchange, profile: str, asked: Translation, message: Json, request: Request) -> Rows:
        try:
            told = reply_rows(exchange, message, asked.rows, profile, self._minter)
        except MessageError as error:
            _log.error("%s: the reply of the service may not be sent: %s", exchange.id, error)
            raise RemoteError(
                f"the {exchange.service} service replied what may not be sent: {error}", status=502
            ) from None
        _log.info("%s answered for %s, %d rows", exchange.id, request.requester, len(told.rows))
        return told.rows


def _meaning(exchange: Exchange, profile: str, row: Row) -> Hashable:
    """What rows of an ask share that say the same request; what the reply repeats must be spelt the same as well."""
    repeated = exchange.reply.fields
    return tuple(
        row[name] if name in repeated else one.converter.identity(row[name])
        for name, one in exchange.mapping("request", profile).fields.items()
    )


def _restricted(row: Row, told: Rows) -> Rows:
    """What a peer binds beyond the request restricts the answer, by value; it comes back as the peer wrote it."""
    return [
        {**one, **row}
        for one in told
        if all(term == one[name] or value_key(term) == value_key(one[name]) for name, term in row.items())
    ]


def _in_units_of(exchange: Exchange, profile: str, row: Row, told: Rows) -> Rows:
    """The answer in the units that a peer binds: it asks for the same quantities in its own."""
    bound = {
        unit: Quantity(one.numbers, {BY_TERM[row[unit]].symbol: row[unit]})
        for unit, one in exchange.quantities("reply", profile).items()
        if row.get(unit) in BY_TERM
    }
    return convert(told, bound)


def _nearest(exchange: Exchange, rows: Rows) -> Rows:
    """The one row of an ask that says most of a request, if any: what it lacks is what the peer is told."""
    return [max(rows, key=lambda row: len(exchange.request.fields.keys() & row.keys()))] if rows else rows
