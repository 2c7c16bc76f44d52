"""# MW986 judged-by-opens-alone

A tier that asks for opens and nothing else calls those asleep whose mail client loads no pictures, and those awake
whose mail client loads all. Whoever reads on plain text, or with pictures off, never opens anything.

    spring.rules:12:1: warning MW986: the tier `awake` goes by opens alone

## What helps

Clicks, visits or purchases beside opens: `open in last 30 days or click in last 30 days`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.event_questions import OfEvents
from mailweave.lint.rule import CampaignRule
from mailweave.rules import typed
from mailweave.rules.checked import Tier

_OPENS = frozenset({"open", "opened", "opens", "email_open", "email_opened", "mail_open"})
_DATA = (
    typed.EventAggregate,
    typed.Exists,
    typed.Attribute,
    typed.ScoreValue,
    typed.InSegment,
    typed.TierValue,
    typed.LookupValue,
)


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    for tier in campaign.decisions.document.tiers.values():
        read = [
            one for member in tier.members for one in typed.walk(member.condition) if isinstance(one, _DATA)
        ]
        if read and all(isinstance(one, OfEvents) and one.event in _OPENS for one in read):
            yield _found(campaign, tier)


def _found(campaign: Campaign, tier: Tier) -> Diagnostic:
    return diagnose("MW986", campaign.decisions.source, tier.span, tier=tier.name)


RULE = CampaignRule("MW986", "behaviour", _check)
