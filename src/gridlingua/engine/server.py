"""The engine as a server: the KE REST API on a port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from gridlingua.engine.network import Network
from gridlingua.engine.serving.api import build_api
from gridlingua.engine.serving.protection import OPEN, Protection
from gridlingua.listening import base_url, listen


class EngineServer(uvicorn.Server):
    """Serves a Network at ``url`` until ``should_exit`` is set or a signal comes; open polls end with 410 then.

    ``port`` 0 takes a free one. ``heartbeat`` in seconds: how long a poll stays open when nothing comes.
    ``protection`` is what it demands of callers: nothing, as a stock runtime.
    ``on_ready`` is called with the URL as soon as requests are answered. Raises RemoteError when the port is taken.
    """

    def __init__(
        self,
        network: Network,
        *,
        host: str = "127.0.0.1",
        port: int = 8280,
        heartbeat: float = 29.0,
        protection: Protection = OPEN,
        on_ready: Callable[[str], None] | None = None,
    ) -> None:
        self._network = network
        self._on_ready = on_ready
        self._socket = listen(host, port)
        self.url = f"{base_url(self._socket)}/rest"
        app = build_api(network, heartbeat=heartbeat, protection=protection)
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                ws="none",
                timeout_keep_alive=75,
                server_header=False,
                proxy_headers=False,  # any caller could say that it is somebody else, and be counted anew each time
            )
        )

    def serve_forever(self) -> None:
        """Serve; returns when the server has stopped and the network is closed."""
        try:
            self.run(sockets=[self._socket])
        finally:
            self._network.close()
            self._socket.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._on_ready is not None:
            self._on_ready(self.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Before connections are waited for: an open poll would hold the server for half a minute.
        await asyncio.to_thread(self._network.close)
        await super().shutdown(sockets)
