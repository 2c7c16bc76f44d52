"""MJML without what its compiler makes nothing of: each such thing is told, and no check warns of it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.tokens import Attribute, StartTag
from mailweave.mjml.checks import nested
from mailweave.mjml.tree import Element, Hole, Node, Parser
from mailweave.mjml.vocabulary import COMPONENTS, REFUSED, is_dropped
from mailweave.source import Source, Span, edited

_UNKNOWN = "MJML knows no such attribute there"
_NOT_COMPILED = "MJML compiles nothing there; what it holds stays"
_DROPPED = "it does not come out as MJML says"


@dataclass(slots=True)
class Cleaning:
    """One text on its way to a campaign. `source`: what is left of it, with the places of the whole."""

    source: Source
    told: list[Diagnostic] = field(default_factory=list)
    _cuts: list[tuple[Span, str]] = field(default_factory=list)
    _attributes: dict[tuple[str, str, str], list[Span]] = field(default_factory=dict)
    _styles: list[str] = field(default_factory=list)

    def run(self) -> Cleaning:
        """Takes out what has no use."""
        nodes = Parser(self.source).nodes()
        self._nodes(nodes, "mjml")
        self._move_styles(nodes)
        whole = self.source
        for (parent, name, why), spans in self._attributes.items():
            times = f", {len(spans)} times" if len(spans) > 1 else ""
            self.told.append(
                diagnose("MW657", whole, spans[0], what=f"`{name}` of `<{parent}>`{times}", why=why)
            )
        self.source = edited(whole, sorted(self._cuts, key=lambda one: one[0]))
        return self

    def _nodes(self, nodes: Sequence[Node], parent: str) -> None:
        for node in nodes:
            if isinstance(node, Hole):
                self._hole(node)
            elif node.name == "mj-include" and node.get("type") == "css" and parent not in _HEADS:
                self._style(node)
            elif node.name in REFUSED or (node.name.startswith("mj-") and node.name not in _KNOWN):
                self._no_equal(node)
            else:
                self._element(node)

    def _style(self, include: Element) -> None:
        """A style sheet that is included within the body holds for the whole mail, as one of the head does; a block has no
        head, so it goes there."""
        place = Span(include.span.start, include.stop)
        self._styles.append(self.source.text[place.start : place.stop])
        self._cuts.append((place, ""))

    def _move_styles(self, nodes: Sequence[Node]) -> None:
        page = next((one for one in nodes if isinstance(one, Element) and one.name == "mjml"), None)
        if not self._styles or page is None:
            return
        head = next((one for one in page.elements() if one.name == "mj-head"), None)
        written = "".join(self._styles)
        end = -1 if head is None else self.source.text.rfind("</", head.span.start, head.stop)
        if end < 0:
            end, written = page.span.stop, f"<mj-head>{written}</mj-head>"
        self._cuts.append((Span(end, end), written))

    def _hole(self, hole: Hole) -> None:
        """Words between components, which MJML leaves out; marks of another language are no Liquid of ours."""
        if hole.kind != "comment":
            why = "MJML leaves out words between components"
            what = f"`{' '.join(hole.text.split())[:80]}`"
            self.told.append(diagnose("MW657", self.source, hole.span, what=what, why=why))
            self._cuts.append((hole.span, ""))

    def _no_equal(self, element: Element) -> None:
        why = REFUSED.get(element.name, "MJML has no such component")
        facts = {"what": f"<{element.name}>", "why": why}
        todo = "write its pictures as `<mj-image>`, or its HTML in `<mj-raw>`"
        self.told.append(
            diagnose("MW660", self.source, element.span, what=facts["what"], why=facts["why"], todo=todo)
        )
        self._cuts.append((Span(element.span.start, element.stop), ""))

    def _element(self, element: Element) -> None:
        for each, why in _useless(element):
            self._attributes.setdefault((element.name, each.name, why), []).append(each.span)
            self._cuts.append((each.span, ""))
        for tag, span in nested(element) if element.name in COMPONENTS else ():
            if isinstance(tag, StartTag):
                what = f"the tag `<{tag.name}>` in `<{element.name}>`"
                self.told.append(diagnose("MW657", self.source, span, what=what, why=_NOT_COMPILED))
            self._cuts.append((span, ""))
        if element.name != "mj-attributes":
            self._nodes(element.children, element.name)


_HEADS = ("mjml", "mj-head")
_KNOWN = frozenset([*COMPONENTS, "mj-include", "mj-all"])


def _useless(element: Element) -> Iterator[tuple[Attribute, str]]:
    known = COMPONENTS.get(element.name)
    seen: set[str] = set()
    for each in element.attributes if known is not None else ():
        if known is not None and (each.name not in known.attributes or each.name in seen):
            yield each, _UNKNOWN if each.name not in seen else "it stands twice, and the first counts"
        elif is_dropped(element.name, each.name, each.value or ""):
            yield each, _DROPPED
        seen.add(each.name)
