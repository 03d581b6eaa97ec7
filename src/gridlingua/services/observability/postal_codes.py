"""Postal codes as the post writes them, and what lies around one; pure functions."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

_WRITTEN = "^[0-9A-Z]{2,5}([ -][0-9A-Z]{2,4})?$"
_PORTUGUESE = re.compile(r"[0-9]{4}-[0-9]{3}")
_OF_COUNTRY = {
    "PT": (r"[0-9]{4}-[0-9]{3}", "4405-123"),
    "FR": (r"[0-9]{5}", "75011"),
    "DE": (r"[0-9]{5}", "75011"),
    "IT": (r"[0-9]{5}", "75011"),
    "NL": (r"[0-9]{4} [A-Z]{2}", "5611 AB"),
    "BE": (r"[0-9]{4}", "1000"),
    "GR": (r"[0-9]{3} [0-9]{2}", "104 31"),
}


def written(code: str) -> str:
    """The code; raises ``ValueError`` with a sentence when the post does not write it so."""
    if not re.fullmatch(_WRITTEN, code):
        raise ValueError(f"{code!r} is not written as the post writes it, such as 4405-123 or 75011")
    if re.match("[0-9]{4}-", code) and not _PORTUGUESE.fullmatch(code):
        raise ValueError(f"{code!r} is no Portuguese postal code: four digits, a hyphen and three digits, as 4405-123")
    return code


PostalCode = Annotated[
    str,
    AfterValidator(written),
    WithJsonSchema({"type": "string", "pattern": _WRITTEN, "examples": ["4405-123"]}),
]


def of_country(code: str, country: str) -> str | None:
    """What is wrong with a whole code of a country (ISO 3166-1 alpha-2), or nothing."""
    form, such_as = _OF_COUNTRY.get(country, ("", ""))
    if form and not re.fullmatch(form, code):
        return f"{code} is no postal code of {country}, such as {such_as}"
    return None


def first_part(code: str) -> str:
    """The part before a space or hyphen: 4405 of 4405-123."""
    return re.split("[ -]", code)[0]


def around(code: str, asked: str) -> bool:
    """Whether a code is what was asked, or within it, or has the same first part but for the last digit of that.

    So 4260-339 is around 4265, as in D4.2's example (3.2.3.1.1.1.2).
    """
    area = first_part(asked)
    return code.startswith(asked) or (len(area) > 2 and first_part(code).startswith(area[:-1]))
