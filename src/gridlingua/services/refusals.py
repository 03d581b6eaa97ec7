"""What a service says no to, by the status that says it best (D4.2 table 13)."""

from __future__ import annotations

from typing import ClassVar

from gridlingua.errors import MessageError


class RefusedError(MessageError):
    """The sender must act: the message is well formed, and breaks a rule of the service."""

    status: ClassVar[int] = 422


class UnauthorizedError(RefusedError):
    """Who asks is not known (RFC 6750: ``error`` is empty when nothing was shown, else ``invalid_token``)."""

    status = 401

    def __init__(self, message: str, error: str = "") -> None:
        self.error = error
        super().__init__(message)


class ForbiddenError(RefusedError):
    """Who asks may not have this."""

    status = 403


class NotFoundError(RefusedError):
    """The message names something that this service does not know."""

    status = 404


class ConflictError(RefusedError):
    """The message contradicts what is already known."""

    status = 409
