"""Values that both the HTML and the text write: both are made at once, and remembered by the value."""

from __future__ import annotations

from mailweave.liquid.emit.emission import NOTHING, Emission, Recalled
from mailweave.liquid.emit.expressions import is_position
from mailweave.liquid.ir.expressions import Expression, Path
from mailweave.liquid.ir.nodes import Output
from mailweave.liquid.ir.walk import within
from mailweave.liquid.output_escapers import MARKED_UP, PLAIN, TWINNED, Escape, twins
from mailweave.values.bounded_cache import Memo


def key_of(e: Emission, node: Expression) -> object:
    """What names a value as long as its names mean the same; None for what may change."""
    names = []
    for path in within(node):
        if isinstance(path, Path):
            root = path.keys[0]
            if not isinstance(root, str) or root in e.unit.assigned or root.endswith("loop"):
                return None
            bound = e.unit.bound(root)
            names.append(bound.code if bound else root)
    return (node, *names) if names else None


def twins_up(e: Emission, node: Output) -> bool:
    """Whether the text, too, may write what the HTML writes here."""
    return node.escape.label in TWINNED and not is_position(e, node.value)


def twinned(e: Emission, code: str, escape: Escape, said: str) -> tuple[str, str]:
    """Source of a value in HTML; `said` becomes what the plain text says. And the variable of the value, if any."""
    if code in e.inert:
        test, quick, general = e.inert[code]
        return f"(({said} := {quick}) if {test} else {_both(e, general, escape, said)[0]})", ""
    if code in e.recalled:
        found = e.recalled[code]
        quick = _parted(e, f"{_memo(e, found, escape)}({found.variable})", said)
        return f"({quick} if {found.test} else {_both(e, found.general, escape, said)[0]})", ""
    return _both(e, code, escape, said)


def _both(e: Emission, code: str, escape: Escape, said: str) -> tuple[str, str]:
    memo = e.names.constant(twins(escape.label, e.dialect.operators.text), "T", escape.label)
    t = e.temporary()
    words = "" if escape.label in MARKED_UP else f" and {t}.isascii()"
    text = f"(({said} := {t}) if {t}.isalnum(){words} else {_parted(e, f'{memo}[{t}]', said)})"
    number = f"({said} := str({t})) if type({t}) is int else {_parted(e, f'{memo}.of({t})', said)}"
    return f"({text} if type({t} := {code}) is str else {number})", t


def _parted(e: Emission, both: str, said: str) -> str:
    """Source of the first of two texts; `said` becomes the second."""
    pair = e.names.fresh("p")
    return f"({pair}[0] if ({said} := ({pair} := {both})[1]) is not None else {NOTHING})"


def _memo(e: Emission, found: Recalled, escape: Escape) -> str:
    key = f"{found.key} {escape.label} {PLAIN}"
    if key not in e.memos:
        run, both = found.run, twins(escape.label, e.dialect.operators.text).of
        e.memos[key] = Memo(lambda given: both(run(given))).__getitem__
    return e.names.constant(e.memos[key], "M", escape.label)
