"""What the demo opens with: the example `newsletter`, for the recipients in its folder and with its pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mailweave import resources
from mailweave.cli.gallery import GalleryEntry
from mailweave.cli.gallery_entries import embedded_pictures, entry, saved_mails
from mailweave.environment import Environment
from mailweave.message import Email
from mailweave.scaffold.examples import FOLDER

EXAMPLE: Final = "newsletter"


@dataclass(frozen=True, slots=True)
class Opening:
    """The mails of the example, each for the gallery and by the name of its file."""

    entries: tuple[GalleryEntry, ...]
    mails: tuple[tuple[str, Email], ...]


def opening() -> Opening:
    """The example, rendered. Raises MailweaveError."""
    folder = Path(str(resources.folder(FOLDER) / EXAMPLE))
    campaign, pictures = Environment().compile(folder), embedded_pictures(folder)
    sender = campaign.config.sender.name or campaign.config.sender.address
    entries: list[GalleryEntry] = []
    mails: list[tuple[str, Email]] = []
    for number, (name, _, email, why) in enumerate(saved_mails(campaign, folder), 1):
        made = entry(f"The newsletter: {name}", 0, 0, email, why)
        who = "A recipient of the example `newsletter`"
        entries.append(replace(made, who=who, sender=sender, pictures=pictures))
        mails.append((f"000-{EXAMPLE}-{number}-{name}.eml", email))
    return Opening(tuple(entries), tuple(mails))
