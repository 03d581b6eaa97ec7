"""The messages of an OpenAPI operation."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.scaffold.brief import UNDECIDED, Messages, ScaffoldError
from gridlingua.catalogue.scaffold.closing import Closing
from gridlingua.catalogue.scaffold.document import Document, Operation, Place
from gridlingua.catalogue.scaffold.words import variable
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import Schema, read_json

_ANSWERS: Final = ("200", "201", "202", "204", "2XX", "default")
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_NOTHING: Final[Schema] = {"type": "object", "additionalProperties": False, "properties": {}}


@dataclass(frozen=True)
class Choices:
    """What the author wants of the document: optional query parameters to ``keep``, pointers to ``drop``."""

    keep: Collection[str] = ()
    drop: Collection[str] = ()


def messages(document: Document, wanted: str, choices: Choices) -> Messages:
    """The messages of an operation (its operationId, or ``GET /path``).

    Raises ScaffoldError when the document does not have it or rows cannot say it.
    """
    return _Reading(document, document.operation(wanted), choices).messages()


class _Reading:
    def __init__(self, document: Document, operation: Operation, choices: Choices) -> None:
        self.document = document
        self.operation = operation
        self.choices = choices
        self.remarks: list[str] = []
        self.examples: dict[Part, list[Json]] = {"request": [], "reply": []}
        self.unused = set(choices.keep)
        self.known: set[str] = set()

    def messages(self) -> Messages:
        said, info = self.operation.said.value, self.document.root().get("info") or {}
        asking, answering = self._closing("request"), self._closing("reply")
        request = self._request(asking)
        reply = self._reply(answering)
        self._refuse_unused(asking, answering)
        title = str(said.get("summary") or said.get("operationId") or f"{self.operation.method} {self.operation.path}")
        source = f"{info.get('title', self.document.path.name)} {info.get('version', '')}".strip()
        return Messages(
            request=_headed(request, f"Request: {title}"),
            reply=_headed(reply, f"Reply: {title}"),
            rest=f"{self.operation.method} {_path(self.operation.path)}",
            title=" ".join(title.split()),
            source=f"{source} (OpenAPI), {self.operation.name}",
            examples=self.examples,
            remarks=[*self.remarks, *asking.remarks, *answering.remarks],
            ignored={"request": asking.ignored, "reply": answering.ignored},
        )

    def _closing(self, part: Part) -> Closing:
        return Closing(self.document, part, self.choices.drop)

    def _refuse_unused(self, *closings: Closing) -> None:
        found = {pointer for one in closings for pointer in one.dropped}
        if unknown := sorted(set(self.choices.drop) - found):
            raise ScaffoldError(f"--drop {unknown[0]}: neither message has that pointer")
        if self.unused:
            known = ", ".join(sorted(self.known)) or "none"
            raise ScaffoldError(
                f"--keep {min(self.unused)}: the operation has no such query parameter; there are {known}"
            )

    def _request(self, closing: Closing) -> Schema:
        parameters = dict(self._parameters(closing))
        body = self._body(closing)
        if body is None:
            required = [name for name, one in parameters.items() if "default" not in one]
            made = {**_NOTHING, "required": required, "properties": parameters}
            if not required:
                del made["required"]
            return made
        if parameters and body["type"] != "object":
            names = ", ".join(parameters)
            raise ScaffoldError(
                f"the request body is an array, so {names} of the path has no place in it: wrap the array in an object"
            )
        for name, schema in parameters.items():
            if name in body["properties"]:
                self.remarks.append(f"request: {name} stands in the path and in the body; it is one field here")
            body["properties"] = {name: schema, **body["properties"]}
            body["required"] = list(dict.fromkeys([name, *body["required"]]))
        return body

    def _parameters(self, closing: Closing) -> Iterator[tuple[str, Schema]]:
        """The parameters that a message carries: those of the path, and of the query the required and the kept."""
        found: dict[tuple[str, str], Place] = {}
        own = [Place(one, self.operation.said.file) for one in self.operation.said.value.get("parameters") or ()]
        for place in map(self.document.follow, (*self.operation.shared, *own)):
            found[place.value.get("name", ""), place.value.get("in", "")] = place
        in_path = [name for name in _slots(self.operation.path) if (name, "path") not in found]
        for name in in_path:
            mark = f"{UNDECIDED}the document does not describe the path parameter {name}"
            yield _slot(name), {"type": "string", "minLength": 1, "$comment": mark}
        left_out, ignored = [], []
        for (name, where), place in found.items():
            if where in ("header", "cookie"):
                ignored.append(name)
            elif where == "query" and not self._is_wanted(name, place):
                left_out.append(name)
            else:
                yield (_slot(name) if where == "path" else name), self._parameter(closing, name, where, place)
        if left_out:
            names = ", ".join(left_out)
            self.remarks.append(f"request: the optional query parameters {names} are left out; --keep NAME carries one")
        if ignored:
            self.remarks.append(f"request: the headers and cookies {', '.join(ignored)} are no part of a message")

    def _is_wanted(self, name: str, place: Place) -> bool:
        self.unused.discard(name)
        self.known.add(name)
        return bool(place.value.get("required")) or name in self.choices.keep

    def _parameter(self, closing: Closing, name: str, where: str, place: Place) -> Schema:
        if where == "query" and self.operation.method not in ("GET", "DELETE"):
            raise ScaffoldError(
                f"the query parameter {name} of a {self.operation.method}: an exchange carries it in the body, or as a "
                f"constant of --rest: '{self.operation.method} {self.operation.path}?{name}=…'"
            )
        schema = place.value.get("schema")
        if schema is None:
            content: dict[str, Any] = next(iter((place.value.get("content") or {}).values()), {})
            schema = content.get("schema", {"type": "string"})
        given = {key: place.value[key] for key in ("description", "example") if key in place.value}
        made = closing.closed(Place({"allOf": [given, schema]}, place.file))
        if made["type"] == "object" or made.get("items", {}).get("type") in ("object", "array"):
            raise ScaffoldError(f"the parameter {name} is no value but an object: give it in the body")
        if where == "path" or place.value.get("required"):
            made.pop("default", None)
        if (
            where == "path"
            and made["type"] == "string"
            and not made.keys() & {"enum", "pattern", "minLength", "format"}
        ):
            made["minLength"] = 1
        return made

    def _body(self, closing: Closing) -> Schema | None:
        if self.operation.method in ("GET", "DELETE") or "requestBody" not in self.operation.said.value:
            return None
        place = self.document.follow(Place(self.operation.said.value["requestBody"], self.operation.said.file))
        media = self._media(place, "request")
        if media is None:
            return None
        made = closing.closed(Place(media.value.get("schema", {}), media.file))
        if made["type"] not in ("object", "array"):
            raise ScaffoldError("the request body is a bare value: wrap it in an object")
        return made

    def _reply(self, closing: Closing) -> Schema:
        responses = {str(code): one for code, one in (self.operation.said.value.get("responses") or {}).items()}
        code = next((one for one in _ANSWERS if one in responses), None)
        if code is None:
            raise ScaffoldError(f"{self.operation.name}: no response says that it went well (200, 201, 202 or 204)")
        place = self.document.follow(Place(responses[code], self.operation.said.file))
        if headers := ", ".join(place.value.get("headers") or ()):
            self.remarks.append(f"reply: the headers {headers} are no part of a message")
        others = [one for one in responses if one in _ANSWERS[:-1] and one != code]
        if others:
            self.remarks.append(
                f"reply: this is what {code} answers; {', '.join(others)} would be exchanges of their own"
            )
        media = self._media(place, "reply")
        if media is None or "schema" not in media.value:
            lacks = "content" if media is None else "schema"
            self.remarks.append(
                f"reply: {code} has no {lacks}, so the reply is an empty object, and only says that it arrived"
            )
            return dict(_NOTHING)
        made = closing.closed(Place(media.value["schema"], media.file))
        if made["type"] not in ("object", "array"):
            raise ScaffoldError("the reply is a bare value: wrap it in an object")
        return made

    def _media(self, place: Place, part: Part) -> Place | None:
        """The JSON of a body; its examples are kept."""
        content = place.value.get("content") or {}
        if not content:
            return None
        kind = next((one for one in content if "json" in one.casefold() or one == "*/*"), None)
        if kind is None:
            raise ScaffoldError(f"the {part} is {', '.join(content)}: an exchange carries JSON")
        media = self.document.follow(Place(content[kind], place.file))
        self.examples[part] += list(self._examples(media))
        return media

    def _examples(self, media: Place) -> Iterator[Json]:
        if "example" in media.value:
            yield _exactly(media.value["example"])
        for one in (media.value.get("examples") or {}).values():
            found = self.document.follow(Place(one, media.file)).value
            if isinstance(found, dict) and "value" in found:
                yield _exactly(found["value"])
        schema = media.value.get("schema")
        found = self.document.follow(Place(schema, media.file)).value if schema else {}
        if isinstance(found, dict):
            yield from (_exactly(one) for one in (found.get("example"), *(found.get("examples") or ())) if one)


def _headed(schema: Schema, title: str) -> Schema:
    exact: Schema = _exactly(schema)
    return {"$schema": _DRAFT, "title": title, **{key: value for key, value in exact.items() if key != "title"}}


def _exactly(value: Any) -> Json:
    """A value of the document with decimals that are exact."""
    return read_json(json.dumps(value, default=str))


def _slots(path: str) -> list[str]:
    return [one[1:].partition("}")[0] for one in path.split("/") if one.startswith("{")]


def _slot(name: str) -> str:
    """A path parameter as ``rest`` of exchange.yaml can name it; its name is the template's own affair."""
    return name if re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) else variable(name)


def _path(path: str) -> str:
    found = re.sub(r"\{([^}]*)\}", lambda slot: f"{{{_slot(slot[1])}}}", path)
    found = found if found.startswith("/") else f"/{found}"
    if strange := re.sub(r"[A-Za-z0-9_/.{}-]", "", found):
        raise ScaffoldError(
            f"the path {path} has {strange[0]!r}, which rest of exchange.yaml cannot carry: give --rest"
        )
    return found
