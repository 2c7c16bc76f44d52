"""What can be proved from the text: tiers without a gap, segments that nobody or everybody is in."""

from __future__ import annotations

from mailweave.rules import checked as c
from mailweave.rules.checker.findings import Findings
from mailweave.rules.regions import Gap, Regions


def prove(checked: c.CheckedDocument, findings: Findings) -> None:
    """Reports gaps of `complete` tiers, and notes segments that are empty or hold everybody."""
    regions = Regions(checked.schema, checked.segments, checked.tiers)
    for tier in checked.tiers.values():
        if tier.complete:
            _complete(tier, regions, findings)
    for segment in checked.segments.values():
        if regions.never(segment):
            findings.report("MW293", segment.span, name=segment.name)
        elif regions.always(segment):
            findings.report("MW294", segment.span, name=segment.name)


def _complete(tier: c.Tier, regions: Regions, findings: Findings) -> None:
    found = regions.gap(tier)
    if isinstance(found, Gap):
        findings.report("MW263", tier.span, name=tier.name, witness=found.witness)
    elif found is not None:
        findings.report("MW264", tier.span, name=tier.name, reason=found.reason)
