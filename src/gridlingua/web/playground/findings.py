"""What the checks say of a pattern file, edited or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from gridlingua.catalogue.checking import Subject, Written, checks, run_written
from gridlingua.catalogue.checking.policy import Policy, find_policy
from gridlingua.catalogue.checking.written import Role
from gridlingua.catalogue.exchange import Exchange, Part
from gridlingua.errors import Problem
from gridlingua.web.playground.shelf import Volume

_GRAVITY: Final = ("error", "warning", "note")
_ROLES: Final[dict[str, Role]] = {".argument": "argument", ".result": "result"}


def file_of(exchange: Exchange, profile: str, part: Part) -> str:
    """The name of the pattern file that a part is written by: ``saref4.rq``, ``saref4.argument.rq``."""
    if exchange.kind == "ask":
        return f"{profile}.rq"
    return f"{profile}.{'argument' if part == 'request' else 'result'}.rq"


def findings(volume: Volume, file: str) -> list[Problem]:
    """What the checks of patterns find in a file, and whether its variables are those of the messages: the gravest
    first, as grave as the catalogue's policy takes them."""
    policy = _policy(volume)
    found = volume.once(("findings", file), lambda: _all(volume, file))
    weighed = (policy.weighed(one) for one in found if not policy.exempted(one, volume.draft.folder / file))
    return sorted(filter(None, weighed), key=lambda one: (_GRAVITY.index(one.severity), one))


def _policy(volume: Volume) -> Policy:
    path = find_policy(volume.draft.content.root)
    return Policy.read(path, checks()) if path else Policy()


def _all(volume: Volume, file: str) -> list[Problem]:
    draft, path = volume.draft, volume.draft.folder / file
    shown = draft.content.shown(path)
    unread = [problem for problem in draft.problems if problem.path == shown]
    if path not in draft.patterns:
        return sorted(unread)
    text = draft.content.read(path)
    profile, _, rest = file.partition(".")
    role = _ROLES.get(f".{rest.partition('.')[0]}", "pattern")
    written = Written.read(shown, text, volume.vocabulary.of(profile), role)
    return sorted({*unread, *run_written([written]), *_of_variables(volume, written, profile)})


def _of_variables(volume: Volume, written: Written, profile: str) -> Iterator[Problem]:
    """What the check of variables says of this file; what it says of exchange.yaml is told at the file."""
    check, exchange = checks()["variables"], volume.draft.exchange
    if exchange is None or check.of_exchange is None:
        return
    fields = {"argument": ("the request",), "result": ("the reply",)}.get(written.role, ("the request", "the reply"))
    for problem in check.of_exchange(Subject(volume.draft, exchange, volume.vocabulary)):
        if problem.path == written.place:
            yield problem
        elif problem.message.startswith(fields) and f"the {profile} pattern" in problem.message:
            yield replace(problem, path=written.place, line=1)
