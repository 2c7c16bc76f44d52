"""All rules over one campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike

from mailweave.campaign import Campaign, compile_folder
from mailweave.campaign.arguments import checked_folder
from mailweave.content.once import Once, each_time
from mailweave.diagnostics import Diagnostic, ordered
from mailweave.lint.rules import contrast

Rule = Callable[[Campaign, Once], Iterator[Diagnostic]]
RULES: tuple[Rule, ...] = (contrast.findings,)


def check(path: str | PathLike[str]) -> tuple[Diagnostic, ...]:
    """Everything there is to say about the campaign in the folder `path`, sorted: all that compiling it finds, notes on
    slow templates, and what the rules find in a campaign that compiles.

    Raises ArgumentError for what is no path.

    >>> [d.code for d in check("fixtures/campaigns/smallest") if d.code.startswith("MW95")]
    []
    """
    campaign, found = compile_folder(checked_folder(path))
    if campaign is None:
        return found
    return ordered([*found, *findings(campaign)])


def findings(campaign: Campaign, once: Once = each_time) -> tuple[Diagnostic, ...]:
    """What is said of a campaign that compiles, beside what compiling it found. `once`: who keeps what is worked out."""
    return (*campaign.slow_templates(), *(d for rule in RULES for d in rule(campaign, once)))
