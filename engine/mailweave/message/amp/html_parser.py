"""HTML5 parsing: a text becomes the tree that a mail reader sees."""

from __future__ import annotations

from types import MappingProxyType

from mailweave.message.amp import html_body, html_head, html_tables
from mailweave.message.amp.html_foreign import in_foreign_content, is_foreign
from mailweave.message.amp.html_nodes import Node
from mailweave.message.amp.html_tokens import Kind, Token, Tokenizer
from mailweave.message.amp.html_tree import MAX_DEPTH, Builder, TooComplex

_MODES = MappingProxyType(
    {
        "initial": html_head.initial,
        "before html": html_head.before_html,
        "before head": html_head.before_head,
        "in head": html_head.in_head,
        "text": html_head.text,
        "after head": html_head.after_head,
        "in body": html_body.in_body,
        "in table": html_tables.in_table,
        "in caption": html_tables.in_caption,
        "in column group": html_tables.in_column_group,
        "in table body": html_tables.in_table_body,
        "in row": html_tables.in_row,
        "in cell": html_tables.in_cell,
        "in select": html_tables.in_select,
        "in select in table": html_tables.in_select_in_table,
        "in template": html_tables.in_template,
        "after body": html_head.after_body,
        "after after body": html_head.after_after_body,
        "in frameset": html_head.in_frameset,
    }
)


def parse(text: str) -> tuple[Node, bool]:
    """The tree of a document, and whether its doctype asks for quirks. Raises TooComplex."""
    builder = Builder(Tokenizer(text), _MODES)
    _run(builder)
    return builder.document, builder.quirks


def parse_fragment(text: str, offset: int) -> list[Node]:
    """The nodes of what stands inside an element of the body, its text starting at `offset`."""
    root = Node("html", offset)
    builder = Builder(Tokenizer(text), _MODES, "in body", open=[root], fragment=True)
    _run(builder)
    for node in root.walk():
        node.start += offset if node.start >= 0 else 0
    return root.children


def _run(builder: Builder) -> None:
    token = Token(Kind.TEXT, "", 0, 0)
    while token.kind is not Kind.EOF:
        if len(builder.open) > MAX_DEPTH:
            raise TooComplex
        builder.tokenizer.cdata_allowed = bool(builder.open and builder.open[-1].namespace)
        token = builder.tokenizer.next()
        _handle(builder, token)


def _handle(builder: Builder, token: Token) -> None:
    done = False
    while not done:
        mode = in_foreign_content if is_foreign(builder, token) else _MODES[builder.mode]
        done = mode(builder, token)
