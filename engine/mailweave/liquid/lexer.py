"""From text to tokens: what python-liquid's parser is given. White space is trimmed as Ruby trims it.

python-liquid's own lexer trims a last line end that stands alone, looks at the wrong end of `raw`, takes
a no-break space for blank, and refuses words in an end tag, which mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from liquid.exceptions import LiquidSyntaxError
from liquid.token import (
    TOKEN_COMMENT,
    TOKEN_CONTENT,
    TOKEN_DOC,
    TOKEN_EOF,
    TOKEN_EXPRESSION,
    TOKEN_OUTPUT,
    TOKEN_TAG,
    Token,
)

from mailweave.liquid.values import ENDS


def _held(name: str) -> str:
    """What stands between a tag and its end as it is: `raw` and `doc`."""
    return (
        rf"(?P<{name}>\{{%-?\s*{name}\s*-?%\}}(?P<{name}_text>.*?)"
        rf"\{{%-?\s*end{name}\b(?:(?!-?%\}}|\{{%).)*(?P<{name}_trim>-?)%\}})"
    )


_RULES = re.compile(
    "|".join(
        (
            _held("raw"),
            _held("doc"),
            r"(?P<output>\{\{-?\s*(?P<value>(?:(?!-?\}\})[\s\S])*(?<!\s))\s*(?P<output_trim>-?)\}\})",
            r"(?P<tag>\{%-?\s*(?P<name>#|\w+)\s*(?P<rest>(?:(?!-?%\})[\s\S])*(?<!\s))\s*(?P<tag_trim>-?)%\})",
            r"(?P<content>.+?(?=\{[{%](?P<before>-?)|\Z))",
        )
    ),
    re.DOTALL,
)
_NESTED_DOC = re.compile(r"\{%-?\s*doc\b.*?%\}", re.DOTALL)
_UNCLOSED = {"{{": "expected '}}', found end of file", "{%": "missing tag name or closing delimiter"}


class Verbatim(str):
    """Text of a `raw`: white space in it is no blank."""

    __slots__ = ()


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a template. Raises `LiquidSyntaxError` for what is never closed."""
    trim, depth, start = False, 0, 0
    for match in _RULES.finditer(source):
        kind = str(match.lastgroup)
        if depth:
            depth += _comment_step(match)
            if not depth:
                yield Token(TOKEN_COMMENT, source[start : match.start()], start, source)
                yield Token(TOKEN_TAG, match["name"], match.start("name"), source)
                trim = bool(match["tag_trim"])
            continue
        if kind == "content":
            yield from _content(match, source, trim)
            trim = False
            continue
        yield from _made[kind](match, source)
        trim = bool(match[f"{kind}_trim"]) or match[0] == "{{-}}"
        if kind == "tag" and match["name"] == "comment":
            depth, start = 1, match.end()


def _comment_step(match: re.Match[str]) -> int:
    return {"comment": 1, "endcomment": -1}.get(match["name"] or "", 0)


def _content(match: re.Match[str], source: str, trim: bool) -> Iterator[Token]:
    text = match["content"]
    if text[:2] in _UNCLOSED:
        raise LiquidSyntaxError(_UNCLOSED[text[:2]], token=Token(TOKEN_EOF, text, match.start(), source))
    if trim:
        text = text.lstrip(ENDS)
    if match["before"]:
        text = text.rstrip(ENDS)
    if text:
        yield Token(TOKEN_CONTENT, text, match.start(), source)


def _output(match: re.Match[str], source: str) -> Iterator[Token]:
    yield Token(TOKEN_OUTPUT, match["output"], match.start(), source)
    yield Token(TOKEN_EXPRESSION, match["value"], match.start("value"), source)


def _tag(match: re.Match[str], source: str) -> Iterator[Token]:
    yield Token(TOKEN_TAG, match["name"], match.start("name"), source)
    if match["rest"] and not match["name"].startswith("end"):
        yield Token(TOKEN_EXPRESSION, match["rest"], match.start("rest"), source)


def _raw(match: re.Match[str], source: str) -> Iterator[Token]:
    if match["raw_text"]:
        yield Token(TOKEN_CONTENT, Verbatim(match["raw_text"]), match.start(), source)


def _doc(match: re.Match[str], source: str) -> Iterator[Token]:
    nested = _NESTED_DOC.search(match["doc_text"])
    if nested:
        at = Token(TOKEN_TAG, "doc", match.start("doc_text") + nested.start(), source)
        raise LiquidSyntaxError("a `doc` cannot stand within another", token=at)
    yield Token(TOKEN_DOC, match["doc_text"], match.start(), source)


_made = {"output": _output, "tag": _tag, "raw": _raw, "doc": _doc}
