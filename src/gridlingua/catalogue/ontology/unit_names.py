"""What a unit that no list has was meant to be: a name that only reads alike is another unit, a thousand times off."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Final

from gridlingua.catalogue.ontology.names import complete
from gridlingua.semantics.terms import split_iri
from gridlingua.semantics.units import UNITS

OM: Final = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
QUDT: Final = "http://qudt.org/vocab/unit/"
_SPACES: Final = (OM, QUDT)
_ALIKE: Final = 0.85
_LONG: Final = 6
_WORD: Final = 4
_MILLI: Final = re.compile(r"m[A-Z]")
_SPOKEN: Final = MappingProxyType(
    {
        "percentage": "%",
        "voltampere": "VA",
        "kilovoltampere": "kVA",
        "megavoltampere": "MVA",
        "watth": "Wh",
        "kilowh": "kWh",
        "kilowatth": "kWh",
        "megawatth": "MWh",
        "kilowatthr": "kWh",
        "megawh": "MWh",
        "ccyeuro": "EUR",
    }
)

_CELSIUS: Final = (f"{OM}degreeCelsius", f"{QUDT}DEG_C")


def meant_unit(iri: str) -> str:
    """The IRI of the unit whose symbol or name an IRI of OM or QUDT carries, of the same list if that has it; or ""."""
    space = next((one for one in _SPACES if iri.startswith(one)), "")
    local = iri.removeprefix(space)
    if name := _in_capitals(space, local):
        return space + name
    if space == QUDT and local.endswith("-H") and f"{local}R" in complete()[QUDT].names:
        return f"{iri}R"
    if space == QUDT and (name := _of_parts(local)):
        return QUDT + name
    found = _BY_NAME.get(_plain(local), ()) if space and not _MILLI.match(local) else ()
    return next((one for one in found if one.startswith(space) and one != iri), next(iter(found), ""))


def _in_capitals(space: str, local: str) -> str:
    """The only name of a list that differs in capitals alone; those of milli and mega make another unit."""
    if not space or _MILLI.match(local) or _plain(local) in _SPOKEN:
        return ""
    alike = [name for name in complete()[space].names if name.lower() == local.lower() and name != local]
    return alike[0] if len(alike) == 1 else ""


def is_other_unit(iri: str, suggested: str) -> bool:
    """Whether a name that reads like a unit's is another quantity, or another size of it: ``W`` for ``kW``."""
    if not (iri.startswith(_SPACES) and suggested.startswith(_SPACES)):
        return False
    ours, theirs = (re.split("[/#]", one)[-1] for one in (iri, suggested))
    if _plain(ours) in (_plain(theirs), f"{_plain(theirs)}s"):
        return False
    if suggested.startswith(QUDT):
        return not _same_parts(ours, theirs)
    return min(len(ours), len(theirs)) < _LONG or _ratio(ours, theirs) < _ALIKE


def _same_parts(left: str, right: str) -> bool:
    """Whether the parts of two names of QUDT, which are symbols, are alike but for a slip in a long one."""
    ours, theirs = re.split("[-_]", left), re.split("[-_]", right)
    return len(ours) == len(theirs) and all(map(_is_slip, ours, theirs))


def _is_slip(one: str, other: str) -> bool:
    if one == other or (sorted(one) == sorted(other) and one[:1] == other[:1]):
        return True
    is_more = one in other or other in one
    return not is_more and min(len(one), len(other)) >= _WORD and _ratio(one, other) >= _ALIKE


def _of_parts(local: str) -> str:
    """The name in QUDT of a unit of which one part, or both, is written as a symbol: ``CCY_EUR-PER-kWh``."""
    known = complete()[QUDT].names
    parts = [one if one in known else _plain(one) for one in local.split("-PER-")]
    named = [one if one in known else _in_qudt(one) for one in parts]
    name = "-PER-".join(named)
    return name if len(parts) > 1 and name in known else ""


def _in_qudt(plain: str) -> str:
    return next((one.removeprefix(QUDT) for one in _BY_NAME.get(plain, ()) if one.startswith(QUDT)), "")


def _ratio(left: str, right: str) -> float:
    return SequenceMatcher(None, left.lower(), right.lower(), autojunk=False).ratio()


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for unit in UNITS.values():
        terms = [split_iri(one) for one in (unit.term, *unit.synonyms)]
        spoken = (name for name, symbol in _SPOKEN.items() if symbol == unit.symbol)
        for name in (unit.symbol, *(re.split("[/#]", one)[-1] for one in terms), *spoken):
            found[_plain(name)] += terms
    found |= {name: [*_CELSIUS] for name in ("celsius", "degcelsius", "degreescelsius", "degc")}
    return {name: tuple(dict.fromkeys(terms)) for name, terms in found.items()}


_BY_NAME: Final = MappingProxyType(_names())
