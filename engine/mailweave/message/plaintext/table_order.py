"""The parts of a table in the order in which a browser shows them: head, rows, foot.

>>> from bs4 import BeautifulSoup
>>> from mailweave.markup.shield import Shield
>>> html = "<table><tfoot><tr><td>18</td></tr></tfoot><tbody><tr><td>9</td></tr></tbody></table>"
>>> page = BeautifulSoup(html, "html.parser")
>>> put_in_order(page, Reading(Shield())); page.text
'918'
"""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from mailweave.message.plaintext.element_content import Reading
from mailweave.message.plaintext.navigation import STATEFUL, pieces_of

_ROWS = ["thead", "tbody", "tfoot", "tr"]


def put_in_order(soup: BeautifulSoup, reading: Reading) -> None:
    """Moves the first head of each table before its rows and the first foot behind them."""
    for table in soup.find_all("table"):
        rows = table.find_all(_ROWS, recursive=False)
        head, foot = (next((row for row in rows if row.name == name), None) for name in ("thead", "tfoot"))
        if head is not None and head is not rows[0] and _can_pass(head, head.previous_siblings, reading):
            rows[0].insert_before(head.extract())
        if foot is not None and foot is not rows[-1] and _can_pass(foot, foot.next_siblings, reading):
            table.append(foot.extract())


def _can_pass(part: Tag, passed: Iterable[PageElement], reading: Reading) -> bool:
    """Whether Liquid means the same when a part of a table stands on the other side of what it passes."""
    inside, others = pieces_of([part], reading), pieces_of(passed, reading)
    whole = all(sum(piece.opens - piece.closes for piece in some) == 0 for some in (inside, others))
    acting = any(piece.name in STATEFUL for piece in (*inside, *others))
    return whole and not (acting and inside and others)
