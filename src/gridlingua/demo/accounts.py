"""Who is let in: the organisations of both parties, and secrets that are good for one run."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection

from gridlingua.demo.setting import IDS, KNOWLEDGE_BASES, NAMES, Setting
from gridlingua.services.accounts import credentials, organisations
from gridlingua.services.accounts.credentials import Issued
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.storage import Database

_RUN = "of one run of the demonstration"
_STAFF = ("operator", "admin", "auditor")


@dataclass(frozen=True)
class Keys:
    """What the processes of one run let callers in by; by party, as ``setting.NAMES`` has them.

    ``staff``: API key of the party's own people at its services. ``adapters``: that of its adapter there. ``callers``:
    what the party's services show when they ask others: to its adapter, or for who has none to the DSO's services.
    ``client``: the aggregator's client of OAuth 2 at the DSO's services.
    """

    staff: Mapping[str, str] = field(repr=False)
    adapters: Mapping[str, str] = field(repr=False)
    callers: Mapping[str, str] = field(repr=False)
    client: Issued = field(repr=False)


def let_in(setting: Setting) -> Keys:
    """Enter the organisations into both databases, which have their tables, and make the secrets of one run.

    Those of earlier runs are good no longer.
    """
    staff, adapters = {}, {}
    callers = {party: secrets.token_urlsafe(32) for party in NAMES}
    client = Issued("", "")
    for party in NAMES:
        database = Database(setting.database(party))
        try:
            with database.writing() as connection:
                _enter(connection, party)
                _end(connection)
                staff[party] = _issue(connection, "key", IDS[party], *_STAFF).key
                adapters[party] = _issue(connection, "key", IDS[party], "adapter").key
                if party == "dso":
                    client = _issue(connection, "client", IDS["aggregator"])
                    callers["neighbour"] = _issue(connection, "key", IDS["neighbour"]).key
        finally:
            database.close()
    return Keys(staff, adapters, callers, client)


def shut_out(setting: Setting) -> None:
    """Let the secrets of the run be good no longer."""
    for party in NAMES:
        database = Database(setting.database(party))
        try:
            with database.writing() as connection:
                _end(connection)
        finally:
            database.close()


def _enter(connection: Connection, own: str) -> None:
    """Enter the party itself and the others, as the own database of a party has them."""
    for party, name in NAMES.items():
        role = "dso" if party == "dso" else "service_provider"
        told = (*_STAFF, "adapter") if party == own else (role,)
        bases = () if party == own or party not in KNOWLEDGE_BASES else (KNOWLEDGE_BASES[party],)
        one = {"id": IDS[party], "name": name, "roles": told, "knowledgeBases": bases}
        organisations.put(connection, NewOrganisation.model_validate(one), datetime.now(UTC))


def _end(connection: Connection) -> None:
    for id_ in IDS.values():
        for one in organisations.credentials_of(connection, id_):
            if one.label == _RUN and one.active:
                credentials.switch(connection, one.id, active=False)


def _issue(connection: Connection, kind: str, organisation: str, *roles: str) -> Issued:
    return credentials.issue(connection, kind, organisation, datetime.now(UTC), label=_RUN, roles=roles)
