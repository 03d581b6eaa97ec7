"""HTTP connections that can be cut from another thread: a long poll must not outlive its engine."""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class CuttableAdapter(HTTPAdapter):
    """A transport adapter of requests that knows its open connections; ``cut`` ends what waits on them."""

    def __init__(self, connections: int) -> None:
        self._open: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._cut = False
        super().__init__(pool_connections=1, pool_maxsize=connections, pool_block=False)

    def cut(self) -> None:
        """Shut every socket; a read that waits on one fails at once, and so does every later request."""
        with self._lock:
            self._cut = True
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if self._cut:
            raise requests.ConnectionError("the engine is closed")
        return super().send(request, *args, **kwargs)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        adapter = self

        class Connection(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                adapter._opened(self)

        class SecureConnection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                adapter._opened(self)

        class Pool(HTTPConnectionPool):
            ConnectionCls = Connection

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = SecureConnection

        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}

    def _opened(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._open.add(connection)
            too_late = self._cut
        if too_late:
            raise OSError("the engine is closed")
