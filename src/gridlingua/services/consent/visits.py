"""What a visitor with a link sees, and what the visitor's press of a button does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping

from gridlingua.services.consent import decisions, evidence, links, parties, store
from gridlingua.services.consent.domain import State
from gridlingua.services.consent.settings import settings
from gridlingua.services.consent.store import Cause
from gridlingua.services.consent.wording import Wording
from gridlingua.services.context import Context

View = Literal[
    "decide", "granted", "refused", "withdrawn", "revoked", "expired", "lapsed", "answered", "link_over", "unknown"
]
_STATUS: dict[View, int] = {"unknown": 404, "link_over": 410, "answered": 410}
_OF_STATE: dict[State, View] = {
    State.GRANTED: "granted",
    State.REFUSED: "refused",
    State.WITHDRAWN: "withdrawn",
    State.REVOKED: "revoked",
    State.EXPIRED: "expired",
}


@dataclass(frozen=True)
class Visit:
    """A page to be shown: which one, of which consent, and what is wrong with what was sent.

    ``changed_at`` is when the consent came to stand so, ``open_until`` until when the page can be used. ``forward`` is
    the token of the page where a visitor goes on.
    """

    view: View
    status: int = 200
    row: RowMapping | None = None
    organisation: str = ""
    changed_at: datetime | None = None
    open_until: datetime | None = None
    contact: str = ""
    address: str = ""
    error: str = ""
    forward: str = ""


def opened(here: Context, token: str) -> Visit:
    """The page of a link, as often as it is opened."""
    with here.database.reading() as connection:
        return _visit(here, connection, token, links.find(connection, token))


def _visit(here: Context, connection: Connection, token: str, link: RowMapping | None, **more: Any) -> Visit:
    now, set_ = here.clock(), settings(connection)
    if link is None:
        return Visit("unknown", 404, contact=set_.contact)
    row = decisions.record(connection, link["reference"])
    view, changed = _view(link, row, now)
    return Visit(
        view=view,
        status=more.pop("status", _STATUS.get(view, 200)),
        row=row,
        organisation=parties.organisation_name(connection, row["organisation"]),
        changed_at=changed,
        open_until=link["expires_at"],
        contact=set_.contact,
        address=f"{set_.address.rstrip('/')}/consent/{token}" if set_.address else "",
        **more,
    )


def _view(link: RowMapping, row: RowMapping, now: datetime) -> tuple[View, datetime]:
    standing = store.standing(row)
    state = standing.at(now)
    if link["opens"] == links.DECISION and (
        link["used_at"] is not None or state not in {State.REQUESTED, State.EXPIRED}
    ):
        return "answered", link["used_at"] or row["changed_at"]
    if state is State.REQUESTED:
        return ("link_over" if now >= link["expires_at"] else "decide"), row["changed_at"]
    if state is State.EXPIRED:
        at = standing.expires_at or row["changed_at"]
        return ("lapsed" if row["grant_reference"] is None else "expired"), at
    return _OF_STATE[state], row["changed_at"]


def answered(here: Context, token: str, action: str, kinds: Sequence[str], words: Wording) -> Visit:
    """Do what was pressed, once; a page that does not let it be done any more says so (409)."""
    with here.database.writing() as connection:
        link = links.find(connection, token)
        if link is not None:  # seen again behind the lock of its record: it may be used, or gone, by now
            row = decisions.record(connection, link["reference"], lock=True)
            link = links.find(connection, token)
        if link is None:
            return _visit(here, connection, token, None)
        view, _ = _view(link, row, here.clock())
        if view == "granted" and action == "withdraw":
            came_by = evidence.origin(connection, link)
            cause = Cause("withdrawn on the page", f"user {row['user_id']}", link=came_by)
            decisions.withdraw(connection, row, here.clock(), cause)
            return _visit(here, connection, token, link, forward=token)
        if view != "decide":
            return _visit(here, connection, token, link, status=409)
        chosen = kinds if len(row["kinds"]) > 1 else row["kinds"]
        if error := _error(action, chosen, row):
            return _visit(here, connection, token, link, status=422, error=error)
        further = _decide(here, connection, link, row, chosen if action == "give" else (), words)
        return _visit(here, connection, token, link, forward=further)


def _decide(
    here: Context, connection: Connection, link: RowMapping, row: RowMapping, kinds: Sequence[str], words: Wording
) -> str:
    """Give the kinds that the user agreed to, or refuse when there is none; returns the token to withdraw by."""
    now = here.clock()
    shown = _shown(row, words, parties.organisation_name(connection, row["organisation"]), here)
    cause = Cause("decided on the page", f"user {row['user_id']}", shown, evidence.origin(connection, link))
    if kinds:
        decisions.give(connection, row, kinds, now, cause)
    else:
        decisions.refuse(connection, row, now, cause)
    links.use(connection, link, now)
    return links.make(connection, row["reference"], links.MANAGEMENT, now, row["valid_until_utc"])


def _error(action: str, kinds: Sequence[str], row: RowMapping) -> str:
    if action not in {"give", "refuse"}:
        return "error_action"
    if action == "give" and (not kinds or set(kinds) - set(row["kinds"])):
        return "error_kinds"
    return ""


def _shown(row: RowMapping, words: Wording, organisation: str, here: Context) -> dict[str, Any]:
    """What the user was told when they decided: the evidence of an informed consent (GDPR, article 7(1))."""
    return {
        "language": words.language,
        "recipient": organisation,
        "kinds": words.kinds(row["kinds"]),
        "period": words.period(row["valid_from_utc"], row["valid_until_utc"], here.zone),
        "purpose": row["purpose"] or words.text("default_purpose"),
        "retention": words.duration(row["retention_days"]),
        "withdrawal": words.text("withdrawal", dso=here.name),
    }
