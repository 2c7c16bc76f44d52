"""A campaign as it travels to Spark's workers: its texts, and the data base of zones that they were compiled with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mailweave.batch.ledger import BatchError
from mailweave.campaign import Campaign
from mailweave.campaign.compiler import opened
from mailweave.campaign.texts import CampaignTexts
from mailweave.diagnostics import CampaignError, diagnose
from mailweave.environment import Environment
from mailweave.values.zones import zone_data_version


@dataclass(frozen=True, slots=True)
class CampaignBundle:
    """The texts of a campaign, and the version of the data base of zones where it was compiled."""

    texts: CampaignTexts
    zones: str

    @classmethod
    def of(cls, path: str | Path) -> tuple[CampaignBundle, Campaign]:
        """The campaign in a folder, compiled here and made ready to travel. Raises CampaignError."""
        campaign = Environment().compile(path)
        return cls(campaign.texts, zone_data_version()), campaign

    def open(self) -> Campaign:
        """The campaign, compiled once in this process. Raises BatchError when it is not what was sent."""
        if self.zones != zone_data_version():
            raise _changed(f"the data base of zones is {zone_data_version()} here and {self.zones} there")
        try:
            return opened(self.texts)
        except CampaignError as error:
            raise _changed(
                "; ".join(one.message for one in error.diagnostics if one.code == "MW044")
            ) from None


def _changed(what: str) -> BatchError:
    return BatchError([diagnose("MW822", what=what)])
