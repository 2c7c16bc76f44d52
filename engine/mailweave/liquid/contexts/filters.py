"""The filters of an author that an escaper already does, or makes needless."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.filtered import Filter
from liquid.token import Token

from mailweave.liquid.contexts.placement import Placement
from mailweave.liquid.filters.catalog import filter_named

_ENCODES = frozenset(("url_encode", "url_param_escape"))
_ADDRESS = re.compile(r"\A(css_)?(?:query|path|url|url_open|url_rest)(_(?:attr|bare|more))?\Z")
_JSON = frozenset(("json", "to_json"))

Remark = tuple[str, Token, dict[str, str]]


def read_filters(
    node: Node, label: str, *, trusted: bool, html_names: Container[str]
) -> tuple[Placement, list[Remark]]:
    """The placement of an output with `label`, once its last filters are understood.

    Also remarks: codes of the table, the filters they speak of, facts. `html_names` are the names that
    captures fill with HTML.
    """
    filters = _filters(node)
    code = "MW460" if trusted else "MW459"
    remarks: list[Remark] = [(code, f.token, {}) for f in filters if f.name == "safe"]
    remarks += _spoiled(node, filters, html_names) if label == "text" else ()
    if label == "none":
        return Placement(label), remarks
    kept = list(filters)
    is_once = False
    if kept and kept[-1].name == "safe":
        kept.pop()
        if trusted and label == "text":
            return Placement("trusted", 1), remarks
    while kept and filter_named(kept[-1].name).escapes:
        is_once |= kept.pop().name == "escape_once"
    label = _understood(label, kept)
    label += "_once" if is_once else ""
    return Placement(label, len(filters) - len(kept)), remarks


def _filters(node: Node) -> Sequence[Filter]:
    expression = getattr(node, "expression", None)
    if isinstance(expression, FilteredExpression) and expression.filters:
        return expression.filters
    return ()


def _spoiled(node: Node, filters: Sequence[Filter], html_names: Container[str]) -> list[Remark]:
    """The filter that makes text of captured HTML, so that its tags become visible."""
    left = getattr(getattr(node, "expression", None), "left", None)
    name = str(left.path[0]) if isinstance(left, Path) else ""
    if name not in html_names or not name:
        return []
    for one in filters:
        with_html = filter_named(one.name).with_html
        if with_html == "reads":
            break
        if with_html == "spoils":
            return [("MW461", one.token, {"name": name, "filter": one.name})]
    return []


def _understood(label: str, kept: list[Filter]) -> str:
    """The label, where the last filter has done part of its work; takes that filter away if it has
    to be done by the escaper."""
    last = kept[-1].name if kept else ""
    if last == "newline_to_br" and label == "text":
        kept.pop()
        while kept and filter_named(kept[-1].name).escapes:
            kept.pop()
        return "text_br"
    if last in _JSON and label.partition("_")[0] == "js" and "string" not in label:
        kept.pop()
        return label
    return _ADDRESS.sub(r"\1path\2", label) if last in _ENCODES else label
