"""Access tokens: short-lived JWTs (RFC 9068), signed with keys that rotate (EdDSA, RFC 8037)."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from gridlingua.errors import RemoteError
from gridlingua.services.accounts.tables import SIGNING_KEYS
from gridlingua.services.refusals import NotFoundError

LIFETIME = timedelta(minutes=10)
ROTATION = timedelta(days=30)
_LEEWAY = timedelta(seconds=30)  # between the clocks of two machines of the same DSO
_HEADER = {"typ": "at+jwt"}
_KID = re.compile(r"[0-9a-f]{1,64}")
_BY_KID = select(SIGNING_KEYS).where(SIGNING_KEYS.c.kid == bindparam("kid"))


class InvalidTokenError(Exception):
    """The token is not one of ours, or not any more; the text says why."""


@dataclass(frozen=True)
class Tokens:
    """Issues and reads the tokens of one ``issuer``, an absolute URI.

    ``passphrase`` encrypts the private keys in the database; every process on it has the same one.
    """

    issuer: str
    passphrase: str = ""

    def issue(self, connection: Connection, client: str, now: datetime) -> str:
        """A token for a client, good for ten minutes. Makes the first key, and the next one after thirty days."""
        row = _current(connection, now) or self.rotate(connection, now)
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": client,
            "client_id": client,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": secrets.token_urlsafe(12),
        }
        return jwt.encode(claims, self._private(row), algorithm="EdDSA", headers=_HEADER | {"kid": row["kid"]})

    def read(self, connection: Connection, token: str, now: datetime) -> str:
        """The client of a token; raises ``InvalidTokenError`` for one that is not ours, changed, or too old."""
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", ""))
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError("it is no token of this interface") from error
        row = connection.execute(_BY_KID, {"kid": kid}).mappings().one_or_none() if _KID.fullmatch(kid) else None
        if row is None or _over(row, now):
            raise InvalidTokenError("it is signed with a key that is not in use")
        claims = self._claims(token, row["public"])
        if now > datetime.fromtimestamp(claims["exp"], now.tzinfo) + _LEEWAY:
            raise InvalidTokenError("it has expired; ask for a new one")
        if now + _LEEWAY < datetime.fromtimestamp(claims["iat"], now.tzinfo):
            raise InvalidTokenError("it is from the future: one of two clocks is wrong")
        return str(claims["sub"])

    def _claims(self, token: str, public: bytes) -> Mapping[str, Any]:
        # times are judged by the clock of the services, not by the library's own
        options: Any = {"require": ["exp", "iat", "sub", "iss", "aud"], "verify_exp": False, "verify_iat": False}
        key = Ed25519PublicKey.from_public_bytes(public)
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token, key, algorithms=["EdDSA"], audience=self.issuer, issuer=self.issuer, options=options
            )
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError("its signature or its issuer is not ours") from error
        return claims

    def rotate(self, connection: Connection, now: datetime) -> dict[str, Any]:
        """Make a new key, and sign with it from now on; the tokens of the former stay good until they expire."""
        key = Ed25519PrivateKey.generate()
        row = {
            "kid": secrets.token_hex(8),
            "private": key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, self._encryption()),
            "public": key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
            "created_at": now,
        }
        connection.execute(update(SIGNING_KEYS).where(SIGNING_KEYS.c.retired_at.is_(None)).values(retired_at=now))
        connection.execute(insert(SIGNING_KEYS).values(row))
        return row

    def _encryption(self) -> KeySerializationEncryption:
        return BestAvailableEncryption(self.passphrase.encode()) if self.passphrase else NoEncryption()

    def _private(self, row: Mapping[str, Any]) -> Ed25519PrivateKey:
        secret = self.passphrase.encode() if self.passphrase else None
        try:
            key = load_der_private_key(row["private"], secret)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            said = "the signing key cannot be opened: GRIDLINGUA_KEY_PASSPHRASE is not the one that it was made with"
            raise RemoteError(said, party="accounts", status=503) from error
        assert isinstance(key, Ed25519PrivateKey)
        return key


def _current(connection: Connection, now: datetime) -> dict[str, Any] | None:
    query = select(SIGNING_KEYS).where(SIGNING_KEYS.c.retired_at.is_(None), SIGNING_KEYS.c.created_at > now - ROTATION)
    row = connection.execute(query.order_by(SIGNING_KEYS.c.created_at.desc()).limit(1)).mappings().one_or_none()
    return dict(row) if row else None


def _over(row: RowMapping, now: datetime) -> bool:
    return row["retired_at"] is not None and row["retired_at"] + LIFETIME + _LEEWAY < now


def revoke(connection: Connection, kid: str, now: datetime) -> None:
    """Let no token of a key be good any more, from this moment on; raises ``NotFoundError`` for a key there is not."""
    long_ago = now - 2 * (LIFETIME + _LEEWAY)
    done = connection.execute(update(SIGNING_KEYS).where(SIGNING_KEYS.c.kid == kid).values(retired_at=long_ago))
    if done.rowcount == 0:
        raise NotFoundError(f"there is no signing key {kid!r}")


def key_set(connection: Connection, now: datetime) -> dict[str, Any]:
    """The public keys of all tokens that may still be good (RFC 7517)."""
    rows = connection.execute(select(SIGNING_KEYS).order_by(SIGNING_KEYS.c.created_at)).mappings()
    return {"keys": [_public(row) for row in rows if not _over(row, now)]}


def _public(row: RowMapping) -> dict[str, str]:
    x = base64.urlsafe_b64encode(row["public"]).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": row["kid"], "x": x}
