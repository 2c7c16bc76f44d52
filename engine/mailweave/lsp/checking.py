"""The whole check of a campaign with unsaved texts laid over its files: in a process beside."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from mailweave import lint
from mailweave.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.campaign.rule_imports import imported_beside
from mailweave.content.files import TEXT
from mailweave.decisions import check_rules
from mailweave.diagnostics import Diagnostic, Severity, ordered
from mailweave.liquid.contract import str_path
from mailweave.lsp.campaign_files import SETTINGS
from mailweave.lsp.findings import as_found
from mailweave.lsp.reports import Renamed, Report
from mailweave.prove import prove_quickly
from mailweave.root import Root, laid_over
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.typed import Inlined, walk
from mailweave.source import Source, joined

_MOST: Final = 4  # campaigns whose work is kept
_drafts: OrderedDict[str, Draft] = OrderedDict()


def report(unit: str, unsaved: Mapping[str, str]) -> Report:
    """Everything there is to say of a campaign folder, or of a rule file that belongs to none, as `check` says it."""
    with laid_over(unsaved):
        if Path(unit).is_dir():
            campaign, found = _compiled(unit)
            whole = (
                found if campaign is None else lint.findings(campaign, Path(unit), found, _draft(unit).once)
            )
            types = {} if campaign is None else let_types(campaign.decisions.document)
            return Report(as_found(whole, f"{unit}/{SETTINGS}"), types)
        return Report(as_found(_rules_alone(Path(unit)), unit))


def _compiled(unit: str) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    return compile_folder(Path(unit), draft=_draft(unit))


def _draft(unit: str) -> Draft:
    draft = _drafts.setdefault(unit, Draft())
    _drafts.move_to_end(unit)
    while len(_drafts) > _MOST:
        _drafts.popitem(last=False)
    return draft


def _rules_alone(file: Path) -> tuple[Diagnostic, ...]:
    source = Source(file.as_posix(), Root(file.parent).text(file.name, TEXT))
    theirs, found = imported_beside(file, source)
    whole = joined([source, *theirs])
    told = [*check_rules(whole), *found]
    is_wrong = any(d.severity is Severity.ERROR for d in told)
    return ordered(told if is_wrong else [*told, *prove_quickly(whole)])


def let_types(document: CheckedDocument) -> dict[str, str]:
    """The types of the lets that are used, `?` behind those that may be missing."""
    conditions = [
        *(one.condition for one in document.segments.values()),
        *(one.condition for tier in document.tiers.values() for one in tier.members),
        *(one.condition for one in document.skips),
        *(one for block in document.content.blocks.values() for one in block.requires),
    ]
    return {
        node.name: f"{node.type}{'?' if node.optional else ''}"
        for condition in conditions
        for node in walk(condition)
        if isinstance(node, Inlined)
    }


def objection(rename: Renamed) -> str:
    """Why a rename is not proved to reach every place; empty where it is.

    A campaign refuses every name that nothing declares. So one that compiles after as it did before, with the same
    findings, and whose templates read the same data but for the name, was renamed as a whole.
    """
    before, said = _campaign(rename, rename.before)
    if before is None:
        return f"the campaign does not compile as it is: {_first(said)}"
    after, told = _campaign(rename, rename.after)
    if after is None:
        return f"the campaign would not compile: {_first(told)}"
    gone = Counter(d.code for d in said)
    if gone != Counter(d.code for d in told):
        return f"other things would be said of it: {_first(d for d in told if d.code not in gone)}"
    if _reads(before, rename) != _reads(after, None):
        return "its templates would read other data"
    return ""


def _campaign(rename: Renamed, texts: Mapping[str, str]) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    with laid_over(texts):
        return compile_folder(Path(rename.unit))


def _first(found: Iterable[Diagnostic]) -> str:
    listed = sorted(found, key=lambda d: d.severity.rank)
    if not listed:
        return "nothing is said that was said before"
    at = listed[0].location
    where = f"{Path(at.name).name}:{at.line}: " if at else ""
    return f"{where}{listed[0].message}"


def _reads(campaign: Campaign, rename: Renamed | None) -> list[str]:
    """What the templates read, under the new name."""
    return sorted(
        _path(read.path, rename) for one in campaign.contract().blocks.values() for read in one.reads
    )


def _path(path: tuple[str, ...], rename: Renamed | None) -> str:
    if rename is not None and rename.root and path[:2] == (rename.root, rename.old):
        path = (path[0], rename.new, *path[2:])
    return str_path(path)
