"""Writes a stream of words, breaks and Liquid tags as plain text.

Line breaks are written just before the text that they separate, behind any Liquid tag: so a branch that is
not taken leaves no hole, and one that is taken brings its own distance. What stands between two turns of a loop is
known when the loop ends; it is put before what a turn writes first. What stands behind a condition depends on the branch
that was taken: it is known when text follows, and is put at the end of each branch.

>>> writer = Writer(str)
>>> writer.words("Hi"); writer.open_branch("{% if x %}"); writer.part(1); writer.words("there")
>>> writer.close_branch("{% endif %}")
>>> writer.text
'Hi{% if x %}\\nthere{% endif %}'
"""

from __future__ import annotations

from collections.abc import Callable

from mailweave.message.plaintext.states import (
    TURNS,
    Block,
    Entry,
    Loop,
    State,
    Way,
    copy_of,
    distance,
    joined,
)
from mailweave.message.plaintext.turns import SEEN, by_turn, distances
from mailweave.message.wrapping import AS_IS

_SPACES = " \t\r\n\f"


class Writer:
    """Collects one text. `indent` is put behind every line end; `hide` gives the name that stands for Liquid."""

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self._out: list[str] = []
        self._state = State(0, False, True)
        self._branches: list[Block] = []
        self._captures: list[int] = []
        self.indent = ""
        self.written = 0  # how often text was put
        self.spaces = ""  # what counts in words: "pre" says blanks and line ends, "pre-line" says line ends
        self._glued = False  # whether the next text stands right behind the last one

    @property
    def marker(self) -> str:
        return self._state.marker

    @marker.setter
    def marker(self, marker: str) -> None:
        self._state.marker = marker
        for way in self._state.ways:
            way.state.marker = ""

    @property
    def text(self) -> str:
        return "".join(self._out)

    def words(self, text: str) -> None:
        """Text of the author; white space counts as one space, or as `spaces` says."""
        if not self.spaces:
            self._words(text)
            return
        for at, line in enumerate(text.expandtabs().split("\n")):
            if at:
                self.line_break()
            if self.spaces == "pre-line":
                self._words(line)
            elif line.strip() or (line and not self._begins_line):
                self.put(line)

    @property
    def _begins_line(self) -> bool:
        return bool(self._state.breaks) or self._state.fresh

    def _words(self, text: str) -> None:
        if not text:
            return
        if text[0] in _SPACES:
            self._state.space = True
        words = text.split()
        if words:
            self.put(" ".join(words))
            self._state.space = text[-1] in _SPACES

    def put(self, text: str) -> None:
        """Text as it is, behind the breaks or the space that are due."""
        self.written += 1
        if self._state.ways:
            self._part_ways(follows=True)
        state = self._state
        keeps = AS_IS if self.spaces == "pre" and (self._begins_line or state.turn is not None) else ""
        if state.turn is not None:
            self._begin_turn(state.turn)
        elif state.breaks or state.fresh:
            self._out.append("\n" * (0 if state.fresh else state.breaks) + self._line_start)
        elif state.space and not self._glued:
            self._out.append(" ")
        self._glued = False
        self._out.append(self.marker + keeps + text)
        self._state = State(0, False, False)

    @property
    def _line_start(self) -> str:
        return self.indent[: len(self.indent) - len(self.marker)] if self.marker[:1] != "#" else ""

    def _begin_turn(self, loop: Loop) -> None:
        """Leaves a place for what stands before the first text of a turn."""
        state = self._state
        loop.entries.append(Entry(len(self._out), state.breaks, state.space, self._line_start))
        self._out.append("")

    def append(self, text: str) -> None:
        """Text that belongs to what was just written, whatever breaks are due."""
        due = self._settle()
        self._state = State(0, True, due.fresh, turn=due.turn)
        self.put(text)
        self._state.breaks = due.breaks

    def glue(self, text: str, *, ahead: bool) -> None:
        """A sign right before the next text (`ahead`), or right behind the last one, whatever breaks are due."""
        if ahead:
            self.put(text)
            self._glued = True
        elif self._glued:
            self._out.append(text)
            self._glued = False
        else:
            self._settle()
            self._out.append(text)

    def part(self, lines: int) -> None:
        """At least so many line ends before the next text: 1 ends a line, 2 leaves a blank one."""
        if not lines:
            return
        self._state.breaks = max(self._state.breaks, lines)
        self._state.space = False

    def line_break(self) -> None:
        """A `<br>`: two of them leave a blank line."""
        self._state.breaks = min(self._state.breaks + 1, 2)
        self._state.space = False

    def tag(self, text: str) -> None:
        """A tag that writes nothing."""
        self._out.append(text)

    def open_branch(self, text: str, *, divides: bool = True) -> None:
        """The first branch of a block; `divides`: whether the block can have an `else`."""
        self._settle()
        self._mark()
        self._branches.append(Block(copy_of(self._state), divides=divides))
        self._out.append(text)

    def _mark(self, *, headings: bool = False) -> None:
        """Writes the marker of a list item before a condition: an item is one, whichever branch is taken."""
        if self.marker and (headings or not self.marker.startswith("#")):
            self.put("")

    def open_loop(self, text: str) -> None:
        """A loop of which `forloop` knows which turn is the first."""
        begins = self._settle().fresh or bool(self.marker)
        self._mark(headings=True)
        if self._state.turn is not None:
            self._begin_turn(self._state.turn)
            self._state = State(0, False, False, self._state.marker)
        loop = Loop(len(self._out), copy_of(self._state), begins)
        self._branches.append(Block(loop.due, loop=loop))
        self._out += ["", text]
        self._state = State(0, False, False, self._state.marker, loop)

    def leave_turn(self, text: str) -> None:
        """A tag that ends a turn, or the loop."""
        for block in self._branches:
            if block.loop is not None:
                block.loop.skips = True
        self._out.append(text)

    def open_capture(self, text: str) -> None:
        """Text that is kept for later, with the distance at its ends, and leaves no trace here."""
        self._settle()
        self._out.append(text)
        self._branches.append(Block(copy_of(self._state)))
        self._captures.append(len(self._branches))
        self._state = State(0, False, False)

    def next_branch(self, text: str, *, last: bool = False) -> None:
        """The next branch; the last one, `else`, is taken where no other is."""
        if self._branches:
            block = self._branches[-1]
            self._end_turns(block)
            self._end_way(block)
            block.covered = last
            self._state = copy_of(block.start)
        self._out.append(text)

    def close_branch(self, text: str) -> None:
        if self._captures and self._captures[-1] == len(self._branches):
            end = self._settle()
            self._out += [distance(end.breaks, end.space, ""), text]
            self._captures.pop()
            self._state = self._branches.pop().start
        elif self._branches:
            block = self._branches.pop()
            if not block.ends:
                self._end_turns(block)
            self._end_way(block)
            if not block.covered:
                block.ends.append(Way(copy_of(block.start), len(self._out), "{% else %}"))
                self._out.append("")
            self._out.append(text)
            self._state = joined(block)
        else:
            self._out.append(text)

    def _end_way(self, block: Block) -> None:
        """Leaves a place at the end of a branch."""
        block.ends.append(Way(self._settle(), len(self._out)))
        self._out.append("")

    def _settle(self) -> State:
        """What is due where the way through the condition before cannot be told: what any of them asks for."""
        state = self._state
        if state.ways:
            found = [way.state for way in state.ways]
            self._state = State(
                max(state.breaks, *(s.breaks for s in found)),
                state.space or any(s.space for s in found),
                all(s.fresh for s in found),
                state.marker or min((s.marker for s in found), key=len),
            )
        return self._state

    def _part_ways(self, *, follows: bool) -> None:
        """Each way through the condition before gets its own distance to what `follows`: text, or else the end of a turn."""
        state = self._state
        due = [
            State(max(state.breaks, w.state.breaks), state.space or w.state.space, w.state.fresh)
            for w in state.ways
        ]
        marks = [state.marker or way.state.marker for way in state.ways]
        wanted = [
            (mark if s.fresh else distance(s.breaks, s.space, self._line_start) + mark)
            for s, mark in zip(due, marks, strict=True)
        ]
        certain = [text for text, s in zip(wanted, due, strict=True) if not s.fresh] or wanted[:1]
        if all(text == certain[0] for text in certain) and (certain == wanted or certain[0][:1] == "\n"):
            if not follows:
                self._settle()
                return
            self._out.append(certain[0])  # what stands before the very first text is taken off in the end
        elif state.ways[0].tag == TURNS and wanted[0]:
            self._out.append(max(wanted, key=len))
        else:
            for way, text in zip(state.ways, wanted, strict=True):
                tag = "" if way.tag == TURNS else way.tag
                self._out[way.place] = self._hide(f"{tag}{text}{SEEN}") if text else ""
        self._state = State(0, False, False)

    def _end_turns(self, block: Block) -> None:
        """Behind the turns of a loop: what stands between them is known now, and before the first one.

        Where that is one distance, it stands in the turns. A longer one before the first is written before the loop,
        if there is a blank line in it: a list without items leaves a gap then, and gaps are closed.
        """
        loop = block.loop
        if loop is None or not loop.entries:
            return
        if self._state.ways:
            self._part_ways(follows=False)
        end = self._state
        loop.skips = loop.skips or end.turn is loop
        due = loop.due
        between = min(max(end.breaks, entry.breaks) for entry in loop.entries)
        if due.breaks > max(1, between) and not due.fresh:
            self._out[loop.place] = "\n" * (due.breaks - between)
            due.breaks, due.space = between, False
        begins = loop.begins or bool(self._out[loop.place])
        for entry in loop.entries:
            first, later = distances(loop, entry, end, begins=begins)
            told = by_turn(first, later)
            self._out[entry.place] = told if first == later else self._hide(told)
