"""Whether a rule of a style sheet holds in a view of a mail, as far as that can be known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WIDTHS: Final = (375, 800)
_FEATURE = re.compile(r"\(\s*([\w-]+)\s*(?::\s*([^()]+?)\s*)?\)")
_TYPES = {"screen": True, "all": True, "print": False, "speech": False, "only screen": True, "only all": True}


@dataclass(frozen=True, slots=True)
class View:
    """How a mail is looked at: in which colour scheme, and how wide, in pixels."""

    dark: bool
    width: int

    @property
    def scheme(self) -> str:
        return "dark" if self.dark else "light"


VIEWS: Final = tuple(View(dark, width) for dark in (False, True) for width in WIDTHS)


def hold(conditions: Iterable[str], view: View) -> bool | None:
    """Whether all at-rules around a rule hold; None where that cannot be known.

    >>> hold(["@media (prefers-color-scheme: dark)"], View(True, 375)), hold(["@supports (a:b)"], View(True, 375))
    (True, None)
    """
    found = [_holds(one, view) for one in conditions]
    return False if False in found else None if None in found else True


def _holds(condition: str, view: View) -> bool | None:
    if not condition.startswith("@media"):
        return None
    answers = [_query(one.strip().lower(), view) for one in condition.removeprefix("@media").split(",")]
    return True if True in answers else None if None in answers else False


def _query(text: str, view: View) -> bool | None:
    answers = [_part(" ".join(part.split()), view) for part in re.split(r"\band\b", text)]
    return False if False in answers else None if None in answers else True


def _part(text: str, view: View) -> bool | None:
    if text in _TYPES:
        return _TYPES[text]
    feature = _FEATURE.fullmatch(text)
    if feature is None:
        return None
    name, value = feature[1], feature[2] or ""
    if name == "prefers-color-scheme":
        return value == view.scheme if value in ("dark", "light") else None
    size = re.fullmatch(r"(\d+)px", value)
    if size is None or name not in ("max-width", "min-width"):
        return None
    return view.width <= int(size[1]) if name == "max-width" else view.width >= int(size[1])
