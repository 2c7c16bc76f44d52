"""One header as it is written: folded, quoted or encoded, so that what it says is what a reader reads."""

from __future__ import annotations

import re

from mailweave.message.encoded_words import LONGEST_LINE, encoded_words

WIDTH = 78
"""Characters of a line, where its words allow: RFC 5322, 2.1.1."""

_LONGEST_PLAIN = (
    60  # characters of a word, or of a quoted name: what is longer is encoded, and folds anywhere
)
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_NOT_QUOTED = re.compile(r"[^ -~]|[\"\\]|=\?|  ")  # some readers decode, or lose, these between quotes
_SPECIAL = re.compile(r"[()<>@,:;.\[\]\"\\]")


def unstructured(name: str, text: str) -> str:
    """A header that is free text. Text that could be taken for an encoded word is encoded itself.

    >>> unstructured("Subject", "=?utf-8?q?hi?=")
    'Subject: =?utf-8?b?PT91dGYtOD9xP2hpPz0=?='
    """
    line = f"{name}: {text}"
    if text.isascii() and text.isprintable() and "=?" not in text and "  " not in text:
        if len(line) <= WIDTH:
            return line
        words = line.split(" ")
        if max(map(len, words)) <= _LONGEST_PLAIN:
            return folded(words, WIDTH)
    return f"{name}: {encoded_words(text, LONGEST_LINE - len(name) - 2)}"


def mailbox(name: str, shown: str, address: str) -> str:
    """A header that is one mailbox; `shown` is the name that readers see.

    >>> mailbox("To", "Lee, Ann", "ann@example.com")
    'To: "Lee, Ann" <ann@example.com>'
    """
    if not shown:
        return f"{name}: {address}"
    start = f"{name}: {_phrase(shown, LONGEST_LINE - len(name) - 2)}"
    column = len(start) - start.rfind("\n") - 1
    between = " " if column + len(address) + 3 <= LONGEST_LINE else "\r\n "
    return f"{start}{between}<{address}>"


def mailbox_text(shown: str, address: str) -> str:
    """A mailbox as a reader sees it, not encoded.

    >>> mailbox_text("Näws, Inc.", "news@example.com"), mailbox_text("", "ann@example.com")
    ('"Näws, Inc." <news@example.com>', 'ann@example.com')
    """
    if not shown:
        return address
    quoted = '"' + re.sub(r"([\"\\])", r"\\\1", shown) + '"' if _SPECIAL.search(shown) else shown
    return f"{quoted} <{address}>"


def _phrase(shown: str, room: int) -> str:
    words = shown.split(" ")
    if _NOT_QUOTED.search(shown) or (len(shown) > room and max(map(len, words)) > _LONGEST_PLAIN):
        return encoded_words(shown, room)
    phrase = shown if ATOMS.fullmatch(shown) else f'"{shown}"'
    return phrase if len(phrase) <= room else folded(phrase.split(" "), room)


def folded(words: list[str], room: int) -> str:
    """Words with a line end before the blank that would lead past the width; `room` is left in the first line."""
    lines, line = [], words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = "", WIDTH
        line += " " + word
    return "\r\n".join([*lines, line])
