"""Writes a stream of words, breaks and Liquid tags as plain text.

Line breaks are written just before the text that they separate, behind any Liquid tag: so a branch that is
not taken leaves no hole, and one that is taken brings its own distance. What stands between two turns of a loop is
known when the loop ends; it is put before what a turn writes first. What stands behind a condition depends on the branch
that was taken: it is known when text follows, and is put at the end of each branch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

_SPACES = " \t\r\n\f"
_TURNS = "turns"  # marks the way through a loop that has turns: nothing can be put at the end of its last one
_SEEN = "{{ '' }}"  # a branch that holds nothing but white space would write nothing


@dataclass(slots=True)
class _State:
    breaks: int  # line ends that the next text needs before it
    space: bool  # a space is due, if text follows on the same line
    fresh: bool  # nothing has been written yet
    marker: str = ""  # of a heading or a list item, written before its first text
    turn: _Loop | None = None  # the loop of which a turn may have written nothing yet
    ways: list[_Way] = field(default_factory=list)  # through the condition just before, where they differ


@dataclass(slots=True)
class _Way:
    """A way through a condition: how it left the text, and the place at its end. `tag` is to be written there first, if
    anything is: the `else` of a condition that has none."""

    state: _State
    place: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a turn of a loop writes first: the place for the distance before it, and what its elements ask for."""

    place: int
    breaks: int
    space: bool
    indent: str


@dataclass(slots=True)
class _Loop:
    """A loop that is being written. `place`: for a distance before it; `due`: what was due there; `begins`: whether it
    stands where a line begins; `skips`: whether a turn may leave out what another one writes first."""

    place: int
    due: _State
    begins: bool
    skips: bool = False
    entries: list[_Entry] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """A branch, loop or capture that is open: how it began, and how its branches ended; `covered`: whether one of its
    branches is taken in any case; `divides`: whether it can be given an `else`."""

    start: _State
    ends: list[_Way] = field(default_factory=list)
    loop: _Loop | None = None
    covered: bool = False
    divides: bool = True


