"""A block that is used, as each of its variants by locale shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mailweave.campaign.block_bindings import Use
from mailweave.campaign.block_variants import arms


def in_locales(use: Use) -> Mapping[str, Use]:
    """A block as each variant of it shows it, by locale; first, under "", as everybody else is shown it."""
    shown, written = arms(use.name, use.block), arms(use.name, use.written)
    return {
        locale: replace(use, name=name, block=block, written=written[locale][1])
        for locale, (name, block) in shown.items()
    }


def each_html(use: Use) -> Mapping[int, Use]:
    """For each HTML of a block, the first of its variants that shows it."""
    found: dict[int, Use] = {}
    for arm in in_locales(use).values():
        found.setdefault(id(arm.block.html), arm)
    return found


def page_of(use: Use, pages: Mapping[str, str]) -> Callable[[Use], str]:
    """What was made of the HTML of a variant, in `pages`, by the name of the first that shows it."""
    homes = each_html(use)
    return lambda arm: pages[homes[id(arm.block.html)].name]


def has_amp(use: Use) -> bool:
    return any(arm.block.amp is not None for arm in in_locales(use).values())
