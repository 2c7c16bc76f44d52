"""The edits of start tags: changed attributes written once, under the conditions that decide over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.content.fragments import attribute
from mailweave.content.inlined import Edit
from mailweave.content.runs import Layer, Runs
from mailweave.content.variants import occurrences
from mailweave.markup.branches import Decision, Leaf, written
from mailweave.markup.tokens import StartTag
from mailweave.source import Span


@dataclass(frozen=True, slots=True)
class TagEdits:
    """Writes the edits of one page. `runs` has one entry per way through the conditions of the CSS, which
    `decision` holds."""

    runs: Sequence[Runs]
    decision: Decision

    def all(self) -> Iterator[Edit]:
        for number in sorted({number for runs in self.runs for number in runs.changed}):
            yield from self._of(number)

    def _of(self, number: int) -> Iterator[Edit]:
        first = self.runs[0]
        tag = first.page.tokens[number]
        assert isinstance(tag, StartTag)
        new = ""
        names = {name for runs in self.runs for name in runs.names(number)}
        for name in sorted(names, key=lambda name: (name == "style", name)):
            text, there = self.text(number, name), occurrences(tag, name)
            in_place = number not in first.ways.decisions and len(there) == 1 and text
            for one in there:
                yield Edit(one.span, text if in_place else "")
            new = f" {text}{new}" if text and not in_place else new
        if new:
            yield Edit(Span(tag.name_stop, tag.name_stop), new)

    def text(self, number: int, name: str) -> str:
        """One attribute of a tag, under all conditions that decide over it."""

        def of_sheet(leaf: Leaf) -> str:
            runs = self.runs[leaf.index]
            return self._nested(runs, number, name, runs.ways.deciding(number), {})

        return written(self.decision, of_sheet)

    def _nested(
        self, runs: Runs, number: int, name: str, deciding: Sequence[int], chosen: Mapping[int, int]
    ) -> str:
        if not deciding:
            return attribute(name, Layer(runs, number, runs.ways.run(chosen)))
        first, rest = deciding[0], deciding[1:]

        def of_leaf(leaf: Leaf) -> str:
            return self._nested(runs, number, name, rest, {**chosen, first: leaf.index})

        return written(runs.ways.decisions[first], of_leaf)

    def influences(self) -> Iterator[tuple[int, int]]:
        """The pairs of tags of which the first decides over the style of the second."""
        for runs in self.runs:
            for number in sorted(runs.changed):
                for above in runs.ways.above.get(number, ()):
                    if any(self._depends(runs, number, name, above) for name in runs.names(number)):
                        yield above, number

    def _depends(self, runs: Runs, number: int, name: str, above: int) -> bool:
        tags = _tags(runs.ways.decisions[above])
        text = self.text(number, name)
        return any(tag in text for tag in tags)


def _tags(decision: Decision) -> Iterator[str]:
    """The opening tags of a decision."""
    if not isinstance(decision, Leaf):
        yield decision.tags[0]
        for branch in decision.branches:
            yield from _tags(branch)
