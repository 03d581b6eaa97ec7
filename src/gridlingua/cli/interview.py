"""What ``gridlingua new`` asks: on a terminal it asks, elsewhere it decides and marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, cast, get_args

import typer

from gridlingua.catalogue.exchange import Access
from gridlingua.catalogue.load import exchange_schema
from gridlingua.catalogue.scaffold import Messages, ScaffoldError
from gridlingua.catalogue.scaffold.notation import schema

_NOT_SAID: Final = "not said"
_ID: Final = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
_SYNTAX: Final = (
    "Fields with commas between: name, name: TYPE, array[].name: TYPE.\n"
    "TYPE: text, number, number kW, integer, flag, time, date, duration, uri, unit, or a|b|c for codes."
)
_ACCESS: Final = (
    "On what data may the initiator come in? open: nothing personal, own: what it brought itself or is addressed to,\n"
    "granted: an end user's data, on a grant, aggregated: sums over enough clients."
)


def exchange_id(text: str) -> str:
    """An exchange's id as it must be; BadParameter says what it could be."""
    if _ID.fullmatch(text):
        return text
    words = [re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", one).lower()) for one in text.split("/")]
    likely = "/".join(one.strip("_0123456789") or "x" for one in words)
    hint = f", such as {likely}" if _ID.fullmatch(likely) else ", such as market/trades"
    raise typer.BadParameter(f"{text!r}: an id is service/name in small letters, digits and _{hint}")


class Interview:
    """Takes what options say, asks for the rest, or decides it; ``undecided`` says what was decided, by key."""

    def __init__(self, asks: bool) -> None:
        self._asks = asks
        self.undecided: dict[str, str] = {}

    def refuse_several(self, **sources: object) -> None:
        """Only one of several sources of messages may be given."""
        given = [f"--{name}" for name, value in sources.items() if value is not None]
        if len(given) > 1:
            raise typer.BadParameter(f"{' and '.join(given)} both say what the messages are: give one")

    def operation(self, names: Sequence[str]) -> str:
        """The operation of a document."""
        if not self._asks:
            raise typer.BadParameter(f"--openapi goes with --operation; there are {', '.join(names)}")
        typer.echo("\n".join(f"  {one}" for one in names))
        return self._ask("Which operation?", "", _one_of(names))

    def words(self, request: str | None, reply: str | None) -> tuple[str, str]:
        """What the two messages say, in the notation of fields."""
        if not self._asks and request is None and reply is None:
            raise typer.BadParameter(
                "give --openapi FILE with --operation, --example FILE, or --request and --reply: without a terminal "
                "nothing is asked"
            )
        if self._asks and (request is None or reply is None):
            typer.echo(_SYNTAX)
        if request is None:
            request = self._ask("What does the request say (empty: nothing)?", "", _message) if self._asks else ""
        if reply is None:
            reply = self._ask("What does the reply say (empty: only that it arrived)?", "", _message)
        for text in (request, reply):
            _message(text)
        return request, reply

    def rest(self, given: str, exchange: str, found: Messages | None, example: Path | None, reply: str | None) -> str:
        """The REST operation: as given, as the document has it, or a guess."""
        if given:
            return _checked(given, _rest)
        if found is not None:
            return found.rest
        method = "GET" if reply else "POST"
        guess = f"{method} /{exchange}"
        if self._asks:
            return self._ask("REST operation?", guess, _rest)
        self.undecided["rest"] = f"which operation is it? {guess} is a guess"
        if example is not None:
            self.undecided["rest"] += " (--rest)"
        return guess

    def text(self, key: str, given: str, default: str, question: str) -> str:
        """A title or a source."""
        if given or (default and not self._asks):
            return given or default
        said = self._ask(question, default or _NOT_SAID, _not_empty) if self._asks else _NOT_SAID
        if said == _NOT_SAID:
            self.undecided[key] = question
        return said

    def kind(self, given: str, rest: str) -> Literal["ask", "post"]:
        """ask or post, by the method unless it is given."""
        default = "ask" if rest.startswith("GET ") else "post"
        found = _checked(given or default, _one_of(("ask", "post")))
        if found == "post" and default == "ask":
            self.undecided["kind"] = "is a GET that posts meant? What is looked up is asked (--kind ask)"
        return cast(Literal["ask", "post"], found)

    def party(self, key: str, given: str, default: str) -> str:
        """A party of the exchange."""
        if given:
            return _checked(given, _party)
        if self._asks:
            does = "asks or posts" if key == "initiator" else "answers or reacts"
            return self._ask(f"Which party {does}?", default, _party)
        self.undecided[key] = f"is {default} the {key}? It is a guess (--{key})"
        return default

    def access(self, given: str) -> Access:
        """On what data the initiator is let in."""
        check = _one_of(get_args(Access))
        if not given and self._asks:
            typer.echo(_ACCESS)
            given = self._ask("Access?", "own", check)
        if not given:
            self.undecided["access"] = "on what data is the initiator let in? own is a guess (--access)"
        return cast(Access, _checked(given or "own", check))

    def _ask(self, question: str, default: str, check: Callable[[str], str]) -> str:
        """Ask until the answer is one; what is wrong is said with what is right."""
        while True:
            answer = str(typer.prompt(question, default=default, show_default=bool(default))).strip()
            try:
                return check(answer)
            except (ValueError, ScaffoldError) as error:
                typer.echo(f"  {error}")


def _checked(text: str, check: Callable[[str], str]) -> str:
    try:
        return check(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _rest(text: str) -> str:
    if not re.fullmatch(exchange_schema()["properties"]["rest"]["pattern"], text):
        raise ValueError(
            f"{text!r} is no operation: write the method and the path, as in 'GET /Meters/{{meterId}}/Load'"
        )
    return text


def _party(text: str) -> str:
    if not re.fullmatch(exchange_schema()["$defs"]["party"]["pattern"], text):
        raise ValueError(f"{text!r} is no party: write small letters, digits and _, as in service_provider")
    return text


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("a few words are needed")
    return text


def _message(text: str) -> str:
    schema(text, "request")
    return text


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{text!r} is none of {', '.join(allowed)}")
        return text

    return check
