"""`for` and `tablerow`."""

from __future__ import annotations

from liquid.ast import BlockNode
from liquid.builtin.expressions import LoopExpression, Path
from liquid.builtin.expressions.primitive import IntegerLiteral, StringLiteral
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.tablerow_tag import TablerowNode

from mailweave.liquid.compiler.outputs import Outputs
from mailweave.liquid.compiler.scope import Binding, Frame, Round
from mailweave.liquid.compiler.usage import member_uses, uses_loop
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.tree.nodes import MeteredLoop

UNROLLED = 50  # rounds over a constant list that are written out


class Loops(Outputs):
    """Emits loops."""

    shared: frozenset[str] = frozenset()  # names of data under which items lie that many renders share
    continues = False  # whether any loop asks where an earlier one stopped

    def for_(self, node: ForNode) -> None:
        loop = node.expression
        assert isinstance(loop, MeteredLoop)
        if loop.identifier in ("forloop", "tablerowloop"):
            raise NotCompilable("a variable called like the loop")
        if self._unrolled(node, loop):
            return
        self.flush()
        items, count = self._sequence(loop)
        sure = set(self.unit.sure)
        with self.writer.block(f"if {count}:"):
            self._rounds(node.block, loop, items, count)
        self.unit.sure = set(sure)
        if node.default is not None:
            with self.writer.block("else:"):
                self.block(node.default)
        self.unit.sure = sure

    def _sequence(self, loop: MeteredLoop) -> tuple[str, str]:
        """Write what a loop goes over; the variables of the sequence and its length."""
        items, count = self.names.fresh("s", loop.identifier), self.names.fresh("n", loop.identifier)
        write = self.writer.write
        plain_limit = loop.limit is None or (isinstance(loop.limit, IntegerLiteral) and loop.limit.value > 0)
        if plain_limit and loop.offset is None and not loop.reversed and not self.continues:
            cut = "" if loop.limit is None else f"[:{loop.limit.value}]"  # type: ignore[attr-defined]  # an integer
            write(f"{items} = {self.tested(loop.iterable)}")
            write(f"if type({items}) is not list: {items} = rounds({items}, meter)")
            if cut:
                write(f"{items} = {items}{cut}")
        else:
            write(f"{items} = sliced(rounds({self.tested(loop.iterable)}, meter), {self._parameters(loop)})")
        write(f"{count} = len({items})")
        self.needs.add("meter")
        return items, count

    def _parameters(self, loop: MeteredLoop) -> str:
        stops = self.state("stops")
        to_int = self.names.constant(loop._to_int, "I")
        limit = "None" if loop.limit is None else f"{to_int}({self.value(loop.limit)}, token=None)"
        if loop.offset is None:
            offset = "None"
        elif isinstance(loop.offset, StringLiteral) and loop.offset.value == "continue":
            offset = "'continue'"
        else:
            offset = f"{to_int}({self.value(loop.offset)}, token=None)"
        key = repr(loop.offset_key())
        return f"{limit}, {offset}, {loop.reversed}, {loop.ruby}, meter, {stops}, {key}"

    def _rounds(self, block: BlockNode, loop: MeteredLoop, items: str, count: str) -> None:
        index, item = self.names.fresh("i"), self.names.fresh("x", loop.identifier)
        self.writer.write(f"meter.loop({count}, {loop.weight})")
        around = Round(index, count, f"{loop.identifier}-{loop.iterable}")
        counted = self.asks_for_round(block)
        head = f"for {index}, {item} in enumerate({items}):" if counted else f"for {item} in {items}:"
        with self.writer.block(head):
            binding = self._item(block, loop, item)
            around.shared = item if self._is_shared(loop) else ""
            self.push(Frame({loop.identifier: binding}, around))
            self.block(block)
            self.pop()

    def asks_for_round(self, block: BlockNode) -> bool:
        """Whether anything in a loop asks which round it is."""
        return uses_loop(block)

    def _is_shared(self, loop: MeteredLoop) -> bool:
        """Whether many renders go over the same items."""
        root = loop.iterable.path[0] if isinstance(loop.iterable, Path) else None
        return root in self.shared and not self.unit.bound(str(root)) and root not in self.unit.assigned

    def _item(self, block: BlockNode, loop: LoopExpression, item: str) -> Binding:
        if not member_uses(block, loop.identifier):
            return Binding(item)
        getter = self.names.fresh("y", loop.identifier)
        self.writer.write(f"{getter} = {item}.get if type({item}) is dict else member({item})")
        return Binding(item, getter)

    def _unrolled(self, node: ForNode, loop: MeteredLoop) -> bool:
        """Write out the rounds over a constant list, so that its items are constants too."""
        simple = loop.limit is None and loop.offset is None and not loop.reversed and not self.continues
        if not simple or not isinstance(loop.iterable, Path) or self.unit.rounds():
            return False
        known, items = self.folder.known(loop.iterable, self.unit)
        if not known or type(items) not in (list, tuple) or not 0 < len(items) <= UNROLLED:
            return False
        if not self.may_unroll(node.block):
            return False
        for index, item in enumerate(items):
            scope = {loop.identifier: item, "forloop": _Fixed(index, len(items))}
            self.folder.scopes.append(scope)
            code = self.names.literal(item)
            around = Round(str(index), str(len(items)), f"{loop.identifier}-{loop.iterable}", static=True)
            self.push(Frame({loop.identifier: Binding(code, static=True)}, around))
            self.nodes_of(node.block)
            self.pop()
            self.folder.scopes.pop()
        return True

    def may_unroll(self, block: BlockNode) -> bool:
        raise NotImplementedError

    def nodes_of(self, block: BlockNode) -> None:
        """The nodes of a block in line with what stands around it."""
        if block.blank:
            self.block(block)
            return
        for inner in block.nodes:
            self.node(inner)

    # --- tablerow ---

    def tablerow(self, node: TablerowNode) -> None:
        loop = node.expression
        assert isinstance(loop, MeteredLoop)
        if loop.identifier in ("forloop", "tablerowloop"):
            raise NotCompilable("a variable called like the loop")
        self.flush()
        items, count = self._sequence(loop)
        columns = self.names.fresh("c")
        sure = set(self.unit.sure)
        with self.writer.block(f"if {count}:"):
            width = count if loop.cols is None else f"columns({self.value(loop.cols)})"
            self.writer.write(f"{columns} = {width}")
            self.writer.write(f"meter.loop({count}, {loop.weight})")
            self.put_text('<tr class="row1">\n')
            self.flush()
            self._cells(node.block, loop, items, count, columns)
            self.put_text("</tr>\n")
            self.flush()
        self.unit.sure = sure

    def _cells(self, block: BlockNode, loop: MeteredLoop, items: str, count: str, columns: str) -> None:
        index, item, leave = self.names.fresh("i"), self.names.fresh("x"), self.names.fresh("q")
        around = Round(index, count, cols=columns, leave=leave, table=True)
        with self.writer.block(f"for {index}, {item} in enumerate({items}):"):
            self.push(Frame({loop.identifier: Binding(item)}, around))
            self.put_text('<td class="col')
            self.put(f"str({index} % {columns} + 1)")
            self.put_text('">')
            self.flush()
            self.writer.write(f"{leave} = False")
            with self.writer.block("for once in ONCE:"):
                self.block(block)
            self.put_text("</td>")
            self.flush()
            turn = f"{index} % {columns} == {columns} - 1 and {index} != {count} - 1"
            with self.writer.block(f"if {turn}:"):
                self.put_text('</tr>\n<tr class="row')
                self.put(f"str({index} // {columns} + 2)")
                self.put_text('">')
                self.flush()
            self.writer.write(f"if {leave}: break")
            self.pop()

    def interrupt(self, word: str) -> None:
        """`break` and `continue`."""
        self.flush()
        rounds = self.unit.rounds_within()
        if not rounds:
            self.writer.write("lost()")
            return
        around = rounds[0]
        if around.static:
            raise NotCompilable("a loop that is left from a partial")
        if not around.table:
            self.writer.write(word)
            return
        if word == "break":
            self.writer.write(f"{around.leave} = True")
        self.writer.write("break")


class _Fixed(dict[str, object]):
    """`forloop` of a round that is written out, for folding."""

    def __init__(self, index: int, length: int) -> None:
        super().__init__(
            index=index + 1,
            index0=index,
            rindex=length - index,
            rindex0=length - index - 1,
            first=index == 0,
            last=index == length - 1,
            length=length,
        )
