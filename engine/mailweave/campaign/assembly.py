"""Layout and blocks, woven once: CSS inlined in place, links rewritten, text derived, templates compiled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from mailweave.campaign import stages
from mailweave.campaign.annotations import Annotation, annotation_sources, with_script
from mailweave.campaign.block_bindings import STOCK, Use
from mailweave.campaign.compiled_parts import BlockParts, Inputs, LayoutParts
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.drafts import Draft
from mailweave.campaign.kept_stages import KeptStages
from mailweave.campaign.kept_styles import kept_css
from mailweave.campaign.layout_places import places
from mailweave.campaign.open_settings import PLACE, reads_open
from mailweave.campaign.optional_places import closing_up
from mailweave.campaign.safe_outputs import without_safe
from mailweave.campaign.setting_forms import by_recipient
from mailweave.campaign.stages import Templates
from mailweave.campaign.translated_texts import TranslatedTexts
from mailweave.campaign.use_variants import each_html, has_amp, in_locales, page_of
from mailweave.content.inlined import InlinedCampaign
from mailweave.content.snippets.expansion import Expander
from mailweave.content.theme import themed_source
from mailweave.diagnostics import Diagnostic, Severity, TemplateError
from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.template import Escaping
from mailweave.markup.outlook import without_outlook
from mailweave.message.links import rewrite, rewrite_text
from mailweave.message.plaintext import finished
from mailweave.message.sizes import Bounds, PartSize, Size, clipped, part_size, worst_case
from mailweave.source import Source, stacked

if TYPE_CHECKING:
    from mailweave.campaign.amp import AmpTemplates
    from mailweave.content.stylesheets import Resolve

_Made = TypeVar("_Made")
OWN_LINK = "unsubscribe_url"
"""What each recipient has for themselves under the name `campaign`; all else there is the same for everybody."""


def spoken(slot: str) -> str:
    """The name of the block that shows the line of a text slot; no block of the rules can have it."""
    return f"@{slot}"


def _pair(html: Template, text: Template) -> TemplatePair:
    """HTML and text of one part. Items of catalogues are the same for all who are shown them, and so are records of
    profiles that recur: admission hands out the same ones."""
    return TemplatePair(html, text, shared=("lists", "profile"), fill=finished)


LAYOUT = "layout"
"""Where a translator reads that the texts of the layout stand."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A campaign's parts, ready to render. `css` is set when mails must be inlined one by one.

    `no_amp` says why nobody gets an AMP part, where somebody should. `kept_css`: how many characters of CSS the style
    elements of the longest mail hold.
    """

    layout: LayoutParts
    blocks: Mapping[str, BlockParts]
    amp: AmpTemplates | None
    css: str | None
    templates: Templates
    no_amp: str = ""
    kept_css: int = 0


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
    """What the rules bound: how many blocks a slot shows, how many items a list has, which slots may stay empty."""

    slots: Mapping[str, int]
    loops: Mapping[str, int]
    optional: tuple[str, ...] = ()


class Assembler:
    """Runs the stages over one layout and its blocks, and collects what they find.

    draft: what a preview keeps; HTML parts then have its marks, comments that say where they were written.
    shared: what is kept for another direction of writing, so that what is the same in both is made once.
    """

    def __init__(
        self,
        config: CampaignConfig,
        campaign: Mapping[str, Any],
        limits: Limits,
        resolve: Resolve,
        draft: Draft | None = None,
        snippets: Expander | None = None,
        *,
        direction: str | None = None,
        shared: Draft | None = None,
        texts: TranslatedTexts | None = None,
        answers: KeptStages | None = None,
    ) -> None:
        self._answers = KeptStages(None) if answers is None else answers
        self._snippets, self._texts = snippets, texts
        self._config, self._campaign, self._draft = config, campaign, draft
        self._kept = shared if draft is None else draft
        self._pages = cache(stages.new_pages) if self._kept is None else self._kept.pages
        self._limits, self._resolve = limits, resolve
        self._direction = direction or config.direction()
        self._by_recipient = {key for key in PLACE if by_recipient(getattr(config, key))}
        self._outlook = not config.clients or "outlook" in config.clients
        self.diagnostics: list[Diagnostic] = []

    def weave(self, layout: Source, css: Source, uses: tuple[Use, ...]) -> Assembled | None:
        """The parts, or None when a stage failed; see `diagnostics`."""
        frame, sheet = without_safe(self._themed(layout)), self._themed_css(css)
        shown = tuple(arm for use in uses for arm in each_html(use).values())
        templates = Templates(
            frame, sheet, self._slots(frame, shown, {u.name: u.block.html for u in shown}), self._resolve
        )
        inlined = self._inlined(templates)
        if any(d.severity is Severity.ERROR for d in inlined.diagnostics):
            return None
        linked = {name: self._linked(text) for name, text in inlined.blocks.items()}
        parts = {use.name: self._block(use, linked) for use in uses if use.name in linked}
        annotates = any(use.block.spec.annotation is not None for use in uses)
        framed = self._layout(layout, self._framed(self._linked(inlined.layout), layout), annotates=annotates)
        ready = {name: part for name, part in parts.items() if part is not None}
        if framed is None or len(ready) < len(uses):
            return None
        bounds = self._bounds(uses)
        largest = {use.name: self._any(use, page_of(use, linked)) for use in uses}
        self.diagnostics += clipped(self._worst(inlined.layout, _by_slot(uses, largest), bounds), layout)
        made = Assembled(
            framed,
            ready,
            None,
            None if inlined.exact else sheet.text,
            templates,
            kept_css=kept_css(inlined, shown),
        )
        if not self._wants_amp(uses):
            return made
        if not inlined.exact:
            return replace(made, no_amp="inlined_per_recipient")
        amp = self._amp(frame, sheet, uses)
        return replace(made, amp=amp, no_amp="" if amp is not None else "layout_without_amp")

    def _slots(
        self, layout: Source, uses: tuple[Use, ...], sources: Mapping[str, Source]
    ) -> dict[str, dict[str, Source]]:
        slots: dict[str, dict[str, Source]] = {place: {} for place in places(layout.text)}
        for use in uses:
            html = self._themed(sources[use.name])
            slots.setdefault(use.slot, {})[use.name] = html if use.block.spec.trusted else without_safe(html)
        return slots

    def _inlined(self, given: Templates) -> InlinedCampaign:
        key = ("inlined", given.layout, given.css, given.sources)
        inlined, linked = self._once(key, lambda: stages.inlined(given, self._pages, self._answers))
        if not stages.is_current(linked, given.resolve):
            inlined, _ = stages.inline(given, self._pages)
        self.diagnostics += inlined.diagnostics
        layout = closing_up(inlined.layout, self._limits.optional)
        inlined = inlined if layout == inlined.layout else replace(inlined, layout=layout)
        return inlined if self._outlook else _without_outlook(inlined)

    def _linked(self, html: str) -> str:
        """HTML with the parameters of its links, and the pictures of every locale."""
        html = rewrite(html, utm=self._config.utm.parameters())
        return html if self._texts is None else self._texts.images.html(html)

    def _any(self, use: Use, made: Callable[[Use], str]) -> str:
        """What is made of a block, with a branch for each of its variants."""
        own, *variants = in_locales(use).items()
        if self._texts is None or not variants:
            return made(own[1])
        return self._texts.by_locale(made(own[1]), {locale: made(arm) for locale, arm in variants})

    def _spoken(self, use: Use, html: str, *, is_amp: bool = False) -> str:
        """A block with the author's texts in all languages. A stock block says its own words itself, so what is left in
        it are those of the inputs that hold marks; so are those of a variant, which nobody is asked to translate."""
        if self._texts is None or (not use.is_own and not use.marks):
            return html
        said = use.block.said.amp if is_amp and use.block.amp is not None else use.block.said.html
        return self._texts.html(html, use.context, said=said)

    def _framed(self, html: str, layout: Source) -> str:
        """The layout with the author's texts in all languages; a stock one says its words itself."""
        if self._texts is None or layout.name.startswith(STOCK):
            return html
        return self._texts.html(html, LAYOUT)

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
            return any(map(has_amp, uses))
        return self._config.amp == "always"

    def _amp(self, layout: Source, css: Source, uses: tuple[Use, ...]) -> AmpTemplates | None:
        livelier = frozenset(use.name for use in uses if has_amp(use))
        from mailweave.campaign.amp import compiled  # a tenth of all imports: only for who has AMP
        from mailweave.message.amp.parts import beyond_limit

        arms = tuple(arm for use in uses for arm in in_locales(use).values())
        sources = {arm.name: arm.block.amp or arm.block.html for arm in arms}
        inlined = self._inlined(Templates(layout, css, self._slots(layout, arms, sources), self._resolve))

        def made(arm: Use) -> str:
            return self._unmarked(self._spoken(arm, self._linked(inlined.blocks[arm.name]), is_amp=True))

        slots: dict[str, dict[str, Source]] = {}
        for use in uses:
            html = self._any(use, made)
            slots.setdefault(use.slot, {})[use.name] = Source(sources[use.name].name, html)
        extensions = {use.name: use.block.spec.extensions for use in uses}
        frame = self._unmarked(self._framed(self._linked(inlined.layout), layout))
        woven = stages.live(Source(layout.name, frame), slots, extensions, self._answers)
        self.diagnostics += woven.diagnostics
        if woven.layout is not None:
            parts = {name: part.source for name, part in woven.blocks.items()}
            live = tuple(use for use in uses if use.name in parts)
            size = self._worst(woven.layout.source, _by_slot(live, parts), self._bounds(live))
            self.diagnostics += beyond_limit(size.bytes, layout)
        named = {use.name: use for use in uses}

        def make(source: Source, block: str, names: tuple[str, ...]) -> Template | None:
            return self.template(source, "html", use=named.get(block), slots=names)

        always = self._config.amp == "always"
        return compiled(woven, livelier, places(layout.text), make, always=always)

    def _themed_css(self, source: Source) -> Source:
        """Several style sheets as one: each keeps its lines."""
        if not source.pieces:
            return self._themed(source)
        return stacked([self._themed(piece) for _, piece in source.pieces])

    def _themed(self, source: Source) -> Source:
        made, found = themed_source(source, self._config.theme, direction=self._direction)
        self.diagnostics += found
        return made

    def _block(self, use: Use, linked: Mapping[str, str]) -> BlockParts | None:
        page = page_of(use, linked)
        spoken = {arm.name: self._spoken(arm, page(arm)) for arm in in_locales(use).values()}
        text = self._any(use, lambda arm: self._said(arm, spoken[arm.name]))
        html = self._any(use, lambda arm: self._unmarked(spoken[arm.name]))
        marked = self._any(
            use, lambda arm: self._marked(self._unmarked(spoken[arm.name]), arm.block.html, use.name)
        )
        inputs, trusted = self._inputs(use), use.block.spec.trusted
        html_part = self.template(
            Source(use.block.html.name, marked), "html", use=use, trusted=trusted, beside=text
        )
        if html_part is None:
            return None  # its text would say the same again, of lines that nobody wrote
        text_part = self.template(Source(use.block.html.name, text), "text", use=use, beside=html)
        texts = list(annotation_sources(use.block))
        said = [(path, self.template(source, "none", use=use)) for path, source in texts]
        told = tuple((path, template) for path, template in said if template is not None)
        if text_part is None or inputs is None or len(told) < len(texts):
            return None
        annotation = Annotation(told) if told else None
        return BlockParts(use.name, use.slot, inputs, self._paired(html_part, text_part), annotation)

    def _marked(self, html: str, source: Source, block: str = "") -> str:
        """A part as it is shown: in a preview each part of it says where it was written."""
        if self._draft is None:
            return html
        marks = self._draft.marks
        return self._once(("marked", html, source, block), lambda: marks.marked(html, source, block))

    def _inputs(self, use: Use) -> Inputs | None:
        made = [(path, self.template(source, "none")) for path, source in use.inputs.templates.items()]
        ready = tuple((path, template) for path, template in made if template is not None)
        return Inputs(use.inputs.values, ready) if len(ready) == len(made) else None

    def _layout(self, layout: Source, html: str, *, annotates: bool = False) -> LayoutParts | None:
        names = places(layout.text)
        text = self._text(html, LAYOUT, fragment=False)
        html = self._unmarked(with_script(html) if annotates else html)
        marked = self._marked(html, layout)
        html_part = self.template(Source(layout.name, marked), "html", slots=names, beside=text)
        if html_part is None:
            return None
        text_part = self.template(Source(layout.name, text), "text", slots=names, beside=html)
        if text_part is None:
            return None
        return LayoutParts(self._paired(html_part, text_part), names)

    def _paired(self, html: Template, text: Template) -> TemplatePair:
        return self._once(("pair", html, text), lambda: _pair(html, text))

    def _said(self, use: Use, html: str) -> str:
        """The text of a block: its own, in all languages where the author wrote it, else that of its HTML."""
        own = use.block.text
        if own is None:
            return self._text(html, use.context, fragment=True)
        if self._texts is None or not use.is_own:
            return self._linked_text(own.text)
        return self._linked_text(self._texts.text(own.text, use.context, said=use.block.said.text))

    def _text(self, html: str, context: str, *, fragment: bool) -> str:
        """The plain text of HTML; snippets that have a text of their own say that, under the context of their caller."""

        def derive(html: str) -> str:
            if self._draft is not None and not self._draft.with_text:
                return ""
            derived = self._once(
                ("text", html, fragment), lambda: stages.derived(html, self._answers, fragment=fragment)
            )
            self.diagnostics += derived.diagnostics
            return derived.source

        def translated(text: str) -> str:
            return text if self._texts is None else self._texts.text(text, context)

        return derive(html) if self._snippets is None else self._snippets.as_text(html, derive, translated)

    def _unmarked(self, html: str) -> str:
        """HTML without the marks around snippets that have a text of their own."""
        return html if self._snippets is None else self._snippets.without_marks(html)

    def template(
        self,
        source: Source,
        escape: Escaping,
        *,
        use: Use | None = None,
        beside: str = "",
        **options: Any,
    ) -> Template | None:
        """A compiled template with what is constant bound, or None with its findings collected.

        use: the block that it is of. beside: the other half of the same part, which is written in one walk with it
        and so has the same constants.
        """
        inputs, varying = ({}, frozenset[str]()) if use is None else (use.inputs.values, _varying(use))
        known: dict[str, Any] = {} if use is None or varying else {"block": inputs}
        members: dict[str, Any] = {"block": _without(inputs, varying)} if varying else {}
        texts = f"{source.text}{beside}"
        if not (self._by_recipient and reads_open(texts, self._by_recipient)):
            (members if OWN_LINK in texts else known)["campaign"] = self._campaign
        given = {
            "constants": known,
            "members": members,
            "undefined": self._config.undefined,
            "mode": self._config.liquid,
            "date_names": self._config.date_names,
            **options,
        }
        made, found = self._once(
            ("template", source, escape, repr(given)), lambda: _template(source, escape, given)
        )
        self.diagnostics += found
        return made

    def _once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        return make() if self._kept is None else self._kept.once(key, make)


def _varying(use: Use) -> frozenset[str]:
    """The inputs of a block that are each recipient's own: those that hold Liquid, and a line of the rules."""
    lines = {"text"} if use.name == spoken(use.slot) else set()
    return frozenset(str(path[0]) for path in use.inputs.templates).union(lines)


def _without(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _template(
    source: Source, escape: Escaping, options: Mapping[str, Any]
) -> tuple[Template | None, tuple[Diagnostic, ...]]:
    try:
        return Template.from_string(source, escape=escape, **options), ()
    except TemplateError as error:
        return None, error.diagnostics
