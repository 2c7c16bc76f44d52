"""Writes a stream of words, breaks and Liquid tags as plain text.

Line breaks are written just before the text that they separate, behind any Liquid tag: so a branch that is
not taken leaves no hole, and one that is taken brings its own distance. What stands between two turns of a loop is
known when the loop ends; it is put before what a turn writes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

_SPACES = " \t\r\n\f"
_SEEN = "{{ '' }}"  # a branch that holds nothing but white space would write nothing


@dataclass(slots=True)
class _State:
    breaks: int  # line ends that the next text needs before it
    space: bool  # a space is due, if text follows on the same line
    fresh: bool  # nothing has been written yet
    marker: str = ""  # of a heading or a list item, written before its first text
    turn: _Loop | None = None  # the loop of which a turn may have written nothing yet


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a turn of a loop writes first: the place for the distance before it, and what its elements ask for."""

    place: int
    breaks: int
    space: bool
    indent: str


@dataclass(slots=True)
class _Loop:
    """A loop that is being written. `place`: for a distance before it; `due`: what was due there."""

    place: int
    due: _State
    variable: str
    entries: list[_Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    """A branch, loop or capture that is open: how it began, and how its branches ended."""

    start: _State
    ends: list[_State] = field(default_factory=list)
    loop: _Loop | None = None


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
        state = self._state
        self.written += 1
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
        due = self._state
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

    def open_branch(self, text: str) -> None:
        self._mark()
        self._branches.append(_Block(_copy(self._state)))
        self._out.append(text)

    def _mark(self) -> None:
        """Writes the marker of a list item before a condition: an item is one, whichever branch is taken."""
        if self.marker and not self.marker.startswith("#"):
            self.put("")

    def open_loop(self, text: str, variable: str) -> None:
        """A loop; `variable` knows in it which turn is the first."""
        self._mark()
        if self._state.turn is not None:
            self._begin_turn(self._state.turn)
            self._state = _State(0, False, False, self._state.marker)
        loop = _Loop(len(self._out), _copy(self._state), variable)
        self._branches.append(_Block(loop.due, loop=loop))
        self._out += ["", text]
        self._state = _State(0, False, False, self._state.marker, loop)

    def open_capture(self, text: str) -> None:
        """Text that is kept for later: it starts afresh, and leaves no trace here."""
        self._out.append(text)
        self._branches.append(_Block(_copy(self._state)))
        self._captures.append(len(self._branches))
        self._state = _State(0, False, True)

    def next_branch(self, text: str) -> None:
        if self._branches:
            block = self._branches[-1]
            self._end_turns(block)
            block.ends.append(self._state)
            self._state = _copy(block.start)
        self._out.append(text)

    def close_branch(self, text: str) -> None:
        if self._captures and self._captures[-1] == len(self._branches):
            self._out.append(text)
            self._captures.pop()
            self._state = self._branches.pop().start
        elif self._branches:
            block = self._branches.pop()
            if not block.ends:
                self._end_turns(block)
            self._out.append(text)
            ends = [*block.ends, self._state, block.start]
            turns = [s.turn for s in ends if s.turn is not None and s.turn is not block.loop]
            self._state = _State(
                max(s.breaks for s in ends),
                any(s.space for s in ends),
                all(s.fresh for s in ends),
                min((s.marker for s in ends), key=len),
                turns[0] if turns else None,
            )
        else:
            self._out.append(text)

    def _end_turns(self, block: _Block) -> None:
        """Behind the turns of a loop: what stands between them is known now, and before the first one.

        Where that is one distance, it stands in the turns. A longer one before the first is written before the loop,
        if there is a blank line in it: a list without items leaves a gap then, and gaps are closed.
        """
        loop, end = block.loop, self._state
        if loop is None or not loop.entries:
            return
        due = loop.due
        between = min(max(end.breaks, entry.breaks) for entry in loop.entries)
        if due.breaks > max(1, between) and not due.fresh:
            self._out[loop.place] = "\n" * (due.breaks - between)
            due.breaks, due.space = between, False
        for entry in loop.entries:
            later = _distance(max(end.breaks, entry.breaks), end.space or entry.space, entry.indent)
            if due.fresh or self._out[loop.place]:
                first = later if later[:1] == "\n" else entry.indent
            else:
                first = _distance(max(due.breaks, entry.breaks), due.space or entry.space, entry.indent)
            self._out[entry.place] = self._by_turn(loop.variable, first, later)

    def _by_turn(self, variable: str, first: str, later: str) -> str:
        if first == later:
            return first
        if not first:
            return self._hide(f"{{% unless {variable}.first %}}{later}{_SEEN}{{% endunless %}}")
        otherwise = f"{{% else %}}{later}{_SEEN}" if later else ""
        return self._hide(f"{{% if {variable}.first %}}{first}{_SEEN}{otherwise}{{% endif %}}")


def _distance(breaks: int, space: bool, indent: str) -> str:
    return "\n" * breaks + indent if breaks else " " if space else ""


def _copy(state: _State) -> _State:
    return replace(state)
