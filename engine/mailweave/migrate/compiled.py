"""Whether a written campaign compiles, told by the lines of the template that it came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailweave.diagnostics import Diagnostic, Severity
from mailweave.environment import Environment
from mailweave.migrate.convert import Campaign
from mailweave.source import Span


def uncompiled(folder: Path, campaign: Campaign) -> tuple[Diagnostic, ...]:
    """The errors of the campaign in its folder: in the template where a place of it is known, else in what was written."""
    found = Environment().check(folder)
    return tuple(_at_home(each, campaign) for each in found if each.severity is Severity.ERROR)


def _at_home(each: Diagnostic, campaign: Campaign) -> Diagnostic:
    if each.source is None or each.span is None or campaign.source is None:
        return each
    file, start = each.source.origin(each.span.start)
    at = campaign.origins.at(start) if file.text == campaign.liquid else None
    if at is None:
        return each
    stop = min(at + 1, len(campaign.source.text))
    return replace(each, source=campaign.source, span=Span(at, stop), fix=None, related=())
