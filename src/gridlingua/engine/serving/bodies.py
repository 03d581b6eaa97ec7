"""The JSON of the KE REST API, read and written (contract 1.2, 1.7, 1.8, 1.10, 1.12)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from gridlingua.engine.bindings import short_form
from gridlingua.engine.compat import Compat
from gridlingua.engine.entries import Entry
from gridlingua.engine.errors import RegistrationError, RowsError
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.protocol import INFORM, KINDS, TYPES, Exchange, Interaction, Kind, KnowledgeBase, Result
from gridlingua.engine.registration import LONGEST_LEASE, is_absolute_iri, is_name
from gridlingua.engine.serving.fields import (
    BodyError,
    ConstraintError,
    JsonError,
    read_boolean,
    read_integer,
    read_json,
    read_required,
    read_text,
)
from gridlingua.semantics.patterns import Pattern, PatternError, parse_body

_SELECTOR: Final = (
    "The RecipientSelector should be a valid JSON object with a singleKnowledgeBase key "
    "that leads to a string value of a KnowledgeBaseId."
)


def read_knowledge_base(body: dict[str, Any], shortest_lease: int, compat: Compat, default_level: int) -> KnowledgeBase:
    """The body of ``POST /sc``. A lease of null or none is no lease, a level of null or none the default one."""
    level = read_integer(body, "reasonerLevel")
    return KnowledgeBase(
        id=read_required(body, "knowledgeBaseId", "scPost.arg0"),
        name=read_required(body, "knowledgeBaseName", "scPost.arg0"),
        description=read_required(body, "knowledgeBaseDescription", "scPost.arg0"),
        reasoner_level=default_level if level is None else level,
        lease=_lease(body, shortest_lease, compat),
    )


def _lease(body: dict[str, Any], shortest: int, compat: Compat) -> int | None:
    lease = read_integer(body, "leaseRenewalTime")
    if lease is not None and compat.limits_leases:
        if lease < shortest:
            raise ConstraintError("scPost.arg0.leaseRenewalTime", f"must be greater than or equal to {shortest}")
        if lease > LONGEST_LEASE:
            raise ConstraintError("scPost.arg0.leaseRenewalTime", f"must be less than or equal to {LONGEST_LEASE}")
    return lease


def write_knowledge_base(knowledge_base: KnowledgeBase) -> dict[str, Any]:
    """An element of ``GET /sc``."""
    lease = {} if knowledge_base.lease is None else {"leaseRenewalTime": knowledge_base.lease}
    return {
        "knowledgeBaseId": knowledge_base.id,
        "knowledgeBaseName": knowledge_base.name,
        "knowledgeBaseDescription": knowledge_base.description,
        **lease,
        "reasonerLevel": knowledge_base.reasoner_level,
    }


def read_interaction(body: dict[str, Any], compat: Compat) -> tuple[Interaction, bool]:
    """The body of ``POST /sc/ki``, and whether it has a name of its own (it gets a random one otherwise)."""
    kind = KINDS.get(str(body.get("knowledgeInteractionType")))
    if kind is None:
        raise JsonError(
            "InvalidTypeIdException",
            f"knowledgeInteractionType must be one of {', '.join(KINDS)}, not {body.get('knowledgeInteractionType')!r}",
        )
    name = read_text(body, "knowledgeInteractionName")
    if compat.checks_constraints:
        _check_constraints(body, name, kind)
    pattern, result = _patterns(body, kind)
    required, satisfied = _purposes(body)
    interaction = Interaction(
        name=str(uuid.uuid4()) if name is None else name,
        kind=kind,
        pattern=pattern,
        result=result,
        required=required,
        satisfied=satisfied,
        gaps_enabled=read_boolean(body, "knowledgeGapsEnabled"),
        include_meta=read_boolean(body, "includeMetaKIs"),
    )
    return interaction, name is not None


def _check_constraints(body: dict[str, Any], name: str | None, kind: Kind) -> None:
    if name is not None and not is_name(name):
        raise ConstraintError("scKiPost.arg1.knowledgeInteractionName", 'must match "^[a-zA-Z0-9-]*$"')
    needed = "graphPattern" if kind in ("ask", "answer") else "argumentGraphPattern"
    read_required(body, needed, "scKiPost.arg1")


def _patterns(body: dict[str, Any], kind: Kind) -> tuple[Pattern, Pattern | None]:
    prefixes = _prefixes(body)
    if kind in ("ask", "answer"):
        text = read_text(body, "graphPattern")
        if text is None:
            raise RegistrationError(f"graphPattern must be given for {kind.upper()} knowledge interactions.")
        return _pattern(text, prefixes), None
    argument, result = read_text(body, "argumentGraphPattern"), read_text(body, "resultGraphPattern")
    if argument is None and result is None:
        raise RegistrationError(
            "At least one of argumentGraphPattern and resultGraphPattern must be given "
            f"for {kind.upper()} knowledge interactions."
        )
    if argument is None:
        raise RegistrationError(
            "argumentGraphPattern must be given: with a resultGraphPattern alone nothing can ever be exchanged."
        )
    return _pattern(argument, prefixes), None if result is None else _pattern(result, prefixes)


def _pattern(text: str, prefixes: Mapping[str, str]) -> Pattern:
    try:
        return parse_body(text, prefixes)
    except PatternError as error:
        note = ". Note: Have you included your prefixes in the 'prefixes' property?" if "prefix" in str(error) else ""
        raise RegistrationError(f"Invalid graph pattern: {error}{note}") from None


def _prefixes(body: dict[str, Any]) -> dict[str, str]:
    prefixes = body.get("prefixes") or {}
    if not isinstance(prefixes, dict):
        raise JsonError("MismatchedInputException", "prefixes must be an object of prefix and IRI")
    for name, iri in prefixes.items():
        if not re.fullmatch(r"(?:[^\W\d_][\w.-]*)?", name) or not isinstance(iri, str) or re.search(r"[\s<>\"]", iri):
            raise RegistrationError(f"Invalid graph pattern: {name!r}: {iri!r} is not a prefix and its IRI")
    return prefixes


def _purposes(body: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    act = body.get("communicativeAct")
    if act is None:
        return (INFORM,), (INFORM,)
    if not isinstance(act, dict):
        raise JsonError("MismatchedInputException", "communicativeAct must be an object")
    return _iris(act.get("requiredPurposes")), _iris(act.get("satisfiedPurposes"))


def _iris(values: Any) -> tuple[str, ...]:
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise JsonError("MismatchedInputException", "purposes must be a list of IRIs")
    return tuple(values)


def write_interaction(entry: Entry) -> dict[str, Any]:
    """An element of ``GET /sc/ki``."""
    one = entry.interaction
    element: dict[str, Any] = {"knowledgeInteractionType": TYPES[one.kind]}
    if entry.named:
        element["knowledgeInteractionName"] = one.name
    element["knowledgeGapsEnabled"] = one.gaps_enabled
    element["communicativeAct"] = {
        "requiredPurposes": list(one.required),
        "satisfiedPurposes": list(one.satisfied),
    }
    element["prefixes"] = {}
    if one.kind in ("ask", "answer"):
        element["graphPattern"] = short_form(one.pattern)
    else:
        element["argumentGraphPattern"] = short_form(one.pattern)
        if one.result is not None:
            element["resultGraphPattern"] = short_form(one.result)
    element["knowledgeInteractionId"] = entry.id
    return element


@dataclass(frozen=True)
class Proposal:
    """The body of an ask or a post: rows as they came, and whom they are for (nobody named: everybody)."""

    rows: list[Any]
    recipients: tuple[str, ...]


def read_proposal(body: bytes, kind: Kind) -> Proposal:
    """Rows alone, or rows with a recipient selector; the checks in the order of contract 1.10."""
    value = read_json(body, f"sc{kind.title()}Post.arg2")
    if isinstance(value, list):
        return Proposal(read_rows(value), ())
    if not isinstance(value, dict):
        raise BodyError("The JSON should be either an JSON Object or an JSON Array.")
    if "recipientSelector" not in value or "bindingSet" not in value:
        raise BodyError("The JSON Object should contain both a recipientSelector and bindingSet key.")
    return Proposal(recipients=_recipients(value["recipientSelector"]), rows=read_rows(value["bindingSet"]))


def read_rows(value: Any) -> list[Any]:
    """An array of objects of terms, or of null where it is the network's to refuse; numbers and booleans as text."""
    if not isinstance(value, list) or not all(row is None or isinstance(row, dict) for row in value):
        raise RowsError("The BindingSet should be a valid JSON array with Bindings.")
    for row in value:
        for name, term in (row or {}).items():
            if not isinstance(term, str) and term is not None:
                row[name] = _scalar(term)
    return value