class Writer:
    """Collects one text. `indent` is put behind every line end; `hide` gives the name that stands for Liquid."""

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self._out: list[str] = []
        self._state = _State(0, False, True)
        self._branches: list[_Block] = []
        self._captures: list[int] = []
        self.indent = ""
        self.written = 0  # how often text was put

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
        """Text of the author; white space counts as one space."""
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
        if state.turn is not None:
            self._begin_turn(state.turn)
        elif state.breaks or state.fresh:
            self._out.append("\n" * (0 if state.fresh else state.breaks) + self._line_start)
        elif state.space:
            self._out.append(" ")
        self._out.append(self.marker + text)
        self._state = _State(0, False, False)

    @property
    def _line_start(self) -> str:
        return self.indent[: len(self.indent) - len(self.marker)] if self.marker[:1] != "#" else ""

    def _begin_turn(self, loop: _Loop) -> None:
        """Leaves a place for what stands before the first text of a turn."""
        state = self._state
        loop.entries.append(_Entry(len(self._out), state.breaks, state.space, self._line_start))
        self._out.append("")

    def append(self, text: str) -> None:
        """Text that belongs to what was just written, whatever breaks are due."""
        due = self._settle()
        self._state = _State(0, True, due.fresh, turn=due.turn)
        self.put(text)
        self._state.breaks = due.breaks

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
        self._branches.append(_Block(_copy(self._state), divides=divides))
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
            self._state = _State(0, False, False, self._state.marker)
        loop = _Loop(len(self._out), _copy(self._state), begins)
        self._branches.append(_Block(loop.due, loop=loop))
        self._out += ["", text]
        self._state = _State(0, False, False, self._state.marker, loop)

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
        self._branches.append(_Block(_copy(self._state)))
        self._captures.append(len(self._branches))
        self._state = _State(0, False, False)

    def next_branch(self, text: str, *, last: bool = False) -> None:
        """The next branch; the last one, `else`, is taken where no other is."""
        if self._branches:
            block = self._branches[-1]
            self._end_turns(block)
            self._end_way(block)
            block.covered = last
            self._state = _copy(block.start)
        self._out.append(text)

    def close_branch(self, text: str) -> None:
        if self._captures and self._captures[-1] == len(self._branches):
            end = self._settle()
            self._out += [_distance(end.breaks, end.space, ""), text]
            self._captures.pop()
            self._state = self._branches.pop().start
        elif self._branches:
            block = self._branches.pop()
            if not block.ends:
                self._end_turns(block)
            self._end_way(block)
            if not block.covered:
                block.ends.append(_Way(_copy(block.start), len(self._out), "{% else %}"))
                self._out.append("")
            self._out.append(text)
            self._state = _joined(block)
        else:
            self._out.append(text)

    def _end_way(self, block: _Block) -> None:
        """Leaves a place at the end of a branch."""
        block.ends.append(_Way(self._settle(), len(self._out)))
        self._out.append("")

    def _settle(self) -> _State:
        """What is due where the way through the condition before cannot be told: what any of them asks for."""
        state = self._state
        if state.ways:
            found = [way.state for way in state.ways]
            self._state = _State(
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
            _State(max(state.breaks, w.state.breaks), state.space or w.state.space, w.state.fresh)
            for w in state.ways
        ]
        marks = [state.marker or way.state.marker for way in state.ways]
        wanted = [
            (mark if s.fresh else _distance(s.breaks, s.space, self._line_start) + mark)
            for s, mark in zip(due, marks, strict=True)
        ]
        certain = [text for text, s in zip(wanted, due, strict=True) if not s.fresh] or wanted[:1]
        if all(text == certain[0] for text in certain) and (certain == wanted or certain[0][:1] == "\n"):
            if not follows:
                self._settle()
                return
            self._out.append(certain[0])  # what stands before the very first text is taken off in the end
        elif state.ways[0].tag == _TURNS and wanted[0]:
            self._out.append(max(wanted, key=len))
        else:
            for way, distance in zip(state.ways, wanted, strict=True):
                tag = "" if way.tag == _TURNS else way.tag
                self._out[way.place] = self._hide(f"{tag}{distance}{_SEEN}") if distance else ""
        self._state = _State(0, False, False)

    def _end_turns(self, block: _Block) -> None:
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
            later = _distance(max(end.breaks, entry.breaks), end.space or entry.space, entry.indent)
            if begins:
                first = later if later[:1] == "\n" else "" if loop.begins else entry.indent
            else:
                first = _distance(max(due.breaks, entry.breaks), due.space or entry.space, entry.indent)
            if loop.skips and not (begins and entry is loop.entries[0]):  # any turn may be the first to write
                first = later = max(first, later, key=lambda distance: (distance.count("\n"), len(distance)))
            self._out[entry.place] = self._by_turn(first, later)

    def _by_turn(self, first: str, later: str) -> str:
        if first == later:
            return first
        if not first:
            return self._hide(f"{{% unless forloop.first %}}{later}{_SEEN}{{% endunless %}}")
        otherwise = f"{{% else %}}{later}{_SEEN}" if later else ""
        return self._hide(f"{{% if forloop.first %}}{first}{_SEEN}{otherwise}{{% endif %}}")


def _joined(block: _Block) -> _State:
    """How a block leaves the text: in one way, or in several."""
    states = [way.state for way in block.ends]
    turns = [s.turn for s in states if s.turn is not None and s.turn is not block.loop]
    state = _State(
        max(s.breaks for s in states),
        any(s.space for s in states),
        all(s.fresh for s in states),
        min((s.marker for s in states), key=len),
        turns[0] if turns else None,
    )
    for loop in turns:
        loop.skips = loop.skips or bool(loop.entries)
    kinds = {(s.breaks, s.space, s.fresh, s.marker) for s in states}
    if turns or len(kinds) == 1 or not block.divides:
        return state
    if block.loop is not None:
        block.ends[0].tag = _TURNS
    return _State(0, False, False, ways=block.ends)


def _distance(breaks: int, space: bool, indent: str) -> str:
    return "\n" * breaks + indent if breaks else " " if space else ""


def _copy(state: _State) -> _State:
    return replace(state)
