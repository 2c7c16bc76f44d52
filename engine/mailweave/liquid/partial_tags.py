"""`include` and `render` as Ruby reads them."""

from __future__ import annotations

from liquid.ast import Node
from liquid.builtin.expressions import (
    Identifier,
    KeywordArgument,
    Path,
    parse_identifier,
    parse_primitive,
)
from liquid.builtin.expressions.primitive import Nil, StringLiteral
from liquid.builtin.tags.include_tag import IncludeTag
from liquid.builtin.tags.render_tag import RenderTag
from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import (
    TOKEN_AS,
    TOKEN_COLON,
    TOKEN_COMMA,
    TOKEN_EOF,
    TOKEN_FOR,
    TOKEN_TAG,
    TOKEN_WITH,
    TOKEN_WORD,
)

from liquid import Environment


class FreeInclude(IncludeTag):
    """An `include` that takes any value behind `with` and `for`."""

    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        tokens = stream.into_inner(tag=token, eat=False)
        name = parse_primitive(self.env, tokens)
        _, var, alias = _bound(self, tokens)
        return self.node_class(token, name, var, alias, _given(self.env, tokens))


class FreeRender(RenderTag):
    """A `render` that takes any value behind `with` and `for`."""

    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        tokens = stream.into_inner(tag=token, eat=False)
        name = parse_primitive(self.env, tokens)
        if not isinstance(name, StringLiteral):
            raise LiquidSyntaxError("expected a text: the name of a partial", token=name.token)
        loop, var, alias = _bound(self, tokens)
        args = _given(self.env, tokens)
        return self.node_class(token, name, var=var, loop=loop, alias=alias, args=args)


def _bound(tag: Tag, tokens: TokenStream) -> tuple[bool, Expression | None, Identifier | None]:
    """What stands behind `with` or `for`, and its name in the partial; `nil` is as if nothing stood there."""
    loop, value = False, None
    if tokens.current.kind in (TOKEN_WITH, TOKEN_FOR):
        loop = next(tokens).kind == TOKEN_FOR
        value = _value(tag.env, tokens)
    if tokens.current.kind != TOKEN_AS:
        return loop, value, None
    next(tokens)
    tokens.expect(TOKEN_WORD)
    return loop, value, parse_identifier(tag.env, tokens)


def _value(env: Environment, tokens: TokenStream) -> Expression | None:
    """What stands behind `with`. Of `with size: 5` the name is both: a variable here, and a parameter's name."""
    first = tokens.current
    if first.kind == TOKEN_WORD and tokens.peek.kind == TOKEN_COLON:
        return Path(first, [first.value])
    parsed = parse_primitive(env, tokens)
    return None if isinstance(parsed, Nil) else parsed


def _given(env: Environment, tokens: TokenStream) -> list[KeywordArgument]:
    """The `name: value` pairs behind a partial; there may be commas between them."""
    given: list[KeywordArgument] = []
    _pass_comma(tokens)
    while tokens.current.kind != TOKEN_EOF:
        name = next(tokens)
        if name.kind != TOKEN_WORD:
            raise LiquidSyntaxError(f"expected an argument name, found {name.kind}", token=name)
        tokens.eat(TOKEN_COLON)
        given.append(KeywordArgument(name, name.value, parse_primitive(env, tokens)))
        _pass_comma(tokens)
    return given


def _pass_comma(tokens: TokenStream) -> None:
    if tokens.current.kind == TOKEN_COMMA:
        next(tokens)
