"""Cases of Liquid drawn from its grammar by a seeded generator; Ruby's Liquid says what is right.

    RUBY_LIQUID=.../liquid/lib python -m tests.liquid.corpus

writes `fixtures/liquid/corpus.jsonl` anew. `RUBY_LIQUID` is the `lib` folder of the sources of Shopify's Liquid.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FIXTURE = HERE.parents[1] / "fixtures" / "liquid" / "corpus.jsonl"
VERSION = "5.13.0"
SEED = 17
Case = dict[str, Any]

# --- what filters are given ---

NUMBERS: list[Any] = [
    *(0, 1, -1, 2, 7, -7, 10, 1250, -1250, 999999, 12345678901234567890123, -12345678901234567890123),
    *(
        0.0,
        -0.0,
        0.5,
        1.5,
        2.5,
        -2.5,
        0.125,
        2.675,
        1234.5,
        -1234.567,
        0.1,
        1e17,
        1e16,
        1e15,
        1e-4,
        1e-5,
        1e-10,
    ),
    *(123456789.123456789, 1e100, 100.0, 3.14159),
]
NUMERIC_TEXTS: list[Any] = [
    *(
        "0",
        "1",
        "-1",
        "42",
        " 7 ",
        "+7",
        "3.5",
        "-3.5",
        " 3.5 ",
        "1e3",
        "1.5e3",
        "0x1A",
        "1_000",
        "7,42",
        "12px",
    ),
    *("3.", ".5", "1.2.3", "--1", "- 1", "007", "1.50", "-0", "-0.0", "1250.00", "12345678901234567890"),
]
TEXTS: list[Any] = [
    *(
        "",
        " ",
        "\n",
        "a",
        "abc",
        "Hello World",
        "  two  words ",
        "tab\there",
        "line one\nline two\r\n",
        "ÄÖÜ straße",
    ),
    *(
        "a,b,,c,,",
        ",,a",
        "aaa",
        "<b>bold</b> & 'q' \"d\"",
        "&lt;p&gt; &amp; &copy; &#38;",
        "1 < 2",
        "ǆ ﬁ İ",
        "日本語",
    ),
    *("one two three four", "a b+c/d?e=f&g", "%41%20b+c", "YWJj", "a-b_c~d.e", "<!-- c --><style>x</style>t"),
]
ODD: list[Any] = [None, True, False]
LISTS: list[Any] = [
    *(
        [],
        [None],
        [1],
        [1, 2, 3],
        [3, 1, 2],
        ["b", "a", "C"],
        ["a", "A", "b", "B", "a"],
        [None, 1, None, "x"],
    ),
    *(
        [[1, 2], [3]],
        [1, [2, [3, [4]]]],
        [1, "1", 1.0, True],
        [0.1, 0.2, 0.3],
        ["1", "2.5", "x"],
        [[]],
        ["", " "],
    ),
    *([True, False, None], ["10", "9", "1"], [2.5, 1, -3], ["é", "e", "z"], [{"a": 1}], ["b", None, "a"]),
]
HASHES: list[Any] = [
    *(
        {},
        {"a": 1},
        {"a": None},
        {"a": {"b": [1, "x", None, True, 2.5]}},
        {"b": 2, "a": 1},
        {"size": 9, "first": 8},
    ),
    *({"k": "v", "n": 1.0}, {"q": 'say "hi"\n\t\\ #{x} é'}),
]
TABLES: list[Any] = [
    [{"k": 2, "v": "b"}, {"k": 1, "v": "a"}, {"k": 2, "v": "c"}],
    [{"k": "x"}, {"k": None}, {}, {"k": "X"}, {"k": "y"}],
    [{"k": True}, {"k": False}, {"k": 0}, {"k": ""}],
    [{"k": 1.5}, {"k": "2"}, {"k": 3}, {"k": "x"}],
    [{"k": [1, 2]}, {"k": {"z": 1}}, {"k": [1, 2]}],
    [{"k": 1}, None, {"k": 2}],
    [{"k": 1}, "k", "no", 5, 2.5],
    [{"k": 1}, [{"k": 2}, [{"k": 3}]]],
]
ALL = [*NUMBERS, *NUMERIC_TEXTS, *TEXTS, *ODD, *LISTS, *HASHES, *TABLES]

_KEYS = ["'k'", "'v'", "'size'", "'z'", "nil", "0", "'a'"]
_KEYED = [
    *_KEYS,
    "'k', 1",
    "'k', 2",
    "'k', 'x'",
    "'k', nil",
    "'k', true",
    "'k', false",
    "'k', '2'",
    "'k', ''",
]
_OPERANDS = [
    *(
        "2",
        "3",
        "-3",
        "0",
        "2.0",
        "0.0",
        "-2.5",
        "1.5",
        "0.1",
        "'3'",
        "'2.5'",
        "'x'",
        "nil",
        "true",
        "''",
        "10000000000",
    ),
    *("w",),
]
_DIGITS = [
    "",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "-2",
    "-3",
    "'1'",
    "'2'",
    "nil",
    "1.7",
    "20",
    "-10",
    "''",
    "'-1'",
    "true",
]
_WORDS = [
    "'a'",
    "''",
    "' '",
    "nil",
    "1",
    "'b', 'X'",
    "'a', ''",
    "'a', nil",
    "',', 1.5",
    "'o', '\\\\1'",
    "true",
    "'l'",
]
_MATH = [*NUMBERS, *NUMERIC_TEXTS, *ODD, "", "abc", [1], {}, [], " "]
_LISTY = [*LISTS, *HASHES, *TABLES, None, "abc", "", 5, True, 2.5, False]
_TEXTY = [*TEXTS, *TEXTS, None, 5, 2.5, True, False, [1, "a", None, [2]], {"a": 1}, [], {}]
NONE = [""]

FILTERS: dict[str, tuple[list[Any], list[str], int]] = {
    "abs": (_MATH, NONE, 26),
    "append": (_TEXTY, ["'x'", "nil", "1", "1.0", "true", "v", "''"], 20),
    "at_least": (_MATH, _OPERANDS, 30),
    "at_most": (_MATH, _OPERANDS, 30),
    "base64_decode": (_TEXTY, NONE, 14),
    "base64_encode": (_TEXTY, NONE, 14),
    "base64_url_safe_decode": (_TEXTY, NONE, 10),
    "base64_url_safe_encode": (_TEXTY, NONE, 10),
    "capitalize": (_TEXTY, NONE, 22),
    "ceil": (_MATH, NONE, 30),
    "compact": (_LISTY, ["", *_KEYS], 40),
    "concat": (_LISTY, ["w", "v", "nil", "'x'", "1", "m"], 40),
    "date": (
        ["2024-03-05", 0, 1709600000, "", None, "x", True, [1], 2.5],
        ["'%F'", "nil", "''", "'%Y'", "5", "true"],
        30,
    ),
    "default": (ALL, ["'d'", "'d', allow_false: true", "'d', allow_false: false", "nil", "", "w"], 50),
    "divided_by": (_MATH, _OPERANDS, 70),
    "downcase": (_TEXTY, NONE, 20),
    "escape": (_TEXTY, NONE, 20),
    "h": (_TEXTY, NONE, 4),
    "escape_once": (_TEXTY, NONE, 20),
    "find": (_LISTY, _KEYED, 60),
    "find_index": (_LISTY, _KEYED, 50),
    "first": (ALL, NONE, 40),
    "floor": (_MATH, NONE, 30),
    "has": (_LISTY, _KEYED, 50),
    "join": (_LISTY, ["", "', '", "nil", "1", "''", "w"], 50),
    "last": (ALL, NONE, 40),
    "lstrip": (_TEXTY, NONE, 14),
    "map": (_LISTY, _KEYS, 50),
    "minus": (_MATH, _OPERANDS, 50),
    "modulo": (_MATH, _OPERANDS, 70),
    "newline_to_br": (_TEXTY, NONE, 10),
    "plus": (_MATH, _OPERANDS, 50),
    "prepend": (_TEXTY, ["'x'", "nil", "1", "1.0", "true", "v"], 16),
    "reject": (_LISTY, _KEYED, 50),
    "remove": (_TEXTY, _WORDS[:5], 20),
    "remove_first": (_TEXTY, _WORDS[:5], 20),
    "remove_last": (_TEXTY, _WORDS[:5], 20),
    "replace": (_TEXTY, _WORDS, 30),
    "replace_first": (_TEXTY, _WORDS, 24),
    "replace_last": (_TEXTY, _WORDS[5:10], 20),
    "reverse": (_LISTY, NONE, 24),
    "round": (_MATH, _DIGITS, 90),
    "rstrip": (_TEXTY, NONE, 14),
    "size": (ALL, NONE, 40),
    "slice": (
        [*_TEXTY, *LISTS],
        [
            "0",
            "1",
            "-1",
            "0, 2",
            "1, 2",
            "-3, 2",
            "9",
            "2, -1",
            "'1'",
            "nil",
            "1.5",
            "'x'",
            "0, nil",
            "3, 5",
            "0, 0",
        ],
        60,
    ),
    "sort": (_LISTY, ["", "", *_KEYS], 50),
    "sort_natural": (_LISTY, ["", "", *_KEYS], 50),
    "split": (_TEXTY, ["','", "' '", "''", "nil", "1", "'a'", "'ab'", "true", "'\n'"], 40),
    "squish": (_TEXTY, NONE, 14),
    "strip": (_TEXTY, NONE, 14),
    "strip_html": (_TEXTY, NONE, 14),
    "strip_newlines": (_TEXTY, NONE, 10),
    "sum": (_LISTY, ["", "", *_KEYS], 60),
    "times": (_MATH, _OPERANDS, 50),
    "truncate": (
        _TEXTY,
        ["", "5", "3", "0", "-1", "5, ''", "5, '…'", "5, nil", "'7'", "nil", "2.5", "4, 1", "'x'", "100"],
        50,
    ),
    "truncatewords": (
        _TEXTY,
        ["", "2", "1", "0", "-1", "2, ''", "2, 'x'", "'2'", "nil", "1.5", "2, nil", "1, 1", "4"],
        40,
    ),
    "uniq": (_LISTY, ["", *_KEYS], 50),
    "upcase": (_TEXTY, NONE, 20),
    "url_decode": (_TEXTY, NONE, 16),
    "url_encode": (_TEXTY, NONE, 16),
    "where": (_LISTY, _KEYED, 70),
}

_SHOWN = [
    "{{ X }}",
    "{{ X | join: '|' }}",
    "{{ X | size }}",
    "{% assign r = X %}{% for i in r %}({{ i }}){% else %}-{% endfor %}",
]


def _filters(draw: random.Random) -> Iterator[Case]:
    for name, (values, arguments, count) in FILTERS.items():
        pairs = [(value, given) for value in values for given in arguments]
        for value, given in draw.sample(pairs, min(count, len(pairs))):
            call = f"v | {name}" + (f": {given}" if given else "")
            shape = "{{ X }}" if not isinstance(value, (list, dict)) else draw.choice(_SHOWN)
            data = {"v": value}
            if "w" in given.split():
                data["w"] = draw.choice(ALL)
            if "m" in given.split():
                data["m"] = draw.choice(TABLES)
            yield _case("filter " + name, shape.replace("X", call), data)
    for _ in range(90):
        steps = []
        for name in draw.sample(list(FILTERS), draw.randint(2, 3)):
            if name == "date":
                continue
            given = draw.choice(
                [one for one in FILTERS[name][1] if "w" not in one.split() and "m" not in one.split()]
            )
            steps.append(name + (f": {given}" if given else ""))
        yield _case("filters in a row", "{{ v | " + " | ".join(steps) + " }}", {"v": draw.choice(ALL)})


# too many, too few, of the wrong kind, named where a place counts
_ODD_GIVEN = [
    *("1", "'a'", "nil", "true", "2.5", "-1", "''", "e", "l", "h", "'2'", "k: 1", "allow_false: true"),
    *("(1..3)", "false", "a: nil", "0", "missing"),
]
_ODD_VALUES = [
    *("abc def", "a,b", 5, -2.5, None, True, False, [1, 2, "a"], [{"k": 1}, {"k": None}], {"k": 1}, ""),
    *("2024-03-05", [], " 12 "),
]


def _odd_arguments(draw: random.Random) -> Iterator[Case]:
    for name in FILTERS:
        for count in (0, 1, 1, 1, 2, 2, 3, 4):
            given = ", ".join(draw.choice(_ODD_GIVEN) for _ in range(count))
            call = f"{{{{ v | {name}" + (f": {given}" if given else "") + " }}"
            data = {"v": draw.choice(_ODD_VALUES), "l": ["b", 1], "h": {"k": "z"}, "e": ""}
            yield _case("odd arguments", call, data)


# --- values as text, members, comparisons ---

_PATHS = [
    *(
        "v",
        "v.a",
        "v.size",
        "v.first",
        "v.last",
        "v[0]",
        "v[-1]",
        "v[1]",
        "v['a']",
        "v[k]",
        "v.a.b",
        "v.a.b[1]",
        "v[5]",
    ),
    *(
        "v.first.a",
        "v.last.size",
        "v.k",
        "v[0].k",
        "v['size']",
        "v['first']",
        "v.a.size",
        "v.first.first",
        "v[1.0]",
    ),
    *("v[nil]", "v[true]", "v.0", "v[-2]", "v['0']", "v[k].x", "v.size.size", "v[0][0]", "v.a['b'].first"),
]


def _values(draw: random.Random) -> Iterator[Case]:
    for value in ALL:
        yield _case("value as text", "{{ v }}", {"v": value})
        if draw.random() < 0.4:
            yield _case(
                "value as text", "{% capture x %}{{ v }}{% endcapture %}[{{ x | append: v }}]", {"v": value}
            )
        if draw.random() < 0.3:
            yield _case("value as text", "{% echo v %}{% cycle v, 'b' %}", {"v": value})
    for _ in range(130):
        data = {
            "v": draw.choice([*LISTS, *HASHES, *TABLES, *TEXTS[:6], None, 5]),
            "k": draw.choice(["a", 0, 1, -1, None, "size"]),
        }
        yield _case("member", "[{{ " + draw.choice(_PATHS) + " }}]", data)


_SIDES = [
    *(
        "v",
        "w",
        "nil",
        "empty",
        "blank",
        "true",
        "false",
        "''",
        "' '",
        "'a'",
        "'1'",
        "1",
        "1.0",
        "0",
        "-1",
        "2.5",
        "'b'",
    ),
    *("v.size", "z", "(1..3)", "v.first"),
]
_SIGNS = ["==", "!=", "<>", "<", ">", "<=", ">=", "contains"]


def _comparison(draw: random.Random) -> str:
    return f"{draw.choice(_SIDES)} {draw.choice(_SIGNS)} {draw.choice(_SIDES)}"


def _condition(draw: random.Random) -> str:
    parts = [draw.choice([_comparison(draw), draw.choice(_SIDES)])]
    while draw.random() < 0.4:
        parts += [draw.choice(["and", "or"]), draw.choice([_comparison(draw), draw.choice(_SIDES)])]
    return " ".join(parts)


def _comparisons(draw: random.Random) -> Iterator[Case]:
    for _ in range(330):
        data = {"v": draw.choice(ALL), "w": draw.choice(ALL)}
        yield _case("condition", "{% if " + _condition(draw) + " %}y{% else %}n{% endif %}", data)
    for value in draw.sample(ALL, 60):
        tests = "".join(
            f"{{% if v == {one} %}}{one[0]}{{% endif %}}"
            for one in ("nil", "empty", "blank", "true", "false")
        )
        yield _case("condition", tests + "{% if v %}v{% endif %}{% unless v %}u{% endunless %}", {"v": value})


# --- tags ---

_SOURCES = ["v", "w", "(1..4)", "(a..b)", "(2..1)", "nil", "z", "v.a", "'abc'", "m", "(1..v.size)"]
_NUMBERS = ["1", "2", "0", "-1", "'2'", "nil", "z", "n", "2.0", "'x'", "v", "''", "10", "true", "1.7"]


def _loop_data(draw: random.Random) -> dict[str, Any]:
    return {
        "v": draw.choice(
            [
                *LISTS[3:],
                {"a": [1, 2, 3]},
                {"b": 2, "a": 1},
                {},
                "text",
                "",
                None,
                3,
                [1, 2, 3, 4, 5, 6],
                True,
            ]
        ),
        "w": draw.choice([[1, 2, 3, 4, 5], ["x", "y"], []]),
        "m": draw.choice(TABLES),
        "a": draw.choice([1, 2, "2", None, 2.0, 0, -1, "x", 1.5]),
        "b": draw.choice([3, 4, "3", None, 3.9, 1, "y"]),
        "n": draw.choice([1, 2, 3, "1", None]),
    }


def _for(draw: random.Random, inner: str) -> str:
    words = []
    if draw.random() < 0.35:
        words.append("reversed")
    if draw.random() < 0.45:
        words.append(f"limit: {draw.choice(_NUMBERS)}")
    if draw.random() < 0.45:
        words.append(f"offset: {draw.choice([*_NUMBERS, 'continue', 'continue'])}")
    if draw.random() < 0.1:
        draw.shuffle(words)
    glue = draw.choice([" ", " ", ", ", ","])
    head = f"for i in {draw.choice(_SOURCES)} " + glue.join(words)
    other = draw.choice(["", "", "{% else %}none"])
    return "{% " + head.strip() + " %}" + inner + other + "{% endfor %}"


_ROUND = [
    *(
        "{{ i }}",
        "{{ forloop.index }}",
        "{{ forloop.rindex0 }},",
        "{{ forloop.first }}",
        "{{ forloop.last }} ",
        "{{ forloop.length }}",
    ),
    *(
        "{{ forloop.parentloop.index }}",
        "{% if forloop.last %}.{% endif %}",
        "{{ forloop }}",
        "{{ forloop.name }}",
        "{{ i[0] }}",
    ),
    *(
        "{% if i == 2 %}{% break %}{% endif %}",
        "{% if i == 2 %}{% continue %}{% endif %}",
        "{{ i.k }}",
        "{{ i | plus: 1 }}",
    ),
    *(
        "{% cycle 'a', 'b' %}",
        "{% cycle i, 'b' %}",
        "{% ifchanged %}{{ i }}{% endifchanged %}",
        "{% increment c %}",
        "-",
    ),
    *(
        "{% assign i = 9 %}{{ i }}",
        "{% assign s = s | append: i %}",
        "{% for j in (1..2) %}{{ j }}{{ forloop.parentloop.index }}{% endfor %}",
    ),
    *(
        "{% for j in w %}{% break %}{% endfor %}",
        "{% unless forloop.first %}, {% endunless %}{{ i }}",
        "{{ forloop.rindex }}",
    ),
]


def _loops(draw: random.Random) -> Iterator[Case]:
    for _ in range(200):
        inner = "".join(draw.sample(_ROUND, draw.randint(1, 3)))
        text = _for(draw, inner)
        if draw.random() < 0.35:
            text += "|" + _for(draw, inner)
        yield _case("for", text + draw.choice(["", "[{{ s }}{{ i }}]"]), _loop_data(draw))


_CELL = [
    *(
        "{{ i }}",
        "{{ tablerowloop.col }}",
        "{{ tablerowloop.row }}",
        "{{ tablerowloop.col_first }}",
        "{{ tablerowloop.col_last }}",
    ),
    *(
        "{{ tablerowloop.index0 }}",
        "{{ tablerowloop.rindex }}",
        "{{ tablerowloop.length }}",
        "{{ tablerowloop.first }}",
        "{{ tablerowloop.last }}",
    ),
    *(
        "{% if i == 2 %}{% break %}{% endif %}",
        "{% if i == 2 %}{% continue %}{% endif %}",
        "{% cycle 'a', 'b' %}",
        "",
        "{{ forloop.index }}",
    ),
    *("{{ tablerowloop.col0 }}", "{{ tablerowloop.rindex0 }}", "{{ tablerowloop }}"),
]


def _tables(draw: random.Random) -> Iterator[Case]:
    for _ in range(130):
        words = []
        for word in ("cols", "limit", "offset"):
            if draw.random() < 0.5:
                words.append(f"{word}: {draw.choice(_NUMBERS)}")
        glue = draw.choice([" ", ", "])
        head = f"tablerow i in {draw.choice(_SOURCES)} " + glue.join(words)
        inner = "".join(draw.sample(_CELL, draw.randint(1, 2)))
        yield _case("tablerow", "{% " + head.strip() + " %}" + inner + "{% endtablerow %}", _loop_data(draw))


_CYCLES = [
    *(
        "{% cycle 'a', 'b' %}",
        "{% cycle 'a', 'b', 'c' %}",
        "{% cycle 1, 2 %}",
        "{% cycle x, y %}",
        "{% cycle 'g': 'a', 'b' %}",
    ),
    *(
        "{% cycle 'g': 'a', 'b', 'c' %}",
        "{% cycle g: 'a', 'b' %}",
        "{% cycle x: 'a', 'b' %}",
        "{% cycle nil, 'b' %}",
        "{% cycle 'a' %}",
    ),
    *(
        "{% cycle v, 2.5, true %}",
        "{% cycle '1', 1 %}",
        "{% cycle 1.0, 'x' %}",
        "{% cycle nil: 1, 2 %}",
        "{% cycle y: 1, 2, 3 %}",
    ),
]


def _cycles(draw: random.Random) -> Iterator[Case]:
    for _ in range(60):
        picked = [draw.choice(_CYCLES) for _ in range(draw.randint(1, 3))]
        text = " ".join(draw.choice(picked) for _ in range(draw.randint(2, 6)))
        data = {
            "x": draw.choice(["a", "g", 1, None]),
            "y": draw.choice(["b", 2, None, [1, 2]]),
            "g": "g",
            "v": draw.choice(ALL),
        }
        yield _case("cycle", text, data)


def _cases(draw: random.Random) -> Iterator[Case]:
    for _ in range(110):
        parts = [
            "{% case " + draw.choice(["v", "'a'", "1", "v.size", "nil", "true", "v | size", "empty"]) + " %}"
        ]
        if draw.random() < 0.2:
            parts.append(draw.choice([" ", "\n", "lost"]))
        for at in range(draw.randint(1, 3)):
            glue = draw.choice([", ", " or ", ",", " or "])
            values = glue.join(
                draw.sample(
                    ["1", "'a'", "v", "nil", "empty", "blank", "true", "2.5", "''", "'b'", "w", "1.0"],
                    draw.randint(1, 3),
                )
            )
            parts.append("{% when " + values + " %}" + draw.choice(["A", "B", " ", "{{ v }}"]) + str(at))
        if draw.random() < 0.6:
            parts.append("{% else %}other")
        if draw.random() < 0.1:
            parts.append("{% when 1 %}late")
        yield _case("case", "".join(parts) + "{% endcase %}", {"v": draw.choice(ALL), "w": draw.choice(ALL)})


def _counters(draw: random.Random) -> Iterator[Case]:
    steps = [
        *(
            "{% increment x %}",
            "{% decrement x %}",
            "{{ x }}",
            "{% assign x = 5 %}",
            "{% increment y %}",
            "{{ y }}",
            " ",
        ),
        *(
            "{% capture x %}c{% endcapture %}",
            "{% for x in (1..2) %}{% increment x %}{{ x }}{% endfor %}",
            "{% decrement y %}",
        ),
        *("{% if x == 1 %}one{% endif %}", "{{ x | plus: 1 }}", "{% render 'c' %}", "{% include 'c' %}"),
    ]
    for _ in range(70):
        text = "".join(draw.choice(steps) for _ in range(draw.randint(2, 6)))
        data: dict[str, Any] = draw.choice([{}, {}, {"x": 10}, {"x": None}, {"x": -1, "y": 3}, {"x": 2.5}])
        yield _case("counters", text, data, {"c": "<{% increment x %}{{ x }}>"})


_WORKS = [
    *(
        "{% if v %}{% endif %}",
        "{% if v %} {% endif %}",
        "{% if v %} {% assign q = 1 %} {% endif %}",
        "{{ v }}",
        "{% assign q = v %}",
        "text",
    ),
    *(
        "{% comment %} c {% endcomment %}",
        "{% raw %} {{ v }} {% endraw %}",
        "{% # note %}",
        "{% unless v %} u {% endunless %}",
    ),
    *(
        "{% for i in (1..2) %} {{ i }} {% endfor %}",
        "{% for i in (1..2) %}  {% endfor %}",
        "{% capture q %} c {% endcapture %}{{ q }}",
    ),
    *(
        "{% liquid\nassign q = 'l'\necho q\n%}",
        "{% case v %} {% when 1 %} one {% else %} no {% endcase %}",
        "{% echo v %}",
        "{% doc %} d {% enddoc %}",
    ),
    *(
        "{% if v %}  {% comment %}x{% endcomment %}  {% endif %}",
        "{% for i in (1..2) %} {% if i == 1 %} {% continue %} {% endif %} {% endfor %}",
    ),
    *(
        "{% tablerow i in (1..2) %} {{ i }} {% endtablerow %}",
        "{% ifchanged %} x {% endifchanged %}",
        "{% increment c %}",
        "{{ '' }}",
        "{{ }}",
    ),
]
_BLANKS = ["", " ", "\n", "  \n  ", "\t", "\n\n", " x ", "\r\n", "\u00a0", "\v\f", "a\n"]


def _white_space(draw: random.Random) -> Iterator[Case]:
    for _ in range(190):
        parts = [draw.choice(_BLANKS)]
        for _ in range(draw.randint(1, 3)):
            parts += [_dashed(draw, draw.choice(_WORKS)), draw.choice(_BLANKS)]
        yield _case("white space", "".join(parts), {"v": draw.choice([1, None, "x", ""])})


def _dashed(draw: random.Random, text: str) -> str:
    for opener, closer in (("{{", "}}"), ("{%", "%}")):
        pieces = text.split(opener)
        text = pieces[0] + "".join(opener + ("-" if draw.random() < 0.4 else "") + one for one in pieces[1:])
        pieces = text.split(closer)
        text = (
            "".join(one + ("-" if draw.random() < 0.4 else "") + closer for one in pieces[:-1]) + pieces[-1]
        )
    return text


_LINES = [
    *(
        "assign q = 'x'",
        "echo v",
        "echo q | upcase",
        "if v\n echo 'yes'\nelse\n echo 'no'\nendif",
        "for i in (1..3)\n echo i\nendfor",
    ),
    *(
        "# note",
        "",
        "increment c",
        "case v\nwhen 1\n echo 'one'\nelse\n echo 'other'\nendcase",
        "capture q\n echo 1\nendcapture",
    ),
    *(
        "cycle 'a', 'b'",
        "comment\n gone\nendcomment",
        "render 'p', a: v",
        "liquid\n echo 'in'",
        "unless v\necho 'u'\nendunless",
        "break",
    ),
]


def _liquid_tags(draw: random.Random) -> Iterator[Case]:
    for _ in range(50):
        lines = "\n".join(draw.choice(["", "  "]) + draw.choice(_LINES) for _ in range(draw.randint(1, 4)))
        text = "a{% liquid" + draw.choice([" ", "\n"]) + lines + draw.choice(["\n", " "]) + "%}{{ q }}b"
        yield _case("liquid tag", text, {"v": draw.choice([1, None, "x"])}, {"p": "<{{ a }}{{ q }}>"})


_PARTIALS = {
    "p": "<{{ p }}{{ a }}{{ q }}>",
    "s": "{% assign q = 'set' %}{{ forloop.index }}{{ a }}",
    "l": "({{ l.k }}{{ forloop.index }}/{{ forloop.length }}{{ item }})",
    "b": "{{ a }}{% if true %}{% break %}{% endif %}never",
    "dir/x": "[{{ x }}{{ a }}]",
    "n": "{% render 'p', a: a %}{% include 'p' %}",
}


def _partials(draw: random.Random) -> Iterator[Case]:
    for _ in range(150):
        parts = []
        for _ in range(draw.randint(1, 2)):
            tag = draw.choice(["render", "include"])
            name = draw.choice(list(_PARTIALS))
            bind = draw.choice(
                [
                    "",
                    "",
                    " with v",
                    " for v",
                    " for m",
                    " with m",
                    " with v as item",
                    " for m as item",
                    " for (1..2)",
                    " with nil",
                ]
            )
            given = draw.choice(
                [
                    "",
                    "",
                    ", a: v",
                    ", a: 1, q: a",
                    " a: 'x'",
                    ", q: 'y'",
                    ", a: nil",
                    ", p: 3",
                    ", forloop: 1",
                ]
            )
            parts.append("{% " + f"{tag} '{name}'{bind}{given}" + " %}")
        text = "".join(parts) + draw.choice(["", "{{ q }}", "{{ a }}"])
        text = draw.choice(
            [
                text,
                text,
                "{% for i in (1..2) %}" + text + "{{ i }}{% endfor %}",
                "{% assign q = 'o' %}" + text,
            ]
        )
        data = {
            "v": draw.choice([*LISTS[:8], *HASHES[:4], 1, "x", None]),
            "m": draw.choice(TABLES),
            "p": draw.choice([None, 1, [1, 2]]),
        }
        yield _case("partials", text, {key: one for key, one in data.items() if one is not None}, _PARTIALS)


# --- dates ---

_DAYS: list[Any] = [
    *(
        "2024-03-05",
        "2024-03-05 10:20:30",
        "2024-12-31T23:59:59Z",
        "2024-03-05T10:20:30.123456+02:00",
        "2024-03-05 10:20:30 -0500",
    ),
    *(
        "3/4/2016",
        "13/11/2024",
        "10/11/2024",
        "1.2.2024",
        "31.12.99",
        "24-12-25",
        "2024/03/05",
        "March 14, 2016",
        "14 March 2016",
    ),
    *(
        "Mar 5 2024",
        "5th of March 2024",
        "Tuesday, March 5, 2024",
        "Fri, 05 Mar 2027 10:00:00 EST",
        "2027-07-01 10:00 PDT",
    ),
    *(
        "Sun, 14 Nov 2027 23:45:00 PST",
        "2027-07-01 10:00 GMT",
        "2027-07-01 10:00 CEST",
        "2027-07-01 10:00 UTC+2",
        "2024-W10-2",
    ),
    *(
        "20240305",
        "20240305T102030Z",
        "2024-03-05 3pm",
        "2024-03-05 03:04 PM",
        "2024-03-05 12:00 am",
        "2024-065",
        "0099-03-05",
    ),
    *(
        "1970-01-01",
        "1899-12-31",
        "9999-12-31",
        "2023-02-29",
        "2024-02-30",
        "2024-13-01",
        "not a date",
        "",
        " ",
        "hello 2024",
    ),
    *(
        "1152098955",
        "0",
        "1709600000",
        "-1",
        1152098955,
        0,
        -86400,
        1709600000,
        "2024-03-05 25:00",
        "2024-03-05 24:00",
        None,
        True,
    ),
    *(
        1152098955.5,
        "2024-3-5",
        "05 Mar 24",
        "2024-03-05 10:20:30.5",
        "Tue Mar  5 10:20:30 2024",
        "2024-03-05T10:20",
        [1],
        {"a": 1},
    ),
    *(
        "2024-03-05 10:20:30 Z",
        "2024-03-05 10:20:30 +05:30",
        "2024-03-05 10:20:30 MST",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Dec 1, 2024 at 5pm",
    ),
    *("2024-03-05 10:20:30 JST", "1 Jan 70", "1 Jan 68", "3/4/16", "16/4/3"),
]
_FORMS = [
    *(
        "%F",
        "%Y-%m-%d %H:%M:%S",
        "%s",
        "%z",
        "%Z",
        "%:z",
        "%::z",
        "%A %a %^a %^A %#a",
        "%B %b %h %^B %#b",
        "%-d %e %-m %-I %l %k %-H",
    ),
    *(
        "%p %P %#p %^P",
        "%j %-j %3j %U %W %V %G %g %u %w",
        "%C %y %-y %Y %6Y %_6Y",
        "%N %3N %6N %9N %L %1N %12N",
        "%D %x %T %X %R %r %c %v %+",
    ),
    *(
        "%n%t%%",
        "%Ey %Od %EY %Om %Ex",
        "%10d|%010e|%-10d|%_5m|%05H",
        "%10A|%-10A|%010B|%^10b",
        "%Q",
        "%E",
        "%",
        "%5",
        "%-",
        "x%",
        "%i %J",
    ),
    *(
        "%d.%m.%Y",
        "%d %b, %Y",
        "%I:%M %p",
        "%10z|%_10z|%-z|%:10z|%010z",
        "%10F|%12T|%20c",
        "%H%%",
        "%5%|%-%|%05n",
        "%_d %_m %_H %0e %0k %0l",
    ),
    *(
        "%-y %-C %-G %-V %-U",
        "%^B %^p %#Z %^Z",
        "%5S %3M %5y %5C %5j",
        "%10s %-s",
        "%5L %-L %-N %_3N %03N",
        "%^v %^c",
        "%5p|%-p",
        "Ähm %Y é",
    ),
    *("%::::z", "%#^a", "%--d", "%0-d", "%-0d", "%_0d", "%10Y|%_10Y|%010Y", "%5u %5w", "%e", "%:::z"),
]


def _dates(draw: random.Random) -> Iterator[Case]:
    for day in _DAYS:
        for form in draw.sample(_FORMS, 2):
            yield _case("date", "{{ v | date: f }}", {"v": day, "f": form})
        yield _case("date", "{{ v | date: '%Y-%m-%d %H:%M:%S %z' }}", {"v": day})
    for form in _FORMS:
        for day in draw.sample(
            [
                "2024-03-05",
                "2024-12-31T23:59:59Z",
                "2024-03-05T10:20:30.123456+02:00",
                "0099-03-05",
                "1999-01-03 05:06:07",
            ],
            2,
        ):
            yield _case("date form", "{{ v | date: f }}", {"v": day, "f": form})


# --- the loose edges of syntax ---

_LOOSE = [
    *(
        "{{ v, w }}",
        "{{ v | upcase | }}",
        "{{ v|upcase }}",
        "{{v}}",
        "{{ v | append:'x'|upcase }}",
        "{{ v | replace: 'a' , 'b' }}",
        "{{ 'a' 'b' }}",
    ),
    *(
        "{{ v.a.b }}",
        "{{ v[ 'a' ] }}",
        "{{ v . a }}",
        "{{ -1 }}",
        "{{ 1.50 }}",
        "{{ 1. }}",
        "{{ .5 }}",
        "{{ 1.2.3 }}",
        "{{ +1 }}",
        "{{ 1e3 }}",
    ),
    *(
        "{{ 'it''s' }}",
        '{{ "it\'s" }}',
        "{{ 'x' | append: \"'\" }}",
        "{{ true }}{{ false }}{{ nil }}{{ null }}",
        "{{ empty }}|{{ blank }}",
    ),
    *(
        "{% if v%}y{%endif%}",
        "{%if v==1%}y{%endif%}",
        "{% if v == 1 and %}y{% endif %}",
        "{% if v = 1 %}y{% endif %}",
        "{% if 'a' == 'a'  %}y{% endif %}",
    ),
    *(
        "{% if v and w or true %}y{% endif %}",
        "{% if true or false and false %}y{% else %}n{% endif %}",
        "{% if false and true or true %}y{% else %}n{% endif %}",
    ),
    *(
        "{% assign a-b = 1 %}{{ a-b }}",
        "{% assign a.b = 1 %}{{ a.b }}",
        "{% assign x = v | size %}{{ x }}",
        "{%assign x=1%}{{x}}",
        "{% assign x = 'a', 'b' %}{{ x }}",
    ),
    *(
        "{% capture 'x' %}a{% endcapture %}{{ x }}",
        "{% capture x y %}a{% endcapture %}{{ x }}",
        "{% for i in v%}{{i}}{%endfor%}",
        "{% for i in (1..3)reversed %}{{ i }}{% endfor %}",
    ),
    *(
        "{% for i in (1 .. 3) %}{{ i }}{% endfor %}",
        "{% for i in (1...3) %}{{ i }}{% endfor %}",
        "{% for i in v limit:1 offset:1 %}{{ i }}{% endfor %}",
        "{{ (1..3) }}",
    ),
    *(
        "{% for i in (1..3) limit:2,offset:1 %}{{ i }}{% endfor %}",
        "{% for i in w reversed limit: 1 %}{{ i }}{% endfor %}",
        "{% for i in w limit: 1 reversed %}{{ i }}{% endfor %}",
    ),
    *(
        "{{ 'a\nb' }}",
        "{{\nv\n}}",
        "{%\nif v\n%}y{%\nendif\n%}",
        "{{ v }",
        "{{ v",
        "{% if v %}y",
        "{% endif %}",
        "{% nosuch %}",
        "{{ }}",
        "{{}}",
        "{%  %}",
    ),
    *(
        "{ { v } }",
        "{ v }",
        "}} %}",
        "{{ '{{' }}",
        "{{ '}}' }}",
        "{{ '%}' }}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% raw %}{% if %}{% endraw %}",
    ),
    *(
        "{% comment %}{% if %}{% endcomment %}",
        "{% comment %}{% comment %}a{% endcomment %}b{% endcomment %}",
        "{% comment %}{{ x }{% endcomment %}",
        "{% # a\n # b %}",
    ),
    *(
        "{% raw %}a{%- endraw %}",
        "{% raw -%} a {%- endraw -%} b",
        "{% comment -%} a {%- endcomment -%} b",
        "{{ v | nosuch }}",
        "{{ v | default: 'a' | nosuch: 1 }}",
    ),
    *(
        "{{ v.size | plus: 1 }}",
        "{{ v['size'] }}",
        "{{ ['v'] }}",
        "{{ [k] }}",
        "{{ [k].size }}",
        "{{ self['v'] }}",
        "{{ self.k }}",
        "{{ v? }}",
        "{{ v.a? }}",
    ),
    *(
        "{{ k-v }}",
        "{{ k_v }}",
        "{{ K }}",
        "{{ v | slice: 0, 2 | upcase }}",
        "{{ v | append: k, 'x' }}",
        "{{ v | upcase: 1 }}",
        "{{ v | join: }}",
        "{{ v | size: }}",
    ),
    *(
        "{% if v contains 'a' %}y{% endif %}",
        "{% if contains %}y{% else %}n{% endif %}",
        "{% if v == empty or v == blank %}e{% endif %}",
        "{% if not v %}y{% endif %}",
    ),
    *(
        "{% if (v) %}y{% endif %}",
        "{% if (v == 1) or (w == 2) %}y{% else %}n{% endif %}",
        "{% if v || w %}y{% endif %}",
        "{% if v && w %}y{% endif %}",
        "{% if v === 1 %}y{% endif %}",
    ),
    *(
        "{% unless v %}a{% elsif w %}b{% else %}c{% endunless %}",
        "{% if v %}a{% else %}b{% else %}c{% endif %}",
        "{% if v %}a{% else %}b{% elsif w %}c{% endif %}",
    ),
    *(
        "{% case v %}{% else %}a{% else %}b{% endcase %}",
        "{% case v %}{% when 1, %}a{% endcase %}",
        "{% case %}{% endcase %}",
        "{% cycle %}",
        "{% cycle 'a', %}",
    ),
    *(
        "{% increment %}",
        "{% increment a b %}{% increment a b %}",
        "{% decrement 'x' %}",
        "{% break %}after",
        "a{% continue %}b",
        "{% ifchanged %}{% endifchanged %}",
    ),
    *(
        "{% assign x = %}[{{ x }}]",
        "{% assign x %}",
        "{% assign = 1 %}",
        "{% echo %}",
        "{% echo 'a' | upcase %}",
        "{% liquid %}",
        "{% else %}",
        "{% when 1 %}",
    ),
    *(
        "{% tablerow i in (1..2) cols:2 %}{{ i }}{% endtablerow %}",
        "{% for i v %}{% endfor %}",
        "{% for in v %}{% endfor %}",
        "{% for i in %}{% endfor %}",
    ),
    *(
        "{% include p %}",
        "{% render p %}",
        "{% render 'none' %}",
        "{% include 'none' %}",
        "{% render 'p' %}",
        "{% include k %}",
        "{% doc %}{% if %}{% enddoc %}x",
    ),
    *(
        "{{ 'a' | append: 'b' | append: 'c' }}",
        '{{ "a" | append: \'b" }}',
        "{{ v | append: 'b }}",
        "{{ 'ab | upcase }}",
        "{{ v | split: ',' | first }}",
    ),
    *(
        "{{ v[w] }}",
        "{{ v[w[0]] }}",
        "{{ v[k][0] }}",
        "{{ v[] }}",
        "{{ v.[0] }}",
        "{{ v.. }}",
        "{{ v.a. }}",
        "{{ 5.a }}",
        "{{ 'abc'.size }}",
        "{{ 'abc'[0] }}",
    ),
    *(
        "{{ nil.x }}",
        "{{ true.x }}",
        "{{ empty.size }}",
        "{% assign empty = 1 %}{{ empty }}",
        "{% assign nil = 1 %}{{ nil }}",
        "{% assign true = 1 %}{{ true }}",
    ),
    *(
        "{% assign 1 = 2 %}{{ 1 }}",
        "{% assign x = y = 2 %}{{ x }}",
        "{% assign x = (1..3) %}{{ x }}{{ x | size }}",
        "{% assign x = v[0] %}{{ x }}",
        "{{ 'é' | size }}",
    ),
    *(
        "{{ 'x' | date }}",
        "{{ 'a' | replace }}",
        "{{ 'a' | append }}",
        "{{ 5 | plus }}",
        "{{ 'a' | truncate: 1, 2, 3 }}",
        "{{ 1 | plus: 1, 2 }}",
        "{{ v | first: 1 }}",
    ),
    *(
        "{% if 1 < 'a' %}y{% else %}n{% endif %}",
        "{% if v < nil %}y{% else %}n{% endif %}",
        "{% if 'a' < 'b' %}y{% endif %}",
        "{% if true > 1 %}y{% else %}n{% endif %}",
    ),
    *(
        "{% if v == v %}y{% endif %}",
        "{% if 1 == 1.0 %}y{% endif %}",
        "{% if '1' == 1 %}y{% else %}n{% endif %}",
        "{% if 1 %}y{% endif %}",
        "{% if '' %}y{% endif %}",
    ),
]


def _loose(draw: random.Random) -> Iterator[Case]:
    for text in _LOOSE:
        data = {
            "v": draw.choice(["abc", [1, 2], {"a": 1}, None, 1, "a,b"]),
            "w": draw.choice([[1, 2, 3], 2, None, "a"]),
            "k": draw.choice(["a", 0, "v"]),
        }
        yield _case("loose syntax", text, data, {"p": "P{{ k }}"})


# --- the whole ---

_KINDS = [
    *(
        _filters,
        _odd_arguments,
        _values,
        _comparisons,
        _loops,
        _tables,
        _cycles,
        _cases,
        _counters,
        _white_space,
        _liquid_tags,
    ),
    *(_partials, _dates, _loose),
]


def _case(kind: str, template: str, data: dict[str, Any], partials: dict[str, str] | None = None) -> Case:
    made: Case = {"kind": kind, "template": template, "data": data}
    return made | ({"partials": partials} if partials else {})


def drawn(seed: int = SEED) -> list[Case]:
    """Every case of a seed, each with an identity made of what it holds."""
    found: dict[str, Case] = {}
    for kind in _KINDS:
        for case in kind(random.Random(f"{seed} {kind.__name__}")):
            mark = json.dumps(case, sort_keys=True, ensure_ascii=False)
            name = hashlib.sha256(mark.encode()).hexdigest()[:8]
            found.setdefault(name, {"id": name, **case})
    return list(found.values())


def judged(cases: list[Case], library: str, *, plain: bool = False) -> list[Case]:
    """The cases with what Ruby's Liquid, in the folder `library`, answers; `strict2` where that mode refuses them.

    `plain`: rendered partials see what they are given, and not the data.
    """
    cases = [case | {"plain": plain} for case in cases] if plain else cases
    lax, strict = (_answers(cases, library, mode) for mode in ("lax", "strict2"))
    return [
        case | answer | ({"strict2": other["refused"]} if "refused" in other else {})
        for case, answer, other in zip(cases, lax, strict, strict=True)
    ]


def _answers(cases: list[Case], library: str, mode: str) -> list[Case]:
    asked = "".join(json.dumps(case | {"mode": mode}, ensure_ascii=False) + "\n" for case in cases)
    made = subprocess.run(
        ["ruby", str(HERE / "oracle.rb")],
        input=asked,
        capture_output=True,
        text=True,
        env={**os.environ, "RUBY_LIQUID": library, "TZ": "UTC"},
        check=True,
    )
    return [json.loads(line) for line in made.stdout.splitlines()]


def version(library: str) -> str:
    """The version of Ruby's Liquid in a folder."""
    environment = {**os.environ, "RUBY_LIQUID": library}
    command = ["ruby", str(HERE / "oracle.rb"), "--version"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.strip()


def written(cases: Iterable[Case]) -> str:
    """Cases as lines of JSON."""
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)


def read() -> list[Case]:
    """The cases of the fixture."""
    return [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]


def main() -> int:
    """Write the fixture anew."""
    library = os.environ.get("RUBY_LIQUID", "")
    if not library or version(library) != VERSION:
        print(f"RUBY_LIQUID must name the lib folder of Shopify's Liquid {VERSION}", file=sys.stderr)
        return 1
    FIXTURE.write_text(written(judged(drawn(), library)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
