"""Read exchange folders: what can be read is read, what cannot is a problem with a place."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match

from gridlingua.catalogue.content import Content
from gridlingua.catalogue.declaration import declaration, ignored, profiles_of
from gridlingua.catalogue.draft import Draft
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Case, Exchange, Operation, Part, Profile
from gridlingua.catalogue.legibility import remarks
from gridlingua.catalogue.lines import read_yaml
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.schemas import unspeakable
from gridlingua.catalogue.shape_files import read_shapes
from gridlingua.catalogue.texts import read_bytes
from gridlingua.errors import CatalogueError, MessageError, Problem
from gridlingua.semantics.mapping import Mapping as MessageMapping
from gridlingua.semantics.mapping import MappingError, build
from gridlingua.semantics.patterns import Pattern, PatternError, parse_construct
from gridlingua.semantics.reading import read as read_script
from gridlingua.semantics.schema import Schema, read_json


@dataclass(frozen=True)
class Catalogue:
    """All exchanges of a content root, by id, and the vocabulary they are written in."""

    content: Content
    vocabulary: Vocabulary
    exchanges: Mapping[str, Exchange]

    def __getitem__(self, exchange_id: str) -> Exchange:
        """The exchange of this id; KeyError lists the ids there are."""
        if exchange_id not in self.exchanges:
            raise KeyError(f"no exchange {exchange_id}; there are {', '.join(self.exchanges)}")
        return self.exchanges[exchange_id]

    def of_party(self, party: str) -> list[Exchange]:
        """The exchanges that a party initiates or answers."""
        return [one for one in self.exchanges.values() if party in (one.initiator, one.responder)]


def load(content: Content) -> Catalogue:
    """Load a catalogue; raises CatalogueError with every problem that keeps a folder from being read.

    What can be read may still be wrong: ``gridlingua.catalogue.checks`` tells.
    """
    vocabulary = Vocabulary.load(content.ontologies, content.extension_base)
    drafts = [read(content, folder, vocabulary.prefixes) for folder in content.folders()]
    if problems := [problem for draft in drafts for problem in draft.problems]:
        raise CatalogueError(problems)
    return Catalogue(content, vocabulary, {draft.id: draft.exchange for draft in drafts if draft.exchange})


def read(content: Content, folder: Path, prefixes: Mapping[str, str]) -> Draft:
    """Read one folder; the draft has an exchange, or problems."""
    draft = Draft(content, folder)
    declared = _declared(draft)
    schemas: dict[Part, Schema | None] = {part: _schema(draft, part) for part in ("request", "reply")}
    profiles = _profiles(draft, declared["kind"] if declared else _likely_kind(folder), prefixes)
    mappings = _mappings(draft, declared, prefixes, profiles) if declared else {}
    examples, rejects = _cases(draft, "examples"), _cases(draft, "rejects")
    if declared and not draft.problems:
        draft.exchange = Exchange(
            id=draft.id,
            title=declared["title"],
            source=declared["source"],
            note=declared.get("note", ""),
            kind=declared["kind"],
            initiator=declared["initiator"],
            responder=declared["responder"],
            operation=Operation.parse(declared["rest"]),
            access=declared["access"],
            request=mappings.pop((JUDGED_PROFILE, "request")),
            reply=mappings.pop((JUDGED_PROFILE, "reply")),
            request_schema=schemas["request"] or {},
            reply_schema=schemas["reply"] or {},
            profiles=profiles,
            examples=examples,
            rejects=rejects,
            folder=folder,
            shapes_path=content.shapes / f"{draft.id}.ttl",
            read_shapes=partial(read_shapes, content, content.shapes / f"{draft.id}.ttl"),
            written=mappings,
            ignored={part: ignored(declared[part]) for part in get_args(Part)},
        )
    return draft


@cache
def exchange_schema() -> Schema:
    """The JSON Schema of exchange.yaml."""
    text = resources.files("gridlingua.catalogue").joinpath("exchange.schema.json").read_text(encoding="utf-8")
    schema: Schema = json.loads(text)
    return schema


def _declared(draft: Draft) -> dict[str, Any] | None:
    path = draft.declaration_path
    try:
        declared, draft.lines = read_yaml(draft.content.read(path))
    except FileNotFoundError:
        draft.problems.append(draft.problem("structure", "the folder has no exchange.yaml"))
        return None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: no UTF-8, or a date that does not exist
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        draft.problems.append(draft.problem("structure", f"not YAML: {said}", line=mark.line + 1 if mark else 1))
        return None
    found = list(_structure(draft, declared))
    draft.problems += found
    return None if found else declared


def _structure(draft: Draft, declared: Any) -> Iterator[Problem]:
    for error in Draft202012Validator(exchange_schema()).iter_errors(_plain(declared)):
        cause = best_match([error]) or error
        place = tuple(str(step) for step in cause.absolute_path)
        if cause.validator == "enum" and place[-1:] in (("as",), ("with",)):
            continue  # the mapping tells what there is; the list is in the schema for editors
        yield draft.problem(
            "structure", f"{'/'.join(place) or 'exchange.yaml'}: {cause.message}", line=draft.at(*place)
        )
    for part in ("request", "reply"):
        for name, one in _mapping(_mapping(_mapping(declared).get(part)).get("fields")).items():
            if any(isinstance(code, bool) for code in _mapping(_mapping(one).get("codes"))):
                line = draft.at(part, "fields", name, "codes")
                yield draft.problem(
                    "structure", f'?{name}: YAML reads a bare Yes, No, On or Off as a boolean: write "Yes"', line=line
                )


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    """The same with every key a text, as JSON Schema wants it."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _schema(draft: Draft, part: Part) -> Schema | None:
    path = draft.folder / f"{part}.schema.json"
    try:
        schema = json.loads(draft.content.read(path), parse_float=Decimal)  # 0.1 is at least 0.1 only as a decimal
        Draft202012Validator.check_schema(schema)
    except FileNotFoundError:
        draft.problems.append(draft.problem("structure", f"the folder has no {path.name}"))
    except json.JSONDecodeError as error:
        draft.problems.append(draft.problem("structure", f"not JSON: {error.msg}", path, error.lineno))
    except ValueError as error:
        draft.problems.append(draft.problem("structure", f"not JSON: {error}", path))
    except SchemaError as error:
        draft.problems.append(draft.problem("structure", f"not a JSON Schema: {error.message}", path))
    else:
        found = [draft.problem("structure", message, path) for message in unspeakable(schema)]
        draft.problems += found
        return None if found else schema
    return None


