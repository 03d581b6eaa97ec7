"""The documentation of a catalogue, derived from it: a page per exchange with its patterns drawn, and an index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from rdflib import OWL

from gridlingua.catalogue.drawing import draw
from gridlingua.catalogue.exchange import Access, Case, Exchange, Part
from gridlingua.catalogue.lettering import written
from gridlingua.catalogue.load import Catalogue
from gridlingua.semantics.datatypes import DATATYPES, Json
from gridlingua.semantics.mapping import ABSENT, Field, Level, Mapping, Node, write_pointer
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.schema import Schema, resolve, subschemas, write_json

_BODILESS = ("GET", "DELETE")


def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every page and drawing by its path below the folder of the documentation: ``exchanges/flexibility/needs.md``."""
    found = {"exchanges/README.md": _index(catalogue)}
    for exchange in catalogue.exchanges.values():
        found[f"exchanges/{exchange.id}.md"] = "\n".join(_Page(catalogue, exchange).lines())
        fields = {*exchange.request.fields, *exchange.reply.fields}
        for name, pattern in _patterns(exchange):
            found[f"exchanges/{exchange.id}.{name}.svg"] = draw(pattern, catalogue.vocabulary.curie, fields)
    return found


def _patterns(exchange: Exchange) -> Iterator[tuple[str, Pattern]]:
    """The patterns of an exchange, named as their files are."""
    for name, profile in exchange.profiles.items():
        if profile.result is None:
            yield name, profile.request
        else:
            yield f"{name}.argument", profile.request
            yield f"{name}.result", profile.result


