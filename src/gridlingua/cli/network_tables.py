"""What ``gridlingua network`` prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

from gridlingua.catalogue.lettering import written
from gridlingua.cli.reasons import reasons
from gridlingua.engine.entries import Entry
from gridlingua.engine.survey.overview import Participant, Prospect, Standing
from gridlingua.engine.survey.strangers import legible

Curie = Callable[[str], str]


@dataclass(frozen=True)
class Seen:
    """A network as it was found."""

    url: str
    version: str
    participants: tuple[Participant, ...]
    standings: tuple[Standing, ...]

    def servers(self, entry: Entry) -> tuple[Entry, ...]:
        """Who serves an ask or a post."""
        return next((one.servers for one in self.standings if one.entry is entry), ())

    def initiators(self, entry: Entry) -> tuple[Entry, ...]:
        """Whom an answer or a react serves."""
        return tuple(one.entry for one in self.standings if entry in one.servers)


@dataclass(frozen=True)
class Own:
    """One of our exchanges: its prospect if we initiate it, else who would ask or post."""

    exchange: str
    entry: Entry
    prospect: Prospect | None = None
    askers: tuple[Entry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether our adapter would initiate it in vain: it works at level 1."""
        return self.prospect is not None and self.prospect.level != 1


def show(console: Console, seen: Seen, own: Sequence[Own], curie: Curie) -> None:
    """Everybody with their interactions, then our own exchanges."""
    entries = sum(len(one.entries) for one in seen.participants)
    console.print(
        f"Knowledge engine {_shown(seen.version)} at {seen.url}: {_count(len(seen.participants), 'knowledge base')}, "
        f"{_count(entries, 'interaction')}"
    )
    for participant in seen.participants:
        console.print()
        _show_participant(console, seen, participant)
    if own:
        console.print("\n[bold]Our exchanges[/bold]")
    for one in own:
        _show_own(console, one, curie)


def _show_participant(console: Console, seen: Seen, participant: Participant) -> None:
    one = participant.knowledge_base
    lease = f", lease {one.lease} s" if one.lease else ""
    console.print(f"[bold]{_shown(one.id)}[/bold]  {_shown(one.name)}  (reasoner level {one.reasoner_level}{lease})")
    if participant.trouble:
        console.print(f"  [red]{_shown(participant.trouble)}[/red]", highlight=False)
    if not participant.entries and not participant.trouble:
        console.print("  no interactions")
    rows = [
        (one.interaction.kind, one.interaction.name, _size(one), _matched(seen, one)) for one in participant.entries
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for *cells, matched in rows:
        padded = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        console.print(f"  {_shown(padded)}  {_shown(matched)}", highlight=False)


def _size(entry: Entry) -> str:
    return _count(len(entry.interaction.pattern.triples), "triple")


def _matched(seen: Seen, entry: Entry) -> str:
    if entry.interaction.is_reactive:
        return f"← {_names(seen.initiators(entry)) or 'nobody'}"
    return f"→ {_names(seen.servers(entry)) or 'nobody'}"


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(one.id.replace("/interaction/", " ", 1) for one in entries)


def _show_own(console: Console, own: Own, curie: Curie) -> None:
    interaction = own.entry.interaction
    head = f"  {interaction.kind} [bold]{escape(own.exchange)}[/bold] ({interaction.name.rpartition('--')[2]})"
    if own.prospect is None:
        asked = f"← {_names(own.askers)}" if own.askers else "← nobody so far"
        console.print(f"{head}  {_shown(asked)}", highlight=False)
    else:
        console.print(f"{head}  {_outlook(own.prospect)}", highlight=False)
        for reason in reasons(own.prospect, lambda term: written(term, curie)):
            console.print(f"    - {_shown(reason)}", highlight=False)


def _outlook(prospect: Prospect) -> str:
    if prospect.level is None:
        return "[red]nobody would serve it[/red]"
    servers = _shown(_names(prospect.servers))
    if prospect.level == 1:
        return f"→ {servers}"
    return (
        f"[red]nobody would serve it alone[/red], which an adapter wants; at level {prospect.level} together: {servers}"
    )


def in_json(seen: Seen, own: Sequence[Own], curie: Curie) -> dict[str, Any]:
    """The same for machines."""
    told: dict[str, Any] = {
        "engine": seen.url,
        "version": seen.version,
        "knowledgeBases": [_participant_in_json(seen, one) for one in seen.participants],
    }
    if own:
        told["mine"] = [_own_in_json(one, curie) for one in own]
    return told


def _participant_in_json(seen: Seen, participant: Participant) -> dict[str, Any]:
    one = participant.knowledge_base
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "reasonerLevel": one.reasoner_level,
        "lease": one.lease,
        "trouble": participant.trouble,
        "interactions": [_entry_in_json(seen, entry) for entry in participant.entries],
    }


def _entry_in_json(seen: Seen, entry: Entry) -> dict[str, Any]:
    interaction = entry.interaction
    matches = seen.initiators(entry) if interaction.is_reactive else seen.servers(entry)
    return {
        "id": entry.id,
        "kind": interaction.kind,
        "pattern": str(interaction.pattern),
        "result": None if interaction.result is None else str(interaction.result),
        "requiredPurposes": list(interaction.required),
        "satisfiedPurposes": list(interaction.satisfied),
        "serves" if interaction.is_reactive else "servedBy": [one.id for one in matches],
    }


def _own_in_json(own: Own, curie: Curie) -> dict[str, Any]:
    told: dict[str, Any] = {
        "exchange": own.exchange,
        "kind": own.entry.interaction.kind,
        "interaction": own.entry.interaction.name,
    }
    if own.prospect is None:
        return told | {"serves": [one.id for one in own.askers]}
    return told | {
        "level": own.prospect.level,
        "servedBy": [one.id for one in own.prospect.servers],
        "reasons": reasons(own.prospect, lambda term: written(term, curie)),
    }


def _shown(text: str) -> str:
    return escape(legible(text))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
