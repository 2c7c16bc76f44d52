"""Words of `[strings]` that no template reads: a misspelt one would leave the stock wording as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mailweave.campaign.folder import CampaignFolder
from mailweave.content.translations import wording
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source


def unread_strings(folder: CampaignFolder, templates: Iterable[Source]) -> Iterator[Diagnostic]:
    """A warning for each, with the wording that is near."""
    known, texts = wording(folder.config.default_locale), [one.text for one in templates]
    for name in folder.settings.data.get("strings", {}):
        if name not in known and not any(f"t.{name}" in text for text in texts):
            span = folder.settings.key_span(("strings", name))
            help = did_you_mean(name, known)
            yield diagnose("MW056", folder.settings.source, span, help=help, name=name)
