"""Conditional comments: what only Outlook on Windows reads, and what only the others see."""

from __future__ import annotations

import re

from mailweave.markup.pieces import live

# `<!--[if !mso]><!-->` and `<!--[if !mso]> -->`: the others read what stands between
_SHOWN_TO_OTHERS = re.compile(
    r"<!--\s*\[if\s*\(?!\s*mso[^\]]*\]>\s*(?:<!-*)?-->(.*?)<!--\s*(?:<!)?\s*\[endif\]\s*-->", re.S | re.I
)
_MSO_ONLY = re.compile(
    r"<!--\s*\[if\s[^\]!]*\bmso\b[^\]]*\]>(?!\s*(?:<!-*)?-->)(.*?)<!\[endif\]-->", re.S | re.I
)


def without_outlook(template: str) -> str:
    """HTML without the code that only Outlook on Windows reads; Liquid that reaches beyond it stays.

    >>> without_outlook("<!--[if mso]><table><tr><td><![endif]--><p>x</p><!--[if mso]></td></tr></table><![endif]-->")
    '<p>x</p>'
    >>> without_outlook("<!--[if !mso]><!--><p>x</p><!--<![endif]-->")
    '<p>x</p>'
    """
    text = _SHOWN_TO_OTHERS.sub(lambda match: match[1], template)
    return _MSO_ONLY.sub(lambda match: "".join(piece.text for piece in live(match[1])), text)
