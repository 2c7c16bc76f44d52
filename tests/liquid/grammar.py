"""Templates from a grammar that reaches every tag and filter, with data to render them: by Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ["a", "b", "s", "n", "l", "d", "m", "q", "e", "i"]
PATHS = [
    *NAMES,
    "d.x",
    "d.y.z",
    "d.size",
    "d.first",
    "l.first",
    "l.last",
    "l.size",
    "l[0]",
    "l[n]",
    "l[-1]",
    'd["x"]',
    "d[s]",
    "i.k",
    "i.size",
    "m.k",
    "m[0].k",
    "z",
    "z.y",
    "forloop.index",
    "forloop.last",
    "forloop.rindex0",
    "forloop.parentloop.index",
    "forloop[s]",
    "l[forloop.index0]",
    "tablerowloop.col",
    "tablerowloop.row",
    "cc",
]
LITERALS = [
    '"x"',
    "'<b>&'",
    "''",
    "' '",
    "1",
    "0",
    "-3",
    "2.5",
    "4.5",
    "true",
    "false",
    "nil",
    "(1..3)",
    '"3"',
]
FILTERS = [
    "abs",
    "append: '<y>'",
    "append: a",
    "at_least: 2",
    "at_most: n",
    "base64_encode",
    "base64_decode",
    "base64_url_safe_encode",
    "base64_url_safe_decode",
    "capitalize",
    "ceil",
    "compact",
    "compact: 'k'",
    "concat: l",
    "date: '%Y-%m-%d'",
    "date: '%d %b'",
    "date: s",
    "default: 'd'",
    "default: a",
    "default: 'd', allow_false: true",
    "divided_by: 2",
    "divided_by: n",
    "downcase",
    "escape",
    "escape_once",
    "find: 'k'",
    "find: 'k', 1",
    "find_index: 'k', 1",
    "first",
    "floor",
    "has: 'k'",
    "join",
    "join: ', '",
    "join: n",
    "last",
    "lstrip",
    "map: 'k'",
    "minus: 1",
    "minus: n",
    "modulo: 3",
    "newline_to_br",
    "nosuch",
    "own",
    "own: 2",
    "plus: 1",
    "plus: n",
    "prepend: s",
    "reject: 'k', 1",
    "remove: 'a'",
    "remove_first: 'a'",
    "remove_last: 'a'",
    "replace: 'a', 'b'",
    "replace: s, a",
    "replace_first: 'a', 'b'",
    "replace_last: 'a', 'b'",
    "reverse",
    "round",
    "round: 1",
    "rstrip",
    "safe",
    "size",
    "slice: 1",
    "slice: -2, 2",
    "sort",
    "sort: 'k'",
    "sort_natural",
    "split: ''",
    "split: ','",
    "split: s",
    "squish",
    "strip",
    "strip_html",
    "strip_newlines",
    "sum",
    "sum: 'k'",
    "times: 2",
    "times: n",
    "truncate: 3",
    "truncate: 4",
    "truncate: n",
    "truncatewords: 2",
    "uniq",
    "uniq: 'k'",
    "upcase",
    "url_decode",
    "url_encode",
    "where: 'k'",
    "where: 'k', 1",
]
OURS_ONLY = [
    "date: 'long'",
    "date: '%s'",
    "date: '%H %Z'",
    "money: 'EUR'",
    "money",
    "number: 1",
    "percent",
    "json",
    "h",
]
PARTIALS = {
    "p": "[{{ a }}{{ i }}{% assign b = 'set' %}{{ b }}{% increment cc %}{% cycle '1', '2' %}]",
    "each": "({{ each.k }}{{ forloop.index }}{{ item }}{% if item == 2 %}{% continue %}{% endif %})",
    "deep": "{% render 'p', a: b %}{{ partial }}"
    "{% for x in l %}{{ x }}{{ forloop.parentloop.index }}{% endfor %}",
}

_text = st.sampled_from(["text ", "<p>", "\n", "  ", "&amp;", "é", "'", '"', "{", "}", "\\", "%}"])
_path = st.sampled_from(PATHS)
_primary = st.one_of(_path, _path, _path, st.sampled_from(LITERALS))
_special = st.sampled_from(["empty", "blank"])


def expressions(filters: list[str]) -> st.SearchStrategy[str]:
    """A value and up to two filters."""
    chain = st.lists(st.sampled_from(filters), max_size=2)
    return st.builds(lambda value, steps: " | ".join([value, *steps]), _primary, chain)


_operand = st.one_of(_primary, _primary, _special)
_comparison = st.builds(
    lambda left, sign, right: f"{left} {sign} {right}",
    _operand,
    st.sampled_from(["==", "!=", "<>", "<", ">", "<=", ">=", "contains"]),
    _operand,
)
_atom = st.one_of(_primary, _comparison)
conditions = st.builds(
    lambda first, rest: first + "".join(f" {word} {atom}" for word, atom in rest),
    _atom,
    st.lists(st.tuples(st.sampled_from(["and", "or"]), _atom), max_size=2),
)
_source = st.sampled_from(["l", "m", "d", "s", "(1..3)", "(1..n)", "q", "e", "z.k", "i"])
_parameter = st.sampled_from(
    ["", "", "", " limit: 2", " offset: 1", " reversed", " offset: continue", " limit: n", " limit: 0"]
)
_name = st.sampled_from(["a", "b", "s", "q", "i"])
_item = st.sampled_from(["i", "i", "a", "x"])


def _blocks(inner: st.SearchStrategy[str], filters: list[str]) -> st.SearchStrategy[str]:
    value = expressions(filters)
    return st.one_of(
        st.builds(lambda c, x: f"{{% if {c} %}}{x}{{% endif %}}", conditions, inner),
        st.builds(
            lambda c, x, d, y, z: f"{{% if {c} %}}{x}{{% elsif {d} %}}{y}{{% else %}}{z}{{% endif %}}",
            conditions,
            inner,
            conditions,
            inner,
            inner,
        ),
        st.builds(
            lambda c, x, y: f"{{% unless {c} %}}{x}{{% else %}}{y}{{% endunless %}}", conditions, inner, inner
        ),
        st.builds(
            lambda v, a, b, x, c, y, z: (
                f"{{% case {v} %}}{{% when {a}, {b} %}}{x}{{% when {c} %}}{y}{{% else %}}{z}{{% endcase %}}"
            ),
            _primary,
            _operand,
            _primary,
            inner,
            _operand,
            inner,
            inner,
        ),
        st.builds(
            lambda i, s, p, x, y: f"{{% for {i} in {s}{p} %}}{x}{y}{{% endfor %}}",
            _item,
            _source,
            _parameter,
            inner,
            st.sampled_from(["", "", "{% break %}", "{% continue %}", "{% else %}none"]),
        ),
        st.builds(
            lambda i, s, p, x: f"{{% tablerow {i} in {s}{p} %}}{x}{{% endtablerow %}}",
            _item,
            _source,
            st.sampled_from(["", " cols: 2", " cols: n", " limit: 2"]),
            inner,
        ),
        st.builds(lambda n, x: f"{{% capture {n} %}}{x}{{% endcapture %}}", _name, inner),
        st.builds(lambda x: f"{{% ifchanged %}}{x}{{% endifchanged %}}", inner),
        st.builds(lambda n, v: f"{{% liquid\n assign {n} = {v}\n echo {n}\n%}}", _name, value),
    )


def _leaves(filters: list[str]) -> st.SearchStrategy[str]:
    value = expressions(filters)
    output = st.builds(lambda v: f"{{{{ {v} }}}}", value)
    return st.one_of(
        _text,
        output,
        output,
        output,
        st.builds(lambda n, v: f"{{% assign {n} = {v} %}}", _name, value),
        st.builds(lambda v: f"{{% echo {v} %}}", value),
        st.builds(lambda v, w: f"{{% cycle {v}, {w} %}}", _primary, _primary),
        st.builds(lambda v: f"{{% cycle s: 'one', {v}, 'three' %}}", _primary),
        st.sampled_from(
            [
                "{% increment cc %}",
                "{% decrement cc %}",
                "{% increment a %}",
                "{% include 'p' %}",
                "{% include 'p', a: b, b: a %}",
                "{% include 'each' for m as item %}",
                "{% include 'each' with d %}",
                "{% render 'p', a: b %}",
                "{% render 'each' for m %}",
                "{% render 'each' with d as item %}",
                "{% render 'deep', b: s, l: l %}",
                "{% raw %}{{ raw }}{% endraw %}",
                "{% comment %}{{ a }}{% endcomment %}",
                "{% # inline %}",
                "{% doc %}what it is{% enddoc %}",
                "{%- assign b = 1 -%}",
                " {{- a -}} ",
            ]
        ),
    )


def templates(filters: list[str]) -> st.SearchStrategy[str]:
    """A template of a few nodes, nested up to four deep."""
    leaves = st.lists(_leaves(filters), max_size=4).map("".join)
    nested = st.recursive(
        leaves,
        lambda inner: st.lists(st.one_of(_leaves(filters), _blocks(inner, filters)), max_size=3).map("".join),
        max_leaves=6,
    )
    return st.lists(st.one_of(_leaves(filters), _blocks(nested, filters)), min_size=1, max_size=4).map(
        "".join
    )


_scalars: list[Any] = [
    "abc",
    "<i>&",
    "",
    " ",
    "a,b",
    "2026-01-02",
    "March 14, 2016",
    "7,42",
    "x y  z\n",
    None,
    True,
]
_scalars += [False, 0, 1, 3, -1, 2.5, 4.5, "1", "é{{x}}"]
_compounds: list[Any] = [
    [],
    [1, 2, 3],
    ["x", "<y>", None],
    [3, "a"],
    [[1, [2]], "n"],
    [{"k": 1}, {"k": "<v>"}, {}],
    [{"k": 2}, {"k": 1}],
    {},
    {"x": "X", "y": {"z": "<Z>"}},
    {"size": 9, "first": 1, "k": None},
]
values = st.sampled_from([*_scalars, *_compounds])
data = st.dictionaries(st.sampled_from([*NAMES, "self", "now", "partial"]), values, max_size=9).map(
    lambda one: {**one, "n": one.get("n") if isinstance(one.get("n"), (int, str)) else 2}
)


def own(value: object, other: object = 1) -> str:
    """A caller's own filter."""
    return f"<{value}|{other}>"
