"""A part of exchange.yaml, as a declaration that the mapping is built from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridlingua.errors import MessageError
from gridlingua.semantics.datatypes import CONVERTERS, DATATYPES, Converter, coded, typed
from gridlingua.semantics.mapping import (
    ABSENT,
    Declaration,
    Field,
    MappingError,
    Node,
    Note,
    Pointer,
    at_once,
    parse_pointer,
)
from gridlingua.semantics.terms import Term, parse

Part = Mapping[str, Any]
"""``request`` or ``reply`` of exchange.yaml."""


def declaration(part: Part | None, prefixes: Mapping[str, str], note: Note = at_once, profile: str = "") -> Declaration:
    """Read ``fields``, ``nodes``, ``keys``, ``order`` and ``columns``; codes may use the catalogue's prefixes.

    Where a field says under ``profiles`` how ``profile`` writes it, that holds.

    Notes a MappingError for each unknown datatype or converter and each code that is no term; such a field counts as a
    text, so that more can be found.
    """
    given = part or {}
    return Declaration(
        fields=tuple(
            _field(name, _in_profile(one, profile), prefixes, note) for name, one in (given.get("fields") or {}).items()
        ),
        nodes={parse_pointer(at): tuple(map(_node, nodes)) for at, nodes in (given.get("nodes") or {}).items()},
        keys=_variables(given.get("keys")),
        order=_variables(given.get("order")),
        columns=tuple(tuple(map(parse_pointer, group)) for group in given.get("columns") or ()),
    )


def ignored(part: Part | None) -> tuple[Pointer, ...]:
    """The pointers under ``ignore``."""
    return tuple(map(parse_pointer, (part or {}).get("ignore") or ()))


def profiles_of(part: Part | None) -> dict[str, str]:
    """The profiles that fields write in another way, each with one such field."""
    fields = (part or {}).get("fields") or {}
    return {profile: name for name, one in fields.items() for profile in one.get("profiles") or ()}


def _in_profile(one: Mapping[str, Any], profile: str) -> Mapping[str, Any]:
    other = (one.get("profiles") or {}).get(profile)
    return {**{key: one[key] for key in ("at", "default") if key in one}, **other} if other else one


def _field(name: str, one: Mapping[str, Any], prefixes: Mapping[str, str], note: Note) -> Field:
    try:
        converter = _converter(name, one, prefixes)
    except MappingError as error:
        note(error)
        converter = typed(DATATYPES["string"])
    return Field(name, parse_pointer(one["at"]), converter, one.get("default", ABSENT))


def _converter(name: str, one: Mapping[str, Any], prefixes: Mapping[str, str]) -> Converter:
    if "codes" in one:
        terms = {code: _term(name, text, prefixes) for code, text in one["codes"].items()}
        if len(set(terms.values())) < len(terms):
            raise MappingError(name, f"?{name}: two codes stand for one term, so it could not be read back")
        return coded(terms)
    if (wanted := one.get("with")) is not None:
        if wanted not in CONVERTERS:
            raise MappingError(name, f"?{name}: there is no converter {wanted!r}; there are {', '.join(CONVERTERS)}")
        return CONVERTERS[wanted]
    datatype = one.get("as", "string")
    if datatype not in DATATYPES:
        raise MappingError(name, f"?{name}: there is no datatype {datatype!r}; there are {', '.join(DATATYPES)}")
    return typed(DATATYPES[datatype])


def _term(name: str, text: str, prefixes: Mapping[str, str]) -> Term:
    try:
        return parse(text, dict(prefixes))
    except MessageError as error:
        raise MappingError(name, f"?{name}: {error.faults[0].message}") from None


def _node(declared: str | Mapping[str, str]) -> Node:
    if isinstance(declared, str):
        return Node(declared)
    ((name, template),) = declared.items()
    return Node(name, template)


def _variables(declared: Mapping[str, str | list[str]] | None) -> dict[Pointer, tuple[str, ...]]:
    return {
        parse_pointer(at): (names,) if isinstance(names, str) else tuple(names)
        for at, names in (declared or {}).items()
    }
