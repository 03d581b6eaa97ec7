"""The databases of both parties, with their tables."""

from __future__ import annotations

from gridlingua.demo.setting import NAMES, Setting
from gridlingua.storage import Database
from gridlingua.web.services import available, load


def make_ready(setting: Setting) -> None:
    """Make the databases of both parties, or bring them to the newest schema."""
    for party in NAMES:
        database = Database(setting.database(party))
        try:
            database.upgrade(*(load(name).metadata for name in available()))
        finally:
            database.close()
