"""Layout and blocks, woven once: CSS inlined in place, links rewritten, text derived, templates compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from mailweave.campaign.block_bindings import Use
from mailweave.campaign.compiled_parts import BlockParts, Inputs, LayoutParts
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.drafts import Draft
from mailweave.content.inliner import InlinedCampaign, inline_campaign
from mailweave.content.page_store import PageStore
from mailweave.content.stylesheets import Resolve
from mailweave.content.theme import themed
from mailweave.diagnostics import Diagnostic, Severity, TemplateError
from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.template import Escaping
from mailweave.markup.outlook import without_outlook
from mailweave.markup.pieces import Kind, pieces, slots
from mailweave.message.links import rewrite, rewrite_text
from mailweave.message.plaintext import filled, text_template
from mailweave.message.sizes import Bounds, PartSize, Size, clipped, part_size, worst_case
from mailweave.source import Source

if TYPE_CHECKING:
    from mailweave.campaign.amp import AmpTemplates

_Made = TypeVar("_Made")
OWN_LINK = "unsubscribe_url"
"""What each recipient has for themselves under the name `campaign`; all else there is the same for everybody."""


def places(layout: str) -> tuple[str, ...]:
    """The names of the slots that a layout has a place for, in order."""
    return tuple(dict(slots(layout)))


def spoken(slot: str) -> str:
    """The name of the block that shows the line of a text slot; no block of the rules can have it."""
    return f"@{slot}"


def trace(slot: str, block: str, html: str) -> str:
    """The HTML of a block between comments that name it; `untraced` takes them away again."""
    return f"<!--mailweave:{slot}:{block}-->{html}<!--mailweave:end-->"


def untraced(html: str) -> str:
    """A mail without the comments of `trace`.

    >>> untraced(trace("hero", "welcome", "<p>x</p>"))
    '<p>x</p>'
    """
    return _TRACE.sub("", html)


def _pair(html: Template, text: Template) -> TemplatePair:
    """HTML and text of one part. Items of catalogues are the same for all who are shown them, and so are records of
    profiles that recur: admission hands out the same ones."""
    return TemplatePair(html, text, shared=("lists", "profile"), fill=filled)


def without_places(layout: Source, names: Iterable[str]) -> Source:
    """A stock layout without the places that a campaign does not use."""
    unused, text = set(names), layout.text
    for name, piece in reversed(slots(text)):
        if name in unused:
            text = text[: piece.span.start] + text[piece.span.stop :]
    return Source(layout.name, text)


_TRACE = re.compile(r"<!--mailweave:[^>]*-->")


@dataclass(frozen=True, slots=True)
class Templates:
    """What a campaign is woven from: the layout, the style sheet that all share, the blocks by slot and name.

    As their authors wrote them, with the colours and sizes of the theme. `resolve` gives the text of a style sheet of
    the folder.
    """

    layout: Source
    css: str
    slots: Mapping[str, Mapping[str, Source]]
    resolve: Resolve


@dataclass(frozen=True, slots=True)
class Assembled:
    """A campaign's parts, ready to render. `css` is set when mails must be inlined one by one.

    `no_amp` says why nobody gets an AMP part, where somebody should.
    """

    layout: LayoutParts
    blocks: Mapping[str, BlockParts]
    amp: AmpTemplates | None
    css: str | None
    templates: Templates
    no_amp: str = ""


_SAFE = re.compile(r"\"[^\"]*\"|'[^']*'|\|\s*safe\b(?!\s*:)")


def without_safe(source: Source) -> Source:
    """A template that is not trusted without its `safe`: it has no effect there, and so hides no HTML from rules.

    Blanks stand in its place, so that all else keeps its own.

    >>> without_safe(Source("a", "{{ x | safe }} | safe")).text
    '{{ x        }} | safe'
    """

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"\S", " ", found[0]) if found[0].startswith("|") else found[0]

    text, made, at = source.text, [], 0
    for piece in pieces(text) if "safe" in text else ():
        if piece.kind is Kind.OUTPUT:
            made += [text[at : piece.span.start], _SAFE.sub(blank, piece.text)]
            at = piece.span.stop
    made.append(text[at:])
    changed = "".join(made)
    return source if changed == text else Source(source.name, changed)


def _by_slot(uses: Iterable[Use], sources: Mapping[str, str]) -> dict[str, dict[str, str]]:
    slots: dict[str, dict[str, str]] = {}
    for use in uses:
        slots.setdefault(use.slot, {})[use.name] = sources[use.name]
    return slots


def _without_outlook(inlined: InlinedCampaign) -> InlinedCampaign:
    blocks = {name: without_outlook(html) for name, html in inlined.blocks.items()}
    return replace(inlined, layout=without_outlook(inlined.layout), blocks=blocks)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules bound: how many blocks a slot shows, how many items a list has."""

    slots: Mapping[str, int]
    loops: Mapping[str, int]


