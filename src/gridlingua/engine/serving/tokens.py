"""Who may act for which knowledge bases: a file of tokens, which holds their digests only.

One line per token, its words parted by blanks; what follows a ``#`` that begins a word is a comment::

    # name      SHA-256 of the token, in hexadecimal   knowledge bases it may act for
    aggregator  5e884898da28047151d0e56f8dc62927…      https://aggregator.example/kb https://aggregator.example/pool/*

A trailing ``*`` stands for every id that begins so. Two lines of one name are two tokens of one caller, as while one
replaces the other.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gridlingua.engine.registration import is_absolute_iri
from gridlingua.errors import GridlinguaError

logger = logging.getLogger(__name__)

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_WITHIN_HOST: Final = re.compile(r"[^:]+:(?:/?|//[^/?#]*)\*")
_INTERVAL: Final = 1.0


@dataclass(frozen=True)
class Grant:
    """A token by its digest, the name of its holder for people, and the ids it may act for."""

    name: str
    digest: str
    ids: tuple[str, ...]

    def allows(self, knowledge_base_id: str) -> bool:
        """Whether it may act for a knowledge base."""
        return any(
            knowledge_base_id.startswith(one[:-1]) if one.endswith("*") else knowledge_base_id == one
            for one in self.ids
        )

    def __str__(self) -> str:
        return " ".join((self.name, self.digest, *self.ids))


def new_grant(name: str, ids: Sequence[str]) -> tuple[str, Grant]:
    """A fresh token of 256 random bits and the grant of it; GridlinguaError for a name or id that cannot be."""
    token = secrets.token_urlsafe(32)
    grant = Grant(name, _digest(token), tuple(ids))
    problems = [*_problems(grant), *(["the name is one word"] if not re.fullmatch(r"[^\s#]\S*", name) else [])]
    if problems:
        raise GridlinguaError("; ".join(problems))
    return token, grant


def read_grants(text: str, place: str) -> tuple[Grant, ...]:
    """The grants of a file; GridlinguaError with every line that is none. Never tells what stands for a digest."""
    grants, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        words = re.split(r"(?:^|\s)#", line)[0].split()
        if words:
            grant = Grant(words[0], "".join(words[1:2]).lower(), tuple(words[2:]))
            grants.append(grant)
            problems += [f"{place}:{number}: {problem}" for problem in _problems(grant)]
    digests = [one.digest for one in grants]
    problems += [
        f"{place}: {one.name} has the token of another line" for one in grants if digests.count(one.digest) > 1
    ]
    if problems:
        raise GridlinguaError("\n".join(problems))
    return tuple(grants)


def _problems(grant: Grant) -> Iterator[str]:
    if not _DIGEST.fullmatch(grant.digest):
        yield f"after the name {grant.name} comes the SHA-256 of the token, 64 hexadecimal digits"
    if not grant.ids:
        yield f"{grant.name} may act for nobody: name knowledge base ids, or * for all"
    for one in grant.ids:
        if _WITHIN_HOST.fullmatch(one):
            yield f"{one} would cover other hosts that begin so: end it in /*"
        elif "*" in one[:-1]:
            yield f"{one} has a * inside: it may stand at the end only"
        elif one != "*" and not is_absolute_iri(one.removesuffix("*") + "x" * one.endswith("*")):
            yield f"{one} is no knowledge base id: an absolute IRI, which may end in *"


class TokenFile:
    """The tokens of a file, read again when it has changed; not thread-safe.

    A file that has become wrong or is gone changes nothing: the tokens stay as they were, and the log says so once.
    ``clock`` in seconds. Raises GridlinguaError when it is wrong to begin with.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._looked = clock()
        self._stamp = self._look()
        self._grants = self._read()

    def find(self, token: str) -> Grant | None:
        """The grant of a token."""
        self._refresh()
        digest = _digest(token)
        found = None
        for grant in self._grants:  # all of them, so that the time it takes says nothing
            if hmac.compare_digest(grant.digest, digest):
                found = grant
        return found

    def _refresh(self) -> None:
        now = self._clock()
        if now - self._looked < _INTERVAL:
            return
        self._looked = now
        stamp = self._look()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._grants = self._read()
        except GridlinguaError as error:
            logger.error("the tokens stay as they were, for the file has become wrong: %s", error)
        else:
            level = logging.INFO if self._grants else logging.WARNING
            logger.log(level, "%s has changed: %d tokens", self._path, len(self._grants))

    def _look(self) -> tuple[int, ...]:
        try:
            found = os.stat(self._path)
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def _read(self) -> tuple[Grant, ...]:
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise GridlinguaError(f"{self._path} cannot be read: {error}") from None
        return read_grants(text, str(self._path))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
