"""How commands reach an engine."""

from __future__ import annotations

import os

import requests

from gridlingua.engine.access import Access
from gridlingua.errors import MessageError


def session(engine: str) -> requests.Session:
    """A session for the engine's URL, with what the environment says of who we are (``gridlingua.engine.access``).

    Raises MessageError for what is no URL.
    """
    if not engine.startswith(("http://", "https://")):
        raise MessageError(f"the engine's URL {engine!r} does not start with http:// or https://")
    return Access.of(os.environ).session(engine)
