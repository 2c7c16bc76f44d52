"""Who a mail is for: somebody saved, somebody of the list, somebody made up, or somebody edited in the form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mailweave.campaign import Campaign
from mailweave.campaign.saved_recipients import SavedRecipient, saved_recipient
from mailweave.content.files import SNAPSHOT
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.root import Refused, Root
from mailweave.values.json_text import problem_of, read_json

SAVED: Final = "recipients"
"""The folder of a campaign in which recipients lie, a JSON file each, as `cover` writes them."""
_FOUND = 50  # recipients of the list that a search shows


def saved_names(folder: Path) -> tuple[str, ...]:
    """The saved recipients, by the names of their files."""
    root = Root(folder)
    try:
        names = root.names(SAVED) if root.is_folder(SAVED) else ()
    except Refused:
        return ()
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def saved(campaign: Campaign, folder: Path, name: str) -> SavedRecipient:
    """A saved recipient; only names of `saved_names` are opened. Raises MailweaveError."""
    place = f"{SAVED}/{name}.json"
    if name not in saved_names(folder):
        raise MailweaveError([diagnose("MW001", place=place, what="the recipient", todo="choose another")])
    try:
        value = read_json(Root(folder).text(place, SNAPSHOT))
    except (Refused, UnicodeDecodeError) as refused:
        raise MailweaveError([diagnose("MW024", place=place, what=str(refused))]) from None
    except (ValueError, RecursionError) as error:
        raise MailweaveError([diagnose("MW002", place=place, what=problem_of(error))]) from None
    return saved_recipient(campaign, value, place)


def listed(campaign: Campaign, folder: Path, key: str) -> SavedRecipient:
    """A recipient of the campaign's own list. Raises MailweaveError."""
    from mailweave.batch.lookup import listed_recipient

    found = listed_recipient(campaign, folder, key, campaign.pinned(None) or datetime.now(UTC))
    place = campaign.config.profiles or "profiles"
    if found is None:
        raise MailweaveError([diagnose("MW021", place=place, key=repr(key))])
    if found.refused is not None:
        raise MailweaveError([diagnose("MW024", place=place, what=str(found.refused))])
    return SavedRecipient(found.profile, list(found.events))


def search(campaign: Campaign, folder: Path, text: str) -> tuple[str, ...]:
    """Keys of the list in whose row a text stands, the first ones; none without a list. Raises MailweaveError."""
    from mailweave.batch.sources import Recipients

    if campaign.config.profiles is None:
        return ()
    people = Recipients(folder / campaign.config.profiles, key=campaign.key_column, schema=campaign.schema)
    return people.search(text, _FOUND)
