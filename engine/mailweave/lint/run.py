"""All rules over one campaign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Final

from mailweave.campaign import Campaign, compile_folder
from mailweave.campaign.arguments import checked_folder
from mailweave.campaign.lint_settings import LintSettings
from mailweave.campaign.project import project_of
from mailweave.content.once import Once, each_time
from mailweave.diagnostics import TABLE, Diagnostic, Severity, ordered
from mailweave.lint import rules
from mailweave.lint.allowances import silenced
from mailweave.lint.blanks import blanks_of
from mailweave.lint.pages import Pages
from mailweave.lint.rule import CampaignRule, Rule
from mailweave.prove import prove_quickly
from mailweave.prove.lint_witnesses import witnessed

RULES: Final[tuple[Rule, ...]] = rules.every()
"""All rules, by code."""


def check(path: str | PathLike[str]) -> tuple[Diagnostic, ...]:
    """Everything that `mailweave check` says about the campaign in the folder `path`, sorted.

    That is all that compiling it finds; of a campaign that compiles also what intervals prove of its rules, notes on slow
    templates, and what the rules find; without what its author allowed. Raises ArgumentError for what is no path.

    >>> [d.code for d in check("fixtures/campaigns/smallest") if d.code.startswith("MW95")]
    []
    """
    folder = checked_folder(path)
    campaign, found = compile_folder(folder)
    return found if campaign is None else findings(campaign, folder, found)


def findings(
    campaign: Campaign, folder: Path, found: Iterable[Diagnostic] = (), once: Once = each_time
) -> tuple[Diagnostic, ...]:
    """The same of the campaign in `folder` that is compiled already. found: by compiling it; once: keeps what is worked
    out."""
    project, wrong = project_of(folder, Path(campaign.texts.given))
    settings = campaign.config.lint if project is None else campaign.config.lint.within(project.lint)
    judged = [*campaign.slow_templates(), *_judged(campaign, settings, once)]
    told = [*found, *wrong, *prove_quickly(campaign.decisions.source, campaign.context), *judged]
    return ordered(witnessed(campaign, folder, silenced(campaign, told)))


def listed() -> list[dict[str, str]]:
    """The rules as plain JSON: `code`, `name`, `family`, `severity`, and `fix`: whether it can be mended by itself.

    >>> listed()[0]["name"]
    'words-before-preheader'
    """
    return [
        {
            "code": rule.code,
            "name": TABLE[rule.code].name,
            "family": rule.family,
            "severity": TABLE[rule.code].severity.value,
            "fix": rule.fix,
        }
        for rule in RULES
    ]


def _judged(campaign: Campaign, settings: LintSettings, once: Once) -> Iterator[Diagnostic]:
    pages = Pages(campaign.templates(), once, campaign.config.clients, blanks_of(campaign))
    for rule in RULES:
        if not settings.is_asked(rule.code):
            continue
        found = rule.check(campaign) if isinstance(rule, CampaignRule) else rule.check(pages)
        wanted = settings.severity.get(rule.code)
        yield from found if wanted is None else (replace(d, severity=Severity(wanted)) for d in found)
