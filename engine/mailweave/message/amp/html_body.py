"""Tree construction in the body."""

from __future__ import annotations

from mailweave.message.amp.html_head import HEAD_TAGS, SPACE, close_template, raw_text
from mailweave.message.amp.html_nodes import FORMATTING, HEADINGS, TABLE_PARTS, Node, names
from mailweave.message.amp.html_tokens import Attribute, Kind, Token
from mailweave.message.amp.html_tree import BUTTON_SCOPE, LIST_SCOPE, Builder

_BLOCKS = names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure "
    "footer header hgroup main menu nav ol section summary ul"
)
_CLOSED_BY_NAME = (_BLOCKS | {"button", "listing", "pre"}) - {"p"}
_VOID_INLINE = names("area br embed img input keygen wbr")
_IGNORED = names("caption col colgroup frame head tbody td tfoot th thead tr")
_ROOTED = frozenset({"applet", "marquee", "object"})


def in_body(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT:
        _text(b, t)
    elif t.kind is Kind.COMMENT:
        b.add_comment(t)
    elif t.kind is Kind.START:
        return _start(b, t)
    elif t.kind is Kind.END:
        return _end(b, t)
    elif t.kind is Kind.EOF and b.templates:
        b.mode = "in template"
        return False
    return True


def _text(b: Builder, t: Token) -> None:
    data = t.data.replace("\0", "")
    if b.top.tag in ("pre", "listing") and not b.top.children and data.startswith("\n"):
        data = data[1:]
    if not data:
        return
    b.reconstruct()
    b.add_text(data, t.start)
    if data.strip(SPACE):
        b.frameset_ok = False


def _start(b: Builder, t: Token) -> bool:
    tag = t.data
    if tag in HEAD_TAGS:
        return b.handle("in head", t)
    if tag in _IGNORED:
        return True
    if tag == "image":
        t.data = "img"
        return False
    special = _STARTS.get(tag)
    if special is not None:
        special(b, t)
    elif tag in _BLOCKS or tag == "p":
        b.close_paragraph()
        b.add_element(t)
    elif tag in HEADINGS:
        b.close_paragraph()
        if b.top.tag in HEADINGS:
            b.open.pop()
        b.add_element(t)
    elif tag in FORMATTING:
        _formatting(b, t)
    elif tag in _VOID_INLINE:
        b.reconstruct()
        b.add_void(t)
        b.frameset_ok = b.frameset_ok and tag == "input" and _hidden(t)
    elif tag in _ROOTED:
        b.reconstruct()
        b.add_element(t)
        b.mark()
        b.frameset_ok = False
    else:
        b.reconstruct()
        b.add_element(t)
    return True


def _hidden(t: Token) -> bool:
    return any(a.name == "type" and a.value.lower() == "hidden" for a in t.attributes)


def _again(b: Builder, t: Token, node: Node | None) -> None:
    """A second `<html>` or `<body>` only adds attributes to the first."""
    if node is None or b.last_open("template") is not None:
        return
    had = {attribute.name for attribute in node.attributes}
    node.attributes.extend(Attribute(a.name, a.value) for a in t.attributes if a.name not in had)


def _html(b: Builder, t: Token) -> None:
    _again(b, t, b.open[0] if b.open else None)


def _body(b: Builder, t: Token) -> None:
    if len(b.open) >= 2 and b.open[1].tag == "body":
        b.frameset_ok = False
        _again(b, t, b.open[1])


def _frameset(b: Builder, t: Token) -> None:
    if b.frameset_ok and len(b.open) >= 2 and b.open[1].tag == "body":
        b.open[1].detach()
        del b.open[1:]
        b.add_element(t)
        b.mode = "in frameset"


def _pre(b: Builder, t: Token) -> None:
    b.close_paragraph()
    b.add_element(t)
    b.frameset_ok = False


def _form(b: Builder, t: Token) -> None:
    in_template = b.last_open("template") is not None
    if b.form is not None and not in_template:
        return
    b.close_paragraph()
    node = b.add_element(t)
    if not in_template:
        b.form = node


def _item(b: Builder, t: Token) -> None:
    """`<li>`, `<dd>` and `<dt>` end the one before them."""
    b.frameset_ok = False
    ends = ("li",) if t.data == "li" else ("dd", "dt")
    for at in range(len(b.open) - 1, -1, -1):
        node = b.open[at]
        if node.tag in ends:
            del b.open[at:]
            break
        if node.is_special and node.tag not in ("address", "div", "p"):
            break
    b.close_paragraph()
    b.add_element(t)


def _plaintext(b: Builder, t: Token) -> None:
    b.close_paragraph()
    b.add_element(t)


def _button(b: Builder, t: Token) -> None:
    b.pop_until(("button",))
    b.reconstruct()
    b.add_element(t)
    b.frameset_ok = False


def _formatting(b: Builder, t: Token) -> None:
    if t.data == "a":
        earlier = b.active("a")
        if earlier is not None:
            _close_formatting(b, "a")
            b.remove_open(earlier)
            b.remove_formatting(earlier)
    b.reconstruct()
    if t.data == "nobr" and b.in_scope(("nobr",)) >= 0:
        _close_formatting(b, "nobr")
        b.reconstruct()
    b.add_formatting(t)


def _table(b: Builder, t: Token) -> None:
    if not b.quirks:
        b.close_paragraph()
    b.add_element(t)
    b.frameset_ok = False
    b.mode = "in table"


def _void_block(b: Builder, t: Token) -> None:
    if t.data == "hr":
        b.close_paragraph()
        b.frameset_ok = False
    b.add_void(t)


def _textarea(b: Builder, t: Token) -> None:
    raw_text(b, t)
    b.frameset_ok = False


def _raw(b: Builder, t: Token) -> None:
    if t.data == "xmp":
        b.close_paragraph()
        b.reconstruct()
    if t.data in ("xmp", "iframe"):
        b.frameset_ok = False
    raw_text(b, t)


def _select(b: Builder, t: Token) -> None:
    b.reconstruct()
    b.add_element(t)
    b.frameset_ok = False
    in_table = b.mode in ("in caption", "in cell", "in table", "in table body", "in row")
    b.mode = "in select in table" if in_table else "in select"


def _option(b: Builder, t: Token) -> None:
    if b.top.tag == "option":
        b.open.pop()
    b.reconstruct()
    b.add_element(t)


def _ruby(b: Builder, t: Token) -> None:
    if b.in_scope(("ruby",)) >= 0:
        b.imply_ends(*(("rtc",) if t.data in ("rp", "rt") else ()))
    b.add_element(t)


def _foreign(b: Builder, t: Token) -> None:
    b.reconstruct()
    node = b.add_element(t)
    node.namespace = t.data
    if t.self_closing:
        b.open.pop()


_STARTS = {
    "html": _html,
    "body": _body,
    "frameset": _frameset,
    "pre": _pre,
    "listing": _pre,
    "form": _form,
    "li": _item,
    "dd": _item,
    "dt": _item,
    "plaintext": _plaintext,
    "button": _button,
    "table": _table,
    "hr": _void_block,
    "param": _void_block,
    "source": _void_block,
    "track": _void_block,
    "textarea": _textarea,
    "xmp": _raw,
    "iframe": _raw,
    "noembed": _raw,
    "noscript": _raw,
    "select": _select,
    "option": _option,
    "optgroup": _option,
    "rb": _ruby,
    "rtc": _ruby,
    "rp": _ruby,
    "rt": _ruby,
    "math": _foreign,
    "svg": _foreign,
}


def _end(b: Builder, t: Token) -> bool:
    tag = t.data
    if tag in ("body", "html"):
        if b.in_scope(("body",)) >= 0:
            b.mode = "after body"
            return tag == "body"
    elif tag in _CLOSED_BY_NAME or tag in ("dd", "dt"):
        b.pop_until((tag,))
    elif tag == "form":
        _end_form(b)
    elif tag == "p":
        if b.in_scope(("p",), BUTTON_SCOPE) < 0:
            b.add_element(Token(Kind.START, "p", t.start, t.start))
        b.close_paragraph()
    elif tag == "li":
        b.pop_until(("li",), LIST_SCOPE)
    elif tag in HEADINGS:
        b.pop_until(HEADINGS)
    elif tag in FORMATTING:
        _close_formatting(b, tag)
    elif tag in _ROOTED:
        if b.pop_until((tag,)):
            b.clear_formatting()
    elif tag == "br":
        t.kind, t.attributes = Kind.START, ()
        return False
    elif tag == "template":
        close_template(b)
    else:
        _end_other(b, tag)
    return True


def _end_form(b: Builder) -> None:
    if b.last_open("template") is not None:
        if b.in_scope(("form",)) >= 0:
            b.imply_ends()
            b.pop_until(("form",))
        return
    form, b.form = b.form, None
    if form is not None and b.is_open(form) and b.in_scope(("form",)) == b.depth(form):
        b.imply_ends()
        b.remove_open(form)


def _end_other(b: Builder, tag: str) -> None:
    for at in range(len(b.open) - 1, -1, -1):
        if b.open[at].tag == tag:
            del b.open[at:]
            return
        if b.open[at].is_special:
            return


def _close_formatting(b: Builder, tag: str) -> None:
    """The adoption agency: `<b><p></b></p>` makes a copy of the formatting where it still counts."""
    if b.top.tag == tag and b.formatting_index(b.top) < 0:
        b.open.pop()
        return
    for _ in range(8):
        element = b.active(tag)
        if element is None:
            _end_other(b, tag)
            return
        if not b.is_open(element):
            b.remove_formatting(element)
            return
        if b.in_scope((tag,)) < 0:
            return
        depth = b.depth(element)
        block = next((node for node in b.open[depth:] if node.is_special), None)
        if block is None:
            del b.open[depth:]
            b.remove_formatting(element)
            return
        _adopt(b, element, block)


def _adopt(b: Builder, element: Node, block: Node) -> None:
    ancestor = b.open[b.depth(element) - 1]
    bookmark = b.formatting_index(element)
    last, bookmark = _clone_between(b, element, block, bookmark)
    last.detach()
    if ancestor.tag in TABLE_PARTS:
        b.foster_parent(last)
    else:
        ancestor.append(last)
    clone = element.shallow_copy()
    for child in list(block.children):
        child.detach()
        clone.append(child)
    block.append(clone)
    if -1 < b.formatting_index(element) < bookmark:
        bookmark -= 1
    b.remove_formatting(element)
    b.formatting.insert(bookmark, clone)
    b.remove_open(element)
    b.open.insert(b.depth(block) + 1, clone)


def _clone_between(b: Builder, element: Node, block: Node, bookmark: int) -> tuple[Node, int]:
    """Copies the formatting between the element and the block; the outermost copy, the bookmark."""
    last, at, steps = block, b.depth(block), 0
    while True:
        steps += 1
        at -= 1
        node = b.open[at]
        if node is element:
            return last, bookmark
        known = b.formatting_index(node)
        if steps > 3 and known >= 0:
            b.remove_formatting(node)
            bookmark -= known <= bookmark
            known = -1
        if known < 0:
            del b.open[at]
            continue
        clone = node.shallow_copy()
        b.formatting[known] = b.open[at] = clone
        if last is block:
            bookmark = known + 1
        last.detach()
        clone.append(last)
        last = clone
