"""[links] of campaign.toml: where signed links lead, and which key signs them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from mailweave.values.durations import DAY, SECOND, to_duration
from mailweave.values.invalid_value import InvalidValue

TOKEN: Final = "{token}"
KEY_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_LONGEST: Final = 3650 * DAY // SECOND
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9/._~?&=-]*")


def _address(text: str) -> str:
    before, token, after = text.partition(TOKEN)
    if (
        not token
        or TOKEN in after
        or not _ADDRESS.fullmatch(before)
        or not _ADDRESS.fullmatch(before + after)
    ):
        raise ValueError("a signed link has an address such as https://go.example.com/c/{token}")
    return text


def _key_id(text: str) -> str:
    if not KEY_ID.fullmatch(text):
        raise ValueError("the id of a key has 1 to 32 letters, figures, `.`, `_` or `-`, such as 2026-11")
    return text


def _seconds(value: object) -> object:
    try:
        found = to_duration(value) // SECOND
    except InvalidValue as refusal:
        raise ValueError(refusal.reason) from None
    if not 0 < found <= _LONGEST:
        raise ValueError("links are good for some time, such as 90 days, and for 10 years at most")
    return found


Place = Annotated[str, AfterValidator(_address)]
"""An address with a place for a token."""


class LinkSettings(BaseModel):
    """Which links of the mails are signed: those that have an address here, with the key whose id is `key`.

    `expires`: for how many seconds from a mail's own instant links to click and to view are good; for ever where it is
    None. Whoever unsubscribes is never too late.

    >>> LinkSettings(key="2026-11", click="https://go.example.com/c/{token}", expires="90 days").expires
    7776000
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, AfterValidator(_key_id)]
    click: Place | None = None
    open: Place | None = None
    unsubscribe: Place | None = None
    view: Place | None = None
    expires: Annotated[int, BeforeValidator(_seconds)] | None = None
