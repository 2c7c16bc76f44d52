"""Turns the nodes of a page, as they begin and end, into words, breaks and tags for a writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from mailweave.markup.branches import ELSE, Decision
from mailweave.markup.pieces import Kind, Piece
from mailweave.markup.shield import Shield
from mailweave.message.plaintext.hidden import SILENT, Hidden
from mailweave.message.plaintext.liquid import piece_of, shown, writes
from mailweave.message.plaintext.lists import List, list_of
from mailweave.message.plaintext.sight import Conditional
from mailweave.message.plaintext.tables import DataTable, holds_data
from mailweave.message.plaintext.writer import Writer

# How many line ends stand before and after an element: 2 leave a blank line.
_DISTANCE = {
    **dict.fromkeys(("p", "table", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "dl"), 2),
    **dict.fromkeys(("div", "tr", "td", "th", "li", "center", "section", "article", "header", "footer"), 1),
    **dict.fromkeys(
        ("main", "nav", "aside", "address", "figure", "figcaption", "dt", "dd", "form", "caption"), 1
    ),
    **dict.fromkeys(("tbody", "thead", "tfoot", "body", "fieldset"), 1),
}
_HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### "}
_DIVIDING = frozenset({"if", "unless", "case"})  # what can have an `else`
_RULE = "-" * 40
_NOWHERE = ("#", "javascript:")
_INVISIBLE = {0xA0: " ", **dict.fromkeys((0xAD, 0x34F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))}


class Scribe:
    """Writes one page as text. Liquid is still hidden, except where its shape matters.

    `mark`, `decisions`: see `Hidden`.
    """

    def __init__(
        self, shield: Shield, soup: BeautifulSoup, mark: str, decisions: Mapping[str, Decision]
    ) -> None:
        self._shield = shield
        self._writers = [Writer(shield.hide)]
        self._hidden = Hidden(soup, shield, mark, decisions)
        self._before_link = 0  # how often text was put when the link began that is open
        self._last_tags: dict[int, Callable[[], None]] = {}  # to be written behind elements
        self._skipped: PageElement | None = None  # an element of which nothing is to be written
        self._lists: list[List] = []
        self._table: DataTable | None = None

    @property
    def text(self) -> str:
        return self._writers[0].text

    @property
    def _writer(self) -> Writer:
        return self._writers[-1]

    def enter(self, node: PageElement) -> None:
        if self._skipped is not None:
            return
        if isinstance(node, Comment):
            self._comment(node)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            if not self._between_cells(node):
                self._writer.words(str(node).translate(_INVISIBLE))
        elif isinstance(node, Tag):
            self._enter(node)

    def leave(self, node: PageElement) -> None:
        if self._skipped is not None and self._skipped is not node:
            return
        assert isinstance(node, Tag)
        if self._skipped is None:
            self._leave(node)
        self._skipped = None
        self._last_tags.pop(id(node), _nothing)()

    def _leave(self, node: Tag) -> None:
        if node.name == "a":
            self._leave_link(node)
        elif node.name in ("ul", "ol"):
            self._leave_list()
        elif node.name == "li" and self._lists:
            self._writer.indent, self._writer.marker = self._lists[-1].indent, ""
        elif self._table:
            self._leave_in_table(node)
        if node.name in _HEADINGS:
            self._writer.marker = ""
        self._writer.part(_DISTANCE.get(node.name, 0))

    # Elements

    def _enter(self, element: Tag) -> None:
        hidden = element.name in SILENT or self._hidden.hidden(element)
        if hidden is True:
            self._skip(element)
            return
        if isinstance(hidden, Conditional):
            self._open(element, hidden)
        self._writer.part(_DISTANCE.get(element.name, 0))
        enter = self._ENTER.get(element.name)
        if enter:
            enter(self, element)

    def _skip(self, element: Tag) -> None:
        """Writes nothing of an element but its assignments and the links that stand nowhere else."""
        self._put_all(self._hidden.remains(element))
        self._skipped = element

    def _put_all(self, remains: Iterable[tuple[str, bool]]) -> None:
        row = self._row
        for text, link in remains:
            if link:
                self._writer.part(1)
                self._writer.put(text)
                self._writer.part(1)
            elif row is not None:
                row.append(text)
            else:
                self._writer.tag(text)

    def _open(self, element: Tag, hidden: Conditional) -> None:
        """Begins an element that is hidden under conditions: those stand around its text, too."""
        remains = list(self._hidden.remains(element))
        shown, texts = hidden.only_shown, list(hidden.tags)
        if shown is None:  # in several branches: what they come to is asked once
            name = f"hidden_{self._shield.nonce}_{len(self._last_tags)}"
            asked = f"{{% capture {name} %}}{hidden.written('1')}{{% endcapture %}}"
            self._writer.tag(self._shield.hide(asked))
            shown, texts = 0, [f"{{% if {name} == '' %}}", *([ELSE] if remains else []), "{% endif %}"]
        tags = list(map(self._shield.hide, texts))
        row = self._row
        if row is not None:
            self._open_cell(element, row, tags, shown, remains)
            return

        def close() -> None:
            for at in range(shown + 1, len(tags) - 1):
                self._writer.next_branch(tags[at], last=texts[at] == ELSE)
                self._put_all(remains)
            self._writer.close_branch(tags[-1])

        self._writer.open_branch(tags[0])
        for at in range(1, shown + 1):
            self._put_all(remains)
            self._writer.next_branch(tags[at], last=texts[at] == ELSE)
        self._last_tags[id(element)] = close

    def _open_cell(
        self, element: Tag, row: list[str], tags: list[str], shown: int, remains: list[tuple[str, bool]]
    ) -> None:
        """Conditions around a cell stand between the cells of its row."""
        assigned = [text for text, link in remains if not link]
        row += [part for tag in tags[:shown] for part in (tag, *assigned)]
        row.append(tags[shown])
        after = [part for tag in tags[shown + 1 : -1] for part in (tag, *assigned)]
        self._last_tags[id(element)] = lambda: row.extend([*after, tags[-1]])

    @property
    def _row(self) -> list[str] | None:
        """The row whose cells are gathered, between two of them: what stands there has its place among the cells."""
        return self._table.row if self._table is not None and len(self._writers) == 1 else None

    def _enter_heading(self, element: Tag) -> None:
        self._writer.marker = _HEADINGS[element.name]

    def _enter_list(self, element: Tag) -> None:
        self._writer.part(1 if self._lists else 2)
        self._lists.append(list_of(element, self._writer.indent, self._shield.hides))

    def _leave_list(self) -> None:
        if self._lists:
            self._writer.indent = self._lists.pop().indent
        self._writer.part(1 if self._lists else 2)

    def _enter_item(self, _element: Tag) -> None:
        if self._lists:
            marker = self._lists[-1].next_marker()
            self._writer.marker = marker
            self._writer.indent = self._lists[-1].indent + " " * (3 if marker[0] != "-" else 2)

    def _enter_break(self, _element: Tag) -> None:
        self._writer.line_break()

    def _enter_rule(self, _element: Tag) -> None:
        self._writer.put(_RULE)

    def _enter_image(self, element: Tag) -> None:
        self._writer.words(str(element.get("alt") or "").translate(_INVISIBLE))

    def _enter_area(self, element: Tag) -> None:
        self._before_link = self._writer.written
        self._writer.words(str(element.get("alt") or ""))
        self._leave_link(element)

    # Links

    def _enter_link(self, element: Tag) -> None:
        self._before_link = self._writer.written
        url = address(element)
        words = self._words_of(element)
        if url and words and _bare(words) == _bare(url):
            self._writer.put(url)
            self._skipped = element

    def _leave_link(self, element: Tag) -> None:
        """The address stands behind the words of a link; without any, where they would stand."""
        url = address(element)
        if url and self._writer.written > self._before_link:
            self._writer.append(f"<{url}>")
        elif url:
            self._writer.words(" ")
            self._writer.put(f"<{url}>")

    def _words_of(self, element: Tag) -> str:
        return "".join(str(node) for node in element.descendants if isinstance(node, NavigableString)).strip()

    # Tables

    def _enter_table(self, element: Tag) -> None:
        if self._table is None and holds_data(element):
            self._table = DataTable(element)

    def _enter_row(self, _element: Tag) -> None:
        if self._table:
            self._table.row = []

    def _enter_cell(self, _element: Tag) -> None:
        if self._table and self._table.row is not None:
            self._writers.append(Writer(self._shield.hide))

    def _leave_in_table(self, element: Tag) -> None:
        table = self._table
        assert table is not None
        if element is table.element:
            self._table = None
        elif element.name in ("td", "th") and len(self._writers) > 1:
            text = self._writers.pop().text
            if table.row is not None:
                table.cell(text)
            elif text:  # its row was ended by another within it
                self._writer.put(text)
        elif element.name == "tr" and table.row is not None:
            line = table.line()
            if line:
                self._writer.put(line)
            table.row = None

    def _between_cells(self, node: NavigableString) -> bool:
        return self._row is not None and not node.strip()

    # Liquid

    def _comment(self, node: Comment) -> None:
        piece = piece_of(self._shield, node)
        if piece is None or piece.name == "comment":
            return
        name = self._shield.hide(shown(piece))
        row = self._row
        if row is not None and piece.kind is Kind.TAG:
            row.append(name)
        elif piece.name == "slot":
            self._slot(name)
        elif writes(piece):
            self._writer.put(name)
        else:
            self._control(piece, name)

    def _slot(self, name: str) -> None:
        self._writer.part(2)
        self._writer.put(name)
        self._writer.part(2)

    def _control(self, piece: Piece, name: str) -> None:
        if piece.name == "for":
            self._writer.open_loop(name)
        elif piece.name == "tablerow":
            self._writer.open_loop(name)
            self._writer.part(1)
        elif piece.name == "endtablerow":
            self._writer.part(1)
            self._writer.close_branch(name)
        elif piece.name in ("break", "continue"):
            self._writer.leave_turn(name)
        elif piece.name == "capture":
            self._writer.open_capture(name)
        elif piece.opens:
            self._writer.open_branch(name, divides=piece.name in _DIVIDING)
        elif piece.continues:
            self._writer.next_branch(name, last=piece.name == "else")
        elif piece.closes:
            self._writer.close_branch(name)
        else:
            self._writer.tag(name)

    _ENTER: ClassVar[dict[str, Callable[[Scribe, Tag], None]]] = {
        **dict.fromkeys(_HEADINGS, _enter_heading),
        **dict.fromkeys(("ul", "ol"), _enter_list),
        "li": _enter_item,
        "br": _enter_break,
        "hr": _enter_rule,
        "img": _enter_image,
        "area": _enter_area,
        "a": _enter_link,
        "table": _enter_table,
        "tr": _enter_row,
        **dict.fromkeys(("td", "th"), _enter_cell),
    }


def _nothing() -> None:
    """Behind most elements nothing has to be written."""


def address(link: Tag) -> str:
    """Where a link leads; empty when it leads nowhere."""
    url = "".join(str(link.get("href") or "").split())
    return "" if url.lower().startswith(_NOWHERE) else url


def _bare(text: str) -> str:
    return text.strip().removeprefix("https://").removeprefix("http://").removesuffix("/")
