"""Whether a literal's value is one of a datatype's (XML Schema 1.1 part 2): ``"1"^^xsd:integer`` is an ``xsd:int``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gridlingua.semantics.terms import RDF, RDFS, XSD, Literal

_WHOLE: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_KINDS: Final = {
    **dict.fromkeys(_WHOLE, "decimal"),
    "dateTimeStamp": "dateTime",
    "dayTimeDuration": "duration",
    "yearMonthDuration": "duration",
    **dict.fromkeys(("normalizedString", "token", "language"), "string"),
}
_FORMS: Final = {
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "float": r"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN)",
    "double": r"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN)",
    "boolean": r"(true|false|1|0)",
    "dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "dateTimeStamp": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "date": r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?",
    "time": r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "duration": r"-?P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
}
_TEXTS: Final = frozenset((f"{RDFS}Literal", f"{RDF}PlainLiteral"))


def is_datatype(iri: str) -> bool:
    """Whether an IRI of a range stands for literals."""
    return iri.startswith(XSD) or iri in _TEXTS or iri == f"{RDF}langString"


def fits(value: Literal, datatypes: Iterable[str]) -> bool:
    """Whether a literal is of one of these datatypes; one whose own datatype is not XML Schema's may be."""
    return any(_fits(value, one) for one in datatypes)


def is_of_kind(datatype: str, datatypes: Iterable[str]) -> bool:
    """Whether literals of a datatype can be of one of these: they share the values that they are drawn from."""
    return any(one in _TEXTS or _kind(one) == _kind(datatype) for one in datatypes)


def _fits(value: Literal, datatype: str) -> bool:
    if datatype in _TEXTS or value.datatype == datatype:
        return datatype in _TEXTS or _is_well_formed(value.lexical, datatype)
    if not value.datatype.startswith((XSD, RDF)):
        return True
    return _kind(value.datatype) == _kind(datatype) and _is_well_formed(value.lexical, datatype)


def _kind(datatype: str) -> str:
    return _KINDS.get(name := datatype.removeprefix(XSD), name)


def _is_well_formed(lexical: str, datatype: str) -> bool:
    name = datatype.removeprefix(XSD)
    if name in _WHOLE:
        least, most = _WHOLE[name]
        if not re.fullmatch(r"[+-]?\d+(\.0*)?", lexical, re.ASCII):
            return False
        number = int(lexical.partition(".")[0])
        return (least is None or number >= least) and (most is None or number <= most)
    form = _FORMS.get(name)
    return form is None or re.fullmatch(form, lexical, re.ASCII) is not None
