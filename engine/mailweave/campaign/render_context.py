"""What the templates of a campaign see for one recipient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailweave.campaign.assembly import OWN_LINK
from mailweave.campaign.recipient_place import FixedPlace, Place, RecipientPlaces
from mailweave.campaign.url_templates import UrlTemplate
from mailweave.liquid import Template
from mailweave.rules import Program, ValidatedRecipient

Data = dict[str, Any]


class RenderContexts:
    """Builds the data of one recipient: profile, scores, lists, events, arms, context, campaign, let."""

    def __init__(
        self,
        program: Program,
        campaign: Mapping[str, Any],
        places: FixedPlace | RecipientPlaces,
        unsubscribe_url: UrlTemplate,
        lets: tuple[tuple[str, Template], ...],
    ) -> None:
        self._program, self._campaign, self._places = program, campaign, places
        self._unsubscribe_url, self._lets = unsubscribe_url, lets
        self._shows_events = bool(program.schema.shown_events)
        self.by_recipient = isinstance(places, RecipientPlaces)
        self.link_field = next(iter(unsubscribe_url.fields), "unsubscribe_url")

    def of(
        self, admitted: ValidatedRecipient, arms: Mapping[str, str], context: Mapping[str, Any], now: datetime
    ) -> tuple[Data, Place]:
        """The data of an admitted recipient, and where they are; consents are applied, nothing else is added."""
        data: Data = {
            "profile": self._program.liquid_view(admitted),
            "scores": self._program.scores_view(admitted),
            "lists": self._program.lists_view(admitted),
            "arms": dict(arms),
            "context": context,
            "campaign": self._campaign,
        }
        if self._shows_events:
            data["events"] = self._program.events_view(admitted)
        place = self._places.of(data, now)
        data["campaign"] = place.campaign
        url = self._unsubscribe_url.render(data, now=now)
        data["campaign"] = {**place.campaign, OWN_LINK: url}
        if self._lets:
            data["let"] = known = {}
            for name, template in self._lets:
                known[name] = template.render(data, now=now)
        return data, place
