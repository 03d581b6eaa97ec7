"""What several parties answer to one thing: what can be read of it, and who failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from gridlingua.errors import RemoteError
from gridlingua.services.messages import Failure
from gridlingua.services.network import Reply
from gridlingua.services.wire import Message

T = TypeVar("T")
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Answers(Generic[T]):
    """``found`` are pairs of a party's knowledge base id (empty when unknown) and what it said.

    ``errors`` are pairs of a party and why it said nothing.
    """

    found: Sequence[tuple[str, T]]
    errors: Sequence[tuple[str, RemoteError]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """200, or 207 when somebody failed."""
        return 207 if self.errors else 200

    def failures(self) -> list[Failure]:
        """Who failed, as a message tells it."""
        return [
            Failure(party=party, status=error.status, detail=str(error), retry=error.retry)
            for party, error in self.errors
        ]

    def addressed(self, to: str) -> Answers[T]:
        """The same, of a call that was addressed to the party ``to`` alone (or to nobody in particular, when empty)."""
        if not to:
            return self
        return Answers([(to, one) for _, one in self.found], [(to, error) for _, error in self.errors], self.headers)

    def required(self) -> Answers[T]:
        """The same; raises ``RemoteError`` when nobody said anything of worth: the error itself when there is one."""
        if self.found:
            return self
        if len(self.errors) == 1:
            raise self.errors[0][1]
        if not self.errors:
            raise RemoteError("nobody answered", party="network", status=503, retry=True)
        said = "; ".join(f"{party}: {error}" for party, error in self.errors)
        retry = any(error.retry for _, error in self.errors)
        raise RemoteError(said, party="network", status=self.errors[0][1].status, retry=retry)


def read(reply: Reply, reader: Callable[[Any], T]) -> Answers[T]:
    """Read what each party said; a party whose message makes ``reader`` raise ``RemoteError`` is one that failed."""
    found: list[tuple[str, T]] = []
    errors = [(error.party, error) for error in reply.failures]
    for party, message in reply.messages:
        try:
            found.append((party, reader(message)))
        except RemoteError as error:
            who = party or error.party
            errors.append((who, RemoteError(str(error), party=who, status=error.status, retry=error.retry)))
    return Answers(found, errors, reply.headers)


def together(several: Iterable[Answers[T]]) -> Answers[T]:
    """The answers to several calls as one; a header that came more than once is a list."""
    found: list[tuple[str, T]] = []
    errors: list[tuple[str, RemoteError]] = []
    headers: dict[str, str] = {}
    for one in several:
        found += one.found
        errors += one.errors
        for name, value in one.headers.items():
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Answers(found, errors, headers)


def messages(model: type[M], body: object, what: str) -> list[M]:
    """The messages of a JSON array; raises ``RemoteError`` with ``what`` and the first place that is none."""
    try:
        return TypeAdapter(list[model]).validate_python(body)  # type: ignore[valid-type]
    except ValidationError as error:
        raise _worthless(error, what) from error


def message(model: type[M], body: object, what: str) -> M:
    """The message that a body is; raises ``RemoteError`` with ``what`` and the first place that is none."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise _worthless(error, what) from error


def _worthless(error: ValidationError, what: str) -> RemoteError:
    first = error.errors(include_url=False)[0]
    place = "/".join(map(str, first["loc"]))
    return RemoteError(f"{what} worthless: /{place}: {first['msg']}", party="network")
