"""What the DSO does with tariffs: enter them, answer who asks, and send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gridlingua.errors import Fault, RemoteError
from gridlingua.services import answers, dispatches
from gridlingua.services.context import Context
from gridlingua.services.dispatches import Dispatch, Draft
from gridlingua.services.messages import Period
from gridlingua.services.power import required_period
from gridlingua.services.refusals import NotFoundError, RefusedError
from gridlingua.services.sendings import Sending, Sent, sending, told
from gridlingua.services.tariff import domain, store
from gridlingua.services.tariff.messages import Tariff, TariffAcknowledgement, Which
from gridlingua.services.tariff.store import SENT, TARIFFS

Headers = Mapping[str, str]


def enter(here: Context, tariffs: Sequence[Tariff]) -> None:
    """Keep tariffs, all or none; raises ``RefusedError`` with every fault, ``ConflictError`` as ``store.keep``."""
    if faults := domain.tariff_faults(tariffs):
        raise RefusedError(faults)
    with here.database.writing() as connection:
        store.keep(connection, tariffs, here.clock())


def of_zone(here: Context, zone: str, period: Period) -> list[Tariff]:
    """The tariffs of a zone that overlap a period, whole, as far as they are published."""
    required_period(period)
    overlapping = (TARIFFS.c.start_time_utc < period.end_time.at, TARIFFS.c.end_time_utc > period.start_time.at)
    public = TARIFFS.c.published_at_utc <= here.clock()
    with here.database.reading() as connection:
        return store.find(connection, TARIFFS.c.zone_id == zone, *overlapping, public)


def entered(here: Context, zone: str | None) -> list[Tariff]:
    """Every tariff, or those of a zone, published or not."""
    with here.database.reading() as connection:
        return store.find(connection, *([] if zone is None else [TARIFFS.c.zone_id == zone]))


def send(here: Context, which: Which, by: str) -> tuple[Sending, Headers]:
    """Send tariffs to the providers; one that was sent before goes to who has not acknowledged it.

    Raises ``NotFoundError`` for a tariff that is not entered, ``RemoteError`` when nobody says anything of worth.
    """
    with here.database.writing() as connection:
        found = {one.tariff_id: one for one in store.find(connection, TARIFFS.c.tariff_id.in_(which.tariff_ids))}
        if missing := [one for one in which.tariff_ids if one not in found]:
            places = [
                Fault(f"/tariffIds/{which.tariff_ids.index(one)}", f"there is no tariff {one}") for one in missing
            ]
            raise NotFoundError(places)
        to = dispatches.recipients(connection, which.providers or ())
        drafts = [Draft("GridTariff", id_, "/Tariff/GridTariff", [one.plain()], to) for id_, one in found.items()]
        numbers = dispatches.record_once(connection, SENT, drafts, by, here.clock())
    sent, heard = dispatches.send_all(here, SENT, numbers, _reader)
    return sending(sent, heard), heard.headers


def _reader(one: Dispatch) -> Callable[[Any], TariffAcknowledgement]:
    def read(body: Any) -> TariffAcknowledgement:
        found = answers.messages(TariffAcknowledgement, body, "the acknowledgement is")
        if [each.tariff_id for each in found] != [one.subject]:
            said = ", ".join(each.tariff_id for each in found) or "nothing"
            raise RemoteError(f"acknowledged was {said}, and sent {one.subject}", party="network")
        return found[0]

    return read


def listed(here: Context) -> list[Sent]:
    """The tariffs that were sent, and who acknowledged them."""
    with here.database.reading() as connection:
        return [told(one) for one in dispatches.find(connection, SENT)]
