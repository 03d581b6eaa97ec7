"""What HEMS say of themselves, asked for over the network (D4.2 3.2.3.2.1.4 and 5), and what was known last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from gridlingua.errors import RemoteError
from gridlingua.services import answers, dispatches, documents
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.observability.events import voltage_severity
from gridlingua.services.observability.messages import HemsStatus, HemsVoltage
from gridlingua.services.observability.operator_messages import HemsAnswers, KnownHems
from gridlingua.services.observability.store import HEMS
from gridlingua.storage import upsert

What = Literal["Status", "Voltage"]
_MODELS: dict[str, type[HemsStatus | HemsVoltage]] = {"Status": HemsStatus, "Voltage": HemsVoltage}
Headers = Mapping[str, str]
Said = HemsStatus | HemsVoltage


def ask(here: Context, hems_id: str, what: What, provider: str | None) -> tuple[HemsAnswers, Headers]:
    """Ask for the status or the voltage of a HEMS, and keep what is said; raises ``RemoteError`` when nobody knows.

    ``provider`` is the organisation to ask; all that the adapter is configured for when it is not said.
    """
    with here.database.reading() as connection:
        parties = dispatches.recipients(connection, [provider] if provider else []) or ("",)
    path = f"/GridObservability/HEMS/{hems_id}/{what}"
    heard = answers.together(
        dispatches.asked(here, path, {}, _reader(hems_id, what), party) for party in parties
    ).required()
    at = here.clock()
    with here.database.writing() as connection:
        rows = [
            {"hems_id": hems_id, "what": what, "party": party, "at_utc": said.timestamp.at}
            | {"message": documents.written(said), "asked_at": at}
            for party, said in heard.found
        ]
        upsert(connection, HEMS, rows)
        known = last_known(connection, HEMS.c.hems_id == hems_id)
    return HemsAnswers(known=tuple(known), failures=tuple(heard.failures())), heard.headers


def _reader(hems_id: str, what: What) -> Callable[[Any], Said]:
    def read(body: Any) -> Said:
        said = answers.message(_MODELS[what], body, f"the {what.lower()} is")
        if said.hems_id != hems_id:
            raise RemoteError(f"asked was for HEMS {hems_id}, and answered for {said.hems_id}", party="network")
        if isinstance(said, HemsStatus) and (said.status == "off") != (said.abnormal_voltage == "Unknown"):
            contradiction = f"a HEMS that is {said.status} has the abnormal voltage {said.abnormal_voltage}"
            raise RemoteError(f"the status is worthless: {contradiction}", party="network")
        return said

    return read


def last_known(connection: Connection, *conditions: ColumnElement[bool]) -> list[KnownHems]:
    """What was measured last of each HEMS, by party, in the order of their ids."""
    key = (HEMS.c.hems_id, HEMS.c.what, HEMS.c.party)
    last = select(*key, func.max(HEMS.c.at_utc).label("last")).where(*conditions).group_by(*key).subquery()
    same = [last.c[column.name] == column for column in key]
    query = select(HEMS).join(last, (HEMS.c.at_utc == last.c.last) & same[0] & same[1] & same[2])
    found: dict[tuple[str, str], list[RowMapping]] = {}
    for row in connection.execute(query.order_by(HEMS.c.hems_id, HEMS.c.party)).mappings():
        found.setdefault((row["hems_id"], row["party"]), []).append(row)
    return [_known(hems, party, rows) for (hems, party), rows in found.items()]


def _known(hems: str, party: str, rows: Sequence[RowMapping]) -> KnownHems:
    said: dict[str, Any] = {"hemsId": hems, "party": party}
    for row in rows:
        name = row["what"].lower()
        said |= {name: documents.opened(row["message"]), f"{name}AskedAt": Instant.of(row["asked_at"])}
    known = KnownHems.model_validate(said)
    severity = None if known.voltage is None else voltage_severity(known.voltage.voltage)
    return known.model_copy(update={"severity": severity})
