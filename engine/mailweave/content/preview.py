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
from mailweave.content.rich_blocks import with_marks
from mailweave.content.theme import Theme, themed
from mailweave.content.translations import wording
from mailweave.diagnostics import Diagnostic
from mailweave.liquid import Template
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PreviewSample:
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


class BlockPreview:
    """Blocks by slot in a layout, compiled once, to be shown with any inputs.

    Raises TemplateError when a block is no Liquid.
    """

    def __init__(self, layout: Layout, blocks: Mapping[str, Block], setting: Setting | None = None) -> None:
        self._setting, self._layout, self._blocks = setting or Setting(), layout, dict(blocks)
        self._campaign = self._setting.campaign()
        self._mail = {"subject": f"A word from {self._setting.sender}"}
        self._found: list[Diagnostic] = []
        sources = {slot: {slot: self._themed(block.html)} for slot, block in blocks.items()}
        css = self._themed(layout.css)
        inlined = inline_campaign(self._themed(layout.html), css, sources)
        self._found += inlined.diagnostics
        self._exact, self._slots = inlined.exact, layout.slots
        self._page = self._template(Source(layout.html.name, inlined.layout), slots=layout.slots)
        self._templates = {
            slot: self._template(Source(block.html.name, inlined.blocks[slot]), trusted=block.spec.trusted)
            for slot, block in blocks.items()
        }

    def render(self, inputs: Mapping[str, BoundInputs] | None = None) -> PreviewSample:
        """The page, with the inputs given by slot, else those of the samples, and the data of the samples.

        Raises TemplateError when a block fails.
        """
        chosen = {slot: (inputs or {}).get(slot) or block.sample()[0] for slot, block in self._blocks.items()}
        if any(given.rich for given in chosen.values()):
            return self._with_marks(chosen)
        slots = dict.fromkeys(self._slots, "")
        for slot, block in self._blocks.items():
            given = chosen[slot]
            data = self._data(block)
            slots[slot] = self._templates[slot].render({**data, "block": self._filled(given, data)}, now=NOW)
        return PreviewSample(
            self._page.render({"slots": slots, "mail": self._mail}, now=NOW), tuple(self._found), self._exact
        )

    def _with_marks(self, chosen: Mapping[str, BoundInputs]) -> PreviewSample:
        """The page where inputs hold marks: these are part of its templates."""
        made = {slot: with_marks(block, chosen[slot]) for slot, block in self._blocks.items()}
        blocks = {slot: block for slot, (block, _, _) in made.items()}
        preview = BlockPreview(self._layout, blocks, self._setting)
        preview._found += [one for _, _, found in made.values() for one in found]
        return preview.render({slot: inputs for slot, (_, inputs, _) in made.items()})

    def _themed(self, source: Source) -> Source:
        text, found = themed(source, self._setting.theme, direction=self._setting.direction)
        self._found += found
        return Source(source.name, text)

    def _template(self, source: Source, **options: Any) -> Template:
        return Template.from_string(source, constants={"campaign": self._campaign}, **options)

    def _data(self, block: Block) -> dict[str, Any]:
        sample = block.spec.sample
        named = {"profile": sample.profile, "lists": sample.lists, "scores": sample.scores}
        return {**named, "context": sample.context, "campaign": self._campaign, "let": {}}

    def _filled(self, inputs: BoundInputs, data: Mapping[str, Any]) -> Any:
        values: Any = inputs.values
        for path, source in inputs.templates.items():
            text = self._template(source, escape="none").render(data, now=NOW)
            values = _with(values, path, text)
        return values


def show(layout: Layout, blocks: Mapping[str, Block], *, setting: Setting | None = None) -> PreviewSample:
    """Blocks by slot in a layout, with their samples.

    >>> from mailweave.content.catalog import Catalog
    >>> catalog = Catalog()
    >>> layout, hero = catalog.layout("letter")[0], catalog.block("hero")[0]
    >>> "Welcome back, Ada" in show(layout, {"main": hero}).html
    True
    """
    return BlockPreview(layout, blocks, setting).render()


def _with(holder: Any, path: tuple[str | int, ...], value: str) -> Any:
    """A copy of `holder`, as deep as `path`, with `value` in it."""
    if not path:
        return value
    copy: Any = dict(holder) if isinstance(holder, Mapping) else list(holder)
    copy[path[0]] = _with(copy[path[0]], path[1:], value)
    return copy
