"""Declarations that Liquid leaves uncertain: which property is set, and which of two comes last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from mailweave.content.premailer_adapter import FEEDS_ATTRIBUTE
from mailweave.content.runs import Blanked, Layer, Runs
from mailweave.content.variants import css_of
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.stylesheet import parse_declarations, stray
from mailweave.markup.tree import Page

_LONGEST_SHOWN = 60
# Shorthands of properties that are not named after them.
_BEYOND_THEIR_NAMES = {"font": ("line-height",)}


def uncertain(page: Page, runs: Sequence[Runs]) -> Iterator[Diagnostic]:
    """What keeps the styles of tags from being known: each tag is reported once."""
    for number in sorted(_with_stray(page, runs) | {number for one in runs for number in one.changed}):
        for one in runs:
            found = next(_of_tag(page, one, number), None)
            if found:
                yield found
                break


def _with_stray(page: Page, runs: Sequence[Runs]) -> set[int]:
    """The tags that a rule matches, in whose styles Liquid stands elsewhere than in values."""
    return {
        number
        for number, _tag in page.start_tags
        for one in runs
        if any(_is_stray(page, one, number, run) for run in range(one.ways.runs)) and one.reached(number)
    }


def _is_stray(page: Page, runs: Runs, number: int, run: int) -> bool:
    style = runs.raw(number, run).get("style", "")
    return "{" in style and stray(css_of(page.shield, style), page.shield.nonce)


def too_many_layers(page: Page, number: int) -> Diagnostic:
    return diagnose("MW527", page.source, page.tokens[number].span, what=_shown(page, number))


def _of_tag(page: Page, runs: Runs, number: int) -> Iterator[Diagnostic]:
    span, what = page.tokens[number].span, _shown(page, number)
    for run in range(runs.ways.runs):
        if _is_stray(page, runs, number, run):
            yield diagnose("MW528", page.source, span, what=what)
        if runs.perhaps_untouched(number) and _feeds_attributes(runs, number, run):
            yield diagnose("MW527", page.source, span, what=what)
        for one, other in _changing_places(runs, number, run):
            yield diagnose("MW529", page.source, span, what=what, one=one, other=other)


def _feeds_attributes(runs: Runs, number: int, run: int) -> bool:
    """Whether the author's own style would be repeated in attributes, if any rule said anything."""
    own = css_of(runs.page.shield, runs.raw(number, run).get("style", ""))
    return any(one.name in FEEDS_ATTRIBUTE for one in parse_declarations(own))


def _changing_places(runs: Runs, number: int, run: int) -> Iterator[tuple[str, str]]:
    """Pairs of a property and one that sets a part of it, of which now the one comes last, now the other."""
    full = [one.name for one in Layer(runs, number, run).style]
    for one, other in combinations(full, 2):
        if related(one, other) and runs.over(number, run, {one, other}):
            layers = (
                Layer(runs, number, run, blanked) for blanked in _blanked(runs, number, run, one, other)
            )
            orders = ([p.name for p in layer.style if p.name in (one, other)] for layer in layers)
            if [other, one] in orders:
                yield one, other


def _blanked(runs: Runs, number: int, run: int, *names: str) -> Iterator[Blanked]:
    found = runs.over(number, run, names)
    yield None
    if len(found) > 1:
        yield from (frozenset({one}) for one in found)


def related(one: str, other: str) -> bool:
    """Whether two properties set something in common.

    >>> related("padding", "padding-left"), related("border-left", "border-color")
    (True, True)
    >>> related("color", "background-color"), related("padding-left", "padding-right")
    (False, False)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    crossing = one.startswith("border-") and other.startswith("border-") and _is_side(one) != _is_side(other)
    return crossing or long.startswith(f"{short}-") or long in _BEYOND_THEIR_NAMES.get(short, ())


def _is_side(border: str) -> bool:
    return border.split("-")[1] in ("top", "right", "bottom", "left")


def _shown(page: Page, number: int) -> str:
    return page.text(page.tokens[number].span)[:_LONGEST_SHOWN]
