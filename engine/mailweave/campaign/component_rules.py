"""The CSS that blocks of MJML need in the head of a mail: the widths of their columns, and how they fold up."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.campaign.block_bindings import Use
from mailweave.mjml.rules import stylesheet
from mailweave.source import Source, stacked

_NAME = "<mjml>"


def with_rules(css: Source, uses: Iterable[Use]) -> Source:
    """The style sheet that all blocks share, with the rules of their components, each once."""
    rules = dict.fromkeys(rule for use in uses for rule in use.block.rules)
    if not rules:
        return css
    sheets = [piece for _, piece in css.pieces] or [css]
    return stacked([*sheets, Source(_NAME, stylesheet(rules))])
