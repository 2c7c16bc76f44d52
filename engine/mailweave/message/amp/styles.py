"""CSS of the HTML part as strict AMP CSS: inline styles as classes, sheets cut to what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import (
    AtRule,
    Control,
    Entry,
    Property,
    Rule,
    parse_declarations,
    parse_stylesheet,
)
from mailweave.message.amp.rules import rules
from mailweave.message.amp.specs import STRICT, CssSpec, DocumentCss
from mailweave.message.amp.stylesheets import check_sheet

_HTTP = re.compile(r"(url\(\s*[\"']?)http://", re.IGNORECASE)
_WINS = ":not(#_)"
"""Put behind a selector, it makes it win over any class, as `!important` did, which AMP does not allow."""


@cache
def _strict() -> tuple[DocumentCss, CssSpec]:
    """The strict CSS rules, and those of the `<style amp-custom>` that goes with them."""
    spec = next(s for s in rules().tags if s.spec_name == "style amp-custom (css-strict)")
    assert spec.text is not None  # a fact of the table
    assert spec.text.css is not None
    return rules().document_css(STRICT), spec.text.css


@cache
def _allowed(css: str) -> bool:
    document, spec = _strict()
    return not check_sheet(css, spec, document, "style", (1, 0))


def clean(properties: Iterable[Property]) -> tuple[tuple[Property, ...], tuple[str, ...]]:
    """What AMP allows of some declarations, pictures over https; and the names of the others."""
    kept, dropped = [], []
    for one in properties:
        plain = Property(one.name, _HTTP.sub(r"\1https://", one.value), one.important)
        if _allowed(f"p{{{Property(plain.name, plain.value)}}}"):
            kept.append(plain)
        else:
            dropped.append(one.name)
    return tuple(kept), tuple(dropped)


def written(properties: Iterable[Property]) -> str:
    """Declarations as AMP takes them, never with `!important`."""
    return ";".join(dict.fromkeys(f"{one.name}:{one.value}" for one in properties))


@dataclass(slots=True)
class StyleBook:
    """The classes and rules of one campaign's AMP parts. The same declarations get the same class.

    Classes, not `style` attributes: what repeats is written once, and rules that were `!important`, such
    as those of media queries, can win over a class.
    """

    classes: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def class_of(self, properties: Iterable[Property]) -> str:
        """The class for some allowed declarations; empty when there are none."""
        text = written(properties)
        return self.classes.setdefault(text, f"m{len(self.classes) + 1}") if text else ""

    def cleaned(self, style: str) -> tuple[Property, ...]:
        """The declarations of a `style` attribute that AMP allows; the others are noted."""
        kept, dropped = clean(parse_declarations(style))
        self.dropped += dropped
        return kept

    def take(self, css: str) -> None:
        """Takes over what AMP allows of a style sheet; rules that hold Liquid are noted and left out."""
        shield = Shield(css)
        hidden = shield.cover(css, lambda name, is_output: name if is_output else f"/*{name}*/")
        entries = parse_stylesheet(hidden, shield.nonce)
        controls = [at for at, entry in enumerate(entries) if isinstance(entry, Control)]
        for at, entry in enumerate(entries):
            conditional = bool(controls) and controls[0] <= at <= controls[-1]
            if conditional or shield.hides(str(entry)):
                self.dropped.append("Liquid in a style sheet")
                continue
            text = self._entry(entry)
            if text and text not in self.kept:
                self.kept.append(text)

    def _entry(self, entry: Entry) -> str:
        if isinstance(entry, Rule):
            return self._rule(entry)
        if not isinstance(entry, AtRule) or entry.entries is None:
            return self._refuse(f"@{entry.keyword}" if isinstance(entry, AtRule) else "Liquid")
        head = f"@{entry.keyword}{entry.prelude}"
        if not _allowed(f"{head}{{}}"):
            return self._refuse(head)
        inside = "".join(self._entry(inner) for inner in entry.entries)
        return f"{head}{{{inside}}}" if inside else ""

    def _rule(self, rule: Rule) -> str:
        selectors = [one for one in rule.selectors if _allowed(f"{one}{{}}") or self._refuse(one)]
        kept, dropped = clean(rule.properties)
        self.dropped += dropped
        text = ""
        for important in (False, True):
            some = [one for one in kept if one.important is important]
            if some and selectors:
                end = _WINS if important else ""
                text += f"{','.join(one + end for one in selectors)}{{{written(some)}}}"
        return text

    def _refuse(self, what: str) -> str:
        self.dropped.append(what)
        return ""

    def sheet(self) -> str:
        """The text of amp-custom: the author's rules, then the classes, which win as inline styles do."""
        classes = "".join(f".{name}{{{text}}}" for text, name in self.classes.items())
        return "".join(self.kept) + classes

    def names(self) -> frozenset[str]:
        """The author's own classes that the kept rules speak of."""
        return frozenset(re.findall(r"\.([A-Za-z_][\w-]*)", "".join(self.kept)))
