"""The edits of start tags: changed attributes written once, under the conditions that decide over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mailweave.content.edits import Edit
from mailweave.content.outlook import meant
from mailweave.content.page import Prepared
from mailweave.content.premailer_adapter import CHANGED, Attributes, Style
from mailweave.content.styles import Placed, raw_attributes
from mailweave.content.variants import occurrences
from mailweave.markup.branches import Leaf, leaves, written
from mailweave.markup.cascade.importance import Case
from mailweave.markup.tokens import StartTag
from mailweave.source import Span

Written = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Final:
    """What the cascade came to: the style of each case in which it is another than the author's attribute.

    `attributes`: how premailer writes each style; `asked`: the attributes that kept selectors look at.
    """

    styles: Mapping[Case, Style]
    attributes: Mapping[Style, Attributes]
    asked: frozenset[str]


@dataclass(slots=True)
class TagEdits:
    """Writes the edits of one page; `placed` has one entry per way through the conditions of the CSS."""

    page: Prepared
    placed: Sequence[Placed]
    final: Final
    _made: dict[tuple[int, int, int], Written | None] = field(default_factory=dict)

    def all(self) -> Iterator[Edit]:
        for number in sorted(self.page.document.numbered):
            if any(self.values(number, n, run) is not None for n, run in self._ways(number)):
                yield from self._of(number)

    def _ways(self, number: int) -> Iterator[tuple[int, int]]:
        runs = range(self.page.ways.runs) if self.page.ways.deciding(number) else (0,)
        return ((n, run) for n in range(len(self.placed)) for run in runs)

    def values(self, number: int, sheet: int, run: int) -> Written | None:
        """Our attributes of a tag in one way; None where nothing changes in it."""
        run = run if self.page.ways.deciding(number) else 0
        key = (number, sheet, run)
        if key not in self._made:
            self._made[key] = self._made_anew(number, sheet, run)
        return self._made[key]

    def _made_anew(self, number: int, sheet: int, run: int) -> Written | None:
        case = self.placed[sheet].case(number, run)
        style = None if case is None else self.final.styles.get(case)
        if style is None:
            return None
        found = self.final.attributes.get(style)
        own = {n: v for n, v in raw_attributes(self.page, number, run).items() if n in CHANGED}
        if found is None:
            return {name: self._restored(value) for name, value in own.items()}
        tag = self.page.document.numbered[number].tag
        outlook = meant(tag, found.presentational, own, self.final.asked)
        rest = {name: self._restored(value) for name, value in own.items() if name != "style"}
        return {**outlook, **rest, "style": found.style}  # what the author wrote for Outlook stays

    def _restored(self, value: str) -> str:
        shield = self.page.page.shield
        return shield.restore(shield.cover(value).replace('"', "&quot;"))

    def _names(self, number: int) -> set[str]:
        """The attributes of a tag that change in some way."""
        names = set()
        for sheet, run in self._ways(number):
            values = self.values(number, sheet, run)
            own = raw_attributes(self.page, number, run)
            names |= {n for n, v in (values or {}).items() if n == "style" or v != own.get(n)}
        return names

    def _of(self, number: int) -> Iterator[Edit]:
        tag = self.page.page.tokens[number]
        assert isinstance(tag, StartTag)
        new = ""
        for name in sorted(self._names(number), key=lambda name: (name == "style", name)):
            text, there = self.text(number, name), occurrences(tag, name)
            in_place = number not in self.page.ways.decisions and len(there) == 1 and text
            for one in there:
                yield Edit(one.span, text if in_place else "")
            new = f" {text}{new}" if text and not in_place else new
        if new:
            yield Edit(Span(tag.name_stop, tag.name_stop), new)

    def text(self, number: int, name: str) -> str:
        """One attribute of a tag, under all conditions that decide over it."""

        def of_sheet(leaf: Leaf) -> str:
            return self._nested(leaf.index, number, name, self.page.ways.deciding(number), {})

        return written(self.page.decision, of_sheet)

    def _nested(
        self, sheet: int, number: int, name: str, deciding: Sequence[int], chosen: Mapping[int, int]
    ) -> str:
        if not deciding:
            return self._attribute(number, sheet, name, self.page.ways.run(chosen))
        first, rest = deciding[0], deciding[1:]

        def of_leaf(leaf: Leaf) -> str:
            return self._nested(sheet, number, name, rest, {**chosen, first: leaf.index})

        return written(self.page.ways.decisions[first], of_leaf)

    def _attribute(self, number: int, sheet: int, name: str, run: int) -> str:
        values = self.values(number, sheet, run)
        if values is None:
            own = raw_attributes(self.page, number, run).get(name)
            return "" if own is None else f'{name}="{self._restored(own)}"'
        return f'{name}="{values[name]}"' if name in values else ""

    def influences(self) -> Iterator[tuple[int, int]]:
        """The pairs of tags of which the first decides over the style of the second."""
        for number in sorted(self.page.document.numbered):
            for above in self.page.ways.above.get(number, ()):
                if any(self._depends(number, name, above) for name in self._names(number)):
                    yield above, number

    def _depends(self, number: int, name: str, above: int) -> bool:
        decision = self.page.ways.decisions[above]
        by_variant = {
            index: tuple(
                self._attribute(number, sheet, name, run)
                for sheet, run in self._ways(number)
                if (leaf := self.page.ways.leaf(above, run)) is not None and leaf.index == index
            )
            for index in (leaf.index for leaf in leaves(decision))
        }
        return len(set(by_variant.values())) > 1
