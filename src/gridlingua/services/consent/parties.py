"""Who is known: the organisations that may be granted something, and the users of the DSO's grid."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, column, inspect, select, table

from gridlingua.services.organisations import ORGANISATIONS

# Data sharing keeps the users, and reads on the grants that are kept here: so its table is asked by name, lest the two
# packages import each other. A DSO that shares its data from elsewhere has no such table, and is believed.
_CUSTOMERS = table("data_sharing_customers", column("user_id"))


def organisation_names(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of those organisations that are known, by id."""
    wanted = ORGANISATIONS.c.id.in_(sorted(set(ids)))
    return dict(connection.execute(select(ORGANISATIONS.c.id, ORGANISATIONS.c.name).where(wanted)).tuples().all())


def unknown_users(connection: Connection, users: Iterable[str]) -> set[str]:
    """Those that are no users of the grid, as far as it is kept here."""
    wanted = set(users)
    if not inspect(connection).has_table(_CUSTOMERS.name):
        return set()
    known = select(_CUSTOMERS.c.user_id).where(_CUSTOMERS.c.user_id.in_(sorted(wanted)))
    return wanted - set(connection.execute(known).scalars())
