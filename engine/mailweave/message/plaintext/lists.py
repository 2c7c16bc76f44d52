"""Lists: what stands before each item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bs4 import Comment, Tag


@dataclass(slots=True)
class List:
    """An open list. Items are numbered only where their number is known for every recipient."""

    indent: str
    numbered: bool
    count: int = 0

    def next_marker(self) -> str:
        self.count += 1
        return f"{self.count}. " if self.numbered else "- "


def list_of(element: Tag, indent: str, hides: Callable[[str], bool]) -> List:
    """A list as it is opened; `hides` tells the comments that stand for Liquid."""
    dynamic = any(isinstance(node, Comment) and hides(str(node)) for node in element.contents)
    return List(indent, element.name == "ol" and not dynamic)
