"""What filters are about to allocate, known before they do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mailweave.liquid.budget import ITEM, size_of
from mailweave.liquid.writing import is_vast

_WIDTH = re.compile(r"%[-_0^#:+]*(\d+)")
HUGE = 1 << 60
_MOST_COUNTED = 1 << 25  # what is larger is refused uncounted
_DEEPEST = 1_000  # levels: what goes deeper is refused when it is written


def linear(*args: object, **named: object) -> int:
    """As much as goes in."""
    return sum(map(size_of, args))


def grown(*args: object, **named: object) -> int:
    """Escapes and encodings: up to six characters for one."""
    return 6 * sum(map(size_of, args))


def replaced(value: Any, old: object = "", new: object = "", *_: object) -> int:
    text, old_text = str(value), str(old)
    return len(text) + text.count(old_text) * len(str(new))


def repeated(value: Any, old: object = "", new: object = "", *_: object) -> int:
    """One replacement."""
    return size_of(value) + size_of(str(new))


def joined(value: Any, glue: object = " ", *_: object) -> int:
    if isinstance(value, range):
        return len(value) * (len(str(max(abs(value.start), abs(value.stop)))) + len(str(glue)))
    if not isinstance(value, (list, tuple)):
        return size_of(value)
    return sum(size_of(one) + ITEM for one in value) + len(value) * len(str(glue))


def pieces(value: Any, glue: object = "", *_: object) -> int:
    text, glue_text = str(value), str(glue)
    count = text.count(glue_text) if glue_text else len(text)
    return len(text) + ITEM * (count + 1)


def product(left: Any, right: Any = 0, *_: object) -> int:
    """Numbers of many digits are charged as the square of their length: so long does it take."""
    return max(_digits(left), 1) * max(_digits(right), 1)


def _digits(value: Any) -> int:
    if isinstance(value, int):
        return value.bit_length() >> 3
    return len(value) if isinstance(value, str) else ITEM


def listed(value: Any, *args: object) -> int:
    """A new list of the items."""
    return _items(value) * ITEM + sum(map(size_of, args))


def ordered(value: Any, *args: object) -> int:
    return 2 * listed(value, *args)


def compared(value: Any, *_: object) -> int:
    """Every item against every other."""
    count = _items(value)
    return ITEM * count + count * count // 16


def _items(value: Any) -> int:
    if isinstance(value, range):
        return HUGE if value.stop - value.start >= HUGE else len(value)
    return len(value) if isinstance(value, (list, tuple, str, dict)) else 1


def formatted(value: Any, form: object = "", *_: object) -> int:
    """strftime with a width: `%1000000000d` asks for a gigabyte."""
    text = str(form)
    widths = sum(min(int(width[:12]), HUGE) for width in _WIDTH.findall(text))
    return 8 * len(text) + size_of(value) + widths


def rounded(value: Any, digits: object = 0, *_: object) -> int:
    count = abs(int(digits)) if isinstance(digits, (int, float, str)) else 0
    return size_of(value) + count * (1 + size_of(value) // 8)


def cut(value: Any, *args: Any) -> int:
    if any(map(is_vast, args)):
        return HUGE
    if isinstance(value, range):
        length = args[1] if len(args) > 1 and isinstance(args[1], int) else 1
        return min(_items(value), max(length, 1)) * ITEM
    return size_of(value)


def deep(value: Any, *_: object) -> int:
    """Everything inside, once for each place it stands in."""
    total, level = 0, [value]
    for _level in range(_DEEPEST):
        if not level or total > _MOST_COUNTED:
            break
        total += sum(2 * size_of(one) + ITEM for one in level)
        total += sum(size_of(key) for one in level if isinstance(one, dict) for key in one)
        level = [inner for one in level for inner in _inside(one)]
    return HUGE if total > _MOST_COUNTED else total


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, (list, tuple)) else ()
