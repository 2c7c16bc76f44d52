"""The stylesheets of a page: which of their rules become `style` attributes and which must stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailweave.content.premailer_adapter import InlinedRule, understood
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.selectors import lowered, selector
from mailweave.markup.shield import Shield, in_attribute
from mailweave.markup.stylesheet import AtRule, Control, Entry, Property, Rule, parse_stylesheet, too_deep
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page
from mailweave.source import Source, Span

Resolve = Callable[[str], str | None]

_FLUID = frozenset({"media", "supports", "document", "-moz-document", "layer", "container", "scope"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One stylesheet: where it stands in the page, and its entries."""

    source: Source  # of the CSS itself
    entries: tuple[Entry, ...]
    span: Span | None  # of the whole element in the page; None for CSS from outside
    whole: bool = False  # to be left as it is: for print, or marked by the author

    def at(self, line: int) -> Span:
        """The span of a line of the CSS."""
        lines = self.source.text.split("\n")
        start = sum(len(text) + 1 for text in lines[: line - 1])
        text = lines[line - 1] if line <= len(lines) else ""
        return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


@dataclass(slots=True)
class Split:
    """The rules of all sheets, apart."""

    inlined: list[InlinedRule] = field(default_factory=list)
    kept: list[list[Entry]] = field(default_factory=list)  # per sheet


def sheets(
    page: Page, css: str, resolve: Resolve, bodies: Mapping[int, str] | None = None
) -> tuple[list[Sheet], list[Diagnostic]]:
    """All stylesheets of a page in the order of the cascade; `css` comes last.

    `bodies` gives other texts for `<style>` elements, by the number of their tag.
    """
    found: list[Sheet] = []
    diagnostics: list[Diagnostic] = []
    for number, tag in page.start_tags:
        if tag.name == "style":
            found.append(_style(page, number, tag, (bodies or {}).get(number)))
        elif tag.name == "link" and "stylesheet" in (tag.get("rel") or "").lower():
            linked = _linked(page, tag, resolve, diagnostics)
            found += [linked] if linked else []
    if css.strip():
        found.append(_parsed(Source("<css>", css), page.shield, None))
    for sheet in found:
        if too_deep(sheet.source.text):
            diagnostics.append(diagnose("MW506", sheet.source, sheet.at(1)))
    return [_imported(page, sheet, resolve, diagnostics) for sheet in found], diagnostics


def _style(page: Page, number: int, tag: StartTag, text: str | None) -> Sheet:
    body = next(span for at, _, span in page.styles if at == number)
    closing = page.tokens[number + 1 : number + 3]
    stop = max(
        (token.span.stop for token in closing if page.text(token.span).lower().startswith("</style")),
        default=body.stop,
    )
    media = (tag.get("media") or "all").strip().lower()
    whole = (
        media not in ("all", "screen")
        or tag.get("data-premailer") == "ignore"
        or tag.get("amp-custom") is not None
    )
    source = page.source.part(body) if text is None else Source(page.source.name, text)
    sheet = _parsed(source, page.shield, Span(tag.span.start, stop))
    return replace(sheet, whole=whole)


def _parsed(source: Source, shield: Shield, span: Span | None) -> Sheet:
    hidden = shield.cover_css(source.text)
    return Sheet(source, () if too_deep(hidden) else parse_stylesheet(hidden, shield.nonce), span)


def _linked(page: Page, tag: StartTag, resolve: Resolve, diagnostics: list[Diagnostic]) -> Sheet | None:
    href = tag.get("href") or ""
    text = None if _remote(href) else resolve(href)
    if text is not None:
        return _parsed(Source(href, text), page.shield, tag.span)
    diagnostics.append(_refused(page.source, tag.span, href))
    return None


def _remote(href: str) -> bool:
    return "://" in href or href.startswith("//") or "{{" in href


def _refused(source: Source, span: Span, href: str) -> Diagnostic:
    return diagnose("MW505" if _remote(href) else "MW504", source, span, href=href)


def _imported(page: Page, sheet: Sheet, resolve: Resolve, diagnostics: list[Diagnostic]) -> Sheet:
    """A sheet with the entries of its local imports in their place."""
    entries: list[Entry] = []
    for entry in sheet.entries:
        if not (isinstance(entry, AtRule) and entry.keyword == "import"):
            entries.append(entry)
            continue
        href = entry.prelude.strip().removeprefix("url(").split(")")[0].strip("\"' ")
        text = None if _remote(href) else resolve(href)
        if text is None:
            diagnostics.append(_refused(sheet.source, sheet.at(entry.line), href))
            entries += [entry] if _remote(href) else []
        else:
            entries += _parsed(Source(href, text), page.shield, None).entries
    return replace(sheet, entries=tuple(entries))


def split(found: Iterable[Sheet]) -> Split:
    """Tells the rules that become `style` attributes from those that must stay in `<style>`."""
    result = Split()
    for number, sheet in enumerate(found):
        result.kept.append([])
        if sheet.whole:
            continue
        for entry in sheet.entries:
            inlined, kept = _sorted(entry, number)
            result.inlined += inlined
            result.kept[-1] += kept
    return result


def _sorted(entry: Entry, sheet: int) -> tuple[list[InlinedRule], list[Entry]]:
    if isinstance(entry, AtRule):
        return [], [_important(entry)] if entry.keyword != "charset" else []
    if isinstance(entry, Control):
        return [], [entry]
    inlined = [
        InlinedRule(lowered(s), entry.properties, entry.line, sheet)
        for s in entry.selectors
        if selector(s).inlinable
    ]
    stay = tuple(s for s in entry.selectors if not selector(s).inlinable or selector(s).client_hook)
    return inlined, list(_kept(replace(entry, selectors=stay)))


def _kept(rule: Rule) -> Iterator[Rule]:
    """A rule that stays must beat what was inlined, except where it weighs nothing (`*`)."""
    weighty = tuple(s for s in rule.selectors if selector(s).specific)
    light = tuple(s for s in rule.selectors if not selector(s).specific)
    if weighty and rule.properties:
        yield replace(rule, selectors=weighty).made_important()
    if light and rule.properties:
        yield replace(rule, selectors=light)


def _important(entry: AtRule) -> AtRule:
    if entry.entries is None or entry.keyword not in _FLUID:
        return entry
    return replace(entry, entries=tuple(map(_made_important, entry.entries)))


def _made_important(entry: Entry) -> Entry:
    if isinstance(entry, AtRule):
        return _important(entry)
    return entry.made_important() if isinstance(entry, Rule) and not entry.opaque else entry


def shielded_properties(properties: Iterable[Property], shield: Shield) -> tuple[Property, ...]:
    """Declarations as premailer's CSS parser keeps them: what it would drop, though it means something, is
    hidden behind a name. An empty value means nothing to anybody."""
    return tuple(_shielded(p, shield) for p in properties if p.value)


def _shielded(p: Property, shield: Shield) -> Property:
    plain = "/*" not in p.value and "}" not in p.value
    if plain and understood(p.name, p.value):
        return p
    return replace(p, value=shield.hide(shield.restore(p.value, in_attribute)))
