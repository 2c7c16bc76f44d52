"""The way in: an environment compiles campaign folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

from mailweave.campaign import Campaign, compile_folder
from mailweave.decisions import Skip
from mailweave.diagnostics import CampaignError, Diagnostic
from mailweave.message import Email


class Environment:
    """Compiles campaigns; holds what they have in common.

    >>> campaign = Environment().compile("fixtures/campaigns/cdnow-winback")
    >>> campaign.config.name
    'cdnow-winback'
    """

    def compile(self, path: str | PathLike[str]) -> Campaign:
        """The campaign in the folder `path`, ready to render.

        Raises CampaignError, whose `diagnostics` hold everything that is wrong with the folder.
        """
        campaign, found = compile_folder(Path(path))
        if campaign is None:
            raise CampaignError(found)
        return campaign

    def check(self, path: str | PathLike[str]) -> tuple[Diagnostic, ...]:
        """Everything there is to say about the campaign in the folder `path`, notes included, sorted."""
        return compile_folder(Path(path))[1]


def render(
    path: str | PathLike[str],
    profile: Mapping[str, Any],
    *,
    events: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
) -> Email | Skip:
    """One e-mail in one call: compiles the campaign in the folder `path` and renders it for `profile`.

    For more than one recipient compile once: `Environment().compile(path)`. Raises CampaignError.
    """
    return Environment().compile(path).render(profile, events=events, now=now, context=context)
