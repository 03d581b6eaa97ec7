"""What is said of a text that is not all triples: which check tells a slip, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from gridlingua.semantics.reading import Script, Slip

_REMEDIES: Final = {
    "FILTER": "let what it compares with travel as a variable that the one who asks binds",
    "OPTIONAL": "rows have no gaps, so write an interaction of its own for it",
    "UNION": "write one pattern, and one interaction, for each side",
    "BIND": "nothing is computed in a pattern: compute it where rows are made",
    "VALUES": "bind the values in the rows of the ask",
    "MINUS": "nothing can be taken away from an answer: leave rows out where they are made",
    "GRAPH": "a knowledge base has one graph: write its triples alone",
    "SERVICE": "ask that service in an interaction of its own",
    "SELECT": "write the triples of the inner query alone",
}


class Remark(NamedTuple):
    """A check, what it says, and of which offset of the text."""

    check: str
    message: str
    start: int


def remarks(script: Script, prefixes: Mapping[str, str]) -> Iterator[Remark]:
    """What is said of each slip of a pattern; ``prefixes`` are those that everyone uses alike.

    A query for a database may say more than triples.
    """
    for slip in script.slips:
        if slip.kind == "unreadable":
            yield Remark("pattern", slip.message, slip.start)
        elif slip.kind == "prefix":
            yield Remark("pattern", _undeclared(slip, prefixes), slip.start)
        elif script.form != "query":
            yield _beyond_triples(slip)


def _beyond_triples(slip: Slip) -> Remark:
    if slip.kind == "path":
        remedy = f"write {slip.message}" if slip.message else _remedy(slip.text)
        return Remark("paths", f"{slip.text} is a property path, no triple: {remedy}", slip.start)
    if slip.kind == "filter":
        keyword = slip.text.split("(")[0].split()[0].upper()
        remedy = _REMEDIES.get(keyword, "write the triples without braces around them")
        return Remark("filters", f"{slip.text} is no triple: {remedy}", slip.start)
    of_list = slip.text.startswith("(")
    what = "a list is made of blank nodes" if of_list else f"{slip.text} is a blank node"
    remedy = "one triple for each member" if of_list else f"a variable such as {slip.message}"
    return Remark("blank_nodes", f"{what}, which a knowledge engine refuses: write {remedy}", slip.start)


def _remedy(path: str) -> str:
    """What to do about a path that no triples say."""
    if "|" in path:
        return "write one pattern, and one interaction, for each alternative"
    return "write the steps that there are, each with a variable between"


def _undeclared(slip: Slip, prefixes: Mapping[str, str]) -> str:
    if slip.message:
        return f"the prefix {slip.text} is not declared: everywhere else it stands for <{slip.message}>"
    if meant := _meant(slip.text.rstrip(":"), prefixes):
        return f"the prefix {slip.text} is not declared: did you mean {meant}: <{prefixes[meant]}>?"
    return f"the prefix {slip.text} is not declared: say what it stands for, PREFIX {slip.text} <https://…>"


def _meant(prefix: str, prefixes: Mapping[str, str]) -> str:
    """The prefix that everyone writes where somebody writes this one: the name of the ontology, or a slip."""
    for known, namespace in prefixes.items():
        if namespace.rstrip("/#").rpartition("/")[2].lower() == prefix.lower():
            return known
    return next(iter(get_close_matches(prefix, prefixes, 1, 0.8)), "")
