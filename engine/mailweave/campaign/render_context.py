"""What the templates of a campaign see for one recipient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailweave.campaign.assembly import OWN_LINK
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.url_templates import UrlTemplate
from mailweave.content.translations import wording
from mailweave.liquid import Template
from mailweave.rules import Program, ValidatedRecipient

Data = dict[str, Any]


def constants(config: CampaignConfig) -> Mapping[str, Any]:
    """What every recipient sees alike under the name `campaign`."""
    return {
        "name": config.name,
        "locale": config.locale,
        "currency": config.currency,
        "timezone": config.timezone,
        "dir": config.direction(),
        "sender": config.sender.name or config.sender.address,
        "sender_address": config.sender.address,
        "postal_address": config.postal_address,
        "theme": config.theme.model_dump(),
        "values": config.values,
        "t": wording(config.locale, config.strings),
    }


class RenderContexts:
    """Builds the data of one recipient: profile, scores, lists, arms, context, campaign, let."""

    def __init__(
        self,
        program: Program,
        campaign: Mapping[str, Any],
        unsubscribe_url: UrlTemplate,
        lets: tuple[tuple[str, Template], ...],
    ) -> None:
        self._program, self._campaign = program, campaign
        self._unsubscribe_url, self._lets = unsubscribe_url, lets
        self.link_field = next(iter(unsubscribe_url.fields), "unsubscribe_url")

    def of(
        self, admitted: ValidatedRecipient, arms: Mapping[str, str], context: Mapping[str, Any], now: datetime
    ) -> Data:
        """The data of an admitted recipient; consents are applied, nothing else is added."""
        data: Data = {
            "profile": self._program.liquid_view(admitted),
            "scores": self._program.scores_view(admitted),
            "lists": self._program.lists_view(admitted),
            "arms": dict(arms),
            "context": context,
            "campaign": self._campaign,
        }
        url = self._unsubscribe_url.render(data, now=now)
        data["campaign"] = {**self._campaign, OWN_LINK: url}
        if self._lets:
            data["let"] = known = {}
            for name, template in self._lets:
                known[name] = template.render(data, now=now)
        return data
