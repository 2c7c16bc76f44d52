"""Outputs: values on their way into the text, through the escaper of their place."""

from __future__ import annotations

from mailweave.liquid.emit.emission import Emission, Mark, Recalled
from mailweave.liquid.emit.expressions import LOOPS, is_position, value
from mailweave.liquid.emit.twins import key_of, twinned, twins_up
from mailweave.liquid.ir.expressions import Expression, Path
from mailweave.liquid.ir.nodes import Cycle, Output
from mailweave.liquid.ir.walk import within
from mailweave.liquid.output_escapers import MARKED_UP, PLAIN, Escape
from mailweave.values.bounded_cache import Memo


def output(e: Emission, node: Output) -> None:
    """A value; one that was written in the same way before is at hand."""
    mark = _recurring(e, node)
    if mark is not None and mark in e.unit.sure:
        e.put(e.unit.written[mark], node.part)
        return
    code = _said(e, node) if node.part == "text" else _marked_up(e, node)
    if mark is not None:
        e.unit.sure.add(mark)
        kept = e.unit.written.setdefault(mark, e.names.fresh("e"))
        code = f"({kept} := {code})"
    e.put(code, node.part)


def _recurring(e: Emission, node: Output) -> Mark | None:
    """The mark of an output that the template writes more than once, from names that never change."""
    mark = node.escape.label, node.value
    return mark if e.recurring[mark] > 1 and all(_is_fixed(e, one) for one in within(node.value)) else None


def _is_fixed(e: Emission, node: Expression) -> bool:
    if not isinstance(node, Path):
        return True
    root = node.keys[0]
    return isinstance(root, str) and root not in LOOPS and not e.unit.changes(root)


def _said(e: Emission, node: Output) -> str:
    """The value in a text: what the HTML made of it is at hand."""
    key = key_of(e, node.value) if e.is_pair else None
    if key in e.twins and node.escape.label == PLAIN:
        return e.twins[key]
    code = value(e, node.value) if key not in e.values else e.values[key]
    return escaped(e, code, node.escape, node.value)[0]


def _marked_up(e: Emission, node: Output) -> str:
    """The value in HTML; it is kept for the text."""
    key, code = key_of(e, node.value) if e.is_pair else None, value(e, node.value)
    if key is not None and node.value in e.said and twins_up(e, node):
        e.twins[key] = said = e.names.fresh("q")
        code, latest = twinned(e, code, node.escape, said)
    else:
        code, latest = escaped(e, code, node.escape, node.value)
    if key is not None and latest:
        e.values[key] = latest
    return code


def escaped(e: Emission, code: str, escape: Escape, node: Expression | None = None) -> tuple[str, str]:
    """Source of the text of a value, the quick way when the value needs no more; and the variable that it is in."""
    if node is not None and escape.numbers and is_position(e, node):
        return f"str({code})", ""
    if code in e.inert and escape.label in (*MARKED_UP, PLAIN):
        test, quick, general = e.inert[code]
        return f"({quick} if {test} else {escaped(e, general, escape)[0]})", ""
    if code in e.recalled:
        return _recalled(e, e.recalled[code], escape), ""
    t = e.temporary()
    return _tested(e, code, escape, t), t


def _tested(e: Emission, code: str, escape: Escape, t: str) -> str:
    general = f"{e.names.constant(escape.run, 'E', escape.label)}({t})"
    other = f"str({t}) if type({t}) is int else {general}" if escape.numbers else general
    if escape.fast is None:
        return f"({_kept(e, escape)}({t}) if type({t} := {code}) is str else {other})"
    quick = escape.fast.source(t, e.names.constant(escape.fast.memo, "H", "memo"))
    return f"({quick} if type({t} := {code}) is str else {other})"


def _recalled(e: Emission, found: Recalled, escape: Escape) -> str:
    """Source of a remembered value: it is remembered as it is written."""
    key = f"{found.key} {escape.label}"
    if key not in e.memos:
        run, written = found.run, escape.run
        e.memos[key] = Memo(lambda given: written(run(given))).__getitem__
    memo = e.names.constant(e.memos[key], "M", escape.label)
    other, _ = escaped(e, found.general, escape)
    return f"({memo}({found.variable}) if {found.test} else {other})"


def _kept(e: Emission, escape: Escape) -> str:
    """The results of a dear escaper are kept: a shop's addresses and a campaign's marks recur."""
    if escape.label not in e.memos:
        e.memos[escape.label] = Memo(escape.run).__getitem__
    return e.names.constant(e.memos[escape.label], "M", escape.label)


def cycle(e: Emission, node: Cycle) -> None:
    """The next of some values."""
    values = "".join(f"{value(e, one)}, " for one in node.values)
    turns, held, at = e.state("turns"), e.temporary(), e.temporary()
    e.flush()
    e.writer.write(f"{held} = ({values})")
    group = repr(node.key) if node.group is None else value(e, node.group)
    e.writer.write(f"{at} = next_round({turns}, {group}, {held})")
    printed, _ = escaped(e, f"{held}[{at}]", node.escape)
    e.put(f"({printed} if {at} < len({held}) else '')", node.part)
