"""The moment and the place of one render: what filters may know besides their value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

_DEFAULT_LOCALE = "en_US"


@dataclass(frozen=True, slots=True)
class Setting:
    """`now` as the caller gave it; locale, currency and zone of the campaign."""

    now: datetime | None = None
    locale: str = _DEFAULT_LOCALE
    currency: str = ""
    zone: tzinfo | None = None


def setting_of(campaign: object, now: datetime | None) -> Setting:
    """The setting that the template variable `campaign` describes.

    Its `locale` ("de" or "de_DE"), `currency` ("EUR") and `timezone` ("Europe/Berlin") are read.
    """
    if type(campaign) is not dict:
        return Setting(now, zone=now.tzinfo if now else None)
    locale, currency, zone = _place(*(_word(campaign, key) for key in ("locale", "currency", "timezone")))
    return Setting(now, locale, currency, zone or (now.tzinfo if now else None))


def _word(campaign: Mapping[str, Any], key: str) -> str:
    value = campaign.get(key)
    return value if type(value) is str else ""


@lru_cache(maxsize=256)
def _place(locale: str, currency: str, zone: str) -> tuple[str, str, tzinfo | None]:
    try:
        found: tzinfo | None = ZoneInfo(zone) if zone else None
    except (ValueError, LookupError, OSError):
        found = None
    return locale.replace("-", "_") or _DEFAULT_LOCALE, currency.upper(), found
