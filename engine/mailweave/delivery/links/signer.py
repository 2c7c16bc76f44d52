"""Signs the links of mails: the settings of a campaign, with the keys that it names only by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from mailweave.campaign import Campaign
from mailweave.campaign.link_settings import TOKEN, LinkSettings
from mailweave.delivery.links.keys import Keys
from mailweave.delivery.links.refusals import LinkError
from mailweave.delivery.links.tokens import PURPOSES, Link, Purpose, is_token, sign
from mailweave.diagnostics import diagnose, did_you_mean
from mailweave.message.email import Email

_EXPIRE: Final = ("click", "view")


class Signer:
    """What signs the links of a campaign's mails; it reads no clock and no file."""

    __slots__ = ("_keys", "places", "settings")

    def __init__(self, settings: LinkSettings, keys: Keys) -> None:
        """Raises LinkError (MW731) where `keys` lack the one that the settings name."""
        if keys.secret(settings.key) is None:
            help = did_you_mean(settings.key, keys.ids)
            raise LinkError([diagnose("MW731", place="[links]", key=settings.key, help=help)])
        self.settings, self._keys = settings, keys
        self.places = _places(settings)

    @classmethod
    def of(cls, campaign: Campaign, keys: Keys) -> Signer:
        """The signer of a campaign. Raises LinkError where it has no `[links]` (MW732), or `keys` lack its key."""
        settings = campaign.config.links
        if settings is None:
            raise LinkError([diagnose("MW732", place=campaign.config.name)])
        return cls(settings, keys)

    def address(self, purpose: Purpose, email: Email, target: str = "") -> str:
        """The signed link of one mail; the same mail gets the same link."""
        before, after = self.places[purpose]
        about, expires = email.envelope, self.settings.expires
        until = self._until(email, expires) if expires and purpose in _EXPIRE else None
        link = Link(
            purpose=purpose,
            campaign=about.campaign,
            version=about.version,
            key=email.idempotency_key,
            target=target,
            key_id=self.settings.key,
            expires=until,
            recipient=email.key if purpose == "unsubscribe" else "",
        )
        return before + sign(link, self._keys) + after

    def owns(self, url: str) -> bool:
        """Whether an address is a signed link already, with whatever key."""
        return any(
            url.startswith(before)
            and url.endswith(after)
            and is_token(url[len(before) : len(url) - len(after)])
            for before, after in self.places.values()
        )

    def _until(self, email: Email, seconds: int) -> datetime:
        return email.now.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=seconds)

    def __repr__(self) -> str:
        return f"<Signer {', '.join(self.places)} with {self.settings.key}>"


def _places(settings: LinkSettings) -> Mapping[Purpose, tuple[str, str]]:
    """What stands before and behind the token of each address that is set."""
    made: dict[Purpose, tuple[str, str]] = {}
    for purpose in PURPOSES:
        place: str | None = getattr(settings, purpose)
        if place is not None:
            before, _, after = place.partition(TOKEN)
            made[purpose] = before, after
    return made
