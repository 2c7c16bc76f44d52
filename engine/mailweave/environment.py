"""The way in: an environment compiles campaign folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from os import PathLike
from typing import Any

from mailweave.campaign import Campaign, compile_folder
from mailweave.campaign.arguments import check_flag, checked_folder
from mailweave.decisions import Skip
from mailweave.diagnostics import CampaignError, Diagnostic, ordered
from mailweave.message import Attachment, Email


class Environment:
    """Compiles campaigns; holds what they have in common.

    strict: skip whoever brings names that no rule declares, as `bad_data`. What is misspelt is else read by nobody;
    `Campaign.undeclared` lists it.

    >>> campaign = Environment().compile("fixtures/campaigns/cdnow-winback")
    >>> campaign.config.name
    'cdnow-winback'
    >>> strict = Environment(strict=True).compile("fixtures/campaigns/smallest")
    >>> print(strict.render({"id": "1", "email": "ann@example.com", "consents": {"marketing": True}}))
    skip bad_data: consents is an attribute that no rule declares: did you mean `consent`?
    """

    def __init__(self, *, strict: bool = False) -> None:
        check_flag("strict", strict)
        self.strict = strict

    def compile(self, path: str | PathLike[str]) -> Campaign:
        """The campaign in the folder `path`, ready to render.

        Raises CampaignError, whose `diagnostics` hold everything that is wrong with the folder, and ArgumentError for
        what is no path.
        """
        campaign, found = compile_folder(checked_folder(path), strict=self.strict)
        if campaign is None:
            raise CampaignError(found)
        return campaign

    def check(self, path: str | PathLike[str]) -> tuple[Diagnostic, ...]:
        """Everything there is to say about the campaign in the folder `path`, notes included, sorted.

        What `mailweave check` says more comes from the rules of `mailweave.lint`. Raises ArgumentError for what is no path.
        """
        campaign, found = compile_folder(checked_folder(path))
        return found if campaign is None else ordered([*found, *campaign.slow_templates()])


def render(
    path: str | PathLike[str],
    profile: Mapping[str, Any],
    *,
    events: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
    strict: bool = False,
    send_id: str | None = None,
    attachments: Iterable[Attachment] = (),
) -> Email | Skip:
    """One e-mail in one call: compiles the campaign in the folder `path` and renders it for `profile`.

    For more than one recipient compile once: `Environment().compile(path)`. Raises CampaignError, and what
    `Campaign.render` raises.

    >>> ann = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}
    >>> render("fixtures/campaigns/smallest", ann).subject
    'Hello, friend'
    """
    campaign = Environment(strict=strict).compile(path)
    return campaign.render(
        profile, events=events, now=now, context=context, send_id=send_id, attachments=attachments
    )
