"""Pages as HTML: no script, nothing from elsewhere, nothing kept on the way."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gridlingua.services.consent.visits import Visit
from gridlingua.services.consent.wording import Wording, languages, wording

_TEMPLATES = "templates"


@dataclass(frozen=True)
class Reader:
    """Who reads a page: in which words, whose user, on which clock, at which address."""

    words: Wording
    dso: str
    zone: ZoneInfo
    address: str


def rendered(visit: Visit, reader: Reader) -> Response:
    """The page of a visit."""
    template = {"decide": "decide.html", "granted": "granted.html"}.get(visit.view, "notice.html")
    html = _environment().get_template(template).render(_content(visit, reader))
    return Response(html, visit.status, headers=headers(reader.words.language), media_type="text/html; charset=utf-8")


def answer(visit: Visit, reader: Reader) -> Response:
    """What follows a press of a button: the page where the visitor goes on, or this one with what is wrong."""
    if not visit.forward:
        return rendered(visit, reader)
    query = urlsplit(reader.address).query
    location = f"/consent/{visit.forward}" + (f"?lang={reader.words.language}" if query else "")
    return Response(status_code=303, headers=headers(reader.words.language) | {"Location": location})


def headers(language: str) -> dict[str, str]:
    """What every page says to browsers, so that its address and content stay between the user and this service."""
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src '{_style_hash()}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
        "Content-Language": language,
        "Vary": "Accept-Language",
    }


def _content(visit: Visit, reader: Reader) -> dict[str, Any]:
    words, zone, row = reader.words, reader.zone, visit.row
    about: dict[str, Any] = {"dso": reader.dso, "organisation": visit.organisation}
    if row is not None:
        about |= {
            "user": row["user_id"],
            "kinds": row["kinds"],
            "reference": row["reference"],
            "period": words.period(row["valid_from_utc"], row["valid_until_utc"], zone),
            "purpose": row["purpose"] or words.text("default_purpose"),
            "duration": words.duration(row["retention_days"]),
            "withdrawal": words.text("withdrawal", dso=reader.dso),
        }
    changed = words.moment(visit.changed_at, zone) if visit.changed_at else ""
    values = about | {"moment": changed}
    return about | {
        "words": words,
        "t": words.text,
        "languages": [wording(one) for one in languages()],
        "style": Markup(_style()),
        "title": words.text(f"{visit.view}_title", **values),
        "lead": "" if visit.view == "granted" else words.text(f"{visit.view}_lead", **values),
        "changed": "" if visit.view in {"answered", "link_over", "unknown"} else changed,
        "open_until": words.moment(visit.open_until, zone) if visit.open_until else "",
        "contact": visit.contact,
        "reference": about.get("reference", ""),
        "address": visit.address or reader.address.split("?")[0],
        "error": visit.error,
    }


@cache
def _environment() -> Environment:
    # a package by its path: templates ship beside this file, in the wheel as in the source
    return Environment(
        loader=PackageLoader(str(__package__), _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return (files(__package__) / _TEMPLATES / "style.css").read_text(encoding="utf-8")


@cache
def _style_hash() -> str:
    digest = hashlib.sha256(_style().encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