def _index(catalogue: Catalogue) -> str:
    lines = [
        "<!-- Written by `gridlingua docs`. -->",
        "# Exchanges",
        "",
        "An *ask* fetches, a *post* sends and is acknowledged. Each page has the messages, what they mean as a graph",
        "pattern, an example, and what is refused.",
        "",
        "| exchange | id | kind | from → to | operation | source |",
        "|---|---|---|---|---|---|",
    ]
    for one in catalogue.exchanges.values():
        cells = (
            f"[{_cell(one.title)}]({one.id}.md)",
            f"`{one.id}`",
            one.kind,
            f"`{one.initiator}` → `{one.responder}`",
            f"`{one.operation}`",
            _cell(one.source),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


_ACCESS: dict[Access, str] = {
    "open": "nothing personal, and nothing of one organisation's own",
    "own": "only what the initiator brought itself, or is addressed to",
    "granted": "an end user's data, on a grant of that user",
    "aggregated": "sums over enough clients",
}


class _Page:
    """The page of one exchange, section by section."""

    def __init__(self, catalogue: Catalogue, exchange: Exchange) -> None:
        self._catalogue = catalogue
        self._exchange = exchange
        self._root = "../" * (exchange.id.count("/") + 2)

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._message("request")
        yield from self._message("reply")
        yield from self._nodes()
        yield from self._example()
        yield from self._meaning()
        yield from self._refused()

    def _head(self) -> Iterator[str]:
        one = self._exchange
        says = ("asks", "answers") if one.kind == "ask" else ("posts", "reacts")
        yield f"<!-- Written by `gridlingua docs` from graph_patterns/{one.id}: change it there. -->"
        yield f"# {one.title}"
        yield ""
        yield f"`{one.id}` · {one.kind} · `{one.operation}`"
        yield ""
        yield f"The `{one.initiator}` {says[0]}, the `{one.responder}` {says[1]}. Source: {one.source}."
        yield ""
        yield f"Access: {one.access}, {_ACCESS[one.access]}."
        yield ""
        if one.note:
            yield one.note.strip()
            yield ""
        yield f"Declared in {self._link(one.folder / 'exchange.yaml')}."
        yield ""

    def _link(self, path: Path, text: str = "") -> str:
        shown = self._catalogue.content.shown(path)
        return f"[{text or shown}]({self._root}{shown})"

    def _message(self, part: Part) -> Iterator[str]:
        one = self._exchange
        mapping, schema = (one.request, one.request_schema) if part == "request" else (one.reply, one.reply_schema)
        yield f"## {part.capitalize()}"
        yield ""
        file = one.folder / f"{part}.schema.json"
        yield f"{schema.get('description', schema.get('title', ''))} JSON Schema: {self._link(file, file.name)}."
        yield ""
        yield "| field | variable | is written as | meaning |"
        yield "|---|---|---|---|"
        for name, field in mapping.fields.items():
            leaf = _leaf(schema, field)
            pointer = write_pointer(field.pointer)
            yield f"| `{pointer}` | `?{name}` | {self._kind(field, leaf)} | {_cell(leaf.get('description', ''))} |"
        yield ""

    def _kind(self, field: Field, leaf: Schema) -> str:
        converter, curie = field.converter, self._catalogue.vocabulary.curie
        if converter.codes:
            codes = {
                code: converter.codes[code] for code in leaf.get("enum", converter.codes) if code in converter.codes
            }
            said = "<br>".join(f"`{code}` = `{written(term, curie)}`" for code, term in codes.items())
        else:
            said = f"`xsd:{converter.name}`" if converter.name in DATATYPES else converter.name
        absent = "" if field.default is ABSENT else f"<br>when absent: `{write_json(field.default)}`"
        return _cell(said) + absent

    def _nodes(self) -> Iterator[str]:
        rows: dict[str, str] = {}
        for mapping in (self._exchange.request, self._exchange.reply):
            for level in mapping.levels:
                for node in level.nodes:
                    rows.setdefault(node.variable, _minted(mapping, level, node))
        if rows:
            yield "## Resources that the messages do not name"
            yield ""
            yield "The adapter names them, the same thing alike each time. `…` is the base of the party that speaks, or"
            yield "of the whole network where several exchanges speak of one thing."
            yield ""
            yield "| variable | name |"
            yield "|---|---|"
            yield from (f"| `?{variable}` | `{name}` |" for variable, name in rows.items())
            yield ""

    def _example(self) -> Iterator[str]:
        one = self._exchange
        cases = sorted(one.examples, key=lambda case: (not case.messages.get("reply"), len(write_json(case.messages))))
        if not cases:
            return
        case = cases[0]
        yield "## Example"
        yield ""
        yield f"{self._link(case.path)}:"
        yield ""
        yield from self._call(case)
        if "reply" in case.messages:
            yield "is answered with"
            yield ""
            yield from _fenced("json", write_json(case.messages["reply"], indent=2))
        yield "See its rows, its triples and SHACL's verdict:"
        yield ""
        yield from _fenced("sh", f"gridlingua map {one.id} {self._catalogue.content.shown(case.path)} --explain")

    def _call(self, case: Case) -> Iterator[str]:
        operation, message = self._exchange.operation, case.messages["request"]
        path, rest = operation.path, message
        if operation.parameters:
            path = path.format_map({name: quote(_text(message[name]), safe="") for name in operation.parameters})
            rest = {name: value for name, value in message.items() if name not in operation.parameters}
        query = list(operation.constants.items())
        if operation.method in _BODILESS:
            query += [(name, _text(one)) for name, value in rest.items() for one in _listed(value)]
        target = path + (f"?{urlencode(query, safe=':')}" if query else "")
        yield from _fenced("http", f"{operation.method} {target}")
        if operation.method not in _BODILESS:
            yield from _fenced("json", write_json(rest, indent=2))

    def _meaning(self) -> Iterator[str]:
        one = self._exchange
        yield "## Meaning"
        yield ""
        for name, _ in _patterns(one):
            path = one.folder / f"{name}.rq"
            yield f"### `{path.name}`"
            yield ""
            yield f"![The graph pattern {name}, drawn]({one.id.rpartition('/')[2]}.{name}.svg)"
            yield ""
            yield from _fenced("sparql", self._catalogue.content.read(path).strip())

    def _refused(self) -> Iterator[str]:
        one = self._exchange
        yield "## What is refused"
        yield ""
        yield "What the schemas do not allow, what cannot be said in rows, and what SHACL refuses:"
        yield ", ".join(self._link(path) for path in self._shape_files()) + "."
        yield ""
        for case in one.rejects:
            yield f"- {self._link(case.path, case.name.replace('_', ' '))}"
            if case.told:
                yield ""
                yield from (f"  > {line}" for line in _literally(case.told).splitlines())
                yield ""
        yield "A request that is refused is answered with 422, and the pointer and sentence of every fault, before"
        yield "anything is sent. A reply that is refused does not leave the party that gave it: who asked gets a 502."
        yield ""

    def _shape_files(self) -> list[Path]:
        one = self._exchange
        imported = {str(target) for target in one.shapes.graph.objects(None, OWL.imports)}
        root = self._catalogue.content.root.resolve()
        others = sorted(Path(unquote(uri.removeprefix("file://"))).relative_to(root) for uri in imported)
        return [one.shapes_path, *(self._catalogue.content.root / path for path in others)]


def _minted(mapping: Mapping, level: Level, node: Node) -> str:
    if node.template:
        return f"…/{node.template}"
    above = mapping.levels[: mapping.levels.index(level) + 1]
    keys = [key for one in above for key in one.keys]
    named = "/".join(f"{{{key}}}" for key in keys) if level.pointer else "{digest of the message}"
    return f"…/{mapping.exchange}/{node.variable}/{named}"


def _leaf(schema: Schema, field: Field) -> Schema:
    """The schema of a field; the root's for a message that is one value."""
    way = subschemas(schema, field.pointer)
    return resolve(schema, way[-1][0] if way else schema)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _text(value: Json) -> str:
    return value if isinstance(value, str) else write_json(value)


def _fenced(language: str, text: str) -> Iterator[str]:
    yield f"```{language}"
    yield text
    yield "```"
    yield ""


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _literally(text: str) -> str:
    """A sentence as Markdown shows it unchanged: pointers are full of asterisks."""
    for char in "\\*_<[|":
        text = text.replace(char, f"\\{char}")
    return text
