"""Who is known: the organisations that may be granted something, and the users of the DSO's grid."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, column, select, table

from gridlingua.services.organisations import ORGANISATIONS

# Data sharing keeps the users, and reads on the grants that are kept here: so its table is asked by name, lest the two
# packages import each other. It is empty at a DSO that shares its data from elsewhere, which is then believed.
_POINTS = table("data_sharing_points", column("user_id"))


def organisation_names(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of those organisations that are known, by id."""
    wanted = ORGANISATIONS.c.id.in_(sorted(set(ids)))
    rows = connection.execute(select(ORGANISATIONS.c.id, ORGANISATIONS.c.name).where(wanted))
    return {row.id: row.name for row in rows}


def organisation_name(connection: Connection, organisation: str) -> str:
    """The name of an organisation; its id when it is not known any more."""
    return organisation_names(connection, [organisation]).get(organisation, organisation)


def unknown_users(connection: Connection, users: Iterable[str]) -> set[str]:
    """Those that are no users of the grid; none where users are kept elsewhere."""
    wanted = set(users)
    known = select(_POINTS.c.user_id).where(_POINTS.c.user_id.in_(sorted(wanted)))
    unknown = wanted - set(connection.execute(known).scalars())
    anybody = select(_POINTS.c.user_id).where(_POINTS.c.user_id.is_not(None)).limit(1)
    return unknown if unknown and connection.execute(anybody).first() else set()
