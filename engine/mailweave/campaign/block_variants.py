"""Blocks by locale: which of a block's variants a campaign's readers are shown, and the block as each of them shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from mailweave.campaign.config import CampaignConfig, exact_locale
from mailweave.campaign.setting_forms import by_recipient
from mailweave.content.block import Block, Variant
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Span
from mailweave.values.locales import chain

_BEHIND: Final = "@"


def in_campaign(block: Block, config: CampaignConfig) -> tuple[Block, tuple[Diagnostic, ...]]:
    """A block with those variants that somebody is shown, by the names of their locales; of a campaign in one locale it
    is the block of that one. A warning for each of the others, but in libraries, which other campaigns use."""
    if not block.variants:
        return block, ()
    found: list[Diagnostic] = []
    shown: dict[str, Variant] = {}
    for variant in sorted(block.variants, key=lambda one: one.locale != exact_locale(one.locale)):
        locale = exact_locale(variant.locale)
        why = _why_not(variant, locale, shown, config)
        if locale is not None and not why:
            shown[locale] = replace(variant.saying(), locale=locale)
        elif locale is None or not variant.parts[0].shared:
            found.append(_not_shown(variant, why, config, "" if locale in shown else variant.locale))
    if by_recipient(config.locale):
        return replace(block, variants=tuple(shown.values())), tuple(found)
    return block.shown_by(_nearest(config.locale, shown)), tuple(found)


def arms(name: str, block: Block) -> Mapping[str, tuple[str, Block]]:
    """The block by locale: each with a name of its own. Under "" as whoever has no variant is shown it."""
    known = {one.locale: one for one in block.variants}
    theirs = {
        locale: (f"{name}{_BEHIND}{locale}", block.shown_by(_nearest(locale, known))) for locale in known
    }
    return {"": (name, block.shown_by(()))} | theirs


def _nearest(locale: str, variants: Mapping[str, Variant]) -> list[Variant]:
    return [variants[one] for one in chain(locale) if one in variants]


def owner(name: str) -> str:
    """The block that an arm is of.

    >>> owner("hero@de"), owner("@preheader"), owner("@preheader@de")
    ('hero', '@preheader', '@preheader')
    """
    at = name.find(_BEHIND, 1)
    return name if at < 0 else name[:at]


def locales_of(blocks: Iterable[Block]) -> Iterator[str]:
    """The locales that have variants."""
    yield from {variant.locale: None for block in blocks for variant in block.variants}


def _why_not(
    variant: Variant, locale: str | None, shown: Mapping[str, Variant], config: CampaignConfig
) -> str:
    if locale is None:
        return f"`{variant.locale}` is no locale such as de or de_AT"
    if locale in shown:
        return f"{PurePosixPath(shown[locale].parts[0].name).name} is of the same locale"
    if not by_recipient(config.locale):
        return "" if locale in chain(config.locale) else f"the campaign is in `{config.locale}`"
    if config.speaks(locale):
        return ""
    return f"`locales` does not name `{variant.locale}`, but {', '.join(config.locales)}"


def _not_shown(variant: Variant, why: str, config: CampaignConfig, misspelt: str) -> Diagnostic:
    source = variant.parts[0]
    file, hint = PurePosixPath(source.name).name, did_you_mean(misspelt, config.locales) if misspelt else ""
    return diagnose("MW065", source, Span(0, 1), file=file, why=why, help=hint)
