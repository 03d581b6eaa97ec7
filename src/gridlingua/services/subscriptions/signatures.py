"""Signatures of callbacks after Standard Webhooks: HMAC-SHA256 of ``id.timestamp.body``, by a secret per subscription.

A receiver checks them with any library of that standard, or so::

    def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        given = [one.removeprefix("v1,") for one in headers["webhook-signature"].split() if one.startswith("v1,")]
        fresh = abs(now - int(headers["webhook-timestamp"])) <= 300
        return fresh and any(hmac.compare_digest(expected, one) for one in given)

The same message has the same ``webhook-id`` (and ``Idempotency-Key``) at every attempt, and a new timestamp.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

_PREFIX = "whsec_"
_FRESH = timedelta(minutes=5)
_SECONDS = re.compile("[0-9]{1,12}")  # more digits are no time, and much work


def new_secret() -> str:
    """A secret of 256 bits, as that standard writes it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Whether it is a secret as that standard writes one."""
    try:
        return text.startswith(_PREFIX) and len(base64.b64decode(text.removeprefix(_PREFIX), validate=True)) >= 24
    except ValueError:
        return False


def message_id(subscription: Sequence[str], path: str, body: bytes) -> str:
    """The id of a message: the same for the same content to the same subscription, whoever sends it and when."""
    digest = hashlib.sha256(b"\n".join([*(part.encode() for part in (*subscription, path)), body]))
    return f"msg_{digest.hexdigest()[:32]}"


def headers(identifier: str, at: datetime, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The headers of a signed message; several ``keys`` while a secret is replaced."""
    timestamp = str(int(at.timestamp()))
    signed = f"{identifier}.{timestamp}.".encode() + body
    return {
        "webhook-id": identifier,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
        "Idempotency-Key": identifier,
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def is_genuine(secrets_known: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a message is signed by one of these secrets, and no older or newer than five minutes."""
    timestamp = headers.get("webhook-timestamp", "")
    if not _SECONDS.fullmatch(timestamp) or abs(now.timestamp() - int(timestamp)) > _FRESH.total_seconds():
        return False
    signed = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split() if one.startswith("v1,")]
    expected = [_signature(secret, signed) for secret in secrets_known]
    return any(hmac.compare_digest(one, other) for one in expected for other in given if other.isascii())
