"""Outputs: values on their way into the text, through the escaper of their place.

In a pair, a value that both parts write is made for both at once, and remembered by the value.
"""

from __future__ import annotations

from mailweave.liquid.emit.emission import NOTHING, Emission, Quick
from mailweave.liquid.emit.expressions import LOOPS, value
from mailweave.liquid.ir.expressions import Expression, Path
from mailweave.liquid.ir.nodes import Cycle, Output
from mailweave.liquid.ir.walk import within
from mailweave.liquid.output_escapers import MARKED_UP, PLAIN, TWINNED, WHOLE, Escape, twins
from mailweave.values.bounded_cache import Memo


def output(e: Emission, node: Output) -> None:
    """A value; one that was written in the same way before is at hand."""
    key, label = key_of(e, node.value), node.escape.label
    there = e.at_hand(label, key, node.part)
    if there:
        e.put(there, node.part)
        return
    code = e.at_hand("", key, node.part) or value(e, node.value)
    twin = _twin(e, node) if e.is_pair and key is not None else ""
    said = e.names.fresh("q") if twin else ""
    code, latest = escaped(e, code, node.escape, said, twin)
    if key is not None:
        known = {twin or PLAIN: said, "": latest if e.is_pair and node.part == "html" else ""}
        if e.uses[label, node.value] > 1:
            known[label] = e.names.fresh("e")
            code = f"({known[label]} := {code})"
        e.written |= {(kind, key): (variable, node.part) for kind, variable in known.items() if variable}
    e.put(code, node.part)


def _twin(e: Emission, node: Output) -> str:
    """The label under which plain text writes the same value, if it is worked out beside it."""
    if node.part != "html" or node.escape.label not in TWINNED:
        return ""
    return next((label for label in (PLAIN, WHOLE) if (label, node.value) in e.uses), "")


def key_of(e: Emission, node: Expression) -> object:
    """What names a value as long as its names mean the same; None for what may change."""
    names = []
    for path in within(node):
        if isinstance(path, Path):
            root = path.keys[0]
            if not isinstance(root, str) or root in LOOPS or e.unit.varies(root):
                return None
            names.append(e.unit.bound(root) or e.unit.arguments.get(root, root))
    return (node, *names) if names else None


def escaped(e: Emission, code: str, escape: Escape, said: str = "", twin: str = PLAIN) -> tuple[str, str]:
    """Source of the text of a value, the quick way when the value needs no more; and the variable that it is in.

    `said` becomes what the plain text says under the label `twin`, where it is given.
    """
    found = e.quick.get(code)
    if found is not None and (found.run is not None or escape.label in (*MARKED_UP, PLAIN)):
        other, _ = escaped(e, found.general, escape, said, twin)
        return f"({_quick(e, found, escape, said, twin)} if {found.test} else {other})", ""
    if code in e.numbers and escape.numbers:
        return f"str({code})", ""
    t = e.temporary()
    return (_twinned(e, code, (escape.label, twin), t, said) if said else _tested(e, code, escape, t)), t


def _tested(e: Emission, code: str, escape: Escape, t: str) -> str:
    general = f"{e.names.constant(escape.run, 'E', escape.label)}({t})"
    other = f"str({t}) if type({t}) is int else {general}" if escape.numbers else general
    fast = escape.fast
    quick = general if fast is None else fast.source(t, e.names.constant(fast.memo, "H", "memo"))
    return f"({quick} if type({t} := {code}) is str else {other})"


def _twinned(e: Emission, code: str, labels: tuple[str, str], t: str, said: str) -> str:
    memo = e.names.constant(twins(*labels, e.dialect.operators.text), "T", " ".join(labels))
    words = "" if labels[0] in MARKED_UP else f" and {t}.isascii()"
    text = f"(({said} := {t}) if {t}.isalnum(){words} else {_parted(e, f'{memo}[{t}]', said)})"
    number = f"({said} := str({t})) if type({t}) is int else {_parted(e, f'{memo}.of({t})', said)}"
    return f"({text} if type({t} := {code}) is str else {number})"


def _parted(e: Emission, both: str, said: str) -> str:
    """Source of the first of two texts; `said` becomes the second."""
    pair = e.names.fresh("p")
    return f"({pair}[0] if ({said} := ({pair} := {both})[1]) is not None else {NOTHING})"


def _quick(e: Emission, found: Quick, escape: Escape, said: str, twin: str) -> str:
    """What is remembered by what it is made of is remembered as it is written."""
    run = found.run
    if run is None:
        return f"({said} := {found.code})" if said else found.code
    key = f"{found.key} {escape.label} {said and twin}"
    if key not in e.memos:
        write = twins(escape.label, twin, e.dialect.operators.text).of if said else escape.run
        e.memos[key] = Memo(lambda given: write(run(given))).__getitem__
    memo = f"{e.names.constant(e.memos[key], 'M', escape.label)}({found.code})"
    return _parted(e, memo, said) if said else memo


def cycle(e: Emission, node: Cycle) -> None:
    """The next of some values."""
    e.flush()
    held = e.held(f"({''.join(f'{value(e, one)}, ' for one in node.values)})")
    group = repr(node.key) if node.group is None else value(e, node.group)
    at = e.held(f"next_round({e.state('turns')}, {group}, {held})")
    printed, _ = escaped(e, f"{held}[{at}]", node.escape)
    e.put(f"({printed} if {at} < len({held}) else '')")
