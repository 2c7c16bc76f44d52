"""Mails as entries of the gallery, with the reasons for their blocks."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

from mailweave.campaign import Campaign
from mailweave.cli.gallery import GalleryEntry
from mailweave.cli.recipient import Asked, recipient
from mailweave.decisions import Explanation
from mailweave.decisions.explanation.text import sentence
from mailweave.message import Email
from mailweave.preview.own_pictures import picture_data, picture_names
from mailweave.rules.reserved import EMPTY


def entry(title: str, count: int, rendered: int, email: Email, why: Explanation) -> GalleryEntry:
    """A mail that `count` of `rendered` recipients get; of a made-up one 0 do."""
    return GalleryEntry(
        title=title,
        count=count,
        share=count / rendered if rendered else 0.0,
        subject=email.subject,
        preheader=email.preheader,
        html=email.html,
        amp=email.amp,
        text=email.text,
        reasons=tuple(_sentences(why)),
    )


def _sentences(why: Explanation) -> Iterator[tuple[str, str, str]]:
    for slot in why.slots:
        for block in slot.chosen or (EMPTY,):
            yield slot.name, block, sentence(slot, block)


def saved_mails(campaign: Campaign, folder: Path) -> Iterator[tuple[str, Asked, Email, Explanation]]:
    """The mails of the recipients in the folder of a campaign, by the names of their files; who gets none is left out."""
    for path in sorted((folder / "recipients").glob("*.json")):
        who = recipient(campaign, folder, str(path), None)
        result = campaign.render(who.profile, events=who.events, now=who.now, context=who.context)
        if isinstance(result, Email):
            why = campaign.explain(who.profile, events=who.events, now=who.now, context=who.context)
            yield path.stem, who, result, why


def embedded_pictures(folder: Path) -> Mapping[str, str]:
    """The pictures in the folder of a campaign, each as an address that holds it."""
    found = {name: picture_data(folder, name) for name in sorted(picture_names(folder))}
    return {
        name: f"data:{one[1]};base64,{base64.b64encode(one[0]).decode()}"
        for name, one in found.items()
        if one is not None
    }
