"""Turns the nodes of a page, as they begin and end, into words, breaks and tags for a writer.

>>> page = BeautifulSoup("<h1>Hi</h1>", "html.parser")
>>> scribe = DomWalker(Shield(), page, "mark", {}, fragment=True)
>>> scribe.enter(page.h1); scribe.enter(page.h1.string); scribe.leave(page.h1)
>>> scribe.text
'# Hi'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from mailweave.markup.branches import ELSE, Decision
from mailweave.markup.pieces import Kind
from mailweave.markup.shield import Shield
from mailweave.message.navigation import END
from mailweave.message.plaintext.breaks import LISTS, breaks
from mailweave.message.plaintext.control import control
from mailweave.message.plaintext.element_content import BREAKING, Reading
from mailweave.message.plaintext.inherited_style import InheritedStyle
from mailweave.message.plaintext.links import Links
from mailweave.message.plaintext.liquid import piece_of, shown, writes
from mailweave.message.plaintext.lists import FREE, List, list_of
from mailweave.message.plaintext.navigation import put_last
from mailweave.message.plaintext.table_order import put_in_order
from mailweave.message.plaintext.tables import DataTable, holds_data
from mailweave.message.plaintext.visibility import SILENT, Hidden
from mailweave.message.plaintext.visibility_conditions import Conditional
from mailweave.message.plaintext.writer import Writer

_HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### "}
_RULE = "-" * 40
_STRUCK = frozenset({"s", "strike", "del"})
_STRIKE = "~"
_QUOTES = ("\u201c\u201d", "\u2018\u2019")
_WITHIN = "   "  # the indent of a list that stands in another, in no item of that
_INVISIBLE = {0xA0: " ", **dict.fromkeys((0xAD, 0x34F, 0x200B, 0x2060, 0xFEFF))}
_JOINED = "[^\\x00-\u02ff\u2000-\u206f]"  # letters of scripts that join, and pictures; no blanks
_IDLE = re.compile(f"(?<!{_JOINED})[\u200c\u200d]+|[\u200c\u200d]+(?!{_JOINED})")


def _read(text: str) -> str:
    """Text without what nobody sees; joiners stay between letters and pictures that look otherwise without them.

    >>> _read("a\u200cb\u200c\u200d\u00a0\u0645\u06cc\u200c\u062e") == "ab \u0645\u06cc\u200c\u062e"
    True
    """
    seen = text.translate(_INVISIBLE)
    return _IDLE.sub("", seen) if "\u200c" in seen or "\u200d" in seen else seen


class DomWalker:
    """Writes one page as text. Liquid is still hidden, except where its shape matters.

    `mark`, `decisions`: see `Hidden`.
    """

    def __init__(
        self,
        shield: Shield,
        soup: BeautifulSoup,
        mark: str,
        decisions: Mapping[str, Decision],
        *,
        fragment: bool,
    ) -> None:
        self._shield = shield
        self._writers = [Writer(shield.hide)]
        self._hidden = Hidden(soup, shield, mark, decisions)
        self._reading = Reading(shield)
        put_in_order(soup, self._reading)
        self._signs = put_last(soup, self._reading, self._hidden.inside, fragment=fragment)
        self._looks: list[tuple[PageElement | None, InheritedStyle]] = [(None, InheritedStyle())]
        self._links = Links(shield, self._reading)
        self._struck: list[Tag] = []
        self._quotes: list[Tag] = []
        self._last_tags: dict[int, Callable[[], None]] = {}  # to be written behind elements
        self._skipped: PageElement | None = None  # an element of which nothing is to be written
        self._lists: list[List] = []
        self._item_indents: list[str] = []  # those around the open lists
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
        self._links.before(node, self._writer)
        if isinstance(node, Comment):
            self._comment(node)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            if not (self._look.unseen or self._between_cells(node) or self._links.separates(node)):
                self._writer.words(_read(str(node)))
        elif isinstance(node, Tag):
            self._enter(node)

    @property
    def _look(self) -> InheritedStyle:
        return self._looks[-1][1]

    def leave(self, node: PageElement) -> None:
        if self._skipped is not None and self._skipped is not node:
            return
        assert isinstance(node, Tag)
        if self._skipped is None:
            self._leave(node)
        if self._looks[-1][0] is node:
            self._looks.pop()
            self._writers[0].spaces = self._look.spaces
        self._skipped = None
        self._last_tags.pop(id(node), _nothing)()

    def _leave(self, node: Tag) -> None:
        if node.name == "a":
            self._links.end(node, self._writer)
        elif node.name in LISTS:
            self._leave_list()
        elif node.name == "li" and self._lists:
            self._writer.indent, self._writer.marker = self._lists[-1].indent, ""
        elif self._table:
            self._leave_in_table(node)
        if node.name in _HEADINGS:
            self._writer.marker = ""
        self._links.leave(node)
        if self._struck and self._struck[-1] is node:
            self._struck.pop()
            self._writer.glue(_STRIKE, ahead=False)
        if self._quotes and self._quotes[-1] is node:
            self._quotes.pop()
            self._writer.glue(_QUOTES[bool(self._quotes)][1], ahead=False)
        self._writer.part(breaks(node, self._reading, in_data=self._table is not None))

    # Elements

    def _enter(self, element: Tag) -> None:
        hidden = element.name in SILENT or self._hidden.hidden(element)
        if hidden is True:
            self._skip(element)
            return
        if isinstance(hidden, Conditional):
            self._open(element, hidden)
        look = self._look.inside(element, self._shield)
        if look != self._look:
            self._looks.append((element, look))
        self._writer.part(breaks(element, self._reading, in_data=self._table is not None))
        self._writers[0].spaces = look.spaces
        if id(element) in self._signs and self._table is None and self._hidden.is_whole(element):
            self._writer.glue(self._signs[id(element)], ahead=True)
            self._last_tags[id(element)] = lambda: self._writer.glue(END, ahead=False)
        if not self._table:
            self._links.enter(element)
        if self._is_struck(element):
            self._struck.append(element)
            self._writer.glue(_STRIKE, ahead=True)
        enter = self._ENTER.get(element.name)
        if enter:
            enter(self, element)

    def _is_struck(self, element: Tag) -> bool:
        """Whether words on one line are struck out, as prices are that hold no longer."""
        if self._look.unseen or not any(map(self._reading.is_word, element.descendants)):
            return False
        styled = "line-through" in str(element.get("style") or "")
        return (element.name in _STRUCK or styled) and element.find(list(BREAKING)) is None

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
        if self._writer.marker[:1] not in ("", "#") and any(map(self._reading.is_word, element.descendants)):
            self._writer.put("")  # the number of the item that begins with the heading
        self._writer.marker = _HEADINGS[element.name]

    def _enter_list(self, element: Tag) -> None:
        self._writer.part(1 if self._lists else 2)
        deeper = _WITHIN if element.parent is not None and element.parent.name in LISTS else ""
        self._item_indents.append(self._writer.indent)
        self._lists.append(list_of(element, self._writer.indent + deeper, self._varies))

    def _varies(self, node: PageElement) -> bool:
        """Whether the numbers of a list depend on the data here: on Liquid between its items, or within their tags."""
        if isinstance(node, Comment):
            piece = piece_of(self._shield, node)
            return piece is not None and piece.name not in ("assign", "comment")
        assert isinstance(node, Tag)
        told = " ".join(str(node.get(name) or "") for name in ("start", "value", "type", "style"))
        split = node.name == "li" and not self._hidden.is_whole(node)
        return node.has_attr(FREE) or split or self._shield.hides(told)

    def _leave_list(self) -> None:
        if self._lists:
            self._lists.pop()
            self._writer.indent = self._item_indents.pop()
        self._writer.part(1 if self._lists else 2)

    def _enter_item(self, element: Tag) -> None:
        if self._lists:
            pending = self._writer.marker  # of an item that begins with this list
            marker = self._lists[-1].marker(element)
            self._writer.marker = (pending if pending[:1] != "#" else "") + marker
            self._writer.indent = self._lists[-1].indent + " " * len(marker)

    def _enter_quote(self, element: Tag) -> None:
        """The signs that a browser puts around a `q`."""
        if not self._look.unseen and any(map(self._reading.is_word, element.descendants)):
            self._writer.glue(_QUOTES[bool(self._quotes)][0], ahead=True)
            self._quotes.append(element)

    def _enter_break(self, _element: Tag) -> None:
        self._writer.line_break()

    def _enter_rule(self, _element: Tag) -> None:
        self._writer.put(_RULE)

    def _enter_image(self, element: Tag) -> None:
        if not self._look.invisible:
            self._writer.words(_read(str(element.get("alt") or "")))

    def _enter_area(self, element: Tag) -> None:
        self._links.area(element, self._writer)

    def _enter_link(self, element: Tag) -> None:
        if self._links.begin(element, self._writer):
            self._skipped = element

    # Tables

    def _enter_table(self, element: Tag) -> None:
        if self._table is None and holds_data(element):
            self._table = DataTable(element, fixed=not any(map(self._control_of, element.descendants)))

    def _enter_row(self, _element: Tag) -> None:
        if self._table:
            self._table.begin()

    def _control_of(self, node: PageElement) -> bool:
        piece = self._reading.piece(node)
        return piece is not None and not writes(piece)

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
                table.cell(text, element)
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
            if not self._look.unseen:
                self._writer.put(name)
        else:
            lines = piece.name == "for" and self._table is None and self._has_lines(node)
            control(self._writer, piece, name, lines=lines)

    def _has_lines(self, loop: Comment) -> bool:
        return self._reading.has_lines(self._reading.turn(loop))

    def _slot(self, name: str) -> None:
        self._writer.part(2)
        self._writer.put(name)
        self._writer.part(2)

    _ENTER: ClassVar[dict[str, Callable[[DomWalker, Tag], None]]] = {
        **dict.fromkeys(_HEADINGS, _enter_heading),
        **dict.fromkeys(LISTS, _enter_list),
        "li": _enter_item,
        "br": _enter_break,
        "hr": _enter_rule,
        "q": _enter_quote,
        "img": _enter_image,
        "area": _enter_area,
        "a": _enter_link,
        "table": _enter_table,
        "tr": _enter_row,
        **dict.fromkeys(("td", "th"), _enter_cell),
    }


def _nothing() -> None:
    """Behind most elements nothing has to be written."""
