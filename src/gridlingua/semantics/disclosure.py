"""What a text gives away: secrets, and data that leads to a person.

Only shapes that hardly anything else has are told; numbers that have a check digit must fit it. What is told is never
shown whole: reports end up in the logs of a CI, which more people read than the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_SHOWN: Final = 3


@dataclass(frozen=True)
class Disclosure:
    """One thing that a text gives away: what it is (``an e-mail address``), whether it opens a door, and where."""

    what: str
    secret: bool
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def mask(self) -> str:
        """What is shown of it: enough to find it, too little to use it."""
        return mask(self.text)


def mask(text: str) -> str:
    """The beginning of what must not be shown."""
    return f"{text[: min(_SHOWN, len(text) // 3)]}…"


def disclosures(text: str) -> Iterator[Disclosure]:
    """Everything that a text gives away, in its order; of what overlaps, secrets and then the longest."""
    found = sorted((one for shape in _SHAPES for one in shape.find(text)), key=lambda one: one.start)
    together: list[Disclosure] = []
    reach = 0
    for one in found:
        if together and one.start >= reach:
            yield from _apart(together)
            together = []
        together.append(one)
        reach = max(reach, one.end)
    yield from _apart(together)


def _apart(found: list[Disclosure]) -> list[Disclosure]:
    """Those of some that overlap which do not overlap each other."""
    taken: list[Disclosure] = []
    for one in sorted(found, key=lambda one: (not one.secret, -len(one.text))):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def masked(text: str) -> str:
    """The text with nothing in it that it must not give away."""
    for one in reversed([*disclosures(text)]):
        text = text[: one.start] + one.mask + text[one.end :]
    return text


@dataclass(frozen=True)
class _Shape:
    """How one kind is spelt, and whether a match is one; with a group ``it`` where that alone is given away.

    ``needle`` is what every match holds: most texts do not, and are not searched.
    """

    what: str
    form: re.Pattern[str]
    secret: bool = False
    holds: Callable[[str], bool] = bool
    needle: str = ""

    def find(self, text: str) -> Iterator[Disclosure]:
        if self.needle not in text:
            return
        for found in self.form.finditer(text):
            group = "it" if "it" in self.form.groupindex else 0
            if self.holds(found[group]):
                yield Disclosure(self.what, self.secret, found[group], found.start(group))


def _is_iban(text: str) -> bool:
    """ISO 13616: the number that the letters and digits spell, country and check digits last, is 1 modulo 97."""
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _is_nif(text: str) -> bool:
    """The check digit of a Portuguese tax number."""
    digits = [int(char) for char in text if char.isdigit()]
    rest = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1), strict=False)) % 11
    return digits[8] == (0 if rest < 2 else 11 - rest)


def _is_persons(address: str) -> bool:
    return address.partition("@")[0].lower() not in _OFFICES


def _is_telephone(text: str) -> bool:
    return 9 <= sum(char.isdigit() for char in text) <= 15


def _is_no_blank(value: str) -> bool:
    """Whether a value is written out: no place to fill in (``${TOKEN}``, ``<token>``, ``xxxx``, ``***``)."""
    return value[0] not in "$<{%?(" and len({*value}) > 2


_OFFICES: Final = frozenset(
    (
        "info",
        "contact",
        "support",
        "help",
        "helpdesk",
        "office",
        "admin",
        "service",
        "noreply",
        "no-reply",
        "postmaster",
    )
)
_KEYS: Final = (
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{36}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}"
    r"|sk-[A-Za-z0-9]{32,}"
)
_SECRET_NAMES: Final = (
    r"(?:api|access|secret|private|account)[_-]?key|(?:client[_-]?)?secret|passw(?:or)?d|pwd|\w*token"
)

_SHAPES: Final = (
    _Shape("a token (JWT)", re.compile(r"\beyJ[\w-]{6,}\.[\w-]{4,}\.[\w-]*"), secret=True, needle="eyJ"),
    _Shape("a bearer token", re.compile(r"\b[Bb]earer\s+(?P<it>[\w.~+/-]{12,}=*)"), secret=True, needle="earer "),
    _Shape("an access key", re.compile(rf"\b(?:{_KEYS})\b"), secret=True),
    _Shape("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), secret=True, needle="-----BEGIN"),
    _Shape(
        "a name and password in an address",
        re.compile(r"\b[a-z][a-z0-9+.-]*://(?P<it>[^\s/@:<>\"?#]+:[^\s/@<>\"?#]+)@", re.IGNORECASE),
        secret=True,
        needle="@",
    ),
    _Shape(
        "a password, key or token",
        re.compile(rf"(?<![\w:])(?:{_SECRET_NAMES})[\"']?\s*[:=]\s*[\"']?(?P<it>[^\s\"'<>;,&]{{6,}})", re.IGNORECASE),
        secret=True,
        holds=_is_no_blank,
    ),
    _Shape(
        "an e-mail address",
        re.compile(r"(?<![\w.+%-])[\w+-]+(?:\.[\w+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"),
        holds=_is_persons,
        needle="@",
    ),
    _Shape(
        "a telephone number",
        re.compile(r"(?<![\w+])\+\d(?:[ ().\-/]{0,2}\d){8,14}(?![\w:])"),
        holds=_is_telephone,
        needle="+",
    ),
    _Shape("a telephone number", re.compile(r"\btel:(?P<it>\+?[\d ().-]{9,20})"), needle="tel:"),
    _Shape("an IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), holds=_is_iban),
    _Shape("a tax number", re.compile(r"\bPT ?\d{9}\b"), holds=_is_nif, needle="PT"),
    _Shape("the number of a meter point", re.compile(r"\b(?:54|87)\d{16}\b")),
    _Shape("the number of a meter point", re.compile(r"\bPT\d{16}(?:[A-Z]{2})?\b|\bES\d{16}[A-Z]{2}(?:\d[A-Z])?\b")),
    _Shape(
        "a position to a metre",
        re.compile(r"\bP(?:OINT|oint) ?Z? ?\(-?\d{1,3}\.\d{5,} -?\d{1,3}\.\d{5,}[^)]*\)"),
        needle="(",
    ),
)
