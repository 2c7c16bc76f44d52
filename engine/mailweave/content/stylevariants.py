"""Liquid in stylesheets: conditions around rules resolved, what cannot be resolved reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.content.scope import gives, reassigned
from mailweave.content.stylesheets import Sheet, held
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.branches import Choice, Decision, Unresolvable, decide, items, leaves
from mailweave.markup.cascade.stylesheet import Control, Named, StyleRule
from mailweave.markup.pieces import Kind, Piece, cut, pieces
from mailweave.markup.stylesheet import stray
from mailweave.markup.tree import Page
from mailweave.source import Span

_BETWEEN = "\0"
_COMMENT = re.compile(r"/\*.*?\*/", re.S)


@dataclass(frozen=True, slots=True)
class StyleVariants:
    """The CSS of each `<style>`, by the number of its tag, per way through the conditions in it."""

    decision: Decision | None
    bodies: tuple[Mapping[int, str], ...]
    diagnostics: tuple[Diagnostic, ...]


def style_variants(page: Page, found: Sequence[Sheet]) -> StyleVariants:
    """Looks for Liquid in the stylesheets of a page that has a say in what is inlined."""
    diagnostics = [*_in_selectors(page, found), *_among_declarations(page, found), *_reassigned(page, found)]
    diagnostics += [*_dropped(page, found), *_out_of_css(found)]
    if not any(_conditional(page, sheet) for sheet in found):
        return StyleVariants(None, (), tuple(diagnostics))
    styles = [(number, page.text(span)) for number, _, span in page.styles]
    try:
        decision = decide(items(_parts([text for _, text in styles])))
    except Unresolvable as fault:
        span = found[0].span or Span(0, 0)
        what = fault.piece.text if fault.piece else "{% if %}"
        return StyleVariants(None, (), (*diagnostics, diagnose("MW516", page.source, span, text=what)))
    if not isinstance(decision, Choice):
        return StyleVariants(None, (), tuple(diagnostics))
    numbers = [number for number, _ in styles]
    bodies = tuple(dict(zip(numbers, leaf.text.split(_BETWEEN), strict=False)) for leaf in leaves(decision))
    return StyleVariants(decision, bodies, tuple(diagnostics))


def _parts(texts: Sequence[str]) -> Iterator[str | Piece]:
    for number, text in enumerate(texts):
        if number:
            yield _BETWEEN
        yield from cut(text)


def _conditional(page: Page, sheet: Sheet) -> bool:
    """Whether a condition decides over a rule that is to be inlined, within one that is kept, or over layers."""
    depth = 0
    for entry in sheet.entries:
        if isinstance(entry.item, Control):
            piece = pieces(page.shield.restore(entry.item.text))[0]
            depth += piece.opens - piece.closes
        elif isinstance(entry.item, StyleRule | Named) and _decided(entry.item, depth > 0):
            return True
    return False


def _decided(item: StyleRule | Named, inside: bool) -> bool:
    if isinstance(item, Named):
        return inside
    return _holds_conditions(item) or (inside and _to_inline(item))


def _to_inline(rule: StyleRule) -> bool:
    return not rule.conditions and any(one.fixed for one in rule.selectors)


def _holds_conditions(rule: StyleRule) -> bool:
    return "/*!" in rule.opaque or any("/*" in p.value for p in rule.properties)


def _in_selectors(page: Page, found: Sequence[Sheet]) -> Iterator[Diagnostic]:
    for sheet in found:
        for entry in sheet.entries:
            for one in entry.item.selectors if isinstance(entry.item, StyleRule) else ():
                if page.shield.hides(one.text):
                    written = page.shield.restore(one.text)
                    yield diagnose("MW515", sheet.source, sheet.at(entry.item.line), selector=written)


def _among_declarations(page: Page, found: Sequence[Sheet]) -> Iterator[Diagnostic]:
    """Rules into which Liquid writes whole declarations, or the names of properties."""
    for sheet in found:
        for entry in sheet.entries:
            if isinstance(entry.item, StyleRule) and _outputs_stray(page, entry.item):
                what = page.shield.restore(", ".join(one.text for one in entry.item.selectors))
                yield diagnose("MW528", sheet.source, sheet.at(entry.item.line), what=what)


def _outputs_stray(page: Page, rule: StyleRule) -> bool:
    controls = re.compile(rf"/\*!{page.shield.nonce}\d+z!\*/")
    return stray(controls.sub("", rule.opaque), page.shield.nonce)


def _dropped(page: Page, found: Sequence[Sheet]) -> Iterator[Diagnostic]:
    """Liquid that stands where CSS has no place for it, whole rules from data for example."""
    for sheet in found:
        hidden = page.shield.names(page.shield.cover_css(_COMMENT.sub("", sheet.source.text)))
        if not hidden or sheet.whole:
            continue
        kept = set(page.shield.names("".join(map(held, sheet.entries))))
        for name in hidden:
            if name not in kept:
                yield diagnose("MW516", sheet.source, sheet.at(1), text=page.shield.restore(name))
                break


def _out_of_css(found: Sequence[Sheet]) -> Iterator[Diagnostic]:
    """Conditions that stand in comments of the CSS, and what is kept from Liquid: a CSS parser looks at neither."""
    for sheet in found:
        commented = "".join(_COMMENT.findall(sheet.source.text))
        hidden = [piece for piece in pieces(commented) if piece.kind is Kind.TAG]
        raw = [p for p in pieces(sheet.source.text) if p.kind is Kind.VERBATIM and p.name == "raw"]
        for piece in (hidden + raw)[:1] if not sheet.whole else ():
            yield diagnose("MW516", sheet.source, sheet.at(1), text=f"{{% {piece.name} %}}")


def _reassigned(page: Page, found: Sequence[Sheet]) -> Iterator[Diagnostic]:
    """Names that the CSS reads and the page gives another value further down, where the style will stand."""
    for sheet in found:
        after = sheet.span.stop if sheet.span else 0
        piece = reassigned(page, sheet.source.text, after, len(page.source.text))
        if piece:
            yield diagnose("MW526", page.source, piece.span, name=next(gives(piece)))
