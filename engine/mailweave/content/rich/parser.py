"""Two readers of Markdown: the part of it that a rich text may hold, and all of it, to see what else was meant."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_DEEPEST = 60  # far beyond what is allowed; what is nested deeper is not read at all
_MARKS = ("list", "newline", "escape", "emphasis", "link", "autolink")
_VERBATIM = ("backticks", "html_inline", "image")  # seen, so that what stands in them stays as it is written


class _Markdown(MarkdownIt):
    """A parser that leaves the targets of links to us, as they are written."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 -- the library's names
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True


@cache
def _part() -> MarkdownIt:
    parser = _Markdown("zero", {"maxNesting": _DEEPEST, "html": True})
    return parser.enable([*_MARKS, *_VERBATIM])


@cache
def _whole() -> MarkdownIt:
    parser = _Markdown("commonmark", {"maxNesting": _DEEPEST, "html": True})
    return parser.enable(["table", "strikethrough"]).disable(["code", "entity"])


def tokens(text: str) -> list[Token]:
    """The tokens of a text of which bold, italic, links, lists and line breaks are read, and nothing else.

    >>> [token.type for token in tokens("# **a**")[1].children or () if token.type != "text"]
    ['strong_open', 'strong_close']
    """
    return _part().parse(text)


def all_tokens(text: str) -> tuple[list[Token], bool]:
    """The tokens of a text read as Markdown with tables, and whether it defines targets of links apart from them."""
    env: dict[str, object] = {}
    found = _whole().parse(text, env)
    return found, bool(env.get("references"))