def read_answer_rows(body: dict[str, Any]) -> list[Any]:
    """The rows of an answer, none where they are not there; JsonError for what is no array of objects of terms."""
    rows = body.get("bindingSet", [])
    if isinstance(rows, list) and any(row is not None and not isinstance(row, dict) for row in rows):
        raise JsonError("MismatchedInputException", "every binding of a bindingSet must be an object")
    return read_rows(rows)


def _scalar(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise RowsError("The BindingSet should be a valid JSON array with Bindings.")
    return json.dumps(value)


def _recipients(selector: Any) -> tuple[str, ...]:
    if not isinstance(selector, dict):
        raise BodyError(_SELECTOR)
    single = selector.get("singleKnowledgeBase")
    names = selector.get("knowledgeBases") if single is None else [single]
    if not isinstance(names, list) or not all(isinstance(name, str) and is_absolute_iri(name) for name in names):
        raise BodyError(_SELECTOR)
    return tuple(names)


def write_result(result: Result, kind: Kind) -> dict[str, Any]:
    """The reply to an ask or a post."""
    exchanges = [write_exchange(exchange, kind) for exchange in result.exchanges]
    rows = {"bindingSet" if kind == "ask" else "resultBindingSet": result.rows, "exchangeInfo": exchanges}
    return rows if result.gaps is None else rows | {"knowledgeGaps": result.gaps}


def write_exchange(exchange: Exchange, kind: Kind) -> dict[str, Any]:
    """An element of exchangeInfo."""
    element: dict[str, Any] = {
        "initiator": "knowledgeBase",
        "knowledgeBaseId": exchange.knowledge_base,
        "knowledgeInteractionId": exchange.interaction,
        "exchangeStart": write_date(exchange.started),
        "exchangeEnd": write_date(exchange.ended),
        "status": exchange.status,
    }
    if exchange.message:
        element["failedMessage"] = exchange.message
    if kind == "ask":
        return element | {"bindingSet": exchange.rows}
    return element | {"argumentBindingSet": exchange.rows, "resultBindingSet": exchange.result_rows}


def write_parcel(parcel: Parcel) -> dict[str, Any]:
    """The reply to a poll."""
    return {
        "knowledgeInteractionId": parcel.interaction_id,
        "handleRequestId": parcel.number,
        "bindingSet": parcel.rows,
        "requestingKnowledgeBaseId": parcel.requester,
    }


def read_number(body: dict[str, Any]) -> int:
    """The handle request that an answer is for."""
    number = read_integer(body, "handleRequestId")
    if number is None:
        raise BodyError("The handleRequestId property is mandatory, but not provided.")
    return number


def read_error(body: dict[str, Any]) -> str | None:
    """Why there is no answer."""
    return read_text(body, "errorMessage")


def write_date(moment: datetime) -> str:
    """``2026-11-20T17:03:18.600+00:00``: UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
