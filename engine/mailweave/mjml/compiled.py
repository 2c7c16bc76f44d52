"""MJML as HTML whose places are those of the MJML: a whole page, or a block in the place that it has in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mailweave.diagnostics import Diagnostic, Severity, diagnose
from mailweave.markup.pieces import slots
from mailweave.mjml.attributes import Defaults, set_of
from mailweave.mjml.checks import check
from mailweave.mjml.engine import Uncompiled, require_engine, to_html
from mailweave.mjml.head import Head, head_of
from mailweave.mjml.includes import Includes, Read
from mailweave.mjml.masks import Masks, text_of
from mailweave.mjml.rules import Rules, rules_of
from mailweave.mjml.tree import Element, Hole, Node
from mailweave.mjml.writer import Writer
from mailweave.source import Source, Span, composed

MJML: Final = ".mjml"
"""How the names of files end that are written in it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a layout says of the blocks in it: its defaults and width, and where its slots stand."""

    head: Head = field(default_factory=Head)
    body: Element | None = None
    rules: Rules = ()
    texts: tuple[str, ...] = ()

    def around(self, slot: str) -> tuple[Element, ...] | None:
        """The components around a slot, outermost first: the body alone where the layout has no such place; None where
        the slot stands in HTML."""
        if self.body is None or all(slot not in dict(slots(text)) for text in self.texts):
            return (Element("mj-body", Source("", ""), Span(0, 0)) if self.body is None else self.body,)
        return _around(self.body, slot)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A page or a block as HTML, and the rules that its components need."""

    html: Source
    rules: Rules


Found = tuple[Diagnostic, ...]


def layout_of(source: Source, path: str, read: Read) -> tuple[Compiled | None, Frame, Found]:
    """A page of MJML as HTML, and what it says of blocks. path: where it lies in its folder; read: other files there.

    Raises MailweaveError (MW022) where the extra `mjml` is not installed.
    """
    require_engine(source)
    includes = Includes(read)
    nodes = includes.page(source, path)
    pages = [node for node in nodes if isinstance(node, Element)]
    found = list(includes.diagnostics)
    found += [] if _broken(found) else _of_page(source, nodes, pages)
    if _broken(found):
        return None, Frame(), tuple(found)
    page = pages[0]
    head = head_of((one for one in page.elements() if one.name == "mj-head"), includes.head)
    body = next(one for one in page.elements() if one.name == "mj-body")
    found += [*check(page.children, "mjml"), *head.check()]
    if includes.head:
        found += check(includes.head, "mj-head")
    files = (source, *includes.files)
    if _broken(found):
        return None, Frame(), tuple(found)
    masks = Masks(one.text for one in files)
    before = [
        masks.hole(one.source, one.span) for one in nodes if isinstance(one, Hole) and one.kind == "liquid"
    ]
    before += [
        masks.hole(one.source, one.content) for one in page.elements() if one.name == "mj-raw" and one.content
    ]
    run = _Run(masks, Defaults.of(head.parts), source)
    root = run.writer.tag(page, {name: one for name, one in set_of(page).items() if name in ("lang", "dir")})
    html = run.html(f"{root}>{head.mjml(masks)}{run.body(body, body.children)}</mjml>")
    found += run.diagnostics
    if html is None or _broken(found):
        return None, Frame(), tuple(found)
    fonts = head.fonts(text_of(masks.put_back(html, source)[0]))
    late = masks.around([(fonts, source.part(Span(0, 0))), *head.written()], source)
    made, lost = masks.put_back("".join(before) + html.replace("</head>", f"{late}</head>", 1), source)
    frame = Frame(head, body, rules_of(html), tuple(one.text for one in files))
    whole = Compiled(composed(source.name, made), frame.rules)
    return (None if _broken(lost) else whole), frame, (*found, *lost)


