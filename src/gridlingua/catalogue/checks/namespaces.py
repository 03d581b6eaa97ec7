"""Every namespace is that of its ontology: no slash too few, no https for http, no prefix that nobody expands.

A namespace that is almost right makes every term of it a term that nobody has: `PREFIX s4ener:
<https://saref.etsi.org/saref4ener>` makes `s4ener:TimeSeries` to `<https://saref.etsi.org/saref4enerTimeSeries>`. And
`<saref:Device>` is an IRI of its own, whatever `saref:` stands for. So is a term of an ontology's version,
`<https://saref.etsi.org/core/v3.1.1/Device>`, and one of an older ontology: `https://w3id.org/saref#` was SAREF's up to
2.1.1. Each namespace is told once, where it is declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology.namespaces import Stray
from gridlingua.errors import Problem

EXAMPLE: Final = Example(
    wrong="""
        PREFIX s4ener: <https://saref.etsi.org/saref4ener>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?point a s4ener:DataPoint ; saref:hasResult ?value .
          ?value a <saref:PropertyValue> ; saref:hasValue ?power .
        }
    """,
    right="""
        PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?point a s4ener:DataPoint ; saref:hasResult ?value .
          ?value a saref:PropertyValue ; saref:hasValue ?power .
        }
    """,
)

_VERSION: Final = re.compile(r"/v\d+(?:\.\d+)*/")
_RELATIVE: Final = re.compile(r"[\w./#?&=%~-]+")


def check_pattern(written: Written) -> Iterator[Problem]:
    for stray in written.strays:
        if stray.declared:
            yield written.problem_of_prefix("namespaces", _of_prefix(written, stray), stray.prefix)
        else:
            yield written.problem("namespaces", _in_full(stray), stray.iris[0])
    if written.role != "graph":
        for iri in written.iris:
            if _RELATIVE.fullmatch(iri):
                message = f"<{iri}> is no IRI that others could write: it begins with no scheme such as https:"
                yield written.problem("namespaces", message, iri)


def _of_prefix(written: Written, stray: Stray) -> str:
    owner = next((one for one, space in written.vocabulary.prefixes.items() if space == stray.written), "")
    if owner:
        return f"{stray.prefix}: stands for <{stray.written}>, which is {owner}: for everyone: write <{stray.meant}>"
    if stray.former:
        return f"{stray.prefix}: stands for <{stray.written}>, which was that of {stray.former}: write <{stray.meant}>"
    if _VERSION.sub("/", stray.written) == stray.meant:
        return f"{stray.prefix}: stands for a version, <{stray.written}>, and terms are of none: write <{stray.meant}>"
    why = _difference(stray.written, stray.meant)
    return f"{stray.prefix}: stands for <{stray.written}>, and no ontology is there: write <{stray.meant}>{why}"


def _in_full(stray: Stray) -> str:
    more = len(stray.iris) - 1
    also = f" (and {more} more like it)" if more else ""
    iri = stray.iris[0]
    if stray.unexpanded:
        return f"<{iri}> is an IRI of its own, not a prefixed name: write {iri} alone, or <{stray.mended}>{also}"
    if stray.former:
        return f"<{iri}> is of the namespace that was that of {stray.former}: write <{stray.mended}>{also}"
    if iri.startswith(stray.mended):
        return f"<{iri}> is no term, because of what ends it: write <{stray.mended}>{also}"
    if _VERSION.sub("/", iri) == stray.mended:
        return f"<{iri}> names a version, and terms are of none: write <{stray.mended}>{also}"
    why = _difference(iri, stray.mended)
    return f"<{iri}> is of a namespace that no ontology has: write <{stray.mended}>{why}{also}"


def _difference(written: str, meant: str) -> str:
    """What is wrong with a namespace or an IRI, in brackets, where a word says it."""
    if written.startswith("<"):
        return " (without the brackets in it)"
    if written.partition(":")[0] != meant.partition(":")[0] and written.partition(":")[2] == meant.partition(":")[2]:
        return f" ({meant.partition(':')[0]}, not {written.partition(':')[0]})"
    if "".join(char for char in written if char not in "/#") != "".join(char for char in meant if char not in "/#"):
        return ""
    mark = "#" if meant.count("#") > written.count("#") else "/"
    if len(written) == len(meant):
        return f" (with {mark})"
    return f" (the {mark} is missing)" if len(written) < len(meant) else " (there is one / or # too many)"
