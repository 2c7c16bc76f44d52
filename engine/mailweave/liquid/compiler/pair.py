"""One function for a part of an e-mail: its HTML and its plain text, written in one walk.

Tags that stand in both are run once, and a value that the HTML writes is at hand when the text wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from liquid.expression import Expression

from mailweave.liquid.compiler.core import NOTHING
from mailweave.liquid.compiler.shared_items import Fill, SharedItems
from mailweave.liquid.compiler.shortcuts import Recalled
from mailweave.liquid.compiler.usage import paths_of, reached
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import MARKED_UP, PLAIN, TWINNED, Escape, twins
from mailweave.liquid.tree.nodes import EscapedOutput
from mailweave.source import Source
from mailweave.values.memo import Memo

Slots = Mapping[str, str | list[str]]
PairFunction = Callable[[dict[str, Any], datetime | None, list[str], list[str], Slots, Slots], None]


class PairCompiler(SharedItems):
    """One compilation of two templates over the same data."""

    def __init__(
        self,
        html: PartialText,
        text: PartialText,
        dialect: Dialect,
        constants: Mapping[str, Any],
        source: Source,
        shared: frozenset[str] = frozenset(),
        fill: Fill = str,
    ) -> None:
        super().__init__(html, text, dialect, constants, source, shared=shared, fill=fill)
        self._values: dict[str, str] = {}
        self._twins: dict[str, str] = {}
        self._said = _outputs_of(text)

    @contextmanager
    def values_apart(self) -> Iterator[None]:
        kept = dict(self._values), dict(self._twins)
        yield
        self._values, self._twins = kept

    def _escaped(self, code: str, escape: Escape, node: Expression | None = None) -> str:
        key = self._key(node)
        if self.in_text:
            if key in self._twins and escape.label == PLAIN:
                return self._twins[key]
            return super()._escaped(self._values.get(key, code), escape, node)
        self.latest = ""
        if node is not None and key and self._twins_up(node, escape):
            self._twins[key] = said = self.names.fresh("q")
            made = self._twinned(code, escape, said)
        else:
            made = super()._escaped(code, escape, node)
        if key and self.latest:
            self._values[key] = self.latest
        return made

    def _twins_up(self, node: Expression, escape: Escape) -> bool:
        """Whether the text, too, may write this value."""
        is_said = str(node) in self._said and escape.label in TWINNED
        return is_said and not self._is_whole(node)

    def _twinned(self, code: str, escape: Escape, said: str) -> str:
        """Source of a value in HTML; `said` becomes what the plain text says. Both are remembered by the value."""
        if code in self.inert:
            test, quick, general = self.inert[code]
            made = f"(({said} := {quick}) if {test} else {self._twinned_value(general, escape, said)})"
            self.latest = ""
            return made
        if code in self.recalled:
            value = self.recalled[code]
            both = self._parted(f"{self._twin_memo(value, escape)}({value.variable})", said)
            made = f"({both} if {value.test} else {self._twinned_value(value.general, escape, said)})"
            self.latest = ""
            return made
        return self._twinned_value(code, escape, said)

    def _parted(self, both: str, said: str) -> str:
        """Source of the first of two texts; `said` becomes the second."""
        pair = self.names.fresh("p")
        return f"({pair}[0] if ({said} := ({pair} := {both})[1]) is not None else {NOTHING})"

    def _twin_memo(self, value: Recalled, escape: Escape) -> str:
        key = f"{value.key} {escape.label} {PLAIN}"
        if key not in self.memos:
            run, both = value.run, twins(escape.label, self.dialect.operators.text).of
            self.memos[key] = Memo(lambda given: both(run(given))).__getitem__
        return self.names.constant(self.memos[key], "M", escape.label)

    def _twinned_value(self, code: str, escape: Escape, said: str) -> str:
        memo = self.names.constant(twins(escape.label, self.dialect.operators.text), "T", escape.label)
        t = self.temporary()
        words = "" if escape.label in MARKED_UP else f" and {t}.isascii()"
        text = f"(({said} := {t}) if {t}.isalnum(){words} else {self._parted(f'{memo}[{t}]', said)})"
        self.latest = t
        return (
            f"({text} if type({t} := {code}) is str"
            f" else ({said} := str({t})) if type({t}) is int else {self._parted(f'{memo}.of({t})', said)})"
        )

    def _key(self, node: Expression | None) -> str:
        """What names a value as long as its names mean the same; empty for what may change."""
        if node is None:
            return ""
        names = []
        for path in paths_of(node):
            root, unit = path.path[0], self.unit
            if not isinstance(root, str) or root in unit.assigned or root.endswith("loop"):
                return ""
            bound = unit.bound(root)
            names.append(f"{root}={bound.code}" if bound else root)
        return f"{node} {names}" if names else ""


def _outputs_of(text: PartialText) -> frozenset[str]:
    """The outputs of a plain text, as they are written."""
    outputs = (node for node in reached(text.nodes) if isinstance(node, EscapedOutput))
    return frozenset(str(node.expression) for node in outputs if node.escape.label == PLAIN)


def compile_pair(
    html: PartialText,
    text: PartialText,
    dialect: Dialect,
    constants: Mapping[str, Any],
    source: Source,
    shared: frozenset[str],
    fill: Fill,
) -> tuple[PairFunction, str] | None:
    """The function and its source, or None when the two have to be rendered one after the other."""
    try:
        made = PairCompiler(html, text, dialect, constants, source, shared, fill).compile()
    except Exception:  # noqa: BLE001  # on any doubt each is rendered alone
        return None
    return cast(PairFunction, made.function), made.source
