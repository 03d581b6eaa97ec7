"""By whose link a decision came: whoever makes one could open it, so its making stays in the consent's history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from gridlingua.services.consent import links, store
from gridlingua.services.consent.domain import State
from gridlingua.services.consent.store import Cause
from gridlingua.services.instants import Instant

_SAID = {links.DECISION: "made a link to decide", links.MANAGEMENT: "made a link to withdraw"}
_DIGITS = 16


def note_made(connection: Connection, token: str, state: State, actor: str) -> None:
    """Write into the history of a consent who has made this link of it; the consent stays in its state."""
    link = links.find(connection, token)
    assert link is not None
    cause = Cause(_SAID[link["opens"]], actor, link=_told(link, actor))
    store.note(connection, link["reference"], state, state, link["made_at"], cause)


def origin(connection: Connection, link: RowMapping) -> Mapping[str, str]:
    """Who made a link, and when: its ``id`` (not its token), ``madeBy`` and ``madeAt``.

    A link that is not in the history was made by the page itself, when the decision came by another link.
    """
    known = (one["shown"].get("link", {}) for one in store.history(connection, link["reference"]))
    if noted := next((one for one in known if one.get("id") == _id(link)), None):
        return dict(noted)
    page = links.used_at(connection, link["reference"], link["made_at"])
    return _told(link, "nobody knows" if page is None else f"the page of link {_id(page)}, when it was decided")


def _told(link: RowMapping, actor: str) -> dict[str, str]:
    made_at: datetime = link["made_at"]
    return {"id": _id(link), "madeBy": actor, "madeAt": str(Instant.of(made_at))}


def _id(link: RowMapping) -> str:
    """The beginning of the hash: by it the entries of one link are found, and no page is opened."""
    return str(link["token_hash"][:_DIGITS])
