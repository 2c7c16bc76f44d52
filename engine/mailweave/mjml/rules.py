"""The CSS that the compiler writes into a head for the components of a page, rule by rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import tinycss2

from mailweave.markup.tokens import RawText, StartTag, tokenize

Rules: TypeAlias = tuple[tuple[str, str], ...]
"""Each rule, with the condition of the at-rule or the style element around it."""

_RESETS: Final = re.compile(r"#outlook a|^(?:body|table, td|img|p)$")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)


def rules_of(html: str) -> Rules:
    """The rules in the head of a compiled page, but for those that MJML writes into every one."""
    head = _COMMENT.sub("", html.partition("</head>")[0])
    return tuple(dict.fromkeys(each for css, media in _sheets(head) for each in _rules(css, media)))


def stylesheet(rules: Iterable[tuple[str, str]]) -> str:
    """Rules as one style sheet, those of one condition together.

    >>> stylesheet([("@media print", ".a{color:red}"), ("", "p{margin:0}"), ("@media print", ".b{color:blue}")])
    '@media print{.a{color:red}.b{color:blue}}p{margin:0}'
    """
    groups: dict[str, list[str]] = {}
    for condition, rule in dict.fromkeys(rules):
        groups.setdefault(condition, []).append(rule)
    return "".join(f"{at}{{{''.join(each)}}}" if at else "".join(each) for at, each in groups.items())


def _sheets(head: str) -> Iterator[tuple[str, str]]:
    """The style elements of a head, each with what its `media` says."""
    media = ""
    for token in tokenize(head):
        if isinstance(token, StartTag) and token.name == "style":
            media = token.get("media") or ""
        elif isinstance(token, RawText) and token.element == "style":
            yield head[token.span.start : token.span.stop], media


def _rules(css: str, media: str) -> Iterator[tuple[str, str]]:
    for node in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            selector = tinycss2.serialize(node.prelude).strip()
            if not _RESETS.search(selector):
                yield f"@media {media}" if media else "", _written(selector, node)
        elif node.type == "at-rule" and node.content is not None:
            condition = f"@{node.at_keyword} {tinycss2.serialize(node.prelude).strip()}"
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            for each in inner:
                if each.type == "qualified-rule":
                    yield condition, _written(tinycss2.serialize(each.prelude).strip(), each)


def _written(selector: str, rule: tinycss2.ast.QualifiedRule) -> str:
    return f"{selector}{{{' '.join(tinycss2.serialize(rule.content).split())}}}"
