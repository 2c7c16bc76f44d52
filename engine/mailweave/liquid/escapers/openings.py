"""What opens a tag of another templating language: a value never writes one into a plain string.

An ESP may run its own templating over a finished mail, and AMP runs mustache. HTML has character references for
that; plain text, subjects and names have none, and get a blank.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mailweave.values.isolates import paired

OPENINGS = ("{{", "{%", "{#", "${", "#{", "<%", "*|", "%%", "[[")
"""Liquid, mustache, Jinja, JavaScript, Ruby, ERB, Mailchimp, AMPscript, and double square brackets."""

# `{`, `<` and `[` at the end, `{`, `%` and `|` at the start: then two values side by side make none, either
_SIGNS = re.compile(r"[{<%|\[]")
_PAIR = re.compile(r"\{(?=[{%#]|\Z)|[$#](?=\{)|<(?=%|\Z)|\*(?=\|)|%(?=%)|\[(?=\[|\Z)")
_SECOND = ("{", "%", "|")
# overrides and embeddings of direction are among them; its marks stay, and so do isolates in pairs, as in headers
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2060\ud800-\udfff]")


def safe_in_text(text: str) -> str:
    """Text without control characters and lone surrogates, that opens no tag of another templating language.

    For values that get into plain strings: the text part, a subject, a name. Two such values side by side open
    none either.

    >>> safe_in_text("{{ x }} *|NAME|*"), safe_in_text("50% [new]")
    (' { { x }} * |NAME|*', '50% [new]')
    """
    if text.isprintable() and _SIGNS.search(text) is None:
        return text
    spaced = _PAIR.sub(r"\g<0> ", paired(_CONTROL.sub("", text)))
    return " " + spaced if spaced.startswith(_SECOND) else spaced


def spaced_beside(before: str, safe: str, after: str) -> str:
    """A safe text between literals that end with one of `before` and begin with one of `after`.

    >>> spaced_beside("[", "[a]", " "), spaced_beside(" ", "50%", "%"), spaced_beside("", "[a]", "")
    (' [a]', '50% ', '[a]')
    """
    spaced = " " + safe if _opens(before, safe[:1]) else safe
    return spaced + " " if _opens(safe[-1:], after) else spaced


def referenced_beside(before: str, escaped: str, after: str) -> str:
    """The same for HTML that was escaped: its ends as character references.

    >>> referenced_beside("[", "[a]", ""), referenced_beside("", "50%", "%")
    ('&#91;a]', '50&#37;')
    """
    if _opens(before, escaped[:1]):
        escaped = f"&#{ord(escaped[0])};{escaped[1:]}"
    return f"{escaped[:-1]}&#{ord(escaped[-1])};" if _opens(escaped[-1:], after) else escaped


@lru_cache(maxsize=4096)
def _opens(firsts: str, seconds: str) -> bool:
    return any(first + second in OPENINGS for first in firsts for second in seconds)
