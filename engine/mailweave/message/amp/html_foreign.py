"""Tree construction inside `<svg>` and `<math>`."""

from __future__ import annotations

from mailweave.message.amp.html_nodes import BREAKOUT, FOREIGN_SCOPE_STOPS, Node, names
from mailweave.message.amp.html_tokens import Kind, Token
from mailweave.message.amp.html_tree import Builder

_SVG_NAMES = {
    name.lower(): name
    for name in names(
        "altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend "
        "feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap "
        "feDistantLight feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode "
        "feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence foreignObject "
        "glyphRef linearGradient radialGradient textPath"
    )
}
_MATH_TEXT = frozenset({"mi", "mo", "mn", "ms", "mtext"})


def is_foreign(b: Builder, t: Token) -> bool:
    """Whether a token is to be handled by the rules of foreign content."""
    if not b.open or not b.open[-1].namespace or t.kind is Kind.EOF:
        return False
    node = b.open[-1]
    if node.namespace == "math" and node.tag in _MATH_TEXT:
        start = t.kind is Kind.START and t.data not in ("mglyph", "malignmark")
        return not (start or t.kind is Kind.TEXT)
    return not (_html_inside(node) and t.kind in (Kind.START, Kind.TEXT))


def _html_inside(node: Node) -> bool:
    if node.namespace == "svg":
        return node.tag in FOREIGN_SCOPE_STOPS["svg"]
    return node.tag == "annotation-xml" and any(
        a.name == "encoding" and a.value.lower() in ("text/html", "application/xhtml+xml")
        for a in node.attributes
    )


def in_foreign_content(b: Builder, t: Token) -> bool:
    if t.kind is Kind.TEXT:
        b.add_text(t.data.replace("\0", "�"), t.start)
    elif t.kind is Kind.COMMENT:
        b.add_comment(t)
    elif t.kind is Kind.START:
        return _start(b, t)
    elif t.kind is Kind.END:
        return _end(b, t)
    return True


def _start(b: Builder, t: Token) -> bool:
    font = t.data == "font" and any(a.name in ("color", "face", "size") for a in t.attributes)
    if t.data in BREAKOUT or font:
        while b.open and b.open[-1].namespace and not _html_inside(b.open[-1]):
            if b.open[-1].namespace == "math" and b.open[-1].tag in _MATH_TEXT:
                break
            b.open.pop()
        return False
    namespace = b.open[-1].namespace
    node = b.add_element(t)
    node.namespace = namespace
    if namespace == "svg":
        node.tag = _SVG_NAMES.get(node.tag, node.tag)
    b.tokenizer.raw_tag = ""
    if t.self_closing:
        b.open.pop()
    return True


def _end(b: Builder, t: Token) -> bool:
    for at in range(len(b.open) - 1, -1, -1):
        node = b.open[at]
        if not node.namespace:
            return b.handle(b.mode, t)
        if node.tag.lower() == t.data:
            del b.open[at:]
            return True
    return True
