"""The state of one emission: lines, names, variables, and pieces of output on their way into their part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.emit.scope import Frame, Unit, unit_of
from mailweave.liquid.emit.writer import Names, Writer
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Expression
from mailweave.liquid.ir.nodes import BOTH, Block, Node, Output, Part
from mailweave.liquid.ir.walk import reached
from mailweave.liquid.output_escapers import PLAIN

PIECES = 60  # joined at once
NOTHING = "''"
_DEEPEST = 16  # python-liquid refuses at about 30 namespaces, Python at 20 nested loops

Piece = tuple[bool, str]
"""A text (True) or the Python source of one."""
Mark = tuple[str, Expression]
"""An output: the label of its escaper, and its value."""
Fill = Callable[[str], str]
Emit = Callable[["Emission", Node], None]


@dataclass(slots=True)
class Sink:
    """Where output goes: a Python list of pieces."""

    name: str
    captures: bool = False
    pending: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recalled:
    """A pure function of one value: where `test` holds, of what stands in `variable`; else there is `general`.

    `key` is the same for the same function.
    """

    key: str
    run: Callable[[Any], Any]
    test: str
    variable: str
    general: str


def joined(pieces: Sequence[Piece]) -> str:
    """Python source of all pieces as one text."""
    items = sources(pieces)
    return f"join(({', '.join(items)}))" if len(items) > 1 else items[0] if items else NOTHING


def sources(pieces: Sequence[Piece]) -> list[str]:
    """Each piece as Python source."""
    return [repr(piece) if is_text else piece for is_text, piece in pieces]


class Emission:
    """One emission of one tree; `emit` writes a node, `sinks` are the parts that are written."""

    def __init__(
        self,
        nodes: Sequence[Node],
        dialect: Dialect,
        constants: Mapping[str, Any],
        locate: Callable[[int], int],
        sinks: Mapping[Part, Sink],
        emit: Emit,
        fill: Fill = str,
    ) -> None:
        self.dialect, self.constants, self.fill = dialect, constants, fill
        self._locate, self._emit, self._leading = locate, emit, next(iter(sinks))
        self.names, self.writer, self.needs = Names(), Writer(), set[str]()
        self.globals: dict[str, str] = {}
        self.getters: dict[str, str] = {}
        self.raw: dict[str, str] = {}
        self.units: list[Unit] = [unit_of(nodes)]
        self.sinks: dict[Part, Sink | None] = dict(sinks)
        self.included = 0  # how many partials deep
        self.barriers = 0  # how many loops of ours around, which a `break` of the template must not stop at
        self.depth = 0
        self.metered: dict[str, Callable[..., Any]] = {}
        self.memos: dict[str, Callable[[Any], Any]] = {}
        self.inert: dict[str, tuple[str, str, str]] = {}
        """Expressions with a quick way that writes nothing to be escaped: its test, its code, the other way."""
        self.recalled: dict[str, Recalled] = {}
        """Expressions whose result is remembered by what they are made of."""
        outputs = [node for node in reached(nodes) if isinstance(node, Output)]
        self.recurring: Counter[Mark] = Counter((one.escape.label, one.value) for one in outputs)
        self.is_pair = len(sinks) > 1
        self.said = frozenset(one.value for one in outputs if one.escape.label == PLAIN)
        """What the text writes with no more than its plain escaper."""
        self.values: dict[object, str] = {}
        """Variables of what the HTML wrote, for the text; `twins`: of what the text makes of it."""
        self.twins: dict[object, str] = {}

    @property
    def unit(self) -> Unit:
        return self.units[-1]

    # --- nodes ---

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Nodes that follow each other."""
        for node in nodes:
            is_own = len(self.units) == 1 and not self.included and node.part in (self._leading, BOTH)
            if is_own and node.at is not None and node.at.start_index >= 0:
                self.writer.line = self._locate(node.at.start_index)
            self._emit(self, node)

    def block(self, block: Block) -> None:
        """The nodes of a block, all of it written; values that it writes are not at hand behind it."""
        with self.apart():
            self.nodes(block.nodes)
            self.flush()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is written within leaves no values behind for what follows."""
        kept = dict(self.values), dict(self.twins)
        yield
        self.values, self.twins = kept

    @contextmanager
    def into(self, sinks: Mapping[Part, Sink | None]) -> Iterator[None]:
        """Output goes somewhere else."""
        kept = self.sinks
        self.sinks = {**kept, **sinks}
        yield
        self.sinks = kept

    # --- output ---

    def open_sinks(self, part: Part) -> list[Sink]:
        """Where a part is written; both come in their order."""
        return [sink for name, sink in self.sinks.items() if sink is not None and part in (name, BOTH)]

    def put_text(self, text: str, part: Part) -> None:
        sink = self.sinks[part]
        if not text or sink is None:
            return
        if sink.pending and sink.pending[-1][0]:
            sink.pending[-1] = (True, sink.pending[-1][1] + text)
        else:
            sink.pending.append((True, text))

    def put(self, code: str, part: Part) -> None:
        """Write what an expression gives; it is a text."""
        sink = self.sinks[part]
        if sink is None:
            self.writer.write(code)
        else:
            sink.pending.append((False, code))

    def flush(self) -> None:
        """Write the pieces collected so far, HTML first: the text reads values that it wrote."""
        if self.writer.closed:
            return
        for part, sink in self.sinks.items():
            if sink is not None:
                pieces, sink.pending = sink.pending, []
                for start in range(0, len(pieces), PIECES):
                    self._append(sink, part, pieces[start : start + PIECES])

    def taken(self, part: Part, block: Block) -> list[list[Piece]]:
        """What a block writes into each open sink, as expressions."""
        sinks = self.open_sinks(part)
        kept = [sink.pending for sink in sinks]
        for sink in sinks:
            sink.pending = []
        self.writer.closed += 1
        self.block(block)
        self.writer.closed -= 1
        made = [sink.pending for sink in sinks]
        for sink, pending in zip(sinks, kept, strict=True):
            sink.pending = pending
        return made

    def _append(self, sink: Sink, part: Part, pieces: Sequence[Piece]) -> None:
        """Append pieces as one text. In a loop their length is counted at once, so that a loop cannot
        fill the memory; a piece that is written out takes none."""
        if part == "text":
            pieces = [(is_text, self.fill(piece) if is_text else piece) for is_text, piece in pieces]
        counted = self.in_loop and not all(is_text for is_text, _ in pieces)
        self.write_joined(f"{sink.name}_add(" + ("piece := (" if counted else "("), pieces, "))")
        if not counted:
            return
        self.needs |= {f"{sink.name}_n", "meter"}
        budget = self.dialect.budget
        over, limit = ("capture", budget.allocation) if sink.captures else ("output", budget.output)
        counter = f"{sink.name}_n := {sink.name}_n + len(piece)"
        self.writer.write(f"if ({counter}) > {limit}: raise meter.over_{over}()")

    def write_joined(self, head: str, pieces: Sequence[Piece], tail: str) -> None:
        """A statement with pieces as one text between `head` and `tail`."""
        if len(pieces) < 2:
            self.writer.write(f"{head}{joined(pieces)}{tail}")
            return
        self.writer.write(f"{head}join((")
        for item in sources(pieces):
            self.writer.write(f"    {item},")
        self.writer.write(f")){tail}")

    @property
    def in_loop(self) -> bool:
        return any(unit.argument_round or unit.rounds_within() for unit in self.units)

    # --- variables ---

    def temporary(self) -> str:
        return self.names.fresh("t")

    @property
    def marks_missing(self) -> bool:
        """Whether a global name that is not there must be told from one that is nil."""
        return self.dialect.undefined != "lenient"

    def global_name(self, root: str) -> str:
        """The Python variable that holds a global name, read once when the function starts."""
        return self._variable(self.globals, root, "v")

    def raw_name(self, root: str) -> str:
        """The Python variable for a global name that is MISSING when it is not there."""
        return self.global_name(root) if self.marks_missing else self._variable(self.raw, root, "w")

    def getter_of(self, root: str) -> str:
        """The Python variable that holds `.get` of a global name."""
        self.global_name(root)
        return self._variable(self.getters, root, "g")

    def local_name(self, name: str) -> str:
        """The Python variable of a variable of the unit."""
        return self._variable(self.unit.local, name, "a")

    def state(self, kind: str) -> str:
        """A Python variable with state of the unit: counters, cycles, what `ifchanged` saw."""
        return self._variable(self.unit.states, kind, "z")

    def _variable(self, known: dict[str, str], name: str, prefix: str) -> str:
        if name not in known:
            known[name] = self.names.fresh(prefix, name)
        return known[name]

    @contextmanager
    def over(self, frame: Frame) -> Iterator[None]:
        """Names that lie over the others."""
        self.unit.frames.append(frame)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotCompilable("it is too deep")
        yield
        self.unit.frames.pop()
        self.depth -= 1
