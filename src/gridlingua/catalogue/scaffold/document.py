"""An OpenAPI document: reading it, following its references, finding an operation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import yaml

from gridlingua.catalogue.scaffold.brief import ScaffoldError

METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Place:
    """A node of a document: the value and the file that it stands in, which its references are relative to."""

    value: Any
    file: Path
    address: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation: method in capitals, path with ``{parameters}``, and what the document says of it."""

    method: str
    path: str
    said: Place
    shared: tuple[Place, ...] = ()
    """The parameters that the path gives all its operations."""

    @property
    def name(self) -> str:
        return str(self.said.value.get("operationId") or f"{self.method} {self.path}")


@dataclass
class Document:
    """An OpenAPI document of 3.0 or 3.1 and the local files that it refers to, read when first needed."""

    path: Path
    _files: dict[Path, Any] = field(default_factory=dict, repr=False)

    def root(self) -> Any:
        """The document itself; raises ScaffoldError when it is no OpenAPI 3 document."""
        root = self._read(self.path)
        version = root.get("openapi", "") if isinstance(root, dict) else ""
        if not str(version).startswith("3."):
            said = f"it says openapi: {version}" if version else "it has no openapi: 3.…"
            raise ScaffoldError(f"{self.path}: this is no OpenAPI 3 document: {said}")
        return root

    def operations(self) -> Iterator[Operation]:
        """Every operation, in the order of the document."""
        paths = Place(self.root().get("paths") or {}, self.path)
        for path, item in paths.value.items():
            found = self.follow(Place(item, self.path))
            shared = tuple(Place(one, found.file) for one in _list(found.value.get("parameters")))
            for method in METHODS:
                if isinstance(found.value.get(method), dict):
                    yield Operation(method.upper(), path, Place(found.value[method], found.file), shared)

    def operation(self, wanted: str) -> Operation:
        """The operation of an operationId or of ``GET /path``; ScaffoldError lists what there is."""
        known = list(self.operations())
        for one in known:
            if wanted in (one.said.value.get("operationId"), f"{one.method} {one.path}"):
                return one
        alike = [one for one in known if wanted.casefold() in f"{one.name} {one.method} {one.path}".casefold()]
        names = ", ".join(one.name for one in (alike or known)[:40]) or "none"
        raise ScaffoldError(f"{self.path}: there is no operation {wanted!r}; there are {names}")

    def follow(self, place: Place) -> Place:
        """The node that a chain of ``$ref`` leads to; what stands beside a ``$ref`` is added (OpenAPI 3.1)."""
        seen: set[tuple[Path, str]] = set()
        while isinstance(place.value, dict) and isinstance(reference := place.value.get("$ref"), str):
            beside = {key: value for key, value in place.value.items() if key != "$ref"}
            place = self._target(place, reference)
            if (place.file, place.address) in seen:
                raise ScaffoldError(f"{place.file}: {reference} refers to itself")
            seen.add((place.file, place.address))
            if beside and isinstance(place.value, dict):
                place = Place({**place.value, **beside}, place.file, place.address)
        return place

    def _target(self, place: Place, reference: str) -> Place:
        where, _, pointer = reference.partition("#")
        if "://" in where:
            raise ScaffoldError(f"{place.file}: {reference} is on the network: download it, and refer to the file")
        file = (place.file.parent / unquote(where)).resolve() if where else place.file
        value = self._read(file)
        for step in pointer.split("/")[1:]:
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            try:
                value = value[int(name)] if isinstance(value, list) else value[name]
            except (KeyError, ValueError, IndexError, TypeError):
                raise ScaffoldError(f"{place.file}: {reference} leads nowhere") from None
        return Place(value, file, pointer)

    def _read(self, path: Path) -> Any:
        path = path.resolve()
        if path not in self._files:
            self._files[path] = read_document(path)
        return self._files[path]


def read_document(path: Path) -> Any:
    """A JSON or YAML file; times stay texts. Raises ScaffoldError with the line of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else yaml.load(text, Loader=_Loader)
    except OSError as error:
        raise ScaffoldError(f"{path}: cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise ScaffoldError(f"{path}:{error.lineno}: not JSON: {error.msg}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ScaffoldError(f"{path}{line}: not YAML: {getattr(error, 'problem', None) or error}") from None
    except ValueError as error:
        raise ScaffoldError(f"{path}: not a text in UTF-8: {error}") from None


class _Loader(yaml.SafeLoader):
    """YAML as OpenAPI has it (1.2, what JSON can say): a time is a text, and so are yes, no, on and off."""


_BOOLEAN: Final = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] not in (_BOOLEAN, "tag:yaml.org,2002:timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