def block_of(source: Source, path: str, read: Read, frame: Frame, slot: str) -> tuple[Compiled | None, Found]:
    """A block of MJML as the HTML that stands in a slot of a layout, and the rules that the layout has not.

    Raises MailweaveError (MW022) where the extra `mjml` is not installed.
    """
    require_engine(source)
    includes = Includes(read)
    nodes = includes.page(source, path)
    found = list(includes.diagnostics)
    around = frame.around(slot)
    if around is None:
        found.append(diagnose("MW655", source, Span(0, 1), slot=slot))
    heads = [
        *includes.head,
        *(one for one in nodes if isinstance(one, Element) and one.name in ("mjml", "mj-head")),
    ]
    for one in heads[:1]:
        found.append(diagnose("MW656", one.source, one.span))
    if around is None or _broken(found):
        return None, tuple(found)
    found += check(nodes, around[-1].name)
    if _broken(found):
        return None, tuple(found)
    files = (source, *includes.files)
    masks = Masks([*(one.text for one in files), *frame.texts])
    run = _Run(masks, Defaults.of(frame.head.parts), source)
    body = run.within(around, nodes, source)
    html = run.html(f"<mjml>{frame.head.mjml(masks)}{body}</mjml>")
    found += run.diagnostics
    if html is None or _broken(found):
        return None, tuple(found)
    made, lost = masks.put_back(html, source)
    needed = tuple(one for one in rules_of(html) if one not in frame.rules)
    found += lost
    return (None if _broken(found) else Compiled(composed(source.name, made), needed)), tuple(found)


class _Run:
    """One page on its way through the compiler."""

    def __init__(self, masks: Masks, defaults: Defaults, source: Source) -> None:
        self._masks, self._source = masks, source
        self.writer = Writer(masks, defaults)
        self._defaults = defaults
        self._failed: list[Diagnostic] = []

    @property
    def diagnostics(self) -> list[Diagnostic]:
        return [*self.writer.diagnostics, *self._failed]

    def body(self, body: Element, children: Sequence[Node]) -> str:
        """The body with these in it."""
        given = self._defaults.resolved(body, "mjml", "")
        return f"{self.writer.tag(body, given)}>{self.writer.nodes(children, 'mj-body')}</mj-body>"

    def within(self, around: Sequence[Element], nodes: Sequence[Node], source: Source) -> str:
        """A block between the components around its slot, and between two edges."""
        parent, inside = around[-1].name, ""
        edges = [f"<mj-raw>{self._masks.edge(source)}</mj-raw>" for _ in range(2)]
        inside = f"{edges[0]}{self.writer.nodes(nodes, parent, _classes(around))}{edges[1]}"
        for n, element in reversed(list(enumerate(around))):
            outer = around[n - 1].name if n else "mjml"
            given = self._defaults.resolved(element, outer, _classes(around[:n]))
            inside = f"{self.writer.tag(element, given)}>{inside}</{element.name}>"
        return inside

    def html(self, page: str) -> str | None:
        """What the compiler makes of a page, or None."""
        if _broken(self.diagnostics):
            return None
        try:
            return to_html(page)
        except Uncompiled as wrong:
            self._failed.append(diagnose("MW652", self._source, Span(0, 1), why=str(wrong)))
            return None


def _classes(around: Sequence[Element]) -> str:
    named = [one.get("mj-class") for one in around]
    return next((each for each in reversed(named) if each), "")


def _of_page(source: Source, nodes: Iterable[Node], pages: Sequence[Element]) -> Iterator[Diagnostic]:
    """What keeps a text from being one page."""
    start = Span(0, min(1, len(source.text)))
    if len(pages) != 1 or pages[0].name != "mjml":
        span = pages[0].span if pages else start
        yield diagnose("MW642", source, span, what="a layout is one `<mjml>`")
    elif not any(one.name == "mj-body" for one in pages[0].elements()):
        yield diagnose("MW642", source, pages[0].span, what="`<mjml>` has no `<mj-body>`")
    for node in nodes:
        if isinstance(node, Hole) and node.kind == "words":
            yield diagnose("MW647", node.source, node.span, parent="mjml")


def _around(element: Element, slot: str) -> tuple[Element, ...] | None:
    """The components on the way down to the place of a slot."""
    for node in element.children:
        if isinstance(node, Hole):
            if node.piece is not None and node.piece.slot == slot:
                return (replace(element, children=()),)
        elif (below := _around(node, slot)) is not None:
            return (replace(element, children=()), *below)
    return None


def _broken(found: Iterable[Diagnostic]) -> bool:
    return any(one.severity is Severity.ERROR for one in found)
