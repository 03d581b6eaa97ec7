"""What the command line and pytest's configuration file say."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from gridlingua.testing.collection import Demands

OPTION: Final = "--gridlingua-catalogue"
_STRICT: Final = "gridlingua_strict"
_MESSAGES: Final = "gridlingua_messages"
_CATALOGUE: Final = "gridlingua_catalogue"


def add_options(parser: pytest.Parser) -> None:
    """Options and settings, and how they show in ``pytest --help``."""
    group = parser.getgroup("gridlingua")
    group.addoption(OPTION, metavar="DIR", type=Path, help="collect the exchanges of the catalogue in DIR")
    group.addoption("--gridlingua-strict", action="store_true", default=None, help="let warnings of checks fail")
    group.addoption(
        "--gridlingua-messages", metavar="N", type=int, help="try N generated messages of every part of an exchange"
    )
    parser.addini(_CATALOGUE, "the folder of a catalogue whose exchanges are collected", default="")
    parser.addini(_STRICT, "whether warnings of gridlingua's checks fail", type="bool", default=False)
    parser.addini(_MESSAGES, "how many generated messages of every part of an exchange are tried", default="0")


def catalogue_folder(config: pytest.Config) -> Path | None:
    """The catalogue that the option names, relative to the working directory, or the setting, relative to its file."""
    named: Path | None = config.getoption(OPTION)
    if named is not None:
        return named.resolve()
    setting = config.getini(_CATALOGUE)
    beside = config.inipath.parent if config.inipath else config.rootpath
    return (beside / setting).resolve() if setting else None


def demands(config: pytest.Config, strict: bool | None = None, messages: int | None = None) -> Demands:
    """How catalogues are tested: as given, else as options say, else as settings do. Raises UsageError."""
    if strict is None:
        strict = config.getoption("--gridlingua-strict")
    if messages is None:
        messages = config.getoption("--gridlingua-messages")
    count = _number(config.getini(_MESSAGES)) if messages is None else messages
    if count < 0:
        raise pytest.UsageError(f"gridlingua-messages: {count} is below zero")
    if count and find_spec("hypothesis") is None:
        raise pytest.UsageError("gridlingua-messages: generated messages need hypothesis: pip install hypothesis")
    return Demands(bool(config.getini(_STRICT)) if strict is None else strict, count)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise pytest.UsageError(f"{_MESSAGES}: {text!r} is not a number") from None
