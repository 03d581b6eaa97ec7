"""What becomes of consents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from gridlingua.errors import Fault
from gridlingua.services.access import Caller
from gridlingua.services.consent import grants, parties
from gridlingua.services.consent.messages import Grant
from gridlingua.services.context import Context
from gridlingua.services.refusals import NotFoundError


def actor_of(asker: Caller) -> str:
    """Who did it, as the history of a consent tells it: the organisation, and the client it used."""
    return f"{asker.organisation} ({asker.client})" if asker.client else asker.organisation


def enter_grants(here: Context, asker: Caller, found: Sequence[Grant]) -> None:
    """Enter grants, all or none; raises ``NotFoundError`` for a user or an organisation there is not."""
    for one in found:
        asker.touches(one.user)
    with here.database.writing() as connection:
        if faults := _unknown(connection, found):
            raise NotFoundError(faults)
        grants.enter(connection, found, here.clock(), actor_of(asker))


def _unknown(connection: Connection, found: Sequence[Grant]) -> list[Fault]:
    users = parties.unknown_users(connection, (one.user for one in found))
    known = parties.organisation_names(connection, (one.grantee for one in found))
    nobody = [Fault(f"/{place}/user", f"no user {one.user}") for place, one in enumerate(found) if one.user in users]
    return nobody + [
        Fault(f"/{place}/grantee", f"no organisation {one.grantee}; enter it first, and grant to its id")
        for place, one in enumerate(found)
        if one.grantee not in known
    ]
