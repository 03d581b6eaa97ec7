"""``gridlingua check``: everything that is wrong with a catalogue, or with anybody's patterns and triples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE, Content
from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.checking.cache import Store
from gridlingua.catalogue.checking.policy import FILE as POLICY
from gridlingua.catalogue.checking.several import processors
from gridlingua.catalogue.passages import suffixes
from gridlingua.cli.commands import without_collection
from gridlingua.cli.inspection import Inspection
from gridlingua.cli.judgement import Judgement, all_shown
from gridlingua.cli.keeping import CacheOption, NoCacheSwitch, WatchSwitch, kept_in
from gridlingua.cli.look import Look
from gridlingua.cli.one_exchange import UsageError
from gridlingua.cli.options import AuthoredOption, BaseOption, authored, tell_whose
from gridlingua.cli.reporting import (
    FormatOption,
    OutputOption,
    SettingsOption,
    StrictSwitch,
    conclude,
    destinations,
    is_coloured,
    refuse,
)
from gridlingua.cli.reports import Report, deliver
from gridlingua.cli.reports.rules import check_rules, validate_rules
from gridlingua.cli.targets import find_targets
from gridlingua.errors import GridlinguaError


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Exchanges by id, files or folders of a catalogue, or files and folders with graph patterns and"
            " triples. A whole catalogue when absent.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Run only this check; may be repeated. {', '.join(checks())}.")
    ] = None,
    formats: FormatOption = None,
    output: OutputOption = None,
    strict: StrictSwitch = False,
    settings: SettingsOption = None,
    profile: Annotated[
        str,
        typer.Option(
            help="The generation of vocabulary that files outside of a catalogue are written in: saref4 or"
            " interconnect. That of gridlingua.toml when absent; without either each pattern shows it by its own terms."
        ),
    ] = "",
    watch: WatchSwitch = False,
    cache: CacheOption = None,
    no_cache: NoCacheSwitch = False,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Check a catalogue, or anybody's graph patterns and triples: all problems at once, each with its place.

    Status 1 for errors. Without paths it checks the catalogue of --catalogue, or of the working directory, or its own.
    What was found in an exchange is kept, and told again until something changes that it depends on.
    """
    try:
        where = destinations(formats or (), output)
        if unknown := [one for one in only or () if one not in checks()]:
            raise UsageError(f"there is no check {unknown[0]!r}; there are {', '.join(checks())}")
        ours = authored(catalogue, extension_base)
        if not paths:
            tell_whose(ours, catalogue)
        store = kept_in(cache, kept=not no_cache, resident=watch)
        request = _Request(
            paths or (),
            only or (),
            strict,
            settings,
            ours,
            extension_base,
            store,
            profile,
        )
        if watch:
            from gridlingua.cli.watching import stay  # not above: it imports what no other run needs

            raise typer.Exit(stay(request.look, lambda report: deliver(report, where, typer.echo), store.files))
        with without_collection():  # of the whole catalogue it would free little: 150 MB do
            conclude(request.look().report, where)
    except GridlinguaError as error:
        refuse("check", error, formats or (), output)


@dataclass(frozen=True)
class _Request:
    """What is to be checked, and how."""

    paths: Sequence[str]
    only: Sequence[str]
    strict: bool
    settings: Path | None
    default: Content
    extension_base: str
    store: Store
    profile: str = ""

    def look(self) -> Look:
        """Look at everything as it is now. Raises GridlinguaError for paths and policies that are wrong."""
        targets = find_targets(self.paths, self.default, sorted(suffixes()))
        inspection = Inspection(
            targets,
            self.only,
            self.default.ontologies,
            self.extension_base,
            self.store,
            processors(),
            profile=self.profile,
        )
        rules = check_rules()
        judgement = Judgement(self.settings, {*rules, *validate_rules()})
        report = Report(
            command="check",
            problems=tuple(inspection.problems(judgement)),
            files=tuple(all_shown(inspection.files)),
            rules=rules,
            subject=inspection.subject,
            strict=self.strict,
            coloured=is_coloured(),
            excepted=judgement.excepted,
        )
        named = [path for path in map(Path, self.paths) if path.is_dir()]
        policies = [self.settings] if self.settings else [root / POLICY for root in targets.exchanges]
        return Look(report, [*inspection.folders, *named], [*targets.files, *policies, *judgement.files])
