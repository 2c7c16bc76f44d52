"""The campaign on the desk in one locale, whoever reads it: compiled when somebody first looks, then at each save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from mailweave.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.campaign.source_marks import SourceMarks
from mailweave.diagnostics import CampaignError


@dataclass(slots=True)
class _Spoken:
    """The last campaign of a locale that compiled. read: the texts of the save that it was last asked for."""

    draft: Draft
    campaign: Campaign | None = None
    read: Mapping[str, str] | None = None


@dataclass(slots=True)
class InLocales:
    """The campaigns by locale. marks: those in all mails of the desk."""

    folder: Path
    marks: SourceMarks
    _spoken: dict[str, _Spoken] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def campaign(self, locale: str, read: Mapping[str, str]) -> Campaign:
        """The campaign of the save at which these texts were read; the last that compiled where it does not. Raises
        CampaignError."""
        with self._lock:
            spoken = self._spoken.get(locale) or _Spoken(Draft(marks=self.marks))
            if spoken.read is not read:
                made, found = compile_folder(self.folder, draft=spoken.draft, locale=locale)
                if made is None and spoken.campaign is None:
                    raise CampaignError(found)
                spoken.campaign, spoken.read = made or spoken.campaign, read
                self._spoken[locale] = spoken  # of a locale that there is
            assert spoken.campaign is not None, "it is kept with one"
            return spoken.campaign
