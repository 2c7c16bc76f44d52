"""What the conditions in a start tag make of it: one set of attributes per way through them."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.content.guards import Guards
from mailweave.content.premailer_adapter import CHANGED, InlinedRule
from mailweave.content.sheets import shielded_properties
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.branches import (
    Choice,
    Decision,
    Leaf,
    Unresolvable,
    decide,
    items,
    leaves,
    pruned,
)
from mailweave.markup.hazards import Use
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.selectors import selector
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import parse_declarations
from mailweave.markup.tokens import Attribute, StartTag, tokenize
from mailweave.markup.tree import Page, every_attribute

_NAMED = frozenset({"class", "id", "style"})


@dataclass(frozen=True, slots=True)
class Variants:
    """The start tags of a page whose styles depend on conditions of their own, by number."""

    decisions: Mapping[int, Decision]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def runs(self) -> int:
        """How many trees are needed to see each variant of each tag once."""
        return max((len(list(leaves(d))) for d in self.decisions.values()), default=1)

    def leaf(self, number: int, run: int) -> Leaf | None:
        """The variant of a tag that a run shows; None for a tag without variants."""
        decision = self.decisions.get(number)
        if decision is None:
            return None
        found = list(leaves(decision))
        return found[run % len(found)]


def variants(page: Page, rules: Sequence[InlinedRule], uses: Sequence[Use]) -> Variants:
    """Takes the conditions in all start tags apart."""
    relevant = _NAMED | CHANGED | {name for rule in rules for name in selector(rule.selector).attributes}
    decisions: dict[int, Decision] = {}
    found: list[Diagnostic] = []
    for number, tag in page.start_tags if rules else ():
        try:
            decision = decide(pruned(items(_parts(tag, relevant)), lambda text: bool(text.strip())))
        except Unresolvable as fault:
            span = fault.piece.span if fault.piece and fault.piece in tag.pieces else tag.span
            found.append(diagnose("MW523", page.source, span, tag=tag.name))
            continue
        if isinstance(decision, Choice):
            decisions[number] = decision
            found += _judged(page, tag, decision, uses)
    return Variants(decisions, tuple(found))


def _parts(tag: StartTag, relevant: frozenset[str]) -> Iterator[str | Piece]:
    """The conditions among the attributes, and the attributes that matter."""
    for part in tag.parts:
        if isinstance(part, Piece):
            if part.kind is not Kind.OUTPUT:
                yield part
        elif part.name in relevant:
            yield f' {part.name}="'
            yield from texts_and_pieces(part.value or "")
            yield '"'


def texts_and_pieces(value: str) -> Iterator[str | Piece]:
    """A text cut at its Liquid; its own double quotes are entities afterwards."""
    at = 0
    for piece in pieces(value):
        yield value[at : piece.span.start].replace('"', "&quot;")
        yield piece
        at = piece.span.stop
    yield value[at:].replace('"', "&quot;")


def _judged(page: Page, tag: StartTag, decision: Decision, uses: Sequence[Use]) -> Iterator[Diagnostic]:
    """What the names that only some variants have mean for the rules."""
    named = [_names(leaf_attributes(leaf)) for leaf in leaves(decision)]
    varied = frozenset().union(*named) - frozenset(named[0]).intersection(*named)
    for use in uses:
        one = use.selector
        if not varied & (one.classes | one.ids):
            continue
        key = selector(one.key)
        elsewhere = len(one.compounds) > 1 and not varied & (one.classes | one.ids) <= key.classes | key.ids
        code = "MW525" if elsewhere else "MW513"
        name = min(varied & (one.classes | one.ids))
        yield diagnose(code, page.source, tag.span, name=name, selector=one.text, where=use.where)
        return


def _names(attributes: Mapping[str, str]) -> frozenset[str]:
    return frozenset(f"{attributes.get('class', '')} {attributes.get('id', '')}".split())


def leaf_attributes(leaf: Leaf) -> dict[str, str]:
    """The attributes of one variant of a start tag, as written."""
    tag = tokenize(f"<x {leaf.text}>")[0]
    assert isinstance(tag, StartTag)
    return every_attribute(0, tag)


def clean(shield: Shield, guards: Guards, attributes: Mapping[str, str], *, blank: bool) -> dict[str, str]:
    """The attributes for the parser: what CSS parsers would drop from a style is hidden; with `blank`, what
    can be blank is left out."""
    style = attributes.get("style")
    if not style:
        return dict(attributes)
    found = shielded_properties(parse_declarations(html.unescape(shield.cover(style))), shield)
    for one in found:
        guards.paths(one.value)
    kept = guards.without(found) if blank else found
    return {**attributes, "style": ";".join(map(str, kept))}


def occurrences(tag: StartTag, name: str) -> list[Attribute]:
    """The attributes of that name, in all branches."""
    return [attribute for attribute in tag.attributes if attribute.name == name]
