"""Nothing that leads to a person, and no secret, stands in a pattern, in data, in a prefix or in a comment.

A pattern is public: everybody on the network reads it, and a registry keeps it. A secret never becomes a term: what
travels is a reference, worthless to anyone but the party it was granted to. Findings show the beginning of what they
found, never the whole. That a pattern carries personal data in a variable is a note, for there may be a consent to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.errors import Problem
from gridlingua.semantics.disclosure import disclosures, mask
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import OWL, RDF_TYPE, is_iri, split_iri, split_literal

EXAMPLE: Final = Example(
    wrong="""
        PREFIX gl:    <https://w3id.org/gridlingua#>
        PREFIX saref: <https://saref.etsi.org/core/>

        # agreed with maria.silva@example.org
        CONSTRUCT WHERE {
          ?query a gl:MeteringQuery ; gl:concerns ?meter ; gl:grantReference ?accessToken .
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId .
        }
    """,
    right="""
        PREFIX gl:    <https://w3id.org/gridlingua#>
        PREFIX saref: <https://saref.etsi.org/core/>

        # agreed with the metering department
        CONSTRUCT WHERE {
          ?query a gl:MeteringQuery ; gl:concerns ?meter ; gl:grantReference ?grant .
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId .
        }
    """,
)

_SECRET: Final = re.compile(
    r"(?:pass(?:word|wd|phrase)|secret|credential|api_?key|access_?key|token)s?(?:value)?", re.IGNORECASE
)
_PERSONAL: Final = {
    "an e-mail address": "mbox email hasEmail emailAddress",
    "a telephone number": "phone telephone hasTelephone phoneNumber mobile",
    "the name of a person": "givenName familyName given-name family-name firstName lastName surname fullName fn",
    "an address": "streetAddress street-address hasStreetAddress thoroughfareName",
    "a date of birth": "birthDate birthday bday dateOfBirth",
    "a tax number": "nif taxID vatID fiscalNumber",
}
_ABOUT: Final = {name.lower(): what for what, names in _PERSONAL.items() for name in names.split()}
_PLACES: Final = frozenset(("lat", "long", "lon", "latitude", "longitude"))
_PRECISE: Final = re.compile(r"-?\d{1,3}\.\d{5,}")
_NAME: Final = "http://xmlns.com/foaf/0.1/name"
_CREDITS: Final = frozenset(
    f"<{space}{name}>"
    for space in (
        "http://purl.org/dc/terms/",
        "http://purl.org/dc/elements/1.1/",
        "http://schema.org/",
        "https://schema.org/",
    )
    for name in ("creator", "contributor", "publisher", "author", "maintainer", "rightsHolder")
) | {"<http://xmlns.com/foaf/0.1/maker>", "<http://www.w3.org/ns/prov#wasAttributedTo>"}
_ONTOLOGY: Final = f"<{OWL}Ontology>"
_PERSON: Final = "<http://xmlns.com/foaf/0.1/Person>"


def check_pattern(written: Written) -> Iterator[Problem]:
    credited = _credited(written)
    public = credited | {s for s, p, o in written.pattern.triples if p == RDF_TYPE and o == _ONTOLOGY}
    thanked = "\n".join(o for s, p, o in written.pattern.triples if s in public or p in _CREDITS)
    once = {found.text: found for found in reversed([*disclosures(written.text)])}
    for found in reversed(once.values()):
        if found.secret or found.text not in thanked:
            remedy = "revoke it, and send a reference instead" if found.secret else _remedy(written)
            yield written.problem_at("privacy", f"{found.what} ({found.mask}): {remedy}", found.start)
    for prefix, namespace in written.pattern.prefixes.items():
        for found in disclosures(namespace) if namespace not in written.text else ():
            message = f"the prefix {prefix}: gives away {found.what} ({found.mask})"
            yield written.problem_of_prefix("privacy", message, prefix)
    persons = {s for s, p, o in written.pattern.triples if p == RDF_TYPE and o == _PERSON}
    for triple in written.pattern.triples:
        if is_iri(triple[1]) and triple[1] != RDF_TYPE and triple[0] not in credited:
            yield from _of_triple(triple, written, triple[0] in persons)


def _credited(written: Written) -> set[str]:
    """Who is named as the author of something: that is meant for everybody."""
    return {o for _, p, o in written.pattern.triples if p in _CREDITS and not o.startswith('"')}


def _of_triple(triple: Triple, written: Written, of_person: bool) -> Iterator[Problem]:
    """What a property says of its object."""
    _, predicate, value = triple
    iri = split_iri(predicate)
    local = re.split("[/#]", iri)[-1]
    name = written.vocabulary.curie(iri)
    if _is_secret(local, value):
        message = (
            f"{value if value.startswith('?') else name} carries a secret, which never becomes a term: send a reference"
        )
        yield written.problem("privacy", message, value, "warning", triple)
        return
    what = _ABOUT.get(local.lower()) or ("the name of a person" if iri == _NAME and of_person else "")
    if value.startswith("?"):
        if what:
            message = f"{value} carries {what} ({name}): see that those it is about have agreed"
            yield written.problem("privacy", message, value, "note", triple)
    elif value.startswith('"'):
        yield from _of_literal(triple, what, local, written)


def _is_secret(local: str, value: str) -> bool:
    """Whether a property, or the variable that is its object, is named as a secret is."""
    if value.startswith("?") and _SECRET.search(value):
        return _names_secret(value[1:])
    return value.startswith(("?", '"')) and _names_secret(local)


def _names_secret(name: str) -> bool:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")
    return any(_SECRET.fullmatch(one) for one in (*words, "".join(words[-2:])))


def _of_literal(triple: Triple, what: str, local: str, written: Written) -> Iterator[Problem]:
    text = split_literal(triple[2]).lexical
    if local.lower() in _PLACES and _PRECISE.fullmatch(text):
        what = "a position to a metre"
    if what and not any(disclosures(text)):
        yield written.problem("privacy", f"{what} ({mask(text)}): {_remedy(written)}", triple[2], triple=triple)


def _remedy(written: Written) -> str:
    if written.role == "graph":
        return "leave it out of what is shared, or write a reference that only its keeper resolves"
    return "put a variable in its place; what it carries is told to those who may know it"
