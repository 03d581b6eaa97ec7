"""The engine that is elsewhere: any runtime that speaks the KE REST API."""

from __future__ import annotations

import requests

from gridlingua.engine.delivery import Delivery
from gridlingua.engine.rest import RestTransport


class RemoteEngine(Delivery):
    """An engine over the runtime at ``url`` (``http://host:port/rest``).

    ``session`` of your own brings TLS settings and authentication; it is closed with the engine. ``timeout`` in
    seconds for an ask or post that names none: more than the runtime waits for a party (``wait_timeout``), so that it
    can tell which was late. ``poll_timeout`` in seconds: more than the runtime's 29. ``take_over``: a knowledge base of
    our id that is already there is a leftover of a process of ours that died, and is replaced.
    """

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeout: float = 15.0,
        wait_timeout: float = 10.0,
        poll_timeout: float = 40.0,
        take_over: bool = True,
        workers: int = 8,
    ) -> None:
        transport = RestTransport(url, session=session, poll_timeout=poll_timeout, initiate_timeout=timeout)
        super().__init__(transport, take_over=take_over, wait_timeout=wait_timeout, workers=workers)
