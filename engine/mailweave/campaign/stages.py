"""The stages whose answers are texts alone: CSS inlined, plain text derived, AMP made. They are kept between processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from mailweave.campaign.kept_stages import KeptStages
from mailweave.content.inlined import InlinedCampaign
from mailweave.message.plaintext.derived_text import TextTemplate
from mailweave.source import Source

if TYPE_CHECKING:
    from mailweave.content.page_store import PageStore
    from mailweave.content.stylesheets import Resolve
    from mailweave.message.amp.parts import AmpPart, AmpWoven

Inlined: TypeAlias = tuple[InlinedCampaign, tuple[tuple[str, str | None], ...]]
"""An inlined campaign, and the style sheets that its pages link, with their texts."""


@dataclass(frozen=True, slots=True)
class Templates:
    """What a campaign is woven from: the layout, the style sheet that all share, the blocks by slot and name.

    As their authors wrote them, with the colours and sizes of the theme. `resolve` gives the text of a style sheet of
    the folder.
    """

    layout: Source
    css: Source
    slots: Mapping[str, Mapping[str, Source]]
    resolve: Resolve

    @property
    def sources(self) -> tuple[tuple[str, str, Source], ...]:
        """Slot, name and text of each block."""
        return tuple((slot, name, one) for slot, named in self.slots.items() for name, one in named.items())


def new_pages() -> PageStore:
    """Where pages are kept from one inlining to the next."""
    from mailweave.content.page_store import PageStore

    return PageStore(escapes=True)


def inlined(given: Templates, pages: Callable[[], PageStore], kept: KeptStages) -> Inlined:
    """Layout and blocks with their CSS in place."""

    def load(answer: Any) -> Inlined:
        layout, blocks, exact, linked = answer
        _all_texts((layout, *blocks.values()))
        if not is_current(linked, given.resolve):
            raise ValueError("a style sheet was changed")
        return InlinedCampaign(layout, blocks, (), exact), tuple((href, text) for href, text in linked)

    def dump(made: Inlined) -> Any:
        one, linked = made
        return None if one.diagnostics else [one.layout, dict(one.blocks), one.exact, linked]

    texts = _texts([("", "layout", given.layout), ("", "css", given.css), *given.sources])
    return kept.once("inlined", texts, lambda: inline(given, pages), dump=dump, load=load)


def inline(given: Templates, pages: Callable[[], PageStore]) -> Inlined:
    """The same, made anew."""
    from mailweave.content.inliner import inline_campaign

    linked: dict[str, str | None] = {}

    def resolve(href: str) -> str | None:
        linked[href] = given.resolve(href)
        return linked[href]

    made = inline_campaign(given.layout, given.css, given.slots, resolve=resolve, store=pages())
    return made, tuple(linked.items())


def is_current(linked: Iterable[tuple[str, str | None]], resolve: Resolve) -> bool:
    """Whether linked style sheets have the texts that they had."""
    return all(resolve(href) == text for href, text in linked)


def derived(html: str, kept: KeptStages, *, fragment: bool) -> TextTemplate:
    """The plain text of HTML, as a template."""

    def make() -> TextTemplate:
        from mailweave.message.plaintext.derive import text_template

        return text_template(html, fragment=fragment)

    def dump(made: TextTemplate) -> str | None:
        return None if made.diagnostics else made.source

    def load(source: Any) -> TextTemplate:
        _all_texts((source,))
        return TextTemplate(source, ())

    given = (html, str(fragment))
    return kept.once("text", given, make, dump=dump, load=load)


def live(
    layout: Source,
    blocks: Mapping[str, Mapping[str, Source]],
    extensions: Mapping[str, Iterable[str]],
    kept: KeptStages,
) -> AmpWoven:
    """The AMP parts. What the official validator said is not kept: it may be another one tomorrow."""

    from mailweave.message.amp.official import pointed_to  # only for who has AMP

    def make() -> AmpWoven:
        from mailweave.message.amp.campaign_parts import weave

        return weave(layout, blocks, extensions=extensions)

    if pointed_to() is not None:
        return make()
    sources = [(slot, name, one) for slot, named in blocks.items() for name, one in named.items()]
    texts = [*_texts([("", "layout", layout), *sources])]
    texts += [f"{name} {' '.join(sorted(own))}" for name, own in sorted(extensions.items())]
    return kept.once("amp", texts, make, dump=_dumped, load=_loaded)


def _texts(sources: Iterable[tuple[str, str, Source]]) -> Iterator[str]:
    for slot, name, source in sources:
        yield from (slot, name, source.name, source.text)


def _dumped(woven: AmpWoven) -> Any:
    if woven.diagnostics or woven.layout is None:
        return None
    return [_listed(woven.layout), {name: _listed(part) for name, part in woven.blocks.items()}]


def _loaded(answer: Any) -> AmpWoven:
    from mailweave.message.amp.parts import AmpWoven

    layout, blocks = answer
    return AmpWoven(_part(layout), {name: _part(part) for name, part in blocks.items()}, ())


def _listed(part: AmpPart) -> Any:
    *texts, extensions = astuple(part)
    return [*texts, sorted(extensions)]


def _part(listed: Any) -> AmpPart:
    from mailweave.message.amp.parts import AmpPart

    name, source, exact, doubts, extensions = listed
    _all_texts((name, source))
    return AmpPart(name, source, exact, tuple(doubts), frozenset(extensions))


def _all_texts(found: Iterable[object]) -> None:
    if not all(isinstance(one, str) for one in found):
        raise TypeError("not what a stage made")
