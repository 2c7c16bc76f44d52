"""What the conditions in a start tag make of it: one set of attributes per way through them."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.content.premailer_adapter import CHANGED
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.branches import Choice, Decision, Unresolvable, decide, items, leaves, pruned
from mailweave.markup.cascade.selectors import Complex
from mailweave.markup.hazards import Use
from mailweave.markup.shield import Shield
from mailweave.markup.tagbranches import conditional_parts, leaf_attributes
from mailweave.markup.tokens import Attribute, StartTag
from mailweave.markup.tree import Page, every_attribute

_NAMED = frozenset({"class", "id", "style"})


@dataclass(frozen=True, slots=True)
class Variants:
    """The start tags of a page whose styles depend on conditions of their own, by number; `influencing` are
    those whose conditions decide over elements inside them too."""

    decisions: Mapping[int, Decision]
    influencing: frozenset[int]
    diagnostics: tuple[Diagnostic, ...]


def variants(page: Page, uses: Sequence[Use]) -> Variants:
    """Takes the conditions in all start tags apart."""
    relevant = _NAMED | CHANGED | {name for use in uses for name in use.selector.attributes}
    decisions: dict[int, Decision] = {}
    influencing: set[int] = set()
    found: list[Diagnostic] = []
    for number, tag in page.start_tags if uses else ():
        try:
            parts = items(conditional_parts(tag, relevant))
            decision = decide(pruned(parts, lambda text: bool(text.strip())))
        except Unresolvable as fault:
            span = fault.piece.span if fault.piece and fault.piece in tag.pieces else tag.span
            found.append(diagnose("MW523", page.source, span, tag=tag.name))
            continue
        if isinstance(decision, Choice):
            decisions[number] = decision
            asking = [use for use in uses if _varied(decision) & use.selector.names]
            found += _judged(page, tag, decision, asking)
            influencing |= {number} if any(_of_others(use, decision) for use in asking) else set()
    return Variants(decisions, frozenset(influencing), tuple(found))


def every_name(varied: Variants, number: int, tag: StartTag) -> dict[str, str]:
    """The attributes of a start tag with the classes of all its variants."""
    attributes = every_attribute(number, tag)
    decision = varied.decisions.get(number)
    if decision is not None:
        words = (word for leaf in leaves(decision) for word in leaf_attributes(leaf).get("class", "").split())
        attributes["class"] = " ".join(dict.fromkeys(words))
    return attributes


def _judged(page: Page, tag: StartTag, decision: Decision, asking: Sequence[Use]) -> Iterator[Diagnostic]:
    """What it means for the rules that only some variants have some names."""
    beside = [use for use in asking if _of_others(use, decision) and not _inside_only(use.selector)]
    for use in (beside or asking)[:1]:
        name = min(_varied(decision) & use.selector.names).removeprefix("[")
        code = "MW524" if beside else "MW513"
        yield diagnose(code, page.source, tag.span, name=name, selector=use.selector.text, where=use.where)


def _varied(decision: Decision) -> frozenset[str]:
    """The classes, ids and attributes (as `[name`) that the variants do not have in common."""
    named = [_names(leaf_attributes(leaf)) for leaf in leaves(decision)]
    words = frozenset().union(*named) - frozenset(named[0]).intersection(*named)
    return frozenset(word.partition("=")[0] if word.startswith("[") else word for word in words)


def _names(attributes: Mapping[str, str]) -> frozenset[str]:
    words = f"{attributes.get('class', '')} {attributes.get('id', '')}".split()
    return frozenset((*words, *(f"[{name}={value}" for name, value in attributes.items())))


def _of_others(use: Use, decision: Decision) -> bool:
    """Whether a rule asks for one of the names on another element than the one that it styles."""
    return bool(_varied(decision) & use.selector.afar)


def _inside_only(one: Complex) -> bool:
    """Whether it looks at what is around the element alone."""
    every = (one, *one.inner)
    beside = any(c in ("+", "~") for asked in every for c in asked.combinators) or one.has
    pseudos = (p for asked in every for c in asked.compounds for p in c.pseudos)
    return not beside and not any(p.name.startswith("nth") and p.arguments for p in pseudos)


def css_of(shield: Shield, style: str) -> str:
    """The text of a `style` attribute as CSS, its Liquid hidden."""
    return html.unescape(shield.cover(style))


def occurrences(tag: StartTag, name: str) -> list[Attribute]:
    """The attributes of that name, in all branches."""
    return [attribute for attribute in tag.attributes if attribute.name == name]
