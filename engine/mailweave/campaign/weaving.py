"""Layout and blocks, woven once: CSS inlined in place, links rewritten, text derived, templates compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.parts import BlockParts, Inputs, LayoutParts
from mailweave.campaign.uses import Use
from mailweave.content.inliner import InlinedCampaign, inline_campaign
from mailweave.content.theme import themed
from mailweave.diagnostics import Diagnostic, TemplateError
from mailweave.liquid import Template
from mailweave.liquid.template import Escaping
from mailweave.message.links import rewrite
from mailweave.message.plaintext import text_template
from mailweave.source import Source

OWN_LINK = "unsubscribe_url"
_PLACE = re.compile(r"""\{%-?\s*slot\s+["']([A-Za-z_][A-Za-z0-9_]*)["']\s*-?%\}""")


def places(layout: str) -> tuple[str, ...]:
    """The names of the slots that a layout has a place for, in order."""
    return tuple(dict.fromkeys(_PLACE.findall(layout)))


def spoken(slot: str) -> str:
    """The name of the block that shows the line of a text slot; no block of the rules can have it."""
    return f"@{slot}"


def without_places(layout: Source, names: Iterable[str]) -> Source:
    """A stock layout without the places that a campaign does not use."""
    unused = set(names)
    text = _PLACE.sub(lambda match: "" if match[1] in unused else match[0], layout.text)
    return Source(layout.name, text)


@dataclass(frozen=True, slots=True)
class Woven:
    """A campaign's parts, ready to render."""

    layout: LayoutParts
    blocks: Mapping[str, BlockParts]


class Weaver:
    """Runs the stages over one layout and its blocks, and collects what they find."""

    def __init__(self, config: CampaignConfig, campaign: Mapping[str, Any]) -> None:
        self._config, self._campaign = config, campaign
        self.diagnostics: list[Diagnostic] = []

    def weave(self, layout: Source, css: Source, uses: tuple[Use, ...]) -> Woven | None:
        """The parts, or None when a stage failed; see `diagnostics`."""
        slots: dict[str, dict[str, Source]] = {place: {} for place in places(layout.text)}
        for use in uses:
            slots.setdefault(use.slot, {})[use.name] = self._themed(use.block.html)
        inlined = inline_campaign(self._themed(layout), self._themed(css).text, slots)
        self.diagnostics += inlined.diagnostics
        parts = {use.name: self._block(use, inlined) for use in uses if use.name in inlined.blocks}
        frame = self._layout(layout, inlined)
        ready = {name: part for name, part in parts.items() if part is not None}
        if frame is None or len(ready) < len(uses):
            return None
        return Woven(frame, ready)

    def _themed(self, source: Source) -> Source:
        text, found = themed(source, self._config.theme, direction=self._config.direction())
        self.diagnostics += found
        return source if text == source.text else Source(source.name, text)

    def _block(self, use: Use, inlined: InlinedCampaign) -> BlockParts | None:
        html = rewrite(inlined.blocks[use.name], utm=self._config.utm.parameters())
        text = use.block.text.text if use.block.text else self._text(html, fragment=True)
        changes = use.inputs.templates or use.name == spoken(use.slot)
        fixed = None if changes else use.inputs.values
        inputs = self._inputs(use)
        trusted = use.block.spec.trusted
        html_part = self.template(Source(use.block.html.name, html), "html", block=fixed, trusted=trusted)
        text_part = self.template(Source(use.block.html.name, text), "text", block=fixed)
        if html_part is None or text_part is None or inputs is None:
            return None
        return BlockParts(use.name, use.slot, inputs, html_part, text_part, None)

    def _inputs(self, use: Use) -> Inputs | None:
        made = [(path, self.template(source, "none")) for path, source in use.inputs.templates.items()]
        ready = tuple((path, template) for path, template in made if template is not None)
        return Inputs(use.inputs.values, ready) if len(ready) == len(made) else None

    def _layout(self, layout: Source, inlined: InlinedCampaign) -> LayoutParts | None:
        names = places(layout.text)
        html = rewrite(inlined.layout, utm=self._config.utm.parameters())
        text = self._text(html, fragment=False)
        html_part = self.template(Source(layout.name, html), "html", slots=names)
        text_part = self.template(Source(layout.name, text), "text", slots=names)
        if html_part is None or text_part is None:
            return None
        return LayoutParts(html_part, text_part, None, names)

    def _text(self, html: str, *, fragment: bool) -> str:
        derived = text_template(html, fragment=fragment)
        self.diagnostics += derived.diagnostics
        return derived.source

    def template(
        self, source: Source, escape: Escaping, *, block: Mapping[str, Any] | None = None, **options: Any
    ) -> Template | None:
        """A compiled template with what is constant bound, or None with its findings collected."""
        known: dict[str, Any] = {} if block is None else {"block": block}
        if OWN_LINK not in source.text:  # the one part of `campaign` that each recipient has for themselves
            known["campaign"] = self._campaign
        try:
            return Template.from_string(
                source, escape=escape, constants=known, undefined=self._config.undefined, **options
            )
        except TemplateError as error:
            self.diagnostics += error.diagnostics
            return None
