"""What a preview keeps from one compilation of a folder to the next: a save costs what it changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mailweave.campaign.kept_stages import KeptStages
from mailweave.campaign.source_marks import SourceMarks
from mailweave.campaign.stages import new_pages

if TYPE_CHECKING:
    from mailweave.content.page_store import PageStore

_Made = TypeVar("_Made")
_MOST: Final = 5_000  # pieces of work that are kept; a campaign of forty blocks has two hundred


@dataclass(frozen=True, slots=True)
class Draft:
    """Work kept by its content. What is compiled with a draft has marks in its HTML.

    with_amp: whether AMP is made, which takes as long as all else. with_text: whether plain text is made of the HTML.
    pages: those that CSS was inlined into. marks: the comments that say where parts of a mail were written.
    """

    with_amp: bool = True
    with_text: bool = True
    pages: Callable[[], PageStore] = field(default_factory=partial(cache, new_pages))
    marks: SourceMarks = field(default_factory=SourceMarks)
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _stages: dict[Path, KeptStages] = field(default_factory=dict)

    def stages(self, campaign: Path) -> KeptStages:
        """What another process kept of the campaign in a folder, as it was at the first compilation."""
        if campaign not in self._stages:
            self._stages[campaign] = KeptStages.of(campaign)
        return self._stages[campaign]

    def first_look(self, *, with_text: bool) -> Draft:
        """The same memory, for HTML that is seen before all parts are there."""
        return replace(self, with_amp=False, with_text=with_text)

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What `make` makes, or made before of the same content.

        >>> Draft().once("a", lambda: 1)
        1
        """
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        made: _Made = self._kept[key]
        return made
