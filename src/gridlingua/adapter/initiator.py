"""The initiator's side: a request goes out in every profile that its party speaks, and the replies come back."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from gridlingua.adapter.attribution import by_responder
from gridlingua.adapter.settings import AdapterSettings
from gridlingua.catalogue import Exchange, Translation, reply_message, request_rows
from gridlingua.engine import Engine, Result
from gridlingua.errors import MessageError, RemoteError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.rows import Row, Rows, distinct

_log = logging.getLogger(__name__)


@dataclass
class Reply:
    """What one responder replied, or why it did not."""

    party: str
    translation: Translation | None = None
    error: RemoteError | None = None


@dataclass
class Outcome:
    """An exchange as its initiator sees it: what was sent, and each responder's reply."""

    sent: Translation
    replies: list[Reply] = field(default_factory=list)
    network_milliseconds: float = 0.0

    def only(self) -> Translation:
        """The one reply of an exchange with one responder; raises what failed."""
        reply = self.replies[0]
        if reply.error:
            raise reply.error
        assert reply.translation is not None  # a reply has one or the other
        return reply.translation


class Initiator:
    """Carries the exchanges that a party initiates."""

    def __init__(self, engine: Engine, settings: AdapterSettings) -> None:
        self._engine = engine
        self._settings = settings
        self._minter = settings.minter()

    def initiate(self, exchange: Exchange, message: Json, recipients: Sequence[str] = ()) -> Outcome:
        """Carry a request to ``recipients`` (the configured responders when empty) and bring their replies.

        Raises MessageError for a message that may not be sent, or a recipient that is none of the configured
        responders; RemoteError when the engine fails or nobody answers. Responders that fail are in the outcome.
        """
        recipients = self._addressed(exchange, recipients)
        first, *others = self._settings.spoken(exchange)
        sent = request_rows(exchange, message, self._minter, first)
        asked = [(first, sent.rows), *((one, self._lifted(exchange, one, message)) for one in others)]
        started = time.perf_counter()
        results, failed = self._carried(exchange, asked, recipients)
        outcome = Outcome(sent, network_milliseconds=(time.perf_counter() - started) * 1000)
        outcome.replies = self._replies(exchange, results, failed, recipients)
        _log.info("%s initiated, %d rows, %d replies", exchange.id, len(sent.rows), len(outcome.replies))
        return outcome

    def _lifted(self, exchange: Exchange, profile: str, message: Json) -> Rows:
        """The rows of a message that has been judged, in another profile."""
        return lift(exchange.mapping("request", profile), message, self._minter)

    def _carried(
        self, exchange: Exchange, asked: Sequence[tuple[str, Rows]], recipients: Sequence[str]
    ) -> tuple[list[tuple[str, Rows, Result]], list[RemoteError]]:
        """What the network brings in each profile, and what failed; raises that when nothing was brought in any."""
        carry = self._engine.ask if exchange.kind == "ask" else self._engine.post

        def one(profile: str, rows: Rows) -> tuple[str, Rows, Result]:
            wanted = set(exchange.profiles[profile].request.variables)
            said = distinct([{name: term for name, term in row.items() if name in wanted} for row in rows])
            name, mine = exchange.interaction_name(profile), self._settings.knowledge_base
            return (
                profile,
                rows,
                carry(mine, name, said, recipients=recipients, timeout=self._settings.deadline),
            )

        if len(asked) == 1:
            return [one(*asked[0])], []
        found: list[tuple[str, Rows, Result]] = []
        failed: list[RemoteError] = []
        with ThreadPoolExecutor(len(asked)) as pool:
            for (profile, _), under_way in [(each, pool.submit(one, *each)) for each in asked]:
                try:
                    found.append(under_way.result())
                except RemoteError as error:
                    _log.warning("%s in the profile %s: %s", exchange.id, profile, error)
                    failed.append(error)
        if not found:
            raise failed[0]
        return found, failed

    def _addressed(self, exchange: Exchange, recipients: Sequence[str]) -> Sequence[str]:
        known = self._settings.responders
        if known and (strange := [one for one in recipients if one not in known]):
            message = f"{strange[0]} is none of the responders configured here; there are {', '.join(known)}"
            raise MessageError(message, exchange=exchange.id)
        return recipients or known

    def _replies(
        self,
        exchange: Exchange,
        results: Sequence[tuple[str, Rows, Result]],
        failed: Sequence[RemoteError],
        recipients: Sequence[str],
    ) -> list[Reply]:
        """One reply of each party: in the first profile in which it succeeds. Who is silent may be so because a profile
        ``failed``."""
        replies: dict[str, Reply] = {}
        for profile, request, result in results:
            for contact, rows in by_responder(result, exchange.kind):
                if (party := contact.knowledge_base) not in replies or replies[party].error:
                    reply = self._reply(exchange, profile, party, rows, request)
                    replies[party] = replies.get(party, reply) if reply.error else reply
            for one in result.failures:
                replies.setdefault(one.knowledge_base, Reply(one.knowledge_base, error=one.error()))
        for party in sorted(set(recipients) - replies.keys()):
            replies[party] = Reply(party, error=failed[0] if failed else self._absent(exchange, party))
        if not replies:
            raise failed[0] if failed else self._absent(exchange, "")
        return sorted(replies.values(), key=lambda reply: reply.party)

    def _absent(self, exchange: Exchange, party: str) -> RemoteError:
        spoken = self._settings.spoken(exchange)
        what = f"{exchange.id} in the {' or the '.join(spoken)} profile"
        text = f"{party} is not on the network, or does not answer {what}" if party else f"nobody answers {what}"
        return RemoteError(text, party=party, status=503, retry=True)

    def _reply(self, exchange: Exchange, profile: str, party: str, rows: Sequence[Row], request: Rows) -> Reply:
        try:
            units = self._settings.units
            return Reply(party, reply_message(exchange, rows, request, profile, self._minter, units))
        except MessageError as error:
            _log.warning("%s: the answer of %s is refused: %s", exchange.id, party, error)
            return Reply(party, error=RemoteError(f"{party}: its answer is refused: {error}", party=party, status=502))
