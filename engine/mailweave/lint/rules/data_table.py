"""# MW958 data-table-without-caption

A table of data, one with header cells, is announced by its `<caption>`: without one, who cannot see it learns what
the table is about only from its cells. A table with header cells and `role="presentation"` says two things at once:
the role takes the headers away. A header cell says with `scope` what it is a header of, and needs cells that it is one
of; `headers` names cells of the same table. WCAG 2.2, 1.3.1.

    blocks/order/block.html:1:1: warning MW958: this table has header cells and no `<caption>`

## What helps

`<caption>Your order</caption>` as the first thing in the table, `<th scope="col">`, and no role. `aria-label` does
not help: Yahoo drops it."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import Tag
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import is_silent
from mailweave.markup.cascade.document import Element

_SCOPES = frozenset({"col", "row", "colgroup", "rowgroup"})
_NO_ROLES = frozenset({"presentation", "none"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.name == "table" and tag.element is not None:
            inside = _own(tag.element)
            if any(one.tag in ("th", "caption") for one in inside) or tag.writes("summary"):
                wrong = "; ".join(_wrong(reading, tag, inside))
                if wrong:
                    yield found_at(reading, tag.span, "MW958", what=wrong)


def _wrong(reading: Reading, tag: Tag, inside: list[Element]) -> Iterator[str]:
    """What is wrong with a table of data."""
    headers = any(one.tag == "th" for one in inside)
    if headers and all(one.tag != "td" for one in inside) and not tag.writes("role"):
        yield "header cells alone, and nothing that they are headers of: what only arranges takes `<td>` and a role"
        return
    captions = [one for one in inside if one.tag == "caption"]
    cells = [one for one in inside if one.tag in ("td", "th")]
    if _NO_ROLES & {word for value in tag.plain("role") for word in value.lower().split()}:
        yield f"{'header cells' if headers else 'a caption or a summary'}, and its role takes them away"
    elif headers and not captions:
        yield "header cells, and no `<caption>`"
    elif any(one.number is not None and is_silent(reading, one.number) for one in captions):
        yield "a `<caption>` that may come out without words"
    ids = {value for one in cells for value in _values(reading, one, "id")}
    named = {word for one in cells for value in _values(reading, one, "headers") for word in value.split()}
    if named - ids:
        yield f"cells under a header `{min(named - ids)}` that it does not have"
    if any(value.lower() not in _SCOPES for one in cells for value in _values(reading, one, "scope")):
        yield "a `scope` that is none of `col`, `row`, `colgroup`, `rowgroup`"
    if any(one.tag == "td" and any(True for _ in _values(reading, one, "scope")) for one in cells):
        yield "a `scope` on a cell that is no header"
    if any(one.tag == "th" and one.number is not None and _lacks_scope(reading, one.number) for one in cells):
        yield "header cells that do not say what they are headers of: `scope` is missing"


def _lacks_scope(reading: Reading, number: int) -> bool:
    tag = reading.tags.get(number)
    return tag is not None and tag.may_lack("scope") and not tag.writes("id")


def _values(reading: Reading, element: Element, name: str) -> Iterator[str]:
    tag = reading.tags.get(-1 if element.number is None else element.number)
    yield from tag.plain(name) if tag is not None else ()


def _own(table: Element) -> list[Element]:
    """The elements of a table, without those of tables in it."""
    found: list[Element] = []
    waiting = list(table.children)
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += [] if one.tag == "table" else one.children
    return found


RULE = PageRule("MW958", "accessibility", _judge)
