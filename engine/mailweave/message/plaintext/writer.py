"""Writes a stream of words, breaks and Liquid tags as plain text.

Line breaks are written just before the text that they separate, behind any Liquid tag: so a branch that is
not taken leaves no hole, and one that is taken brings its own distance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_SPACES = " \t\r\n\f"


@dataclass(slots=True)
class _State:
    breaks: int  # line ends that the next text needs before it
    space: bool  # a space is due, if text follows on the same line
    fresh: bool  # nothing has been written yet
    marker: str = ""  # of a heading or a list item, written before its first text


class Writer:
    """Collects one text. `indent` is put behind every line end."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._state = _State(0, False, True)
        self._branches: list[tuple[_State, list[_State]]] = []
        self._captures: list[int] = []
        self.indent = ""

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
        if state.breaks or state.fresh:
            first = self.indent[: len(self.indent) - len(self.marker)] if self.marker[:1] != "#" else ""
            self._out.append("\n" * (0 if state.fresh else state.breaks) + first)
        elif state.space:
            self._out.append(" ")
        self._out.append(self.marker + text)
        self._state = _State(0, False, False)

    def append(self, text: str) -> None:
        """Text that belongs to what was just written, whatever breaks are due."""
        due = self._state
        self._state = _State(0, True, due.fresh)
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
        self._branches.append((_copy(self._state), []))
        self._out.append(text)

    def _mark(self) -> None:
        """Writes the marker of a list item before a condition: an item is one, whichever branch is taken."""
        if self.marker and not self.marker.startswith("#"):
            self.put("")

    def open_loop(self, text: str, lines: int) -> None:
        """A loop whose turns are `lines` line ends apart: the rest of the distance stands before it."""
        before = self._state.breaks - lines
        if before > 0 and lines and not self._state.fresh:
            self._out.append("\n" * before)
            self._state.breaks = lines
        self.open_branch(text)

    def open_capture(self, text: str) -> None:
        """Text that is kept for later: it starts afresh, and leaves no trace here."""
        self._out.append(text)
        self._branches.append((_copy(self._state), []))
        self._captures.append(len(self._branches))
        self._state = _State(0, False, True)

    def next_branch(self, text: str) -> None:
        if self._branches:
            start, ends = self._branches[-1]
            ends.append(self._state)
            self._state = _copy(start)
        self._out.append(text)

    def close_branch(self, text: str) -> None:
        self._out.append(text)
        if self._captures and self._captures[-1] == len(self._branches):
            self._captures.pop()
            self._state = self._branches.pop()[0]
        elif self._branches:
            start, ends = self._branches.pop()
            ends = [*ends, self._state, start]
            self._state = _State(
                max(s.breaks for s in ends),
                any(s.space for s in ends),
                all(s.fresh for s in ends),
                min((s.marker for s in ends), key=len),
            )


def _copy(state: _State) -> _State:
    return replace(state)
