"""The playground: a page on which messages, patterns and shapes are tried, live."""

from gridlingua.web.playground.app import LOOPBACK, create_app

__all__ = ["LOOPBACK", "create_app"]
