"""What mailweave says about an author's text: findings, their wording, and how they are printed."""

from mailweave.diagnostics.errors import (
    ArgumentError,
    CampaignError,
    MailweaveError,
    RuleError,
    TemplateError,
)
from mailweave.diagnostics.model import Code, Diagnostic, Fix, Related, Severity, failed, ordered
from mailweave.diagnostics.suggest import closest, did_you_mean
from mailweave.diagnostics.table import TABLE, diagnose

__all__ = [
    "TABLE",
    "ArgumentError",
    "CampaignError",
    "Code",
    "Diagnostic",
    "Fix",
    "MailweaveError",
    "Related",
    "RuleError",
    "Severity",
    "TemplateError",
    "closest",
    "diagnose",
    "did_you_mean",
    "failed",
    "ordered",
]
