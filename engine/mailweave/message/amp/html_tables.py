"""Tree construction in tables, lists of choices and templates."""

from __future__ import annotations

from mailweave.message.amp.html_head import HEAD_TAGS, SPACE, close_template, reset_mode
from mailweave.message.amp.html_nodes import TABLE_PARTS
from mailweave.message.amp.html_tokens import Kind, Token
from mailweave.message.amp.html_tree import TABLE_SCOPE, Builder

_BODIES = frozenset({"tbody", "tfoot", "thead"})
_SECTIONS = _BODIES | {"caption", "col", "colgroup"}
_CELLS = frozenset({"td", "th"})
_PARTS = _SECTIONS | _CELLS | {"tr"}
_OUTER = frozenset({"body", "html"})
_TABLE_CONTEXT = frozenset({"html", "table", "template"})
_BODY_CONTEXT = frozenset({"html", "tbody", "tfoot", "thead", "template"})
_ROW_CONTEXT = frozenset({"html", "tr", "template"})


def in_table(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT and b.top.tag in TABLE_PARTS:
        t.data = t.data.replace("\0", "")
        if not t.data.strip(SPACE):
            b.add_text(t.data, t.start)
            return True
    elif t.kind is Kind.COMMENT:
        b.add_comment(t)
        return True
    elif t.kind is Kind.DOCTYPE:
        return True
    elif t.kind is Kind.EOF:
        return b.handle("in body", t)
    elif t.kind is Kind.START:
        done = _start_in_table(b, t)
        if done is not None:
            return done
    elif t.kind is Kind.END:
        if t.data == "table":
            if b.pop_until(("table",), TABLE_SCOPE):
                reset_mode(b)
            return True
        if t.data in _PARTS | _OUTER:
            return True
        if t.data == "template":
            close_template(b)
            return True
    b.foster = True
    try:
        return b.handle("in body", t)
    finally:
        b.foster = False


def _start_in_table(b: Builder, t: Token) -> bool | None:
    """None: nothing of a table; the token is to be put in front of it."""
    tag = t.data
    if tag == "col":
        b.clear_to(_TABLE_CONTEXT)
        b.add_element(Token(Kind.START, "colgroup", t.start, t.start))
        b.mode = "in column group"
        return False
    if tag in _SECTIONS:
        b.clear_to(_TABLE_CONTEXT)
        if tag == "caption":
            b.mark()
        b.add_element(t)
        b.mode = {"caption": "in caption", "colgroup": "in column group"}.get(tag, "in table body")
        return True
    if tag in _CELLS or tag == "tr":
        b.clear_to(_TABLE_CONTEXT)
        b.add_element(Token(Kind.START, "tbody", t.start, t.start))
        b.mode = "in table body"
        return False
    if tag == "table":
        if b.pop_until(("table",), TABLE_SCOPE):
            reset_mode(b)
            return False
        return True
    if tag in ("style", "script", "template"):
        return b.handle("in head", t)
    if tag == "input" and any(a.name == "type" and a.value.lower() == "hidden" for a in t.attributes):
        b.add_void(t)
        return True
    if tag == "form":
        if b.form is None and b.last_open("template") is None:
            b.form = b.add_element(t)
            b.open.pop()
        return True
    return None


def in_caption(b: Builder, t: Token) -> bool:
    starts = t.kind is Kind.START and t.data in _PARTS
    if starts or (t.kind is Kind.END and t.data in ("caption", "table")):
        if not b.pop_until(("caption",), TABLE_SCOPE):
            return True
        b.clear_formatting()
        b.mode = "in table"
        return t.kind is Kind.END and t.data == "caption"
    if t.kind is Kind.END and t.data in _PARTS | _OUTER:
        return True
    return b.handle("in body", t)


def in_column_group(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT:
        rest = t.data.lstrip(SPACE)
        b.add_text(t.data[: len(t.data) - len(rest)], t.start)
        t.data = rest
        if not rest:
            return True
    elif t.kind is Kind.COMMENT:
        b.add_comment(t)
        return True
    elif t.kind is Kind.DOCTYPE:
        return True
    elif t.kind is Kind.EOF or (t.kind is Kind.START and t.data == "html"):
        return b.handle("in body", t)
    elif t.kind is Kind.START and t.data == "col":
        b.add_void(t)
        return True
    elif t.kind is Kind.END and t.data == "col":
        return True
    elif t.data == "template":
        return b.handle("in head", t)
    if b.top.tag != "colgroup":
        return True
    b.open.pop()
    b.mode = "in table"
    return t.kind is Kind.END and t.data == "colgroup"


def in_table_body(b: Builder, t: Token) -> bool:
    if t.kind is Kind.START:
        if t.data == "tr" or t.data in _CELLS:
            b.clear_to(_BODY_CONTEXT)
            b.add_element(t if t.data == "tr" else Token(Kind.START, "tr", t.start, t.start))
            b.mode = "in row"
            return t.data == "tr"
        if t.data in _SECTIONS:
            return _leave(b, _BODIES, "in table")
    elif t.kind is Kind.END:
        if t.data in _BODIES:
            if b.in_scope((t.data,), TABLE_SCOPE) >= 0:
                b.clear_to(_BODY_CONTEXT)
                b.open.pop()
                b.mode = "in table"
            return True
        if t.data == "table":
            return _leave(b, _BODIES, "in table")
        if t.data in _PARTS | _OUTER:
            return True
    return b.handle("in table", t)


def _leave(b: Builder, tags: frozenset[str], mode: str) -> bool:
    """Closes a part and sees the token again outside of it; ignores it when there is none."""
    if not b.pop_until(tags, TABLE_SCOPE):
        return True
    b.mode = mode
    return False


def in_row(b: Builder, t: Token) -> bool:
    if t.kind is Kind.START:
        if t.data in _CELLS:
            b.clear_to(_ROW_CONTEXT)
            b.add_element(t)
            b.mark()
            b.mode = "in cell"
            return True
        if t.data in _SECTIONS or t.data == "tr":
            return _leave(b, frozenset({"tr"}), "in table body")
    elif t.kind is Kind.END:
        if t.data == "tr":
            _leave(b, frozenset({"tr"}), "in table body")
            return True
        if t.data == "table":
            return _leave(b, frozenset({"tr"}), "in table body")
        if t.data in _BODIES:
            if b.in_scope((t.data,), TABLE_SCOPE) < 0:
                return True
            return _leave(b, frozenset({"tr"}), "in table body")
        if t.data in _PARTS | _OUTER:
            return True
    return b.handle("in table", t)


def in_cell(b: Builder, t: Token) -> bool:
    if t.kind is Kind.START and t.data in _PARTS:
        if not b.pop_until(_CELLS, TABLE_SCOPE):
            return True
        b.clear_formatting()
        b.mode = "in row"
        return False
    if t.kind is Kind.END:
        if t.data in _CELLS:
            if b.pop_until((t.data,), TABLE_SCOPE):
                b.clear_formatting()
                b.mode = "in row"
            return True
        if t.data in _OUTER or t.data in ("caption", "col", "colgroup"):
            return True
        if t.data in TABLE_PARTS:
            if b.in_scope((t.data,), TABLE_SCOPE) < 0:
                return True
            if b.pop_until(_CELLS, TABLE_SCOPE):
                b.clear_formatting()
            b.mode = "in row"
            return False
    return b.handle("in body", t)


def in_select(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT:
        b.add_text(t.data.replace("\0", ""), t.start)
    elif t.kind is Kind.COMMENT:
        b.add_comment(t)
    elif t.kind is Kind.EOF:
        return b.handle("in body", t)
    elif t.kind is Kind.START:
        return _start_in_select(b, t)
    elif t.kind is Kind.END:
        _end_in_select(b, t)
    return True


def _start_in_select(b: Builder, t: Token) -> bool:
    if t.data == "html":
        return b.handle("in body", t)
    if t.data in ("option", "optgroup"):
        if b.top.tag == "option":
            b.open.pop()
        if t.data == "optgroup" and b.top.tag == "optgroup":
            b.open.pop()
        b.add_element(t)
    elif t.data in ("select", "input", "keygen", "textarea"):
        if _close_select(b):
            return t.data == "select"
        b.tokenizer.raw_tag = ""
    elif t.data in ("script", "template"):
        return b.handle("in head", t)
    else:
        b.tokenizer.raw_tag = ""
    return True


def _close_select(b: Builder) -> bool:
    for at in range(len(b.open) - 1, -1, -1):
        tag = b.open[at].tag
        if tag == "select":
            del b.open[at:]
            reset_mode(b)
            return True
        if tag not in ("optgroup", "option"):
            return False
    return False


def _end_in_select(b: Builder, t: Token) -> None:
    if t.data == "option":
        if b.top.tag == "option":
            b.open.pop()
    elif t.data == "optgroup":
        if b.top.tag == "option" and b.open[-2].tag == "optgroup":
            b.open.pop()
        if b.top.tag == "optgroup":
            b.open.pop()
    elif t.data == "select":
        _close_select(b)
    elif t.data == "template":
        close_template(b)


def in_select_in_table(b: Builder, t: Token) -> bool:
    if t.kind in (Kind.START, Kind.END) and t.data in (TABLE_PARTS | _CELLS | {"caption"}):
        if t.kind is Kind.END and b.in_scope((t.data,), TABLE_SCOPE) < 0:
            return True
        while b.open and b.open.pop().tag != "select":
            pass
        reset_mode(b)
        return False
    return in_select(b, t)


_TEMPLATE_MODES = {
    **dict.fromkeys(("caption", "colgroup", "tbody", "tfoot", "thead"), "in table"),
    "col": "in column group",
    "tr": "in table body",
    "td": "in row",
    "th": "in row",
}


def in_template(b: Builder, t: Token) -> bool:
    if t.kind is Kind.START:
        if t.data in HEAD_TAGS:
            return b.handle("in head", t)
        b.templates[-1] = b.mode = _TEMPLATE_MODES.get(t.data, "in body")
        return False
    if t.kind is Kind.END:
        if t.data == "template":
            close_template(b)
        return True
    if t.kind is Kind.EOF:
        if b.last_open("template") is None:
            return True
        close_template(b)
        return False
    return b.handle("in body", t)
