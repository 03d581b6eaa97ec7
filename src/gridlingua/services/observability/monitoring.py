"""Subscriptions and thresholds: what the DSO wants of the providers who watch HEMS, and who has acknowledged it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from gridlingua.errors import RemoteError
from gridlingua.services import answers, dispatches
from gridlingua.services.context import Context
from gridlingua.services.dispatches import Dispatch, Draft
from gridlingua.services.observability import zones
from gridlingua.services.observability.messages import SubscriptionDecision, ThresholdAcknowledgement
from gridlingua.services.observability.operator_messages import Monitoring, Setting, Settings
from gridlingua.services.observability.store import SETTINGS

_PATHS = {"FaultyHems": "/HEMS_Nbr", "ElapsedTime": "/HEMS_Elps_Time", "Subscription": ""}
Headers = Mapping[str, str]


def drafts(wanted: Monitoring, codes: Sequence[str], recipients: tuple[str, ...]) -> Iterator[Draft]:
    """What has to be sent, of each postal code the thresholds first: a provider decides a subscription by them."""
    for code in codes:
        for operation, body in _bodies(wanted):
            path = f"/GridObservability/{quote(code, safe='')}{_PATHS[operation]}"
            yield Draft(operation, code, path, body, recipients)


def _bodies(wanted: Monitoring) -> Iterator[tuple[str, dict[str, Any]]]:
    if wanted.min_nbr_hems_faulty is not None:
        yield "FaultyHems", {"minNbrHemsFaulty": wanted.min_nbr_hems_faulty}
    if wanted.min_time_of_interruption is not None:
        yield "ElapsedTime", {"minTimeOfInterruption": wanted.min_time_of_interruption, "unit": wanted.unit}
    if wanted.subscribe:
        yield "Subscription", {}


def want(here: Context, wanted: Monitoring, by: str) -> tuple[Settings, Headers]:
    """Keep what is wanted and send it; raises ``RemoteError`` when nobody says anything of worth to any of it.

    What is wanted is kept even then, and can be sent again.
    """
    with here.database.writing() as connection:
        codes = wanted.postal_codes or zones.postal_codes(connection, wanted.zone_ids or ())
        recipients = dispatches.recipients(connection, wanted.providers or ())
        found = list(drafts(wanted, list(dict.fromkeys(codes)), recipients))
        numbers = dispatches.record(connection, SETTINGS, found, by, here.clock())
    return _sent(here, numbers)


def again(here: Context, codes: Sequence[str] | None) -> tuple[Settings, Headers]:
    """Send what stands once more to whoever has not acknowledged it; raises ``RemoteError`` as ``want`` does."""
    with here.database.reading() as connection:
        found = _standing(connection, codes)
    return _sent(here, [one.number for one in found if one.missing is not None])


def listed(here: Context, codes: Sequence[str] | None, *, earlier: bool) -> list[Setting]:
    """What stands of these postal codes, or of all; with ``earlier`` also what it took the place of."""
    with here.database.reading() as connection:
        found = dispatches.find(connection, SETTINGS, *_of(codes)) if earlier else _standing(connection, codes)
    return [_setting(one) for one in found]


def _standing(connection: Connection, codes: Sequence[str] | None) -> list[Dispatch]:
    return dispatches.standing(dispatches.find(connection, SETTINGS, *_of(codes)))


def _of(codes: Sequence[str] | None) -> list[Any]:
    return [] if codes is None else [SETTINGS.sent.c.subject.in_(codes)]


def _sent(here: Context, numbers: Sequence[int]) -> tuple[Settings, Headers]:
    sent, heard = dispatches.send_all(here, SETTINGS, numbers, _reader)
    settings = tuple(_setting(one) for one in sent)
    return Settings(settings=settings, failures=tuple(heard.failures())), heard.headers


def _reader(one: Dispatch) -> Callable[[Any], ThresholdAcknowledgement]:
    model = SubscriptionDecision if one.operation == "Subscription" else ThresholdAcknowledgement

    def read(body: Any) -> ThresholdAcknowledgement:
        said = answers.message(model, body, "the acknowledgement is")
        if said.postal_code != one.subject:
            raise RemoteError(f"acknowledged was {said.postal_code}, and sent {one.subject}", party="network")
        return said

    return read


def _setting(one: Dispatch) -> Setting:
    return Setting.model_validate(
        {
            "number": one.number,
            "operation": one.operation,
            "postalCode": one.subject,
            "message": one.body,
            "providers": one.recipients,
            "sentBy": one.sent_by,
            "recordedAt": one.recorded_at,
            "answers": [{"party": party} | _told(said) for party, said in one.answers],
            "failures": one.failures,
        }
    )


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None and name != "postalCode"}
