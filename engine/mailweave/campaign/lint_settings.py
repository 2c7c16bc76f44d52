"""[lint] of campaign.toml: which rules are asked, and how bad what they find is."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from mailweave.diagnostics import TABLE, did_you_mean
from mailweave.diagnostics.codes.lint import CODES

OF_ALLOWANCES: Final = frozenset({"MW940", "MW941", "MW942"})
"""Findings about allowances themselves: nobody may turn these off."""

RULE_CODES: Final = frozenset(code.id for code in CODES) - OF_ALLOWANCES


def _rule(text: str) -> str:
    named = {TABLE[code].name: code for code in RULE_CODES}
    code = named.get(text, text)
    if code not in RULE_CODES:
        hint = did_you_mean(text, [*named, *RULE_CODES]) or "`mailweave lint --rules` lists them"
        raise ValueError(f"there is no rule `{text}`: {hint}")
    return code


RuleCode = Annotated[str, AfterValidator(_rule)]
"""A rule by its code or its name."""


def _level(text: str) -> str:
    if text not in ("error", "warning", "note"):
        raise ValueError("should be 'error', 'warning' or 'note'; what is not to be asked stands in `ignore`")
    return text


class LintSettings(BaseModel):
    """Rules by code or name. `select`: only these; `ignore`: not these; `severity`: another than their own."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    select: tuple[RuleCode, ...] = ()
    ignore: tuple[RuleCode, ...] = ()
    severity: dict[RuleCode, Annotated[Literal["error", "warning", "note"], BeforeValidator(_level)]] = {}

    def within(self, around: LintSettings) -> LintSettings:
        """These settings of a campaign, in a project with others: the campaign's own count where both speak.

        >>> LintSettings(ignore=("MW972",)).within(LintSettings(ignore=("MW981",))).ignore
        ('MW981', 'MW972')
        """
        return LintSettings(
            select=self.select or around.select,
            ignore=(*around.ignore, *self.ignore),
            severity={**around.severity, **self.severity},
        )

    def is_asked(self, code: str) -> bool:
        """Whether what a rule finds is told."""
        return code not in self.ignore and (not self.select or code in self.select)