class Assembler:
    """Runs the stages over one layout and its blocks, and collects what they find.

    draft: what a preview keeps; HTML parts then have a comment before and behind each block, by which it knows them.
    """

    def __init__(
        self,
        config: CampaignConfig,
        campaign: Mapping[str, Any],
        limits: Limits,
        resolve: Resolve,
        draft: Draft | None = None,
    ) -> None:
        self._config, self._campaign, self._draft = config, campaign, draft
        self._pages = None if draft is None else draft.pages
        self._limits, self._resolve = limits, resolve
        self._direction = config.direction()
        self._outlook = not config.clients or "outlook" in config.clients
        self.diagnostics: list[Diagnostic] = []

    def weave(self, layout: Source, css: Source, uses: tuple[Use, ...]) -> Assembled | None:
        """The parts, or None when a stage failed; see `diagnostics`."""
        frame, sheet = without_safe(self._themed(layout)), self._themed(css).text
        templates = Templates(
            frame, sheet, self._slots(frame, uses, {u.name: u.block.html for u in uses}), self._resolve
        )
        inlined = self._inlined(templates)
        if any(d.severity is Severity.ERROR for d in inlined.diagnostics):
            return None
        linked = {name: self._linked(text) for name, text in inlined.blocks.items()}
        parts = {use.name: self._block(use, linked[use.name]) for use in uses if use.name in linked}
        framed = self._layout(layout, self._linked(inlined.layout))
        ready = {name: part for name, part in parts.items() if part is not None}
        if framed is None or len(ready) < len(uses):
            return None
        bounds = self._bounds(uses)
        self.diagnostics += clipped(self._worst(inlined.layout, _by_slot(uses, linked), bounds), layout)
        if not self._wants_amp(uses):
            return Assembled(framed, ready, None, None if inlined.exact else sheet, templates)
        if not inlined.exact:
            return Assembled(framed, ready, None, sheet, templates, "inlined_per_recipient")
        amp = self._amp(frame, sheet, uses)
        return Assembled(framed, ready, amp, None, templates, "" if amp is not None else "layout_without_amp")

    def _slots(
        self, layout: Source, uses: tuple[Use, ...], sources: Mapping[str, Source]
    ) -> dict[str, dict[str, Source]]:
        slots: dict[str, dict[str, Source]] = {place: {} for place in places(layout.text)}
        for use in uses:
            html = self._themed(sources[use.name])
            slots.setdefault(use.slot, {})[use.name] = html if use.block.spec.trusted else without_safe(html)
        return slots

    def _inlined(self, given: Templates) -> InlinedCampaign:
        slots = tuple(
            (slot, name, source) for slot, named in given.slots.items() for name, source in named.items()
        )
        key = ("inlined", given.layout, given.css, slots)
        inlined, linked = self._once(key, lambda: _inlined_with_links(given, self._pages))
        if any(given.resolve(href) != text for href, text in linked):  # one of its style sheets was changed
            inlined, _ = _inlined_with_links(given, self._pages)
        self.diagnostics += inlined.diagnostics
        return inlined if self._outlook else _without_outlook(inlined)

    def _linked(self, html: str) -> str:
        return rewrite(html, utm=self._config.utm.parameters())

    def _linked_text(self, text: str) -> str:
        return rewrite_text(text, utm=self._config.utm.parameters())

    def _bounds(self, uses: tuple[Use, ...]) -> Bounds:
        """How long the lists can be over which templates loop."""
        loops: dict[str, int] = dict(self._limits.loops)
        for use in uses:
            loops |= use.block.spec.bounds
            for name, value in use.inputs.values.items():
                if isinstance(value, list):
                    loops[f"block.{name}"] = max(len(value), loops.get(f"block.{name}", 0))
        return Bounds(loops=loops)

    def _worst(self, layout: str, slots: Mapping[str, Mapping[str, str]], bounds: Bounds) -> PartSize:
        def measure(template: str, bounds: Bounds) -> Size:
            return self._once(("size", template, repr(bounds)), lambda: worst_case(template, bounds))

        return part_size(layout, slots, bounds=bounds, most=self._limits.slots, measure=measure)

    def _wants_amp(self, uses: tuple[Use, ...]) -> bool:
        """Whether anybody is meant to have an AMP part."""
        if self._draft is not None and not self._draft.with_amp:
            return False
        if self._config.amp == "auto":
            return any(use.block.amp is not None for use in uses)
        return self._config.amp == "always"

    def _amp(self, layout: Source, css: str, uses: tuple[Use, ...]) -> AmpTemplates | None:
        livelier = frozenset(use.name for use in uses if use.block.amp is not None)
        from mailweave.campaign.amp import compiled  # a tenth of all imports: only for who has AMP
        from mailweave.message.amp.campaign_parts import beyond_limit, weave

        sources = {use.name: use.block.amp or use.block.html for use in uses}
        inlined = self._inlined(Templates(layout, css, self._slots(layout, uses, sources), self._resolve))
        slots: dict[str, dict[str, Source]] = {}
        for use in uses:
            html = self._linked(inlined.blocks[use.name])
            slots.setdefault(use.slot, {})[use.name] = Source(sources[use.name].name, html)
        extensions = {use.name: use.block.spec.extensions for use in uses}
        woven = weave(Source(layout.name, self._linked(inlined.layout)), slots, extensions=extensions)
        self.diagnostics += woven.diagnostics
        if woven.layout is not None:
            parts = {name: part.source for name, part in woven.blocks.items()}
            live = tuple(use for use in uses if use.name in parts)
            size = self._worst(woven.layout.source, _by_slot(live, parts), self._bounds(live))
            self.diagnostics += beyond_limit(size.bytes, layout)
        fixed = {use.name: self._fixed(use) for use in uses}

        def make(source: Source, block: str, names: tuple[str, ...]) -> Template | None:
            return self.template(source, "html", block=fixed.get(block), slots=names)

        always = self._config.amp == "always"
        return compiled(woven, livelier, places(layout.text), make, always=always)

    def _themed(self, source: Source) -> Source:
        text, found = themed(source, self._config.theme, direction=self._direction)
        self.diagnostics += found
        return source if text == source.text else Source(source.name, text)

    def _block(self, use: Use, html: str) -> BlockParts | None:
        own = use.block.text
        text = self._linked_text(own.text) if own else self._text(html, fragment=True)
        fixed, inputs = self._fixed(use), self._inputs(use)
        trusted = use.block.spec.trusted
        marked = trace(use.slot, use.name, html) if self._draft is not None else html
        html_part = self.template(Source(use.block.html.name, marked), "html", block=fixed, trusted=trusted)
        if html_part is None:
            return None  # its text would say the same again, of lines that nobody wrote
        text_part = self.template(Source(use.block.html.name, text), "text", block=fixed, beside=html)
        if text_part is None or inputs is None:
            return None
        return BlockParts(use.name, use.slot, inputs, _pair(html_part, text_part))

    def _fixed(self, use: Use) -> Mapping[str, Any] | None:
        """The inputs of a block, when they are the same for everybody."""
        changes = use.inputs.templates or use.name == spoken(use.slot)
        return None if changes else use.inputs.values

    def _inputs(self, use: Use) -> Inputs | None:
        made = [(path, self.template(source, "none")) for path, source in use.inputs.templates.items()]
        ready = tuple((path, template) for path, template in made if template is not None)
        return Inputs(use.inputs.values, ready) if len(ready) == len(made) else None

    def _layout(self, layout: Source, html: str) -> LayoutParts | None:
        names = places(layout.text)
        text = self._text(html, fragment=False)
        html_part = self.template(Source(layout.name, html), "html", slots=names)
        if html_part is None:
            return None
        text_part = self.template(Source(layout.name, text), "text", slots=names, beside=html)
        if text_part is None:
            return None
        return LayoutParts(_pair(html_part, text_part), names)

    def _text(self, html: str, *, fragment: bool) -> str:
        derived = self._once(("text", html, fragment), lambda: text_template(html, fragment=fragment))
        self.diagnostics += derived.diagnostics
        return derived.source

    def template(
        self,
        source: Source,
        escape: Escaping,
        *,
        block: Mapping[str, Any] | None = None,
        beside: str = "",
        **options: Any,
    ) -> Template | None:
        """A compiled template with what is constant bound, or None with its findings collected.

        beside: the HTML of the same part, which is written in one walk with it and so has the same constants.
        """
        known: dict[str, Any] = {} if block is None else {"block": block}
        if OWN_LINK not in source.text and OWN_LINK not in beside:
            known["campaign"] = self._campaign
        given = {
            "constants": known,
            "undefined": self._config.undefined,
            "mode": self._config.liquid,
            **options,
        }
        made, found = self._once(
            ("template", source, escape, repr(given)), lambda: _template(source, escape, given)
        )
        self.diagnostics += found
        return made

    def _once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        return make() if self._draft is None else self._draft.once(key, make)


def _inlined_with_links(
    given: Templates, pages: PageStore | None
) -> tuple[InlinedCampaign, tuple[tuple[str, str | None], ...]]:
    """The inlined campaign, and the style sheets that its pages link, with their texts."""
    linked: dict[str, str | None] = {}

    def resolve(href: str) -> str | None:
        linked[href] = given.resolve(href)
        return linked[href]

    inlined = inline_campaign(given.layout, given.css, given.slots, resolve=resolve, store=pages)
    return inlined, tuple(linked.items())


def _template(
    source: Source, escape: Escaping, options: Mapping[str, Any]
) -> tuple[Template | None, tuple[Diagnostic, ...]]:
    try:
        return Template.from_string(source, escape=escape, **options), ()
    except TemplateError as error:
        return None, error.diagnostics
