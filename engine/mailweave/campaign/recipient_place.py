"""Where a recipient is: locale, currency and zone, where a campaign asks their data for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import is_currency

from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.translated_texts import TranslatedTexts
from mailweave.content.translations import speaks, wording
from mailweave.liquid import Template
from mailweave.values.locales import chain, locale_named
from mailweave.values.zones import zone_names

_MOST = 256  # locales whose words are kept


@dataclass(frozen=True, slots=True)
class Place:
    """What templates see as `campaign` for one recipient, who is written to in `locale`.

    `timezone`: the zone that their data say, where the campaign asks for it.
    `lacks`: what their data does not say, as `locale absent`, or says in a way that nobody knows, as `locale unknown`;
    the campaign's own stood in.
    """

    campaign: Mapping[str, Any]
    locale: str
    direction: str
    lacks: tuple[str, ...] = ()
    timezone: str = ""


def constants(
    config: CampaignConfig, locale: str = "", texts: TranslatedTexts | None = None
) -> Mapping[str, Any]:
    """What every recipient of a locale sees alike under the name `campaign`; of the default one, if none is said."""
    spoken = locale or config.default_locale
    return {
        "name": config.name,
        "locale": spoken,
        "currency": config.default_currency,
        "timezone": config.default_timezone,
        "dir": config.direction(spoken),
        "date_names": config.date_names,
        "numerals": config.numerals,
        "sender": config.sender.name or config.sender.address,
        "sender_address": config.sender.address,
        "postal_address": config.postal_address,
        "theme": config.theme.model_dump(),
        "values": config.values,
        "t": _words(config, spoken)
        | ({} if texts is None else texts.strings(spoken, _words(config, spoken))),
        **({} if texts is None else texts.of(spoken)),
    }


def _words(config: CampaignConfig, locale: str) -> dict[str, str]:
    """The author's own words are in the default language; in another one, those of the stock blocks come first."""
    stock = wording(locale, default=config.default_locale)
    is_own = chain(locale)[-1] == chain(config.default_locale)[-1]
    return stock | config.strings if is_own or not speaks(locale) else config.strings | stock


class FixedPlace:
    """One place for everybody."""

    def __init__(self, campaign: Mapping[str, Any]) -> None:
        self._place = Place(campaign, campaign["locale"], campaign["dir"])

    def of(self, data: Mapping[str, Any], now: datetime) -> Place:
        return self._place


class RecipientPlaces:
    """The place of each recipient, by the templates of the settings that hold Liquid.

    Words are looked up once for each locale, when it is first met; so many are kept as are likely.
    """

    def __init__(
        self, config: CampaignConfig, templates: Mapping[str, Template], texts: TranslatedTexts | None = None
    ) -> None:
        self._config, self._templates, self._texts = config, templates, texts
        self._spoken = frozenset(config.locales)
        self._known: dict[str, Mapping[str, Any]] = {}

    def of(self, data: Mapping[str, Any], now: datetime) -> Place:
        """The place of one recipient. Raises TemplateError where a setting fails on their data."""
        asked = {key: template.render(data, now=now).strip() for key, template in self._templates.items()}
        locale = self._locale(asked.get("locale", ""))
        own = {key: told for key, test in _TESTS if (told := test(asked.get(key, "")))}
        found = {**own, **({"locale": locale} if locale else {})}
        lacks = tuple(f"{key} {'unknown' if asked[key] else 'absent'}" for key in asked if key not in found)
        campaign = self._words(locale or self._config.default_locale)
        known = {**campaign, **own} if own else campaign
        zone = own.get("timezone", "")
        return Place(known, campaign["locale"], campaign["dir"], lacks, zone)

    def _locale(self, text: str) -> str | None:
        """The locale that is asked for, where it is spoken, or one that stands in for it is."""
        named = locale_named(text) if text else None
        if named is None or not self._spoken or not self._spoken.isdisjoint(chain(named)):
            return named
        return None

    def _words(self, locale: str) -> Mapping[str, Any]:
        known = self._known.get(locale)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[locale] = constants(self._config, locale, self._texts)
        return known


def _currency(text: str) -> str:
    return text.upper() if text and is_currency(text.upper()) else ""


def _zone(text: str) -> str:
    return text if text and text in zone_names() else ""


_TESTS = (("currency", _currency), ("timezone", _zone))
