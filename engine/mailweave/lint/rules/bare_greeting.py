"""# MW933 bare-greeting

"Hi , your order": who has no name on file is greeted as nobody. Looked at are the lines of subject and preheader,
where an attribute that may be missing stands before a comma, a full stop or the end of the line. `default` helps, and
so does a condition around the words.

    spring.rules:14:11: warning MW933: where `profile.first_name` is blank, this reads `Hi , your order`

## What helps

`Hi {{ profile.first_name | default: "there" }}`, or `{% if profile.first_name != blank %}, {{ profile.first_name }}{%
endif %}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.blanks import output_may_be_blank
from mailweave.lint.lines import PREHEADER, SUBJECT, inbox_lines
from mailweave.lint.rule import CampaignRule
from mailweave.markup.pieces import Kind, pieces

_BEFORE = re.compile(r"(?:^|\s|\b(?:for|from|to|für|von|an|pour|de|para|per))\s*$", re.I)
_BEHIND = re.compile(r"\s*(?:[,.!?:;]|$)")


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    profile = campaign.schema.profile.values()
    paths = frozenset(f"profile.{one.name}" for one in profile if one.optional and one.default is None)
    for slot in (SUBJECT, PREHEADER):
        for line in inbox_lines(campaign, slot):
            text, depth = line.source.text, 0
            for piece in pieces(text):
                depth += piece.opens - piece.closes
                bare = not depth and piece.kind is Kind.OUTPUT and output_may_be_blank(piece.inside, paths)
                before, behind = text[: piece.span.start], text[piece.span.stop :]
                if bare and before.strip() and _BEFORE.search(before) and _BEHIND.match(behind):
                    words = f"{before}{behind}".strip()
                    yield diagnose("MW933", line.source, piece.span, path=piece.inside, words=words)


RULE = CampaignRule("MW933", "personalisation", _check)
