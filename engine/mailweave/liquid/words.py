"""Which words of an expression are keywords, and which are names.

python-liquid's lexer takes `limit`, `for`, `required` and the like for keywords wherever they stand. In Ruby
they are keywords in their own places alone: data may have a `field.required` or a `coupon.limit`, and a partial
may be given a `limit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from liquid.builtin.expressions import tokenize
from liquid.stream import TokenStream
from liquid.token import (
    TOKEN_AND,
    TOKEN_AS,
    TOKEN_ASSIGN,
    TOKEN_BLANK,
    TOKEN_COLON,
    TOKEN_COLS,
    TOKEN_COMMA,
    TOKEN_CONTAINS,
    TOKEN_CONTINUE,
    TOKEN_DOT,
    TOKEN_ELSE,
    TOKEN_EMPTY,
    TOKEN_EQ,
    TOKEN_FALSE,
    TOKEN_FOR,
    TOKEN_GE,
    TOKEN_GT,
    TOKEN_IDENTINDEX,
    TOKEN_IDENTSTRING,
    TOKEN_IF,
    TOKEN_IN,
    TOKEN_LBRACKET,
    TOKEN_LE,
    TOKEN_LG,
    TOKEN_LIMIT,
    TOKEN_LPAREN,
    TOKEN_LT,
    TOKEN_NE,
    TOKEN_NIL,
    TOKEN_NOT,
    TOKEN_NULL,
    TOKEN_OFFSET,
    TOKEN_OR,
    TOKEN_PIPE,
    TOKEN_RANGE,
    TOKEN_RANGE_LITERAL,
    TOKEN_REQUIRED,
    TOKEN_REVERSED,
    TOKEN_STRING,
    TOKEN_TRUE,
    TOKEN_WITH,
    TOKEN_WORD,
    Token,
)

_LOOPS = frozenset({"for", "tablerow"})
_PARTIALS = frozenset({"include", "render"})
_GIVEN = frozenset({TOKEN_LIMIT, TOKEN_OFFSET, TOKEN_COLS})
_OF_LOOPS = frozenset({TOKEN_IN, TOKEN_REVERSED, TOKEN_CONTINUE, *_GIVEN})
_OF_PARTIALS = frozenset({TOKEN_WITH, TOKEN_FOR, TOKEN_AS})
_OF_NOTHING = frozenset({TOKEN_IF, TOKEN_ELSE, TOKEN_REQUIRED})
_LITERALS = frozenset({TOKEN_TRUE, TOKEN_FALSE, TOKEN_NIL, TOKEN_NULL, TOKEN_EMPTY, TOKEN_BLANK})
_STEPS = frozenset({TOKEN_DOT, TOKEN_IDENTSTRING, TOKEN_IDENTINDEX, TOKEN_LBRACKET})
_OPERATORS = frozenset({TOKEN_AND, TOKEN_OR, TOKEN_NOT, TOKEN_CONTAINS})
_OTHERS = _OF_LOOPS | _OF_PARTIALS | _OF_NOTHING
_KEYWORDS = _OTHERS | _LITERALS | _OPERATORS
_BEFORE_A_VALUE = frozenset(
    {
        *(TOKEN_EQ, TOKEN_NE, TOKEN_LG, TOKEN_LT, TOKEN_GT, TOKEN_LE, TOKEN_GE, *_OPERATORS, TOKEN_ASSIGN),
        *(TOKEN_COLON, TOKEN_PIPE, TOKEN_LBRACKET, TOKEN_LPAREN, TOKEN_RANGE_LITERAL, TOKEN_RANGE, TOKEN_IN),
        *_OF_PARTIALS,
    }
)


class WordStream(TokenStream):
    """Tokens of a template; those of the expressions within are keywords where Ruby has them as such."""

    def into_inner(self, *, tag: Token | None = None, eat: bool = True) -> TokenStream:
        inner = super().into_inner(tag=tag, eat=eat)
        return WordStream(named(inner.tokens, tag.value if tag else ""))


def of_output(token: Token) -> TokenStream:
    """The words of an output."""
    return WordStream(named(list(tokenize(token.value, token)), ""))


def named(tokens: list[Token], tag: str) -> Iterator[Token]:
    """The words of an expression in a tag of that name (an output has none).

    >>> words = list(tokenize("limit in a.limit limit: limit", Token("tag", "for", 0, "")))
    >>> [token.kind for token in named(words, "for")]
    ['word', 'in', 'word', 'dot', 'word', 'limit', 'colon', 'word']
    """
    before, filtered = "", False
    for token, after in zip(tokens, [*_kinds(tokens[1:]), ""], strict=True):
        if token.kind in _KEYWORDS and _is_name(token.kind, before, after, tag):
            token = Token(TOKEN_WORD, token.value, token.start_index, token.source)
        before, filtered = token.kind, filtered or token.kind == TOKEN_PIPE
        if filtered and before in (TOKEN_EMPTY, TOKEN_BLANK):  # to filters they are empty texts
            token = Token(TOKEN_STRING, "", token.start_index, token.source)
        yield token


def _kinds(tokens: Iterable[Token]) -> Iterator[str]:
    return (token.kind for token in tokens)


def _is_name(kind: str, before: str, after: str, tag: str) -> bool:
    if before == TOKEN_DOT or kind in _OF_NOTHING:
        return True
    if kind in _LITERALS and after in _STEPS:
        return True
    if after == TOKEN_COLON and not (tag in _LOOPS and before and before not in _BEFORE_A_VALUE):
        return before in (TOKEN_COMMA, TOKEN_COLON) or kind in _OTHERS
    if kind not in _OTHERS:
        return False
    if kind == TOKEN_CONTINUE:
        return not (tag in _LOOPS and before == TOKEN_COLON)
    if not before or before in _BEFORE_A_VALUE:
        return True
    return kind not in (_OF_LOOPS if tag in _LOOPS else _OF_PARTIALS if tag in _PARTIALS else ())
