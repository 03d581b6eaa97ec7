"""Calls of the processes of a demonstration."""

from __future__ import annotations

from collections.abc import Mapping

import requests

from gridlingua.demo.network import Demonstration
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import write_json


def call(
    demonstration: Demonstration,
    who: str,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Json = None,
    headers: Mapping[str, str] | None = None,
) -> requests.Response:
    """Call a process, such as ``dso services``, as its own party, or with other ``headers`` as somebody else."""
    shown = {"X-API-Key": demonstration.key(who)} if headers is None else headers
    with requests.Session() as session:
        session.trust_env = False  # all of it is on this machine: no proxy
        return session.request(
            method,
            demonstration.rest(who) + path,
            params=query,
            data=write_json(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json", **shown},
            timeout=60,
        )
