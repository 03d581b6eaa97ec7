"""What a client shows an engine of itself, and what it trusts: a session of requests for ``RemoteEngine``."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from gridlingua.errors import GridlinguaError
from gridlingua.listening import is_loopback

logger = logging.getLogger(__name__)

TOKEN: Final = "GRIDLINGUA_ENGINE_TOKEN"
USER: Final = "GRIDLINGUA_ENGINE_USER"
PASSWORD: Final = "GRIDLINGUA_ENGINE_PASSWORD"
AUTHORITIES: Final = "GRIDLINGUA_ENGINE_CA"


class BearerAuth(AuthBase):
    """A bearer token. Unlike a header of the session it is not replaced by what ``~/.netrc`` says of the host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True)
class Access:
    """A bearer ``token``, or ``user`` and ``password`` for basic authentication, or neither; ``authorities`` is a file
    with the certificates of those who may vouch for the engine, instead of those that requests brings.

    Raises GridlinguaError for what cannot be meant; never tells a secret.
    """

    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: Path | None = None

    def __post_init__(self) -> None:
        if self.token and self.user:
            raise GridlinguaError(f"{TOKEN} and {USER} are both set: an engine is shown one of them")
        if self.password and not self.user:
            raise GridlinguaError(f"{PASSWORD} is set without {USER}")
        if not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise GridlinguaError(f"{TOKEN} has a blank or a sign that no header of HTTP can carry")
        if self.authorities is not None and not self.authorities.is_file():
            raise GridlinguaError(f"{AUTHORITIES}: there is no file {self.authorities}")

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """As environment variables say; surrounding blanks, as of a file that was read, do not count."""
        given = {name: environment.get(name, "").strip() for name in (TOKEN, USER, PASSWORD, AUTHORITIES)}
        authorities = Path(given[AUTHORITIES]) if given[AUTHORITIES] else None
        return cls(given[TOKEN], given[USER], given[PASSWORD], authorities)

    def session(self, url: str) -> requests.Session:
        """A session for the engine at ``url``; the log warns of a secret that would travel in the clear."""
        session = requests.Session()
        if is_loopback(url):
            session.trust_env = False
        if self.token:
            session.auth = BearerAuth(self.token)
        elif self.user:
            session.auth = HTTPBasicAuth(self.user.encode(), self.password.encode())
        if session.auth and not is_loopback(url) and urlsplit(url).scheme == "http":
            logger.warning("what proves to %s who we are travels there unencrypted: use https", url)
        if self.authorities is not None:
            session.verify = str(self.authorities)
        return session
