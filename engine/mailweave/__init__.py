"""mailweave: e-mails from rules, blocks and Liquid. Compile once, render a million.

Names are loaded when they are used, so that `import mailweave` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailweave.lazy_exports import lazily

if TYPE_CHECKING:
    from mailweave.campaign import Campaign, Failure
    from mailweave.decisions import Selection, Skip
    from mailweave.diagnostics import (
        ArgumentError,
        CampaignError,
        Diagnostic,
        MailweaveError,
        RuleError,
        TemplateError,
    )
    from mailweave.environment import Environment, render
    from mailweave.message import Attachment, Email
    from mailweave.rules import BadData
    from mailweave.rules.coercion import coerce
    from mailweave.rules.undeclared import Undeclared
    from mailweave.values.zones import zone_data_version

_HOMES = {
    "ArgumentError": "diagnostics",
    "Attachment": "message",
    "BadData": "rules",
    "Campaign": "campaign",
    "CampaignError": "diagnostics",
    "Diagnostic": "diagnostics",
    "Email": "message",
    "Environment": "environment",
    "Failure": "campaign",
    "MailweaveError": "diagnostics",
    "RuleError": "diagnostics",
    "Selection": "decisions",
    "Skip": "decisions",
    "TemplateError": "diagnostics",
    "Undeclared": "rules.undeclared",
    "coerce": "rules.coercion",
    "render": "environment",
    "zone_data_version": "values.zones",
}

__all__ = [
    "ArgumentError",
    "Attachment",
    "BadData",
    "Campaign",
    "CampaignError",
    "Diagnostic",
    "Email",
    "Environment",
    "Failure",
    "MailweaveError",
    "RuleError",
    "Selection",
    "Skip",
    "TemplateError",
    "Undeclared",
    "coerce",
    "render",
    "zone_data_version",
]


if not TYPE_CHECKING:  # a name that is not there stays an error to mypy
    __getattr__ = lazily(__name__, _HOMES)
