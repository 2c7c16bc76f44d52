"""What of an AMP document depends on its recipient: which extensions it needs, and where it has to be looked through."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from mailweave.liquid import Template
from mailweave.message.amp.extensions import used
from mailweave.message.amp.parts import AmpPart, AmpWoven
from mailweave.values.bounded_cache import Memo

_CLOSED = frozenset({"text"})  # where a value cannot make a document invalid

Texts = Mapping[str, Sequence[str]]
"""What the blocks in each place wrote."""


class AmpNeeds:
    """Found out of each block when it is first written: a check of a campaign does without."""

    def __init__(
        self, woven: AmpWoven, layout: Template, blocks: Mapping[str, tuple[Template, AmpPart]]
    ) -> None:
        self._woven, self._layout, self._blocks = woven, layout, blocks
        self._is_sure = Memo(lambda name: _needs_the_same(*blocks[name]))
        self._is_dynamic = Memo(_writes_attributes)
        self._scripts = Memo(self._of_all)

    def scripts(self, names: tuple[str, ...], texts: Texts) -> str:
        """The script tags of a document that shows these blocks: no more and no fewer than it needs."""
        known = self.known_scripts(names)
        return self._woven.extensions(names, itertools.chain(*texts.values())) if known is None else known

    def known_scripts(self, names: tuple[str, ...]) -> str | None:
        """The tags that whoever is shown these blocks needs; None where that depends on the recipient."""
        return self._scripts[names]

    def dynamic(self, names: Sequence[str], texts: Texts) -> list[str] | None:
        """What was written by blocks with values in attributes; None where the layout has some."""
        if self._is_dynamic[self._layout]:
            return None
        templates = (self._blocks[name][0] for name in names)
        written = zip(templates, itertools.chain(*texts.values()), strict=True)
        return [text for template, text in written if self._is_dynamic[template]]

    def _of_all(self, names: tuple[str, ...]) -> str | None:
        if not all(self._is_sure[name] for name in names):
            return None
        return self._woven.extensions(names, [self._blocks[name][1].source for name in names])


def _writes_attributes(template: Template) -> bool:
    return bool(template.places() - _CLOSED)


def _needs_the_same(template: Template, part: AmpPart) -> bool:
    """Whether a block needs the same extensions for everybody: what it writes at least needs all."""
    least = used(template.least(lambda _: "x", lambda _: "", lambda text: len(used(text))))
    if "<textarea" in part.source or "<script" in part.source:
        return False  # it depends on their attributes, which may hold values
    return least == used(part.source)
