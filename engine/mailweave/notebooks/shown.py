"""A mail in a notebook, chosen by somebody's data and written without what is personal in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from mailweave.campaign import Campaign
from mailweave.decisions import Selection, Skip
from mailweave.html_tables import frame
from mailweave.masking import decide_masked
from mailweave.message import Email


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A masked mail with its decision, or why there is none; a notebook shows it."""

    result: tuple[Selection, Email] | Skip

    def __repr__(self) -> str:
        return f"<Shown {self.result if isinstance(self.result, Skip) else repr(self.result[1])}>"

    def _repr_html_(self) -> str:
        """The subject, the mail in a frame in which nothing runs, and the decision."""
        if isinstance(self.result, Skip):
            return self.result._repr_html_()
        chosen, email = self.result
        return f"<div><strong>{escape(email.subject)}</strong></div>{frame(email.html)}{chosen._repr_html_()}"


def show(
    campaign: Campaign,
    profile: Mapping[str, Any],
    *,
    events: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
) -> Shown:
    """The mail of a recipient as a notebook may show it: what the rules label `pii` has stand-ins.

    Takes what `Campaign.render` takes. Raises MailweaveError (MW685) where what is chosen hangs on personal values, and
    ArgumentError as `render` does.

    >>> from mailweave import Environment
    >>> campaign = Environment().compile("fixtures/docs/regulars")
    >>> ann = {"id": "7", "email": "ann@example.com", "first_name": "Ann", "consent": {"marketing": True}}
    >>> shown = show(campaign, ann)._repr_html_()
    >>> "Ann" in shown, "Hello, •••" in shown
    (False, True)
    """
    return Shown(decide_masked(campaign, profile, events=events, now=now, context=context))
