"""A place in the tokens of a text, and what is read next there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gridlingua.semantics.reading.tokens import Token

END: Final = Token("sign", "", -1)
"""What comes after the last token."""

BEYOND: Final = ("FILTER", "OPTIONAL", "UNION", "BIND", "VALUES", "GRAPH", "MINUS", "SERVICE", "SELECT")
"""The keywords that begin what is no triple."""

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
IRIS: Final = ("iri", "name", "odd_iri", "open_iri", "bare_iri")
"""The kinds of tokens that are IRIs, well written or not."""

_TERMS: Final = (*IRIS, "string", "placeholder", "variable", "blank", "number")


class Cursor:
    """Walks over tokens; never goes back."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self._tokens = tokens
        self._at = 0

    def peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else END

    @property
    def last(self) -> Token:
        """The token before this place."""
        return self._tokens[self._at - 1] if self._at else END

    @property
    def done(self) -> bool:
        return self._at >= len(self._tokens)

    @property
    def start(self) -> int:
        """The offset of the next token, or of the end of the text."""
        return len(self.text) if self.done else self.peek().start

    def take(self) -> Token:
        token = self.peek()
        self._at += 1
        return token

    def accept(self, *signs: str) -> bool:
        """Take the next token when it is one of these signs."""
        found = self.peek().is_sign(*signs)
        self._at += found
        return found

    def since(self, start: int) -> str:
        """The text from an offset to the end of the last token."""
        return self.text[start : max(self.last.end, start)]

    def at_term(self, ahead: int = 0) -> bool:
        """Whether a term or a variable begins there; brackets may be one."""
        token = self.peek(ahead)
        return token.kind in _TERMS or token.is_sign("[", "(") or token.is_word("TRUE", "FALSE")

    def terms_ahead(self) -> int:
        """How many terms stand in a row from here."""
        ahead = found = 0
        while self.at_term(ahead) or self.peek(ahead).text == "a":
            ahead += 1
            while self.peek(ahead).kind == "language" or self.peek(ahead).is_sign("^^"):
                ahead += 2 if self.peek(ahead).is_sign("^^") else 1
            found += 1
        return found

    def begins_line(self) -> bool:
        """Whether the next token is the first of its line."""
        return not self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip()

    def skip_balanced(self) -> None:
        """Go past a bracket and everything up to the one that closes it."""
        open_brackets = [_PAIRS[self.take().text]]
        while open_brackets and not self.done:
            token = self.take()
            if token.kind == "sign" and token.text in _PAIRS:
                open_brackets.append(_PAIRS[token.text])
            elif token.is_sign(open_brackets[-1]):
                open_brackets.pop()

    def skip_statement(self) -> None:
        """Go to where the next statement may begin: past a dot, before a closing brace, or at a variable that begins a
        line."""
        first = True
        while not self.done and not self.peek().is_sign("}"):
            if not first and self.begins_line() and self.peek().kind == "variable":
                return
            first = False
            if self.accept("."):
                return
            if self.peek().is_sign(*_PAIRS):
                self.skip_balanced()
            else:
                self.take()