def _likely_kind(folder: Path) -> str:
    """What an exchange seems to be whose declaration cannot be read."""
    return "post" if any(folder.glob("*.argument.rq")) else "ask"


def _profiles(draft: Draft, kind: str, prefixes: Mapping[str, str]) -> dict[str, Profile]:
    suffixes = (".rq",) if kind == "ask" else (".argument.rq", ".result.rq")
    parts: dict[str, dict[str, Pattern]] = {}
    for path in sorted(draft.folder.glob("*.rq")):
        name, dot, rest = path.name.partition(".")
        if dot + rest not in suffixes:
            wanted = " and ".join(f"{name}{suffix}" for suffix in suffixes)
            draft.problems.append(draft.problem("pattern", f"an exchange of kind {kind} has {wanted}", path))
            continue
        try:
            draft.patterns[path] = parts.setdefault(name, {})[dot + rest] = parse_construct(draft.content.read(path))
        except PatternError as error:
            draft.problems += _faults(draft, path, prefixes) or [draft.problem("pattern", str(error), path, error.line)]
        except UnicodeDecodeError as error:
            draft.problems.append(draft.problem("pattern", f"not a text in UTF-8: {error}", path))
    for name in dict.fromkeys([JUDGED_PROFILE, *parts]):
        draft.problems += [
            draft.problem("pattern", f"the folder has no {name}{suffix}")
            for suffix in suffixes
            if not (draft.folder / f"{name}{suffix}").exists()
        ]
    whole = {name: found for name, found in parts.items() if len(found) == len(suffixes)}
    return {name: Profile(name, found[suffixes[0]], found.get(".result.rq")) for name, found in whole.items()}


def _faults(draft: Draft, path: Path, prefixes: Mapping[str, str]) -> list[Problem]:
    """Everything that is no triple in a pattern file, in the words of the checks."""
    script = read_script(draft.content.read(path), prefixes)
    if script.form != "pattern":
        return []
    found = [(remark, script.position(remark.start)) for remark in remarks(script, prefixes)]
    shown = draft.content.shown(path)
    return [Problem(shown, line, one.check, one.message, column=column) for one, (line, column) in found]


def _mappings(
    draft: Draft, declared: dict[str, Any], prefixes: Mapping[str, str], profiles: Collection[str]
) -> dict[tuple[str, Part], MessageMapping]:
    """The mapping of each part, and those of the profiles that write some field in another way."""
    found: dict[tuple[str, Part], MessageMapping] = {}
    for part in get_args(Part):
        others = profiles_of(declared[part])
        for profile in dict.fromkeys([JUDGED_PROFILE, *others]):
            errors: list[MappingError] = []
            if profile not in profiles and profile in others:
                errors.append(MappingError(others[profile], f"the folder has no pattern of the profile {profile}"))
            try:
                fields = declaration(declared[part], prefixes, errors.append, profile)
                found[profile, part] = build(draft.id, part, fields, errors.append)
            except MappingError as error:  # a pointer that is none
                errors.append(error)
            for one in errors:
                line = draft.at(part, _section(draft, part, one.at), one.at)
                draft.problems.append(draft.problem("mapping", f"{part}: {one}", line=line))
    return found


def _section(draft: Draft, part: str, name: str) -> str:
    """The section of a part in which a variable or pointer stands."""
    sections = ("fields", "nodes", "keys", "order", "columns")
    return next((one for one in sections if (part, one, name) in draft.lines), "")


def _cases(draft: Draft, kind: str) -> tuple[Case, ...]:
    found = []
    for path in sorted((draft.folder / kind).glob("*.json")):
        try:
            messages = read_json(read_bytes(path))
        except MessageError as error:
            draft.problems.append(draft.problem(kind, str(error.faults[0].message), path))
            continue
        if not isinstance(messages, dict) or "request" not in messages or messages.keys() - {"request", "reply"}:
            draft.problems.append(draft.problem(kind, "a case is an object with request and reply", path))
            continue
        text = path.with_suffix(".txt")
        try:
            told = draft.content.read(text).strip() if text.exists() else None
        except UnicodeDecodeError as error:
            draft.problems.append(draft.problem(kind, f"not a text in UTF-8: {error}", text))
            continue
        found.append(Case(path.stem, path, messages, told))
    return tuple(found)
