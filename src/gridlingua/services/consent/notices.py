"""The outbox: what the DSO's own mail system has to tell users; written here, fetched and marked over REST."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from gridlingua.services.consent.messages import Notice
from gridlingua.services.consent.settings import settings
from gridlingua.services.consent.tables import NOTICES
from gridlingua.services.instants import Instant
from gridlingua.services.pages import Window
from gridlingua.services.refusals import NotFoundError


def write(connection: Connection, reference: str, user: str, about: str, now: datetime) -> None:
    """Write into the outbox that a user's consent has come to be ``about``, unless the settings say not to."""
    if settings(connection).notices:
        row = {"reference": reference, "user_id": user, "about": about, "written_at": now}
        connection.execute(insert(NOTICES).values(row))


def find(connection: Connection, page: Window, *, sent: bool | None) -> list[Notice]:
    """The notices that were sent, those that were not, or all; in the order they were written."""
    query = select(NOTICES).order_by(NOTICES.c.number).offset(page.after).limit(page.reach)
    if sent is not None:
        query = query.where(NOTICES.c.sent_at.is_not(None) if sent else NOTICES.c.sent_at.is_(None))
    return [_notice(row) for row in connection.execute(query).mappings()]


def mark_sent(connection: Connection, number: int, now: datetime) -> Notice:
    """Keep when a notice was sent: the first time counts. Raises ``NotFoundError`` for one there is not."""
    unsent = (NOTICES.c.number == number) & NOTICES.c.sent_at.is_(None)
    connection.execute(update(NOTICES).where(unsent).values(sent_at=now))
    row = connection.execute(select(NOTICES).where(NOTICES.c.number == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no notice {number}")
    return _notice(row)


def _notice(row: RowMapping) -> Notice:
    sent = row["sent_at"]
    return Notice(
        number=row["number"],
        consent=row["reference"],
        user=row["user_id"],
        about=row["about"],
        written_at=Instant.of(row["written_at"]),
        sent_at=Instant.of(sent) if sent else None,
    )
