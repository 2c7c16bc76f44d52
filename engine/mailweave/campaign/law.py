"""What the law asks of each mail: a way to unsubscribe, and where its sender lives.

Judged over all that can be selected, for each part by itself: what a recipient may not be shown does not count, and
what is not proved is not there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mailweave.campaign.assembly import Assembled
from mailweave.campaign.block_bindings import Use
from mailweave.campaign.config import CampaignConfig
from mailweave.content.toml import TomlText
from mailweave.decisions import Reachable
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.liquid import Template
from mailweave.message.visible import hides, visible

_LINK: Final = "campaign.unsubscribe_url"
_URL: Final = "\ue000unsubscribe\ue001"
_ADDRESS: Final = "\ue000address\ue001"
_OUTPUT = re.compile(r"\{\{-?\s*([\w.]+)\s*-?\}\}")
_OURS = re.compile(r"[?&]utm_\w+=[^&#]*")
_PLACE = re.compile("\ue002(\\w*)\ue003")
_SIZED_PLACE = re.compile("\ue004(\\w*)\ue005")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the mails: the template of its frame, and those of the blocks."""

    name: str
    layout: Template
    blocks: Mapping[str, Template]
    is_html: bool


def check_law(
    woven: Assembled,
    uses: tuple[Use, ...],
    reachable: Mapping[str, Reachable],
    config: CampaignConfig,
    settings: TomlText,
) -> tuple[Diagnostic, ...]:
    """A warning for each demand that some recipient's mail may not meet, with slot choices that do not."""
    demands = (("MW015", "unsubscribe_url", _links_out), ("MW054", "postal_address", _names_address))
    found = []
    for code, key, demand in demands:
        lacking = [
            (part.name, example)
            for part in _parts(woven)
            if (example := _Judge(part, uses, reachable, config, demand).lacking()) is not None
        ]
        if lacking:
            where, span = " and the ".join(name for name, _ in lacking), settings.key_span((key,))
            found.append(diagnose(code, settings.source, span, part=where, when=lacking[0][1]))
    return tuple(found)


def _parts(woven: Assembled) -> Iterator[Part]:
    pairs = {name: block.pair for name, block in woven.blocks.items()}
    frame = woven.layout.pair
    yield Part("HTML", frame.html, {name: pair.html for name, pair in pairs.items()}, True)
    yield Part("plain text", frame.text, {name: pair.text for name, pair in pairs.items()}, False)
    if woven.amp is not None:
        amp = {name: template for name, (template, _) in woven.amp.blocks.items()}
        yield Part("AMP", woven.amp.layout, amp, True)


def _links_out(text: str, config: CampaignConfig, *, is_html: bool) -> bool:
    """Whether a text shows the address at which one unsubscribes."""
    literal = _OUTPUT.sub(r"{{\1}}", config.unsubscribe_url)
    if not is_html:
        return _URL in text or literal in text
    return any(_OURS.sub("", link) in (_URL, literal) for link in visible(text).links)


def _names_address(text: str, config: CampaignConfig, *, is_html: bool) -> bool:
    """Whether a text shows the postal address; how its lines are broken and punctuated is the author's."""
    words = visible(text).words if is_html else text
    return _ADDRESS in words or _letters(config.postal_address) in _letters(words)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


class _Judge:
    """One demand on one part."""

    def __init__(
        self,
        part: Part,
        uses: tuple[Use, ...],
        reachable: Mapping[str, Reachable],
        config: CampaignConfig,
        demand: Callable[..., bool],
    ) -> None:
        self._part, self._reachable, self._config, self._demand = part, reachable, config, demand
        self._uses = {use.name: use for use in uses}

    def lacking(self) -> str | None:
        """The choices for the slots with which the part does not show it, in words; None when every mail does."""
        frame = self._part.layout.least(self._says(None), self._place, self._rank)
        if self._meets(frame):
            return None
        text = visible(frame).words if self._part.is_html else frame
        sized = set(_PLACE.findall(text))
        choices = {}
        for slot in dict.fromkeys((_SIZED_PLACE if self._part.is_html else _PLACE).findall(text)):
            without = self._without(slot, sized=slot in sized)
            if without is None:
                return None
            choices[slot] = without
        said = ", ".join(f"{slot}: {block}" for slot, block in choices.items() if slot in self._reachable)
        return f"for slot choices such as {said}" if said else "of any mail"

    def _place(self, slot: str) -> str:
        """What marks the place of a slot: once in the size of the words there, and in HTML once in a size of its own."""
        place = f"\ue002{slot}\ue003"
        return f'{place}<b style="font-size:1px">\ue004{slot}\ue005</b>' if self._part.is_html else place

    def _without(self, slot: str, *, sized: bool) -> str | None:
        """A block of the slot that does not show it, `nothing` where the slot may be empty, or None.

        sized: whether words have a size there; in most places of MJML they have none but their own.
        """
        one = self._reachable.get(slot)
        if one is None or one.empty:
            return "nothing"
        return next((name for name in sorted(one.blocks) if not self._shows(name, sized=sized)), None)

    def _shows(self, name: str, *, sized: bool) -> bool:
        template = self._part.blocks.get(name)
        if template is None:  # nobody who is shown this block gets the part
            return self._part.name == "AMP"
        text = template.least(self._says(self._uses[name]), str, self._rank)
        return self._meets(text if sized else f'<div style="font-size:0">{text}</div>')

    def _meets(self, text: str) -> bool:
        return self._demand(text, self._config, is_html=self._part.is_html)

    def _rank(self, text: str) -> int:
        """What hides is less than nothing: it may hide what stands around it."""
        if self._part.is_html and hides(text):
            return 0
        return 2 if _URL in text or _ADDRESS in text or _PLACE.search(text) or self._meets(text) else 1

    def _says(self, use: Use | None) -> Callable[[str], str]:
        given = {} if use is None else _inputs(use)
        quoted: Callable[[str], str] = html.escape if self._part.is_html else str

        def says(path: str) -> str:
            if path == _LINK:
                return _URL
            if path == "campaign.postal_address":
                return _ADDRESS
            text = given.get(path)
            return f"{{{{{path}}}}}" if text is None else quoted(text)

        return says


def _inputs(use: Use) -> Mapping[str, str]:
    """The texts that a block is given, by their paths in its templates."""
    given: dict[str, Any] = {f"block.{key}": value for key, value in use.inputs.values.items()}
    for path, source in use.inputs.templates.items():
        given["block." + ".".join(map(str, path))] = source.text
    return {path: _plain(text) for path, text in given.items() if isinstance(text, str)}


def _plain(text: str) -> str:
    """A text with what is looked for in the place of its outputs; one with tags says nothing for sure."""
    if "{%" in text:
        return "{{?}}"
    known = {_LINK: _URL, "campaign.postal_address": _ADDRESS}
    return _OUTPUT.sub(lambda match: known.get(match[1], f"{{{{{match[1]}}}}}"), text)
