"""Delivery reports on their way to the providers, and what they answer (D4.3 3.2.4: "shared with the FSP")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import Connection, RowMapping

from gridlingua.errors import RemoteError
from gridlingua.services import answers
from gridlingua.services.access import Caller, knowledge_bases
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.flexibility.messages import Which
from gridlingua.services.instants import Instant
from gridlingua.services.settlement import ledger, sources, store
from gridlingua.services.settlement.delivery import QUARTER
from gridlingua.services.settlement.messages import Decision, DeliveryReport, ReportedQuarter
from gridlingua.services.settlement.statements import Sending
from gridlingua.services.settlement.store import REPORTS, Cause
from gridlingua.services.subscriptions.channels import Channel, channel_of, deliver

PATH = "/Flexibility/DeliveryReport"
_SEEN_DIRECTLY = "nothing is measurable, so there is no message; the provider reads it at GET /Flexibility/Settlement"


@dataclass(frozen=True)
class _Parcel:
    """The reports of one provider, how it is reached, and by number the messages of each report."""

    provider: str
    channel: Channel | None
    addresses: Sequence[str]
    messages: Mapping[int, Sequence[DeliveryReport]]

    @property
    def to(self) -> str:
        """Where it goes, as the history tells it."""
        return "its subscription" if self.channel else ", ".join(self.addresses)


Said = Mapping[int, Sequence[Decision]]
"""What a provider says to reports, by their number."""


def send(here: Context, which: Which, asker: Caller) -> tuple[Sending, Mapping[str, str]]:
    """Send the providers the current reports that they have not answered, and keep their answers.

    Providers that fail are named in the result; raises ``RemoteError`` when all of them do.
    """
    with here.database.reading() as connection:
        ids = [need.request_id for need in sources.chosen_needs(connection, which)]
        sources.tell_meters(connection, ids, asker)
        rows = _waiting(store.reports(connection, REPORTS.c.request_id.in_(ids)))
        parcels = _parcels(here, connection, rows)
    heard = answers.together(_deliver(here, parcel, asker) for parcel in parcels)
    if parcels:
        heard.required()
    numbers = [row["number"] for row in rows]
    with here.database.reading() as connection:
        lines = ledger.lines_of(connection, here.zone, numbers)
    return Sending(reports=tuple(lines), failures=tuple(heard.failures())), heard.headers


def _waiting(rows: Sequence[RowMapping]) -> list[RowMapping]:
    current = {store.offer_of(row): row for row in rows}
    return [row for row in current.values() if row["state"] in ("draft", "sent")]


def _parcels(here: Context, connection: Connection, rows: Sequence[RowMapping]) -> list[_Parcel]:
    by_provider: dict[str, dict[int, Sequence[DeliveryReport]]] = {}
    for row in rows:
        messages = _messages(row, store.quarters_of(connection, row["number"]), here)
        by_provider.setdefault(row["provider"], {})[row["number"]] = messages
    return [
        _Parcel(provider, channel_of(connection, provider), knowledge_bases(connection, provider), messages)
        for provider, messages in by_provider.items()
    ]


def _messages(report: RowMapping, quarters: Sequence[RowMapping], here: Context) -> list[DeliveryReport]:
    """A message for each unbroken stretch that was measured: a message has a value for every quarter-hour it covers."""
    return [_message(report, stretch, here) for stretch in store.stretches(quarters)]


def _message(report: RowMapping, stretch: Sequence[RowMapping], here: Context) -> DeliveryReport:
    names = ("ordered", "baseline", "metered", "delivered")
    times = [Instant.of(row["start_time"].astimezone(here.zone)) for row in stretch]
    return DeliveryReport(
        request_id=report["request_id"],
        offer_id=report["offer_id"],
        direction=report["direction"],
        start_time=times[0],
        end_time=Instant.of((stretch[-1]["start_time"] + QUARTER).astimezone(here.zone)),
        measurement_unit="kW",
        intervals=tuple(
            ReportedQuarter.model_validate({name: row[name] for name in names} | {"time": time})
            for row, time in zip(stretch, times, strict=True)
        ),
    )


def _deliver(here: Context, parcel: _Parcel, asker: Caller) -> Answers[Said]:
    """Send a provider its reports, and keep what it answers; a report of several stretches is answered when all are."""
    heard: list[Answers[Said]] = []
    told = [dict(zip(parcel.messages, some, strict=True)) for some in zip_longest(*parcel.messages.values())]
    for messages in told:
        heard.append(_post(here, parcel, {number: one for number, one in messages.items() if one is not None}))
        if not heard[-1].found:
            return answers.together(heard)
    said = [_joined(one) for one in heard]
    answered = {
        number: [decision for one in said for decision in one.get(number, ())]
        for number, messages in parcel.messages.items()
        if messages and all(number in one for one in said[: len(messages)])
    }
    _keep(here, parcel, answered, asker)
    return answers.together([Answers([(parcel.provider, answered)]), *heard])


def _joined(heard: Answers[Said]) -> dict[int, list[Decision]]:
    """What all knowledge bases of a provider say to one message."""
    said: dict[int, list[Decision]] = {}
    for _, found in heard.found:
        for number, decisions in found.items():
            said.setdefault(number, []).extend(decisions)
    return said


def _post(here: Context, parcel: _Parcel, told: Mapping[int, DeliveryReport]) -> Answers[Said]:
    """Send one message of each report over the provider's channel, or else to each of its knowledge bases."""
    body = [one.plain() for one in told.values()]
    if parcel.channel is not None:
        return answers.read(deliver(here, parcel.channel, PATH, body), lambda said: _decisions(said, told))
    if not parcel.addresses:
        reason = f"{parcel.provider} has no knowledge base and no subscription; hand it over and record its answer"
        return Answers([], [(parcel.provider, RemoteError(reason, party=parcel.provider, status=503))])
    return answers.together(_post_to(here, address, body, told) for address in parcel.addresses)


def _post_to(here: Context, address: str, body: object, told: Mapping[int, DeliveryReport]) -> Answers[Said]:
    try:
        reply = here.network.post(PATH, body, to=address)
    except RemoteError as error:
        return Answers([], [(address, error)])
    return answers.read(reply, lambda said: _decisions(said, told)).addressed(address)


def _decisions(body: object, told: Mapping[int, DeliveryReport]) -> Said:
    """The decisions of a reply by report; raises ``RemoteError`` for one on what was not sent."""
    known = {(one.request_id, one.offer_id): number for number, one in told.items()}
    said: dict[int, list[Decision]] = {}
    for one in answers.messages(Decision, body, "the answer to the delivery report is"):
        if (one.request_id, one.offer_id) not in known:
            raise RemoteError(f"answered was what was not sent: {one.request_id} {one.offer_id}", party="network")
        said.setdefault(known[one.request_id, one.offer_id], []).append(one)
    return said


def _keep(here: Context, parcel: _Parcel, answered: Said, asker: Caller) -> None:
    with here.database.writing() as connection:
        for number in sorted(parcel.messages):
            (row,) = store.locked(connection, REPORTS.c.number == number)
            if row["state"] not in ("draft", "sent"):
                continue  # answered or superseded in between: what was said then is of no account
            if row["state"] == "draft":
                to = f"sent to {parcel.to}" if parcel.messages[number] else _SEEN_DIRECTLY
                store.move(connection, number, "sent", Cause(to, asker.organisation, here.clock()))
            if number in answered:
                ledger.decide(connection, number, answered[number], Cause("", parcel.provider, here.clock()))
