"""The words of a name: ``periodFrom``, ``period_from`` and ``PeriodFrom`` say the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

Words = tuple[str, ...]
"""Words in lower case, in the singular, in the order of the name."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SINGULAR: Final = {
    "series": "series",
    "status": "status",
    "prices": "price",
    "cos": "cos",
    "gas": "gas",
    "indices": "index",
}
_ENDINGS: Final = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))


def words(name: str) -> Words:
    """The words of a name; ``meterIDs`` and ``meter_ids`` are both ``("meter", "id")``."""
    plain = _plain(name)
    plain = re.sub(r"IDs\b", "Id", plain)
    return tuple(singular(one.lower()) for one in _WORD.findall(plain))


def spoken(name: str) -> str:
    """A name as people write it, in small letters: ``cosPhi`` → ``cos phi``, ``größe`` stays, ``IBAN`` too."""
    apart = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    found: list[str] = re.findall(r"[^\W\d_]+|\d+", apart)
    return " ".join(one if one.isupper() and len(one) > 1 else one.lower() for one in found) or "value"


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()


def singular(word: str) -> str:
    """One of them: ``zones`` → ``zone``; what is no plural stays."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def contain(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the wanted words stand in a name next to each other, in this order."""
    size = len(wanted)
    return any(tuple(said[at : at + size]) == tuple(wanted) for at in range(len(said) - size + 1))


def camel(said: Sequence[str]) -> str:
    """The words as a variable: a letter first, then letters and digits; ``value`` when nothing is left."""
    name = "".join(one if not at else one[:1].upper() + one[1:] for at, one in enumerate(said))
    return re.sub(r"^\d", lambda found: f"n{found[0]}", name) or "value"


def variable(name: str) -> str:
    """A field's name as a variable of a pattern, as near to its spelling as can be."""
    plain = _plain(name)
    pieces = re.findall(r"[A-Za-z0-9]+", plain)
    if not pieces:
        return "value"
    first = pieces[0].lower() if pieces[0].isupper() else pieces[0][:1].lower() + pieces[0][1:]
    made = first + "".join(one[:1].upper() + one[1:] for one in pieces[1:])
    return f"n{made}" if made[0].isdigit() else made


def fresh(wanted: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that nobody has."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


def sentence(said: Sequence[str]) -> str:
    """The words as they stand in a sentence."""
    return " ".join(said) or "value"


def article(noun: str) -> str:
    """The noun with its article: ``an offer``, ``a zone``."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
