"""One page inlined: from its rules to the edits in its text.

The tree only answers which rules match what; every edit is made in the author's own text, so nothing that a
parser or a serialiser does to a document can reach the mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mailweave.content.guards import Guards
from mailweave.content.inlined import Edit
from mailweave.content.premailer_adapter import InlinedRule
from mailweave.content.runs import TooManyLayers, run_all
from mailweave.content.scope import reassigned
from mailweave.content.sheets import Resolve, Sheet, Split, sheets, shielded_properties, split
from mailweave.content.stylevariants import style_variants
from mailweave.content.tagedits import TagEdits
from mailweave.content.uncertain import too_many_layers, uncertain
from mailweave.content.variants import Variants, every_name, variants
from mailweave.content.ways import MOST_RUNS, ways
from mailweave.diagnostics import Diagnostic, Severity, diagnose, ordered
from mailweave.markup.branches import Decision, Leaf
from mailweave.markup.hazards import Scene, Use, hazards
from mailweave.markup.selectors import selector
from mailweave.markup.structure import Structure, structure
from mailweave.markup.stylesheet import Entry
from mailweave.markup.tree import Page, Tree, lost, parse

_ONE: Decision = Leaf("", 0)


@dataclass(frozen=True, slots=True)
class InlinedPage:
    """What inlining one page came to: the edits of its start tags, and what must stay in `<style>`."""

    edits: tuple[Edit, ...]
    sheets: tuple[Sheet, ...]
    kept: tuple[tuple[tuple[Entry, ...], ...], ...]  # per way through the conditions of the CSS, per sheet
    decision: Decision  # the conditions of the CSS
    diagnostics: tuple[Diagnostic, ...]
    tree: Tree

    @property
    def exact(self) -> bool:
        return all(d.severity is Severity.NOTE for d in self.diagnostics)

    def also(self, found: Sequence[Diagnostic]) -> InlinedPage:
        return replace(self, diagnostics=ordered((*self.diagnostics, *found)))


def inline_page(page: Page, css: str, resolve: Resolve) -> InlinedPage:
    """Inlines the rules of a page, and of `css`, into its start tags."""
    found, diagnostics = sheets(page, css, resolve)
    styles = style_variants(page, found)
    every = [sheets(page, css, resolve, bodies)[0] for bodies in styles.bodies] if styles.bodies else [found]
    apart = [split(one) for one in every]
    rules = [_shielded(page, one.inlined) for one in apart]
    uses = _uses(found, [rule for one in rules for rule in one])
    varied = variants(page, [rule for one in rules for rule in one], uses)
    tree = parse(page, partial(every_name, varied))
    diagnostics += [*lost(page, tree), *styles.diagnostics, *varied.diagnostics]
    built = structure(page.tokens)
    diagnostics += [*hazards(Scene(page, tree, built, uses)), *_under_conditions(page, found, built, apart)]
    kept = tuple(tuple(map(tuple, one.kept)) for one in apart)
    decision = styles.decision or _ONE
    result = InlinedPage((), tuple(found), kept, decision, ordered(diagnostics), tree)
    return _with_edits(page, rules, varied, result) if result.exact else result


def _under_conditions(
    page: Page, found: Sequence[Sheet], built: Structure, apart: Sequence[Split]
) -> Iterator[Diagnostic]:
    """Whole stylesheets that stand in a branch, and of which rules are to be inlined."""
    inlined = {rule.sheet for one in apart for rule in one.inlined}
    starts = {tag.span.start: number for number, tag in page.start_tags}
    for at, sheet in enumerate(found):
        number = starts.get(sheet.span.start) if sheet.span and at in inlined else None
        for piece in built.enclosing.get(number, ())[:1] if number is not None else ():
            yield diagnose("MW516", page.source, piece.span, text=piece.text)


def _uses(found: Sequence[Sheet], rules: Sequence[InlinedRule]) -> list[Use]:
    """Each selector once, with the place of its rule."""
    places: dict[str, InlinedRule] = {}
    for rule in rules:
        places.setdefault(rule.selector, rule)
    return [Use(selector(text), _where(found, rule)) for text, rule in places.items()]


def _where(found: Sequence[Sheet], rule: InlinedRule) -> str:
    sheet = found[rule.sheet]
    return str(sheet.source.locate(sheet.at(rule.line).start))


def _shielded(page: Page, rules: Sequence[InlinedRule]) -> list[InlinedRule]:
    return [replace(rule, properties=shielded_properties(rule.properties, page.shield)) for rule in rules]


def _with_edits(
    page: Page, rules: Sequence[Sequence[InlinedRule]], varied: Variants, result: InlinedPage
) -> InlinedPage:
    through = ways(varied.decisions, varied.influencing, result.tree)
    if through.runs > MOST_RUNS:
        return result.also([_too_many(page, number) for number in varied.influencing])
    guards = Guards(page.shield)
    edits = TagEdits([run_all(page, guards, through, one, result.tree) for one in rules], result.decision)
    try:
        bad = [*_out_of_scope(page, edits), *uncertain(page, edits.runs)]
        return result.also(bad) if bad else replace(result, edits=tuple(edits.all()))
    except TooManyLayers as fault:
        return result.also([too_many_layers(page, fault.number)])


def _too_many(page: Page, number: int) -> Diagnostic:
    tag = page.tokens[number]
    return diagnose("MW523", page.source, tag.span, tag=getattr(tag, "name", ""))


def _out_of_scope(page: Page, edits: TagEdits) -> Iterator[Diagnostic]:
    """Conditions that would be asked again further in, where a name in them has another value."""
    for above, number in edits.influences():
        start, stop = page.tokens[above].span, page.tokens[number].span
        piece = reassigned(page, page.text(start), start.stop, stop.start)
        if piece:
            yield diagnose("MW525", page.source, start, name=piece.text)
            return
