"""Who a mail is from and to: what is the same for everybody, and what depends on the recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailweave.campaign.compiled_parts import Data
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.lines import Line
from mailweave.campaign.url_templates import MailboxTemplate, checked_url
from mailweave.decisions import Skip
from mailweave.message.headers import Envelope
from mailweave.values.invalid_value import InvalidValue


@dataclass(frozen=True, slots=True)
class Addressing:
    """The templates of the headers that depend on the recipient."""

    to: MailboxTemplate
    to_name: Line
    fixed_name: str | None

    def envelope(
        self, fixed: Envelope, data: Data, now: datetime, sending: str, link_field: str | None
    ) -> Envelope | Skip:
        """The envelope of one recipient. `link_field`: the attribute that a wrong unsubscribe link comes from."""
        try:
            to = self.to.render(data, now=now)
        except InvalidValue as refusal:
            return Skip("bad_data", f"{refusal.path} {refusal.reason}", refusal.path)
        url = data["campaign"]["unsubscribe_url"]
        try:
            checked_url(url)
        except InvalidValue as refusal:
            return Skip("bad_data", f"unsubscribe_url {refusal.reason}", link_field)
        to_name = self.to_name.render(data, now=now) if self.fixed_name is None else self.fixed_name
        campaign, version, sender, sender_name, _, _, reply, reply_name, _, one_click, _, utf8 = fixed[:12]
        return Envelope(
            campaign,
            version,
            sender,
            sender_name,
            to,
            to_name,
            reply,
            reply_name,
            url,
            one_click,
            sending,
            utf8,
        )


def envelope_of(config: CampaignConfig, version: int) -> Envelope:
    """The envelope as far as it is the same for everybody."""
    return Envelope(
        campaign=config.name,
        version=version,
        sender=config.sender.address,
        sender_name=config.sender.name,
        to="",
        reply_to=config.reply_to.address if config.reply_to else "",
        reply_to_name=config.reply_to.name if config.reply_to else "",
        one_click=config.unsubscribe_one_click,
        send_id=config.send_id,
        smtputf8=config.smtputf8,
    )
