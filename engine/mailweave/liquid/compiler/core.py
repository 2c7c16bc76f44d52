"""What all parts of the compiler share: names, lines, variables, and pieces of output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from liquid.ast import BlockNode, Node
from liquid.expression import Expression

from mailweave.liquid.compiler.fold import Folder
from mailweave.liquid.compiler.scope import Frame, Unit
from mailweave.liquid.compiler.writer import Names, NotCompilable, Writer
from mailweave.liquid.dialect import Dialect

PIECES = 60  # joined at once
NOTHING = "''"

Piece = tuple[bool, str]
"""A text (True) or the Python source of one."""


class Sink:
    """Where output goes: a Python list of pieces. Nowhere inside a blank block."""

    def __init__(self, name: str, capture: bool) -> None:
        self.name, self.capture = name, capture
        self.counter = name + "_n"
        self.pending: list[Piece] = []


def sources(pieces: Sequence[Piece]) -> list[str]:
    """Each piece as Python source."""
    return [repr(piece) if is_text else piece for is_text, piece in pieces]


def joined(pieces: Sequence[Piece]) -> str:
    """Python source of all pieces as one text."""
    items = sources(pieces)
    return f"join(({', '.join(items)}))" if len(items) > 1 else items[0] if items else NOTHING


class Core:
    """The state of one compilation."""

    def __init__(self, dialect: Dialect, constants: Mapping[str, Any], folder: Folder) -> None:
        self.dialect, self.constants, self.folder = dialect, constants, folder
        self.names, self.writer = Names(), Writer()
        self.globals: dict[str, str] = {}
        self.getters: dict[str, str] = {}
        self.raw: dict[str, str] = {}
        self.metered: dict[str, Callable[..., Any]] = {}
        self.units: list[Unit] = []
        self.sinks: list[Sink | None] = [Sink("out", False)]
        self.depth = 0
        self.needs: set[str] = set()

    @property
    def unit(self) -> Unit:
        return self.units[-1]

    @property
    def ours(self) -> bool:
        return self.dialect.nil_for_missing

    # --- provided by the parts ---

    def node(self, node: Node) -> None:
        raise NotImplementedError

    def value(self, node: Expression) -> str:
        """Python source of an expression whose missing names matter (`und`, or an error)."""
        raise NotImplementedError

    def tested(self, node: Expression) -> str:
        """Python source of an expression where a missing name is as good as nil."""
        raise NotImplementedError

    # --- output ---

    def put_text(self, text: str) -> None:
        sink = self.sinks[-1]
        if not text or sink is None:
            return
        if sink.pending and sink.pending[-1][0]:
            sink.pending[-1] = (True, sink.pending[-1][1] + text)
        else:
            sink.pending.append((True, text))

    def put(self, code: str) -> None:
        """Write what an expression gives; it is a text."""
        sink = self.sinks[-1]
        if sink is None:
            self.writer.write(code)
        else:
            sink.pending.append((False, code))

    def flush(self) -> None:
        """Write the pieces collected so far; they come before whatever follows."""
        sink = self.sinks[-1]
        if sink is None or not sink.pending or self.writer.closed:
            return
        pieces, sink.pending = sink.pending, []
        for start in range(0, len(pieces), PIECES):
            self._append(sink, pieces[start : start + PIECES])

    def _append(self, sink: Sink, pieces: Sequence[Piece]) -> None:
        """Append pieces as one text. In a loop their length is counted at once, so that a loop cannot
        fill the memory; a piece that is written out takes none."""
        counted = self.in_loop and not all(is_text for is_text, _ in pieces)
        self.write_joined(f"{sink.name}_add(" + ("piece := (" if counted else "("), pieces, "))")
        if counted:
            self._guard(sink)

    def write_joined(self, head: str, pieces: Sequence[Piece], tail: str) -> None:
        """A statement with pieces as one text between `head` and `tail`."""
        items = sources(pieces)
        if len(items) < 2:
            self.writer.write(f"{head}{joined(pieces)}{tail}")
            return
        self.writer.write(f"{head}join((")
        for item in items:
            self.writer.write(f"    {item},")
        self.writer.write(f")){tail}")

    def _guard(self, sink: Sink) -> None:
        self.needs |= {sink.counter, "meter"}
        over = "over_capture" if sink.capture else "over_output"
        limit = self.dialect.budget.allocation if sink.capture else self.dialect.budget.output
        self.writer.write(
            f"if ({sink.counter} := {sink.counter} + len(piece)) > {limit}: raise meter.{over}()"
        )

    @property
    def in_loop(self) -> bool:
        return any(unit.rounds() for unit in self.units)

    def block(self, block: BlockNode) -> None:
        """The nodes of a block; one that could only write blanks writes nothing."""
        if not block.blank:
            self.nodes(block.nodes)
            return
        self.flush()
        self.sinks.append(None)
        self.nodes(block.nodes)
        self.sinks.pop()

    def nodes(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.node(node)
        self.flush()

    # --- variables ---

    def temporary(self) -> str:
        return self.names.fresh("t")

    def global_name(self, root: str) -> str:
        """The Python variable that holds a global name, read once when the function starts."""
        if root not in self.globals:
            self.globals[root] = self.names.fresh("v", root)
        return self.globals[root]

    @property
    def marks_missing(self) -> bool:
        """Whether a global name that is not there must be told from one that is nil."""
        return not (self.ours and self.dialect.undefined == "lenient")

    def raw_name(self, root: str) -> str:
        """The Python variable for a global name that is MISSING when it is not there."""
        if self.marks_missing:
            return self.global_name(root)
        if root not in self.raw:
            self.raw[root] = self.names.fresh("w", root)
        return self.raw[root]

    def getter_of(self, root: str) -> str:
        """The Python variable that holds `.get` of a global name."""
        if root not in self.getters:
            self.global_name(root)
            self.getters[root] = self.names.fresh("g", root)
        return self.getters[root]

    def local_name(self, name: str) -> str:
        unit = self.unit
        if name not in unit.local:
            unit.local[name] = self.names.fresh("a", name)
        return unit.local[name]

    def state(self, kind: str) -> str:
        """A Python variable with state of the unit: counters, cycles, what `ifchanged` saw."""
        unit = self.unit
        if kind not in unit.states:
            unit.states[kind] = self.names.fresh(kind)
        return unit.states[kind]

    def push(self, frame: Frame) -> None:
        self.unit.frames.append(frame)
        self.depth += 1
        if self.depth > 16:  # python-liquid refuses at about 30 namespaces, Python at 20 nested loops
            raise NotCompilable("too deep")

    def pop(self) -> None:
        self.unit.frames.pop()
        self.depth -= 1
