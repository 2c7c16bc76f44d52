"""A block, or a layout full of them, with sample data: for the catalogue, for previews and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from babel import Locale

from mailweave.content.block import Block
from mailweave.content.catalog import Layout
from mailweave.content.inliner import inline_campaign
from mailweave.content.inputs import BoundInputs
from mailweave.content.theme import Theme, themed
from mailweave.content.wording import wording
from mailweave.diagnostics import Diagnostic
from mailweave.liquid import Template
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A rendered page; `exact` says whether its CSS could be inlined once."""

    html: str
    diagnostics: tuple[Diagnostic, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose mail a specimen is: theme, locale, currency and sender."""

    theme: Theme = field(default_factory=Theme)
    locale: str = "en"
    currency: str = "USD"
    sender: str = "Larkspur & Vale"
    address: str = "12 Harbour Street, Portland, OR 97201, USA"

    @property
    def direction(self) -> str:
        return Locale.parse(self.locale.replace("-", "_")).text_direction

    def campaign(self) -> dict[str, Any]:
        """What templates see as `campaign`."""
        return {
            "name": "specimen",
            "locale": self.locale,
            "currency": self.currency,
            "dir": self.direction,
            "sender": self.sender,
            "postal_address": self.address,
            "unsubscribe_url": "https://shop.example.com/unsubscribe/42",
            "theme": self.theme.model_dump(),
            "t": wording(self.locale),
        }


def show(
    layout: Layout,
    blocks: Mapping[str, Block],
    *,
    inputs: Mapping[str, BoundInputs] | None = None,
    setting: Setting | None = None,
) -> Specimen:
    """Blocks by slot in a layout, with the data of their samples.

    `inputs` gives, by slot, other inputs than those of the sample. Raises TemplateError when a block is
    no Liquid, or fails.

    >>> from mailweave.content.catalog import Catalog
    >>> catalog = Catalog()
    >>> layout, hero = catalog.layout("letter")[0], catalog.block("hero")[0]
    >>> "Welcome back, Ada" in show(layout, {"main": hero}).html
    True
    """
    about = setting or Setting()
    campaign, found = about.campaign(), list[Diagnostic]()

    def ready(source: Source) -> Source:
        text, unknown = themed(source, about.theme, direction=about.direction)
        found.extend(unknown)
        return Source(source.name, text)

    sources = {slot: {slot: ready(block.html)} for slot, block in blocks.items()}
    inlined = inline_campaign(ready(layout.html), ready(layout.css).text, sources)
    slots = dict.fromkeys(layout.slots, "")
    for slot, block in blocks.items():
        given = (inputs or {}).get(slot) or block.sample()[0]
        slots[slot] = _render(Source(block.html.name, inlined.blocks[slot]), block, given, campaign)
    page = Template.from_string(inlined.layout, constants={"campaign": campaign}, slots=tuple(slots))
    html = page.render({"slots": slots}, now=NOW)
    return Specimen(html, (*found, *inlined.diagnostics), inlined.exact)


def _render(html: Source, block: Block, inputs: BoundInputs, campaign: Mapping[str, Any]) -> str:
    sample = block.spec.sample
    data = {"profile": sample.profile, "lists": sample.lists, "scores": sample.scores}
    data |= {"context": sample.context, "campaign": campaign, "let": {}}
    values: Any = inputs.values
    for path, source in inputs.templates.items():
        text = Template.from_string(source, escape="none", constants={"campaign": campaign})
        values = _with(values, path, text.render(data, now=NOW))
    template = Template.from_string(html, constants={"campaign": campaign}, trusted=block.spec.trusted)
    return template.render({**data, "block": values}, now=NOW)


def _with(holder: Any, path: tuple[str | int, ...], value: str) -> Any:
    if not path:
        return value
    copy: Any = dict(holder) if isinstance(holder, Mapping) else list(holder)
    copy[path[0]] = _with(copy[path[0]], path[1:], value)
    return copy
