"""The texts of an exchange's files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import simplejson
import yaml

from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold.brief import UNDECIDED, Brief
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Proposal, Side
from gridlingua.semantics.mapping import ABSENT, Pointer, write_pointer
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.schema import Schema
from gridlingua.semantics.terms import RDF_TYPE, XSD

_WIDTH: Final = 116


def declaration(brief: Brief, proposal: Proposal, schema: str) -> str:
    """exchange.yaml; ``schema`` is the way to a schema by which editors complete it, "" where there is none."""
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    for key in ("title", "source", "kind", "initiator", "responder", "rest", "access"):
        if key in brief.undecided:
            lines.append(f"# {UNDECIDED}{brief.undecided[key]}")
        lines.append(_line(key, getattr(brief, key)))
    remarks = [one[:1].upper() + one[1:] + "." for one in brief.messages.remarks]
    note = " ".join([*remarks, "There is no interconnect profile yet."])
    lines += ["note: >-", *(f"  {line}" for line in _wrapped(note))]
    for part in ("request", "reply"):
        lines += list(_part(proposal, part, brief.messages.ignored[part]))
    return "\n".join(lines) + "\n"


def _part(proposal: Proposal, part: Part, ignored: Sequence[str]) -> Iterator[str]:
    fields = [f"    {_scalar(proposal.variables[one])}: {_field(proposal, one)}" for one in proposal.leaves(part)]
    nodes = [f"    {_at(at)}: [{', '.join(_nodes(found))}]" for at, found in proposal.nodes[part].items() if found]
    keys = list(_keys(proposal, part))
    left_out = [f"    - {_scalar(one)}" for one in dict.fromkeys(ignored)]
    if not fields and not nodes and not left_out:
        yield f"{part}: {{}}"
        return
    yield f"{part}:"
    for name, lines in (("fields", fields), ("nodes", nodes), ("keys", keys), ("ignore", left_out)):
        if lines:
            yield f"  {name}:"
            yield from lines


def _field(proposal: Proposal, leaf: Leaf) -> str:
    said: list[str] = [f"at: {_scalar(_at(leaf.pointer))}"]
    converter = proposal.converters.get(leaf) or ({"as": leaf.datatype} if leaf.datatype != "string" else {})
    for key, value in converter.items():
        if isinstance(value, Mapping):
            inner = ", ".join(f"{_scalar(code)}: {_scalar(term)}" for code, term in value.items())
            said.append(f"{key}: {{{inner}}}")
        else:
            said.append(f"{key}: {_scalar(value)}")
    if leaf.default is not ABSENT:
        said.append(f"default: {_scalar(leaf.default)}")
    return "{" + ", ".join(said) + "}"


def _nodes(found: Mapping[str, str]) -> Iterator[str]:
    for name, template in found.items():
        yield f"{{{_scalar(name)}: {json.dumps(template)}}}" if template else _scalar(name)


def _keys(proposal: Proposal, part: Part) -> Iterator[str]:
    for at, names in proposal.keys[part].items():
        if (part, at) in proposal.unsure_keys:
            yield f"    # {UNDECIDED}{_at(at)}: is this what makes an element itself? Two that agree in it are refused"
        said = _scalar(names[0]) if len(names) == 1 else f"[{', '.join(map(_scalar, names))}]"
        yield f"    {_at(at)}: {said}"


def _line(key: str, value: str) -> str:
    """A line of YAML."""
    return yaml.safe_dump({key: value}, width=10**6, allow_unicode=True).rstrip()


def _at(pointer: Pointer) -> str:
    return write_pointer(pointer) or "/"


def _scalar(value: Any) -> str:
    """A value as it stands in a flow of YAML."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text: str = yaml.safe_dump([value], default_flow_style=True, width=10**6, allow_unicode=True)
    return text.strip()[1:-1]


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > _WIDTH:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


def schema(said: Schema) -> str:
    """A message's schema."""
    return simplejson.dumps(_marked_first(said), indent=2, ensure_ascii=False, use_decimal=True) + "\n"


def _marked_first(said: Any) -> Any:
    """The same with each mark in front, where it can be deleted as a line."""
    if isinstance(said, Mapping):
        first = [key for key in ("$schema", "$comment") if isinstance(said.get(key), str)]
        return {key: _marked_first(said[key]) for key in dict.fromkeys((*first, *said))}
    return [_marked_first(one) for one in said] if isinstance(said, list) else said


def pattern(proposal: Proposal, side: Side, vocabulary: Vocabulary) -> str:
    """A pattern file: a group of triples for each subject, with what is left to decide of it before it."""
    triples = proposal.triples[side]
    shown = [one for triple in triples for one in triple if one.startswith("<") and one != RDF_TYPE]
    used = {vocabulary.curie(one[1:-1]).partition(":")[0] for one in shown}
    used |= {"xsd"} if any(XSD in one for triple in triples for one in triple) else set()
    width = max((len(one) for one in used), default=0) + 1
    lines = [f"PREFIX {f'{one}:':{width}} <{vocabulary.prefixes[one]}>" for one in sorted(used)]
    lines += ["", "CONSTRUCT WHERE {"]
    subjects = dict.fromkeys(one[0] for one in triples)
    marks = {
        name: [one for one in proposal.marks if one.side == side and one.variable == name] for name in _marked(proposal)
    }
    for subject in subjects:
        group = [one for one in triples if one[0] == subject]
        for name in dict.fromkeys(node[1:] for one in group for node in (one[0], one[2]) if node.startswith("?")):
            if name in marks and (f"?{name}" == subject or f"?{name}" not in subjects):
                lines += [f"  # {UNDECIDED}?{name}: {one.sentence}" for one in marks.pop(name)]
        lines += _group(group, vocabulary)
    return "\n".join([*lines, "}"]) + "\n"


def _marked(proposal: Proposal) -> Iterable[str]:
    return dict.fromkeys(one.variable for one in proposal.marks)


def _group(triples: Sequence[Triple], vocabulary: Vocabulary) -> list[str]:
    """The triples of one subject, in lines that are not too long."""
    phrases = []
    for predicate in sorted(dict.fromkeys(one[1] for one in triples), key=lambda one: one != RDF_TYPE):
        said = " , ".join(term(one[2], vocabulary) for one in triples if one[1] == predicate)
        phrases.append(f"{'a' if predicate == RDF_TYPE else term(predicate, vocabulary)} {said}")
    lines, line = [], f"  {triples[0][0]}"
    for number, phrase in enumerate(phrases):
        end = " ;" if number + 1 < len(phrases) else " ."
        if len(line) + len(phrase) + len(end) + 1 > _WIDTH and not line.isspace() and number:
            lines.append(line)
            line = "     "
        line = f"{line} {phrase}{end}"
    return [*lines, line]


def term(text: str, vocabulary: Vocabulary) -> str:
    """A term or variable as files have it."""
    if text.startswith("<"):
        return vocabulary.curie(text[1:-1])
    value, caret, datatype = text.rpartition("^^")
    return f"{value}^^{vocabulary.curie(datatype[1:-1])}" if caret else text
