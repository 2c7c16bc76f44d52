"""Navigation of a rendered text, put behind its content: which comes first is known when a mail is whole.

Blocks and layouts are rendered apart. In each, what could be the navigation that a mail begins with stands between
signs, which no value can hold: outputs of a text write no control characters.
"""

from __future__ import annotations

import re
from itertools import pairwise

NAVIGATION = "\x0e"
"""Begins navigation that no content stands before in its part."""
LINK = "\x10"
"""Begins a link that no content stands before in its part: it goes where navigation behind it goes, as a logo does."""
END = "\x0f"
"""Ends either."""
FENCE = "\x11"
"""Stands before navigation that was put behind the content: gaps on its two sides are not one."""

_REGION = re.compile("\\s*([\x0e\x10])([^\x0e\x0f\x10]*)\x0f")
_BLANKS = " \n"
_WORD = r"[^\x0e\x0f\x10 \n]"
_STUCK = re.compile(rf"(?<={_WORD})[\x0e\x0f\x10]|[\x0e\x0f\x10](?={_WORD})")
_SIGNS = re.compile("[\x0e\x0f\x10]")
_RUN = re.compile("[\x0e\x0f\x10](?:[ \n]*[\x0e\x0f\x10])*[ \n]*")
"""Signs with nothing but blanks between, and the blanks behind them."""


def is_marked(text: str) -> bool:
    """Whether a text holds signs of navigation.

    >>> is_marked("Shop"), is_marked(NAVIGATION + "Shop" + END)
    (False, True)
    """
    return END in text


def is_signed(text: str) -> bool:
    """Whether a text holds a sign, which is no sign of its words.

    >>> is_signed("Shop"), is_signed(f"{END}Shop")
    (False, True)
    """
    return END in text or LINK in text or NAVIGATION in text or FENCE in text


def content_first(text: str) -> str:
    """A text without the signs; the navigation that it begins with, and the links before that, stand behind the rest.

    >>> content_first(f"{LINK}Logo{END}\\n\\n{NAVIGATION}\\nTea\\nMilk{END}\\n\\nHello\\n")
    'Hello\\n\\nLogo\\n\\nTea\\nMilk'
    """
    found, upto, _ = _leading(text)
    rest = unmarked(text[upto:]).strip("\n")
    return "\n\n".join(part for part in (rest, *found) if part.strip())


def _leading(text: str) -> tuple[list[str], int, int]:
    """What goes behind the content, where what stays begins, and where content does."""
    found, at, upto, count = list[str](), 0, 0, 0
    while (region := _REGION.match(text, at)) is not None:
        at = region.end()
        found.append(region[2].strip("\n"))
        if region[1] == NAVIGATION and found[-1].strip():
            upto, count = at, len(found)
    return found[:count], upto, at


def split(beginning: str) -> tuple[str, str] | None:
    """The beginning of a text without what goes behind its end, and that; None where it depends on what follows.

    >>> split(f"{NAVIGATION}Tea{END}\\nHello "), split(f"{NAVIGATION}Tea{END}\\n"), split(f"{LINK}Tea ")
    (('\\nHello ', '\\n\\nTea'), None, None)
    """
    found, upto, at = _leading(beginning)
    content = beginning[at:].lstrip()
    if not content or content[0] in (NAVIGATION, LINK):
        return None
    return beginning[upto:], "".join(f"\n\n{part}" for part in found if part.strip())


def unmarked(text: str) -> str:
    """A text in its own order, without the signs and with the distances that it has without them.

    >>> unmarked(f"Hello\\n{NAVIGATION}\\n\\nTea{END}\\n")
    'Hello\\n\\nTea\\n'
    """
    if END not in text:
        return text
    parts = text.replace(LINK, END).replace(NAVIGATION, END).split(END)  # faster than a pattern
    if not any(one[-1:] in _BLANKS and other[:1] in _BLANKS for one, other in pairwise(parts)):
        return "".join(parts)  # a word touches each sign: there are no two distances around it
    first, *parts = parts
    out = [first]
    for part in parts:
        before, words = out[-1].rstrip(_BLANKS), part.lstrip(_BLANKS)
        out[-1] = before + _distance([out[-1][len(before) :], part[: len(part) - len(words)]])
        if words:
            out.append(words)
    return "".join(out)


def signs_off(piece: str) -> str:
    """A piece of a text that stands behind content, without the signs that touch a word of its own.

    >>> signs_off(f"\\n{LINK}Tea{END}\\n"), signs_off(f"{END} ") == f"{END} "
    ('\\nTea\\n', True)
    """
    return _STUCK.sub("", piece).replace(LINK, END).replace(NAVIGATION, END)


def settled(piece: str) -> str:
    """A piece of a text, without the signs behind content of its own: what it begins with does not matter to them.

    >>> settled(f"Hello\\n{LINK}\\n\\nTea{END}"), settled(f"Hello\\n\\n{LINK}")
    ('Hello\\n\\nTea', 'Hello\\n\\n\\x0f')
    >>> settled(f"{LINK}Logo{END}\\nHello {LINK}") == f"{LINK}Logo{END}\\nHello {END}"
    True
    """
    first = _SIGNS.search(piece)
    if first is None:
        return piece
    out, at = list[str](), 0
    is_open, has_content = first[0] == END, False
    for run in _RUN.finditer(piece):
        words = piece[at : run.start()]
        before = words.rstrip(_BLANKS)
        has_content = has_content or (not is_open and bool(before))
        *gaps, last = _SIGNS.split(words[len(before) :] + run[0])
        at, is_open = run.end(), run[0].rstrip(_BLANKS)[-1] != END
        if not has_content:
            out += words, run[0]
        elif at < len(piece):
            out += before, _distance([*gaps, last])
        else:  # it goes on in the next piece
            out += before, f"{_distance(gaps)}{END}" if _distance(gaps) else "", last
    return "".join([*out, piece[at:]])


def _distance(gaps: list[str]) -> str:
    """Of the distances around signs the longest holds, not their sum."""
    return max(gaps, key=_length)


def _length(gap: str) -> tuple[int, int]:
    return gap.count("\n"), len(gap)
