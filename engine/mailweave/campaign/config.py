"""campaign.toml: what an author sets for a whole campaign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from mailweave.campaign.calendar_settings import CalendarSettings
from mailweave.campaign.link_settings import LinkSettings
from mailweave.campaign.lint_settings import LintSettings
from mailweave.campaign.mailboxes import Mailbox
from mailweave.campaign.message_settings import (
    Attachments,
    FeedbackId,
    Headers,
    ListId,
    MetadataName,
    ReturnPath,
)
from mailweave.campaign.setting_forms import Line, by_recipient, or_liquid, zone
from mailweave.campaign.source_settings import Sources
from mailweave.content.theme import Theme
from mailweave.diagnostics import did_you_mean
from mailweave.message.addresses import is_international
from mailweave.message.headers import LONGEST_SEND_ID, is_send_id
from mailweave.values.currencies import currencies, is_currency
from mailweave.values.locales import chain, direction, locale_named

_CURRENCY = re.compile(r"[A-Z]{3}")
_PICTURE = re.compile(r"https?://[^\s\"'<>(){}]+")


def exact_locale(text: str) -> str | None:
    """The locale that a text names; None where a part of it is unknown."""
    found = locale_named(text)
    return found if found is not None and found.count("_") >= text.replace("-", "_").count("_") else None


def _locale(text: str) -> str:
    found = exact_locale(text)
    if found is None:
        raise ValueError("this is no locale such as en_US or de")
    return found


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise ValueError("a currency has three capital letters, such as USD")
    if not is_currency(text):
        hint = did_you_mean(text, currencies()) or "ISO 4217 lists them"
        raise ValueError(f"there is no currency {text}: {hint}")
    return text


def _picture(text: str) -> str:
    if not _PICTURE.fullmatch(text):
        raise ValueError("a picture has an address such as https://example.com/a.png, without Liquid")
    return text


def _send_id(text: str) -> str:
    if not is_send_id(text):
        raise ValueError(
            f"a send_id has 1 to {LONGEST_SEND_ID} signs of ASCII without blanks, such as 2026-w48"
        )
    return text


def _moment(value: object) -> object:
    """A bare date is its first moment in UTC; a text is ISO 8601."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a moment needs its zone, as in 2026-11-22T09:00:00Z")
    return value


def _is_spoken(locale: str, spoken: Sequence[str]) -> bool:
    return not spoken or any(locale in chain(one) or one in chain(locale) for one in spoken)


def _spoken(text: str, info: ValidationInfo) -> str:
    found, spoken = _locale(text), info.data.get("locales", ())
    if not _is_spoken(found, spoken):
        hint = did_you_mean(text, spoken)
        raise ValueError(f"`locales` does not name it, but {', '.join(spoken)}{hint and f': {hint}'}")
    return found


