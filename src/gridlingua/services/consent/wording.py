"""The words of the pages: a file for each language, and which of them a reader wants."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

_TEXTS = files(__package__) / "texts"
DEFAULT = "en"


@dataclass(frozen=True)
class Wording:
    """The texts of one language, each under its key."""

    language: str
    texts: Mapping[str, Any]

    def text(self, key: str, **values: object) -> str:
        """The text of a key with its values in place; raises ``KeyError`` for a key or a value that is missing."""
        return str(self.texts[key]).format(**values)

    def kind(self, kind: str) -> str:
        """A kind of data in words."""
        return str(self.texts["kinds"][kind])

    def kinds(self, kinds: Sequence[str]) -> str:
        """Several kinds of data in words."""
        return "; ".join(self.kind(kind) for kind in kinds)

    def day(self, at: datetime, zone: ZoneInfo) -> str:
        """A day on the clock of a zone."""
        local = at.astimezone(zone)
        return self.text("day", day=local.day, month=self.texts["months"][local.month - 1], year=local.year)

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """A moment on the clock of a zone."""
        return self.text("moment", day=self.day(at, zone), clock=f"{at.astimezone(zone):%H:%M}")

    def period(self, start: datetime, end: datetime, zone: ZoneInfo) -> str:
        """A period: by its days when it begins and ends at midnight, else by its moments."""
        first, last = start.astimezone(zone), end.astimezone(zone)
        if first.time() == last.time() == time() and first.date() < last.date():
            until = last - timedelta(days=1)
            return self.text("days", first=self.day(first, zone), last=self.day(until, zone))
        return self.text("moments", first=self.moment(first, zone), last=self.moment(last, zone))

    def duration(self, days: int) -> str:
        """A number of days, in whole years where it is some."""
        years, rest = divmod(days, 365)
        key = ("year", "years") if years and not rest else ("one_day", "many_days")
        count = years if years and not rest else days
        return self.text(key[0] if count == 1 else key[1], count=count)


def languages() -> list[str]:
    """The languages that there is a file of."""
    return sorted(one.name.removesuffix(".toml") for one in _TEXTS.iterdir() if one.name.endswith(".toml"))


@cache
def wording(language: str) -> Wording:
    """The words of a language that there is a file of."""
    return Wording(language, tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8")))


def preferred(accept_language: str, chosen: str = "") -> Wording:
    """The words that a reader wants, by an ``Accept-Language`` header (RFC 9110, 12.5.4), or else English.

    ``chosen`` is a language that the reader picked on the page, and wins.
    """
    known = languages()
    if chosen in known:
        return wording(chosen)
    ranked = sorted(_ranges(accept_language), key=lambda one: -one[1])
    for name, weight in ranked:
        language = name.split("-")[0]
        if weight > 0 and (language in known or name == "*"):
            return wording(DEFAULT if name == "*" else language)
    return wording(DEFAULT)


def _ranges(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header[:500].split(","):
        name, _, parameter = part.partition(";")
        quality = parameter.strip().removeprefix("q=") if parameter else "1"
        try:
            weight = float(quality)
        except ValueError:
            weight = 0.0
        found.append((name.strip().lower(), weight))
    return found
