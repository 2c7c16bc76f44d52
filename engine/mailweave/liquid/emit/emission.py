"""The state of one emission: lines, names, variables, and pieces of output on their way into their part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from mailweave.liquid.emit.scope import Round, Unit, unit_of
from mailweave.liquid.emit.writer import Names, Writer
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Expression
from mailweave.liquid.ir.nodes import Block, Node, Output, Part
from mailweave.liquid.ir.walk import reached
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.spans import Hole
from mailweave.liquid.spans import Piece as Span
from mailweave.source import Source

PIECES = 60  # joined at once
NOTHING = "''"
_EMPTY = {"counters": "{}", "turns": "{}", "stops": "{}", "changed": NOTHING}
_DEEPEST = 16  # python-liquid refuses at about 30 namespaces, Python at 20 nested loops

Piece = tuple[bool, str]
"""A text (True) or the Python source of one."""
Fill = Callable[[str], str]
Emit = Callable[["Emission", Node], None]


@dataclass(slots=True)
class Sink:
    """Where output goes: a Python list of pieces.

    counter: the variable that counts what loops write. is_used: whether anything was written. is_laid: what is known
    stays here, in `laid`, with a hole for each value; the list takes the values alone.
    """

    name: str
    captures: bool = False
    pending: list[Piece] = field(default_factory=list)
    counter: str = ""
    is_used: bool = False
    is_laid: bool = False
    laid: list[Span] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)

    def labelled(self, hole: Hole) -> None:
        """Says of the values that came last what they are."""
        waiting = sum(not is_text for is_text, _ in self.pending)
        written = sum(isinstance(one, Hole) for one in self.laid)
        self.holes += [hole] * (waiting + written - len(self.holes))


@dataclass(frozen=True, slots=True)
class Quick:
    """An expression with a quick way: where `test` holds, `code`; else there is `general`.

    What `code` gives needs no escaping; with `run`, a pure function, it is what that takes, and is remembered as it is
    written. `key` is the same for the same function.
    """

    test: str
    code: str
    general: str
    key: str = ""
    run: Callable[[Any], Any] | None = None


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
        facts: Facts,
        source: Source,
        sinks: Mapping[Part, Sink],
        emit: Emit,
        fill: Fill = str,
    ) -> None:
        self.dialect, self.constants, self.fill = facts.dialect, facts.constants, fill
        self.source, self._emit = source, emit
        self.names, self.writer = Names(), Writer()
        self.globals: dict[str, str] = {}
        self.getters: dict[str, str] = {}
        self.holders: set[str] = set()  # variables of loops, whose members may be asked for through a getter
        self.numbers: set[str] = set()  # expressions that are certainly whole numbers
        self.units: list[Unit] = [unit_of(nodes)]
        self.sinks: dict[Part, Sink] = dict(sinks)
        self.barriers = 0  # how many loops of ours around, which a `break` of the template must not stop at
        self.depth = 0
        self.memos: dict[str, Callable[[Any], Any]] = {}
        self.quick: dict[str, Quick] = {}
        outputs = [node for node in reached(nodes) if isinstance(node, Output)]
        self.uses: Counter[tuple[str, Expression]] = Counter((one.escape.label, one.value) for one in outputs)
        """How often a value is written through an escaper."""
        self.is_pair = len(sinks) > 1
        self.written: dict[tuple[str, object], tuple[str, Part]] = {}
        """Variables of what was written before, by the escaper's label, and without one of the values themselves; and
        the part that sets them."""

    @property
    def unit(self) -> Unit:
        return self.units[-1]

    def at_hand(self, kind: str, key: object, part: Part) -> str:
        """The variable of what was written before; "" where there is none, or a part sets it that is written later."""
        variable, by = self.written.get((kind, key), ("", part))
        order = list(self.sinks)
        return variable if order.index(by) <= order.index(part) else ""

    # --- nodes ---

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Nodes that follow each other."""
        for node in nodes:
            if node.at is not None and node.at.start_index >= 0 and node.at.source == self.source.text:
                self.writer.line = self.source.locate(node.at.start_index).line
            self._emit(self, node)

    def block(self, block: Block) -> None:
        """The nodes of a block, all of it written."""
        with self.apart():
            self.nodes(block.nodes)
            self.flush()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is written within leaves no values behind for what follows."""
        kept = dict(self.written)
        yield
        self.written = kept

    @contextmanager
    def into(self, sinks: dict[Part, Sink]) -> Iterator[None]:
        """Output goes somewhere else."""
        kept, self.sinks = self.sinks, sinks
        yield
        self.sinks = kept

    # --- output ---

    def put(self, piece: str, part: Part = "html", *, is_text: bool = False) -> None:
        """Write what an expression gives, which is a text, or the text itself."""
        pending = self.sinks[part].pending
        if is_text and pending and pending[-1][0]:
            piece = pending.pop()[1] + piece
        pending.append((is_text, piece))

    def flush(self) -> None:
        """Write the pieces collected so far, HTML first: the text reads values that it wrote."""
        if self.writer.closed:
            return
        for part, sink in self.sinks.items():
            pieces, sink.pending = sink.pending, []
            if sink.is_laid:
                self._lay(sink, pieces)
                continue
            for start in range(0, len(pieces), PIECES):
                self._append(sink, part, pieces[start : start + PIECES])

    def finish(self, part: Part) -> None:
        """Write what the function gives: the text of a part, at once where nothing was written before."""
        sink = self.sinks[part]
        if self.writer.is_empty and len(sink.pending) <= PIECES:
            self.write_joined("return (", sink.pending, ")")
            return
        self.flush()
        self.writer.write(f"return join({sink.name})")

    def _lay(self, sink: Sink, pieces: Sequence[Piece]) -> None:
        if pieces and self.writer.is_within:
            raise NotCompilable("it writes a value as often as its loop turns")
        sink.laid += [piece if is_text else Hole() for is_text, piece in pieces]
        values = [piece for is_text, piece in pieces if not is_text]
        if values:
            self.writer.write(f"{sink.name} += (")
            for value in values:
                self.writer.write(f"    {value},")
            self.writer.write(")")

    def taken(self, block: Block) -> list[list[Piece]]:
        """What a block writes into each sink, as expressions."""
        made = {part: replace(sink, pending=[]) for part, sink in self.sinks.items()}
        self.writer.closed += 1
        with self.into(made):
            self.block(block)
        self.writer.closed -= 1
        return [sink.pending for sink in made.values()]

    def _append(self, sink: Sink, part: Part, pieces: Sequence[Piece]) -> None:
        """Append pieces as one text. In a loop their length is counted at once, so that a loop cannot
        fill the memory; a piece that is written out takes none."""
        sink.is_used = True
        if part == "text":
            pieces = [(is_text, self.fill(piece) if is_text else piece) for is_text, piece in pieces]
        counted = self.in_loop and not all(is_text for is_text, _ in pieces)
        self.write_joined(f"{sink.name}_add(" + ("piece := (" if counted else "("), pieces, "))")
        if not counted:
            return
        budget = self.dialect.budget
        over, limit = ("capture", budget.allocation) if sink.captures else ("output", budget.output)
        name = sink.counter or f"{sink.name}_n"
        counter = f"{name} := {name} + len(piece)"
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

    def held(self, code: str, prefix: str = "t", hint: str = "") -> str:
        """Write what an expression gives into a new variable."""
        name = self.names.fresh(prefix, hint)
        self.writer.write(f"{name} = {code}")
        return name

    def temporary(self) -> str:
        return self.names.fresh("t")

    @property
    def marks_missing(self) -> bool:
        """Whether a global name that is not there must be told from one that is nil."""
        return self.dialect.undefined != "lenient"

    def global_name(self, root: str) -> str:
        """The Python variable that holds a global name, read once when the function starts."""
        return self._variable(self.globals, root, "v")

    def getter_of(self, variable: str) -> str:
        """The Python variable that holds `.get` of one of `holders`."""
        return self._variable(self.getters, variable, "g")

    def getter_lines(self, variable: str) -> list[str]:
        """What sets the getter of a variable, if there is one."""
        made = self.getters.get(variable)
        return (
            [f"{made} = {variable}.get if type({variable}) is dict else member({variable})"] if made else []
        )

    def local_name(self, name: str) -> str:
        """The Python variable of a variable of the unit."""
        return self._variable(self.unit.local, name, "a")

    def state(self, kind: str) -> str:
        """A Python variable with state of the unit: counters, cycles, what `ifchanged` saw."""
        return self._variable(self.unit.states, kind, "z")

    def empty_variables(self) -> list[str]:
        """Lines that set what the unit holds to what it is in the beginning."""
        variables = [f"{self.local_name(name)} = MISSING" for name in sorted(self.unit.assigned)]
        return variables + [f"{name} = {_EMPTY[kind]}" for kind, name in sorted(self.unit.states.items())]

    def _variable(self, known: dict[str, str], name: str, prefix: str) -> str:
        if name not in known:
            known[name] = self.names.fresh(prefix, name)
        return known[name]

    @contextmanager
    def over(self, names: dict[str, str], around: Round | None = None) -> Iterator[None]:
        """Names that lie over the others, those of a loop or of a partial."""
        self.unit.frames.append((names, around))
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotCompilable("it is too deep")
        yield
        self.unit.frames.pop()
        self.depth -= 1
