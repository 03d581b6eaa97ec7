"""Why something is no answer of a knowledge engine, in words for who gave its URL."""

from __future__ import annotations


def elsewhere(status: int, url: str) -> str:
    """A hint for who gave a URL where something else than a knowledge engine says 404."""
    return "; its URL ends in /rest" if status == 404 and not url.endswith("/rest") else ""


def root_cause(error: BaseException) -> str:
    """What happened at the bottom of what requests and urllib3 wrap."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__
