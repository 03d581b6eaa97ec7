"""The words of the pages: the same in every language, and in the language of the reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.resources import files
from string import Formatter
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from gridlingua.services.consent.messages import Kind
from gridlingua.services.consent.visits import View
from gridlingua.services.consent.wording import languages, preferred, wording

LISBON = ZoneInfo("Europe/Lisbon")
FOLDER = files("gridlingua.services.consent")


def flat(texts: dict[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in texts.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{key}.")
        elif isinstance(value, list):
            found |= {f"{before}{key}.{place}": text for place, text in enumerate(value)}
        else:
            found[before + key] = value
    return found


def blanks(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def used() -> set[str]:
    """The keys that templates and code name."""
    sources = [one for folder in (FOLDER, FOLDER / "templates") for one in folder.iterdir() if one.is_file()]
    text = "\n".join(one.read_text(encoding="utf-8") for one in sources)
    return set(re.findall(r"\bt\(\"(\w+)\"", text)) | set(re.findall(r"\.text\(\s*\"(\w+)\"", text))


def test_there_are_english_and_portuguese() -> None:
    assert languages() == ["en", "pt"]


@pytest.mark.parametrize("language", languages())
def test_a_language_has_the_keys_of_english_each_with_the_same_blanks(language: str) -> None:
    english, other = flat(dict(wording("en").texts)), flat(dict(wording(language).texts))
    assert other.keys() == english.keys()
    assert {key: blanks(text) for key, text in other.items()} == {key: blanks(text) for key, text in english.items()}
    assert all(text.strip() == text and text for text in other.values())


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_key_that_pages_use(language: str) -> None:
    texts = wording(language).texts
    views = {f"{view}_{part}" for view in get_args(View) for part in ("title", "lead")}
    assert (used() | views) - texts.keys() == set()
    assert set(texts["kinds"]) == set(get_args(Kind))


def test_no_text_is_kept_that_no_page_uses() -> None:
    views = {f"{view}_{part}" for view in get_args(View) for part in ("title", "lead")}
    others = {"months", "kinds", "year", "years", "one_day", "many_days", "error_action", "error_kinds"}
    assert wording("en").texts.keys() - used() - views - others == set()


@pytest.mark.parametrize(
    ("header", "chosen", "language"),
    [
        ("", "", "en"),
        ("pt-PT,pt;q=0.9,en;q=0.8", "", "pt"),
        ("en;q=0.5, pt;q=0.7", "", "pt"),
        ("de-DE, fr;q=0.9, pt;q=0.1", "", "pt"),
        ("pt;q=0, en;q=0.1", "", "en"),
        ("de", "", "en"),
        ("*", "", "en"),
        ("pt", "en", "en"),
        ("pt", "../secret", "pt"),
        (";;;q=nonsense,,pt;q=high", "", "en"),
    ],
)
def test_a_reader_gets_the_language_they_want_most_that_there_is(header: str, chosen: str, language: str) -> None:
    assert preferred(header, chosen).language == language


@pytest.mark.parametrize(
    ("start", "end", "english", "portuguese"),
    [
        (
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 12, 1, tzinfo=UTC),
            "1 November 2026 to 30 November 2026, both included",
            "1 de novembro de 2026 a 30 de novembro de 2026, ambos incluídos",
        ),
        (
            datetime(2026, 7, 1, 10, tzinfo=UTC),
            datetime(2026, 7, 1, 11, tzinfo=UTC),
            "1 July 2026 at 11:00 until 1 July 2026 at 12:00",
            "1 de julho de 2026 às 11:00 até 1 de julho de 2026 às 12:00",
        ),
    ],
)
def test_a_period_is_told_on_the_clock_of_the_dso(
    start: datetime, end: datetime, english: str, portuguese: str
) -> None:
    assert wording("en").period(start, end, LISBON) == english
    assert wording("pt").period(start, end, LISBON) == portuguese


def test_durations_are_told_in_years_where_they_are_some() -> None:
    told = [wording("en").duration(days) for days in (1, 90, 365, 730, 400)]
    assert told == ["1 day", "90 days", "1 year", "2 years", "400 days"]
