"""Delivery reports on their way to the providers, and what they answer (D4.3 3.2.4: "shared with the FSP")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import RowMapping

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

PATH = "/Flexibility/DeliveryReport"
_SEEN_DIRECTLY = "nothing is measurable, so there is no message; the provider reads it at GET /Flexibility/Settlement"


@dataclass(frozen=True)
class _Parcel:
    """The reports of one provider: its knowledge bases, and by number the messages of each report."""

    provider: str
    addresses: Sequence[str]
    messages: Mapping[int, Sequence[DeliveryReport]]


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


def _parcels(here: Context, connection: Any, rows: Sequence[RowMapping]) -> list[_Parcel]:
    by_provider: dict[str, dict[int, Sequence[DeliveryReport]]] = {}
    for row in rows:
        messages = _messages(row, store.quarters_of(connection, row["number"]), here)
        by_provider.setdefault(row["provider"], {})[row["number"]] = messages
    return [
        _Parcel(provider, knowledge_bases(connection, provider), messages) for provider, messages in by_provider.items()
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


def _deliver(here: Context, parcel: _Parcel, asker: Caller) -> Answers[None]:
    """Send a provider its reports, and keep what it answers; a report of several stretches is answered when all are."""
    decisions: dict[int, list[Decision]] = {number: [] for number in parcel.messages}
    headers: list[Answers[None]] = []
    try:
        for round_ in zip_longest(*parcel.messages.values()):
            told = {number: one for number, one in zip(parcel.messages, round_, strict=True) if one is not None}
            headers.append(_post(here, parcel, told, decisions))
    except RemoteError as error:
        return Answers([], [(error.party, error)])
    _keep(here, parcel, decisions, asker)
    return answers.together([Answers([(parcel.provider, None)]), *headers])


def _post(
    here: Context, parcel: _Parcel, told: Mapping[int, DeliveryReport], decisions: Mapping[int, list[Decision]]
) -> Answers[None]:
    """Send one message of each report, and collect the decisions; raises ``RemoteError`` when nobody answers."""
    if not parcel.addresses:
        said = f"{parcel.provider} has no knowledge base; hand the reports over and record its answers"
        raise RemoteError(said, party=parcel.provider, status=503)
    (address, *_) = parcel.addresses
    reply = here.network.post(PATH, [one.plain() for one in told.values()], to=address)
    heard = answers.read(reply, lambda body: _decisions(body, told)).addressed(address).required()
    for _, found in heard.found:
        for number, decision in found:
            decisions[number].append(decision)
    return Answers([], headers=heard.headers)


def _decisions(body: object, told: Mapping[int, DeliveryReport]) -> list[tuple[int, Decision]]:
    """The decisions of a reply, each with the report it is about; raises ``RemoteError`` for one that was not sent."""
    known = {(one.request_id, one.offer_id): number for number, one in told.items()}
    found = answers.messages(Decision, body, "the answer to the delivery report is")
    for one in found:
        if (one.request_id, one.offer_id) not in known:
            raise RemoteError(f"answered was what was not sent: {one.request_id} {one.offer_id}", party="network")
    return [(known[one.request_id, one.offer_id], one) for one in found]


def _keep(here: Context, parcel: _Parcel, decisions: Mapping[int, Sequence[Decision]], asker: Caller) -> None:
    with here.database.writing() as connection:
        for number in sorted(parcel.messages):
            (row,) = store.locked(connection, REPORTS.c.number == number)
            if row["state"] not in ("draft", "sent"):
                continue  # answered or superseded in between: what was said then is of no account
            messages = parcel.messages[number]
            to = f"sent to {parcel.addresses[0]}" if messages else _SEEN_DIRECTLY
            if row["state"] == "draft":
                store.move(connection, number, "sent", Cause(to, asker.organisation, here.clock()))
            if messages and len(decisions[number]) >= len(messages):
                ledger.decide(connection, number, decisions[number], Cause(to, parcel.provider, here.clock()))
