"""Tags that are parsed otherwise than python-liquid does, as Ruby has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode, Literal
from liquid.builtin.expressions import (
    FilteredExpression,
    Identifier,
    LoopExpression,
    parse_identifier,
    parse_primitive,
)
from liquid.builtin.expressions.primitive import Nil
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.capture_tag import ENDCAPTUREBLOCK, TAG_ENDCAPTURE, CaptureNode, CaptureTag
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.doc_tag import DocNode, DocTag
from liquid.builtin.tags.for_tag import BreakNode, BreakTag, ContinueNode, ContinueTag
from liquid.builtin.tags.liquid_tag import LiquidTag, _tokenize_liquid_expression
from liquid.builtin.tags.tablerow_tag import TablerowNode, TablerowTag
from liquid.expression import Expression
from liquid.lex import _compile_rules
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import (
    TOKEN_COMMA,
    TOKEN_EXPRESSION,
    TOKEN_ILLEGAL,
    TOKEN_OR,
    TOKEN_OUTPUT,
    TOKEN_STRING,
    TOKEN_TAG,
    Token,
)

from liquid import Environment
from mailweave.liquid.lexer import Verbatim
from mailweave.liquid.partial_tags import FreeInclude, FreeRender
from mailweave.liquid.values import is_white
from mailweave.liquid.words import WordStream, of_output

_NAME = re.compile(r"[\w-]+")


class Content(ContentNode):
    """Text; a no-break space is no white space."""

    __slots__ = ()

    def __init__(self, token: Token, text: str) -> None:
        super().__init__(token, str(text))
        self.blank = is_white(text) and not isinstance(text, Verbatim)


class ContentTag(Literal):
    node_class = Content


class EmptyOutput(Output):
    """An output; `{{ }}` writes nothing."""

    def parse(self, stream: TokenStream) -> OutputNode:
        token = stream.eat(TOKEN_OUTPUT)
        written = stream.expect(TOKEN_EXPRESSION)
        if is_white(written.value) or written.value == "-":
            return self.node_class(token, Nil(written))
        return self.node_class(token, FilteredExpression.parse(self.env, of_output(written)))


class Break(BreakNode):
    """A `break`: the white space around it is written."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.blank = False


class BreakSpaced(BreakTag):
    def parse(self, stream: TokenStream) -> Break:
        return Break(stream.expect(TOKEN_TAG))


class Continue(ContinueNode):
    """A `continue`: the white space around it is written."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.blank = False


class ContinueSpaced(ContinueTag):
    def parse(self, stream: TokenStream) -> Continue:
        return Continue(stream.expect(TOKEN_TAG))


class Doc(DocNode):
    """A `doc`: the white space around one that says something is written."""

    def __init__(self, token: Token, text: str | None = None) -> None:
        super().__init__(token, text)
        self.blank = not text


class SpacedDoc(DocTag):
    node_class = Doc


class SpacedLiquid(LiquidTag):
    """A `liquid` tag; its lines may be blank."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self._tokenize = partial(
            _tokenize_liquid_expression,
            rules=_compile_rules(
                (
                    ("LIQUID_EXPR", r"[ \t]*(?P<name>#|\w+)[ \t]*(?P<expr>.*?)[ \t\r]*?(\n+|$)"),
                    ("SKIP", r"[ \t\r\n]+"),
                    (TOKEN_ILLEGAL, r"."),
                )
            ),
            comment_start_string="",
        )

    def parse(self, stream: TokenStream) -> Node:
        if stream.peek.kind != TOKEN_EXPRESSION:
            token = stream.expect(TOKEN_TAG)
            return self.node_class(token, None, block=BlockNode(token, []))
        token = stream.eat(TOKEN_TAG)
        lines = stream.expect(TOKEN_EXPRESSION)
        words = _meant(self._tokenize(lines.value, token=lines))
        inner = WordStream(words, block_depth_carry=stream.block_depth)
        return self.node_class(token, lines, block=get_parser(self.env).parse_block(inner, end=()))


def _meant(lines: Iterator[Token]) -> Iterator[Token]:
    """The tags of a `liquid` tag without what stands in comments, which may nest, and behind the name of an end tag."""
    depth, name = 0, ""
    for token in lines:
        is_tag = token.kind == TOKEN_TAG
        name = token.value if is_tag else name
        depth -= is_tag and name == "endcomment" and depth > 0
        if not depth and (is_tag or not name.startswith("end")):
            yield token
        depth += is_tag and name == "comment"


class BlankTable(TablerowNode):
    """A `tablerow`; as long as its cells are blank, the white space around it is dropped."""

    def __init__(self, token: Token, expression: LoopExpression, block: BlockNode) -> None:
        super().__init__(token, expression, block)
        self.blank = block.blank


class BlankTablerow(TablerowTag):
    node_class = BlankTable


class QuotedCapture(CaptureTag):
    """A `capture` whose name may stand in quotes."""

    def parse(self, stream: TokenStream) -> CaptureNode:
        token = stream.eat(TOKEN_TAG)
        name = _captured(self.env, stream.into_inner(tag=token))
        block = get_parser(self.env).parse_block(stream, ENDCAPTUREBLOCK)
        stream.expect(TOKEN_TAG, value=TAG_ENDCAPTURE)
        return self.node_class(token, name, block)


def _captured(env: Environment, tokens: TokenStream) -> Identifier:
    first = tokens.current
    if first.kind == TOKEN_STRING and _NAME.fullmatch(first.value):
        name = Identifier(next(tokens).value, token=first)
    else:
        name = parse_identifier(env, tokens)
    tokens.expect_eos()
    return name


class StrictCase(CaseTag):
    """A `case` whose `when` has nothing behind its values."""

    def _parse_when_expression(self, stream: TokenStream) -> list[Expression]:
        values = [parse_primitive(self.env, stream)]
        while stream.current.kind in (TOKEN_COMMA, TOKEN_OR):
            next(stream)
            values.append(parse_primitive(self.env, stream))
        stream.expect_eos()
        return values


TAGS: tuple[type[Tag], ...] = (
    *(
        ContentTag,
        EmptyOutput,
        BreakSpaced,
        ContinueSpaced,
        SpacedDoc,
        SpacedLiquid,
        QuotedCapture,
        StrictCase,
        BlankTablerow,
        FreeInclude,
        FreeRender,
    ),
)
