"""The moment and the place of one render: what filters may know besides their value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import zone_named

_DEFAULT_LOCALE = "en_US"


@dataclass(frozen=True, slots=True)
class LocaleContext:
    """`now` as the caller gave it; locale, currency and zone of the campaign; whose digits numbers have."""

    now: datetime | None = None
    locale: str = _DEFAULT_LOCALE
    currency: str = ""
    zone: tzinfo | None = None
    numerals: str = "locale"


def setting_of(campaign: object, now: datetime | None) -> LocaleContext:
    """The setting that the template variable `campaign` describes.

    Its `locale` ("de" or "de_DE"), `currency` ("EUR"), `timezone` ("Europe/Berlin") and `numerals` ("latin") are read.
    """
    if type(campaign) is not dict:
        return _setting("", "", "", "", now)
    locale, currency, zone = campaign.get("locale"), campaign.get("currency"), campaign.get("timezone")
    return _setting(
        locale if type(locale) is str else "",
        currency if type(currency) is str else "",
        zone if type(zone) is str else "",
        "latin" if campaign.get("numerals") == "latin" else "locale",
        now,
    )


@lru_cache(maxsize=1024)
def _setting(locale: str, currency: str, zone: str, numerals: str, now: datetime | None) -> LocaleContext:
    try:
        found: tzinfo | None = zone_named(zone) if zone else None
    except InvalidValue:
        found = None
    if found is None and now is not None:
        found = now.tzinfo
    return LocaleContext(
        now, locale.replace("-", "_") or _DEFAULT_LOCALE, currency.upper(), found, numerals or "locale"
    )
