"""How many line ends stand before and after an element: 1 ends a line, 2 leave a blank one."""

from __future__ import annotations

from bs4 import Tag
from bs4.element import NavigableString

from mailweave.markup.stylesheet import parse_declarations
from mailweave.message.plaintext.element_content import Reading

LISTS = frozenset({"ul", "ol", "menu", "dir"})
"""Elements whose items have markers."""

_DISTANCE = {
    **dict.fromkeys(("p", "table", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "dl"), 2),
    **dict.fromkeys(("div", "tr", "td", "th", "li", "center", "section", "article", "header", "footer"), 1),
    **dict.fromkeys(
        ("main", "nav", "aside", "address", "figure", "figcaption", "dt", "dd", "form", "caption"), 1
    ),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot", "body", "fieldset", "legend", "details", "summary", "hgroup", "dialog"), 1
    ),
}
_BLOCKS = frozenset({"block", "flex", "grid", "list-item", "table", "table-row", "flow-root"})

_BOXES = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
"""Ways of showing whose parts stand apart, whatever they are."""


def breaks(element: Tag, reading: Reading, *, in_data: bool) -> int:
    """The line ends around an element; `in_data`: within a table that holds data. In a layout, rows of several lines
    are paragraphs.

    >>> from bs4 import BeautifulSoup
    >>> from mailweave.markup.shield import Shield
    >>> page = BeautifulSoup('<p>Tea</p><b>hot</b><span style="display:block">now</span>', "html.parser")
    >>> [breaks(one, Reading(Shield()), in_data=False) for one in page.find_all(True)]
    [2, 0, 1]
    """
    lines = _DISTANCE.get(element.name) or _styled(element)
    if element.name not in ("tr", "td") or in_data:
        return lines
    if element.name == "tr":
        return 2 if reading.has_lines(element.contents) else 1
    beside = element.parent.contents if element.parent else []
    cells = (one for one in beside if isinstance(one, Tag) and one.name in ("td", "th"))
    several = [cell for cell in cells if reading.has_lines(cell.contents)]
    return 2 if len(several) > 1 else 1


def _styled(element: Tag) -> int:
    """The line ends around an element that is inline by its name; a picture keeps its place in a line."""
    if element.name in ("img", "br", "hr") or element.name in LISTS:
        return 0
    return int(_display(element) in _BLOCKS or _is_part(element))


def _is_part(element: Tag) -> bool:
    """Whether an element stands in a box beside others, or beside words."""
    around = element.parent
    if around is None or _display(around) not in _BOXES:
        return False
    return sum(not isinstance(one, NavigableString) or bool(one.strip()) for one in around.contents) > 1


def _display(element: Tag) -> str:
    style = str(element.get("style") or "")
    if "display" not in style:
        return ""
    values = {one.name: one.value.lower().strip() for one in parse_declarations(style)}
    return values.get("display", "")
