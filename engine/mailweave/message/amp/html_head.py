"""Tree construction before the body, and after it."""

from __future__ import annotations

from mailweave.message.amp.html_nodes import Node, names
from mailweave.message.amp.html_tokens import Kind, Token
from mailweave.message.amp.html_tree import Builder

SPACE = " \t\n\r\f"
HEAD_TAGS = names("base basefont bgsound link meta noframes script style template title")
_HEAD_VOID = frozenset(["base", "basefont", "bgsound", "link", "meta"])
_OUTER_ENDS = frozenset(["head", "body", "html", "br"])


def initial(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT and not t.data.strip(SPACE):
        return True
    if t.kind is Kind.COMMENT:
        b.add_comment(t, b.document)
        return True
    b.mode = "before html"
    if t.kind is Kind.DOCTYPE:
        b.quirks = _doctype(b, t)
        return True
    b.quirks = True
    return False


def _doctype(b: Builder, t: Token) -> bool:
    """Adds the doctype; whether it asks for quirks. AMP knows one good doctype: `<!doctype html>`."""
    words = t.data.rstrip("/").split(maxsplit=1)
    name = words[0].lower() if words else ""
    b.document.append(Node("!doctype", t.start, text=name))
    return name != "html" or len(words) > 1


def before_html(b: Builder, t: Token) -> bool:
    if t.kind is Kind.DOCTYPE or (t.kind is Kind.TEXT and not t.data.strip(SPACE)):
        return True
    if t.kind is Kind.COMMENT:
        b.add_comment(t, b.document)
        return True
    if t.kind is Kind.START and t.data == "html":
        b.add_element(t)
        b.mode = "before head"
        return True
    if t.kind is Kind.END and t.data not in _OUTER_ENDS:
        return True
    b.imply(Kind.START, "html", t)
    b.mode = "before head"
    return False


def before_head(b: Builder, t: Token) -> bool:
    if t.kind is Kind.DOCTYPE or (t.kind is Kind.TEXT and not t.data.strip(SPACE)):
        return True
    if t.kind is Kind.COMMENT:
        b.add_comment(t)
        return True
    if t.kind is Kind.START and t.data == "html":
        return b.handle("in body", t)
    if t.kind is Kind.START and t.data == "head":
        b.head = b.add_element(t)
        b.mode = "in head"
        return True
    if t.kind is Kind.END and t.data not in _OUTER_ENDS:
        return True
    b.imply(Kind.START, "head", t)
    b.mode = "in head"
    return False


def _leading_space(b: Builder, t: Token) -> bool:
    """Adds the white space that a text begins with; whether that was all of it."""
    rest = t.data.lstrip(SPACE)
    b.add_text(t.data[: len(t.data) - len(rest)], t.start)
    t.data = rest
    return not rest


def in_head(b: Builder, t: Token) -> bool:
    if t.kind is Kind.DOCTYPE or (t.kind is Kind.TEXT and _leading_space(b, t)):
        return True
    if t.kind is Kind.COMMENT:
        b.add_comment(t)
        return True
    if t.kind is Kind.START:
        if t.data in HEAD_TAGS or t.data == "noscript":
            return _head_element(b, t)
        if t.data == "html":
            return b.handle("in body", t)
        if t.data == "head":
            return True
    if t.kind is Kind.END:
        if t.data == "head":
            b.open.pop()
            b.mode = "after head"
            return True
        if t.data == "template":
            close_template(b)
            return True
        if t.data not in _OUTER_ENDS:
            return True
    b.open.pop()
    b.mode = "after head"
    return False


def _head_element(b: Builder, t: Token) -> bool:
    if t.data in _HEAD_VOID:
        b.add_void(t)
    elif t.data == "template":
        b.add_element(t)
        b.mark()
        b.frameset_ok = False
        b.mode = "in template"
        b.templates.append("in template")
    else:
        raw_text(b, t)
    return True


def raw_text(b: Builder, t: Token) -> None:
    """An element whose content is text up to its end tag."""
    b.add_element(t)
    b.original = b.mode
    b.mode = "text"


def text(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT:
        data = t.data
        if b.top.tag == "textarea" and not b.top.children and data.startswith("\n"):
            data = data[1:]
        b.add_text(data, t.start)
        return True
    if t.kind in (Kind.END, Kind.EOF):
        b.open.pop()
    b.mode = b.original
    return t.kind is Kind.END


def close_template(b: Builder) -> None:
    if b.last_open("template") is None:
        return
    b.imply_ends()
    while b.open:
        node = b.open.pop()
        if node.tag == "template" and not node.namespace:
            break
    b.clear_formatting()
    b.templates.pop()
    reset_mode(b)


_MODE_OF = {
    "select": "in select",
    "td": "in cell",
    "th": "in cell",
    "tr": "in row",
    "tbody": "in table body",
    "thead": "in table body",
    "tfoot": "in table body",
    "caption": "in caption",
    "colgroup": "in column group",
    "table": "in table",
    "head": "in head",
    "body": "in body",
    "frameset": "in frameset",
}


def reset_mode(b: Builder) -> None:
    """Chooses the mode anew, from what is open."""
    for at in range(len(b.open) - 1, -1, -1):
        node = b.open[at]
        if node.tag == "template" and not node.namespace:
            b.mode = b.templates[-1]
            return
        if node.tag == "html" and not b.fragment:
            b.mode = "after head" if b.head is not None else "before head"
            return
        if node.tag == "select" and _in_table(b.open[:at]):
            b.mode = "in select in table"
            return
        if node.tag in _MODE_OF:
            b.mode = _MODE_OF[node.tag]
            return
    b.mode = "in body"


def _in_table(nodes: list[Node]) -> bool:
    nearest = next((node.tag for node in reversed(nodes) if node.tag in ("template", "table")), "")
    return nearest == "table"


def after_head(b: Builder, t: Token) -> bool:
    if t.kind is Kind.DOCTYPE or (t.kind is Kind.TEXT and _leading_space(b, t)):
        return True
    if t.kind is Kind.COMMENT:
        b.add_comment(t)
        return True
    if t.kind is Kind.START:
        if t.data == "html":
            return b.handle("in body", t)
        if t.data == "body":
            b.add_element(t)
            b.frameset_ok = False
            b.mode = "in body"
            return True
        if t.data == "frameset":
            b.add_element(t)
            b.mode = "in frameset"
            return True
        if t.data in HEAD_TAGS:
            return _late_head_element(b, t)
        if t.data == "head":
            return True
    if t.kind is Kind.END:
        if t.data == "template":
            close_template(b)
            return True
        if t.data not in _OUTER_ENDS or t.data == "head":
            return True
    b.imply(Kind.START, "body", t)
    b.frameset_ok = True
    b.mode = "in body"
    return False


def _late_head_element(b: Builder, t: Token) -> bool:
    """What belongs into the head and comes after it is put there all the same."""
    head = b.head
    assert head is not None  # this mode is only reached with a head
    b.open.append(head)
    done = b.handle("in head", t)
    b.remove_open(head)
    return done


def after_body(b: Builder, t: Token) -> bool:
    if t.kind is Kind.EOF:
        return True
    if t.kind is Kind.TEXT and not t.data.strip(SPACE):
        return b.handle("in body", t)
    if t.kind is Kind.COMMENT:
        b.add_comment(t, b.open[0])
        return True
    if t.kind is Kind.START and t.data == "html":
        return b.handle("in body", t)
    if t.kind is Kind.END and t.data == "html":
        b.mode = "after after body"
        return True
    b.mode = "in body"
    return False


def after_after_body(b: Builder, t: Token) -> bool:
    if t.kind is Kind.EOF:
        return True
    if t.kind is Kind.COMMENT:
        b.add_comment(t, b.document)
        return True
    if t.kind is Kind.DOCTYPE or (t.kind is Kind.TEXT and not t.data.strip(SPACE)):
        return b.handle("in body", t)
    if t.kind is Kind.START and t.data == "html":
        return b.handle("in body", t)
    b.mode = "in body"
    return False


def in_frameset(b: Builder, t: Token) -> bool:
    """A document of frames: no AMP, so that little of it matters."""
    if t.kind is Kind.COMMENT:
        b.add_comment(t)
    elif t.kind is Kind.START and t.data == "frameset":
        b.add_element(t)
    elif t.kind is Kind.START and t.data == "frame":
        b.add_void(t)
    elif t.kind is Kind.START and t.data == "html":
        return b.handle("in body", t)
    elif t.kind is Kind.START and t.data == "noframes":
        return b.handle("in head", t)
    elif t.kind is Kind.END and t.data == "frameset" and b.top.tag == "frameset":
        b.open.pop()
    return True
