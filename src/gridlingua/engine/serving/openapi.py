"""The OpenAPI document of the API: ``openapi.yaml``, and what holds for many operations alike."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import yaml

OPEN_TO_ALL: Final = ("/version", "/openapi.json")
_EVERYWHERE: Final = {"406": "Unacceptable"}
_WITH_A_BODY: Final = {"413": "TooLong", "415": "Unsupported"}
_GUARDED: Final = {"401": "NoToken", "403": "NotItsId", "429": "TooOften"}


def build_document(version: str, root: str, *, takes_tokens: bool) -> dict[str, Any]:
    """The document as JSON has it. ``root`` is the path that the API is under; ``takes_tokens``: it demands them."""
    text = resources.files(__package__).joinpath("openapi.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    document["info"]["version"] = version
    document["servers"] = [{"url": root}]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete(operation, is_open=path in OPEN_TO_ALL, takes_tokens=takes_tokens)
    if takes_tokens:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return document


def _complete(operation: dict[str, Any], *, is_open: bool, takes_tokens: bool) -> None:
    common = _EVERYWHERE | (_WITH_A_BODY if "requestBody" in operation else {}) | ({} if is_open else _GUARDED)
    responses = operation["responses"] | {
        status: {"$ref": f"#/components/responses/{name}"} for status, name in common.items()
    }
    operation["responses"] = dict(sorted(responses.items()))
    if takes_tokens and not is_open:
        operation["security"] = [{"token": []}]