Picture = Annotated[str, AfterValidator(_picture)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Utm(_Strict):
    """Parameters that links get unless the author has set them."""

    source: Line | None = None
    medium: Line | None = None
    campaign: Line | None = None
    term: Line | None = None
    content: Line | None = None

    def parameters(self) -> dict[str, str]:
        return {f"utm_{key}": value for key, value in self.model_dump().items() if value}


def _check_reach(address: str, info: ValidationInfo) -> None:
    if is_international(address) and not info.data.get("smtputf8"):
        raise ValueError("letters beyond ASCII before an `@` need `smtputf8 = true` in campaign.toml")


class BlockUse(_Strict):
    """A block of the rules made from another block, with inputs of its own."""

    use: str | None = None
    inputs: dict[str, Any] = {}


Client = Literal[
    "aol", "apple-mail", "fastmail", "free-fr", "gmail", "gmx", "hey", "ionos-1and1", "laposte", "mail-ru",
    "microsoft", "orange", "outlook", "protonmail", "rainloop", "samsung-email", "sfr", "t-online-de",
    "thunderbird", "web-de", "wp-pl", "yahoo",
]  # fmt: skip
"""A family of mail clients, by the names of caniemail's data (MIT licence, as of September 2025)."""


class CampaignConfig(_Strict):
    """The settings of a campaign; `docs/campaign.md` lists them."""

    name: Line
    smtputf8: bool = False
    sender: Mailbox = Field(alias="from")
    reply_to: Mailbox | None = None
    to: Line = "{{ profile.email }}"
    to_name: Line = ""
    unsubscribe_url: Line
    unsubscribe_one_click: bool = True
    postal_address: Line
    send_id: Annotated[str, AfterValidator(_send_id)] = ""
    return_path: ReturnPath = ""
    list_id: ListId = ""
    feedback_id: FeedbackId = ""
    headers: Headers = {}
    tags: tuple[Line, ...] = ()
    metadata: dict[MetadataName, Line] = {}
    attachments: Attachments = ()
    calendar: CalendarSettings | None = None
    logo: Picture | Literal[""] = ""
    locale: Annotated[str, or_liquid(_locale)] = "en"
    locales: tuple[Annotated[str, AfterValidator(_locale)], ...] = ()
    currency: Annotated[str, or_liquid(_currency)] = "USD"
    timezone: Annotated[str, or_liquid(zone)] = "UTC"
    date_names: Literal["english", "locale"] = "english"
    numerals: Literal["locale", "latin"] = "locale"
    dir: Literal["ltr", "rtl", "auto"] = "auto"
    undefined: Literal["lenient", "strict", "default"] = "lenient"
    liquid: Literal["lenient", "strict2"] = "lenient"
    libraries: tuple[str, ...] = ()
    layout: str = "layout.html"
    css: tuple[str, ...] = ()
    clients: tuple[Client, ...] = ()
    utm: Utm = Utm()
    links: LinkSettings | None = None
    sources: Sources = {}
    theme: Theme = Theme()
    let: dict[str, str] = {}
    values: dict[str, Any] = {}
    strings: dict[str, str] = {}
    images: dict[Annotated[str, AfterValidator(_spoken)], dict[Picture, Picture]] = {}
    blocks: dict[str, BlockUse] = {}
    lint: LintSettings = LintSettings()
    amp: Literal["auto", "always", "never"] = "auto"
    profiles: str | None = None
    events: str | None = None
    context: str | None = None
    now: Moment | None = None

    @field_validator("sender", "reply_to")
    @classmethod
    def _reached(cls, value: Mailbox | None, info: ValidationInfo) -> Mailbox | None:
        if value is not None:
            _check_reach(value.address, info)
        return value

    @field_validator("calendar")
    @classmethod
    def _invited(cls, value: CalendarSettings | None, info: ValidationInfo) -> CalendarSettings | None:
        if value is not None and value.method == "REQUEST" and not info.data.get("to"):
            raise ValueError("`REQUEST` asks somebody, so it needs the address in `to`")
        if value is not None and value.organizer is not None:
            _check_reach(value.organizer.address, info)
        return value

    @field_validator("return_path")
    @classmethod
    def _bounced(cls, value: str, info: ValidationInfo) -> str:
        if not by_recipient(value):
            _check_reach(value, info)
        return value

    def speaks(self, locale: str) -> bool:
        """Whether a recipient may be shown what is written for a locale, as far as `locales` says."""
        return _is_spoken(locale, self.locales)

    def is_read(self, locale: str) -> bool:
        """Whether what is written for a locale is shown to anybody."""
        return self.speaks(locale) if by_recipient(self.locale) else locale in chain(self.locale)

    @property
    def default_locale(self) -> str:
        """The locale of the author's own texts, and of whoever has no other: that of the campaign, else the first."""
        if not by_recipient(self.locale):
            return self.locale
        return self.locales[0] if self.locales else "en"

    @property
    def default_currency(self) -> str:
        """The currency of everybody; none where each recipient has their own."""
        return "" if by_recipient(self.currency) else self.currency

    @property
    def default_timezone(self) -> str:
        """The zone of everybody, and of whoever has no other."""
        return "UTC" if by_recipient(self.timezone) else self.timezone

    def direction(self, locale: str = "") -> str:
        """`ltr` or `rtl`, from a locale, the default one if none is said, unless set."""
        return direction(locale or self.default_locale) if self.dir == "auto" else self.dir

    def directions(self) -> tuple[str, ...]:
        """Those in which its mails are written, the default's first."""
        own = self.direction()
        if self.dir != "auto" or not by_recipient(self.locale):
            return (own,)
        spoken = {direction(name) for name in self.locales} if self.locales else {"ltr", "rtl"}
        return (own, *sorted(spoken - {own}))
