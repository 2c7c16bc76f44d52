"""The contract against an independent witness: python-liquid renders data that remembers what was read.

Every path that was read must stand in the contract, or lead to one that does.
"""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from liquid.builtin import DictLoader
from liquid.exceptions import LiquidError

from liquid import Environment
from mailweave.liquid.contract import Path, contract_of

_SPECIAL = ("first", "last")
MEMBERS = re.compile(r"\| (?:sort|map|where|find|sum)")


class Mapping(dict[str, Any]):
    """A mapping that remembers which of its members were asked for."""

    def __init__(self, members: dict[str, Any], path: Path, seen: set[Path]) -> None:
        super().__init__({key: watched(value, (*path, key), seen) for key, value in members.items()})
        self.path, self.seen = path, seen

    def __getitem__(self, key: Any) -> Any:
        self.remember(key)
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self.remember(key)
        return super().get(key, default)

    def remember(self, key: Any) -> None:
        if isinstance(key, str):  # a mapping has no other keys
            self.seen.add((*self.path, key))


def watched(value: Any, path: Path, seen: set[Path]) -> Any:
    if isinstance(value, dict):
        return Mapping(value, path, seen)
    if isinstance(value, list):
        return [watched(one, (*path, "[]"), seen) for one in value]
    return value


def plain(path: Path) -> Path:
    return tuple("[]" if name in _SPECIAL else name for name in path)


def loose(path: Path) -> Path:
    """Filters such as `map` take a mapping for a list of one: a type error that the check finds."""
    return tuple(name for name in path if name != "[]")


def covers(contract: Path, read: Path) -> bool:
    """Whether a path of the contract is the one that was read, or leads on from it."""
    for at, name in enumerate(contract):
        if name == "**" or at == len(read):
            return True
        if name != read[at] and name != "*":
            return False
    return len(contract) >= len(read)


ITEM = {"title": "t", "price": 3, "ok": True, "tags": ["x", "y"], "meta": {"a": "title", "b": 2}}
DATA = {
    "p": {
        "name": "ann",
        "plan": "gold",
        "cart": [ITEM, {**ITEM, "ok": False}],
        "home": {"city": "r", "zip": "z"},
    },
    "l": {"gold": [ITEM], "t": [], "title": [ITEM]},
    "c": {"key": "title", "n": 2, "on": True, "off": False},
}
ROOTS = ["p", "l", "c"]
NAMES = ["x", "y", "i", "j", *ROOTS]
KEYS = [
    "name",
    "plan",
    "cart",
    "home",
    "city",
    "title",
    "price",
    "tags",
    "meta",
    "a",
    "b",
    "gold",
    "key",
    "n",
    "first",
]
FILTERS = [
    *("upcase", "size", "first", "last", "reverse", "sort: 'price'", "map: 'title'", "where: 'ok', true"),
    *("default: y", "default: p.name", "append: x.title", "concat: p.cart", "join: c.key", "sum: 'price'"),
    *(
        "compact",
        "uniq",
        "where: c.key, 't'",
        "map: c.key",
        "slice: 0, c.n",
        "find: 'title', x",
        "split: 'a'",
    ),
]


@st.composite
def path(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(NAMES))
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.integers(0, 7))
        if kind == 6:
            text += "[0]"
        elif kind == 7:
            text += f"[{draw(st.sampled_from(['c.key', 'x', 'p.plan']))}]"
        else:
            text += "." + draw(st.sampled_from(KEYS))
    return text


@st.composite
def expression(draw: st.DrawFn) -> str:
    return " | ".join([draw(path()), *draw(st.lists(st.sampled_from(FILTERS), max_size=2))])


@st.composite
def condition(draw: st.DrawFn) -> str:
    left, right = (
        draw(path()),
        draw(st.one_of(path(), st.sampled_from(["'gold'", "2", "blank", "nil", "true"]))),
    )
    form = draw(
        st.sampled_from(["{0}", "{0} == {1}", "{0} != {1}", "{0} contains {1}", "{0} and {1}", "{0} or {1}"])
    )
    return form.format(left, right)


@st.composite
def nodes(draw: st.DrawFn, depth: int = 3) -> str:
    return "".join(draw(st.lists(node(depth), max_size=3)))


@st.composite
def node(draw: st.DrawFn, depth: int) -> str:
    name = draw(st.sampled_from(["x", "y", "i", "j"]))
    kind = draw(st.integers(0, 11 if depth else 3))
    inner = nodes(depth - 1)
    match kind:
        case 0 | 1:
            return f"{{{{ {draw(expression())} }}}}"
        case 2:
            return f"{{% assign {name} = {draw(expression())} %}}"
        case 3:
            return f"{{% cycle {draw(path())}, {draw(path())} %}}"
        case 4 | 5:
            return f"{{% if {draw(condition())} %}}{draw(inner)}{{% else %}}{draw(inner)}{{% endif %}}"
        case 6 | 7:
            end = draw(st.sampled_from(["", "{% break %}", "{% if c.on %}{% continue %}{% endif %}"]))
            return (
                f"{{% for {name} in {draw(path())} limit: {draw(path())} %}}{draw(inner)}{end}{{% endfor %}}"
            )
        case 8:
            return f"{{% capture {name} %}}{draw(inner)}{{% endcapture %}}"
        case 9:
            return f"{{% case {draw(path())} %}}{{% when {draw(path())} %}}{draw(inner)}{{% endcase %}}"
        case 10:
            form = draw(
                st.sampled_from(["render 'q', x: {0}", "render 'q' for {0} as i", "render 'q' with {0} as y"])
            )
            return f"{{% {form.format(draw(path()))} %}}"
        case _:
            form = draw(st.sampled_from(["include 'q'", "include 'q' with {0} as x", "include 'q', j: {0}"]))
            return f"{{% {form.format(draw(path()))} %}}"


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes(), nodes(1))
def test_whatever_is_read_stands_in_the_contract(text: str, partial: str) -> None:
    partial = partial.replace("include 'q'", "include 'r'").replace("render 'q'", "render 'r'")
    partials = {"q": partial, "r": "{{ x.title }}{{ p.home.zip }}"}
    seen: set[Path] = set()
    env = Environment(loader=DictLoader(partials))
    data = {name: watched(DATA[name], (name,), seen) for name in ROOTS}
    try:
        template = env.from_string(text)
    except LiquidError:
        event("does not parse")
        return
    try:
        template.render(data)
    except (LiquidError, RuntimeError, TypeError, ValueError) as problem:
        event(type(problem).__name__)  # what was read before the error counts
    is_loose = MEMBERS.search(text + partial) is not None

    def form(path: Path) -> Path:
        return loose(plain(path)) if is_loose else plain(path)

    contract = [form(read.path) for read in contract_of(text, partials=partials).reads]
    missing = [read for read in seen if not any(covers(one, form(read)) for one in contract)]
    event(f"{min(len(seen), 3)}+ paths read")
    assert not missing
