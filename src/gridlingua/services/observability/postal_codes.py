"""What is a postal code of a country, and what lies around one; pure functions."""

from __future__ import annotations

import re

from gridlingua.services.postal_codes import PostalCode as PostalCode

_OF_COUNTRY = {
    "PT": (r"[0-9]{4}-[0-9]{3}", "4405-123"),
    "FR": (r"[0-9]{5}", "75011"),
    "DE": (r"[0-9]{5}", "75011"),
    "IT": (r"[0-9]{5}", "75011"),
    "NL": (r"[0-9]{4} [A-Z]{2}", "5611 AB"),
    "BE": (r"[0-9]{4}", "1000"),
    "GR": (r"[0-9]{3} [0-9]{2}", "104 31"),
}


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
