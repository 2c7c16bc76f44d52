"""Documents with Liquid in them: conditions in styles, classes and start tags, around elements and rules."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.inlining.bodies import Body
from tests.inlining.declarations import CLASSES, declaration, declarations
from tests.inlining.documents import document

NAMES, PEOPLE = 6, 4
_ELEMENT = re.compile(
    r"<(p|h1|h2|li|tr|td|a|b|span|em|div)\b[^<>]*>(?:(?!<\1\b|</\1>|\{%|<style|<!--).)*?</\1>", re.S
)
_STYLE = re.compile(r' style="([^"{]*)"')
_CLASS = re.compile(r' class="([^"{]*)"')
_START = re.compile(r"<(p|td|tr|table|div|a|h1|h2|li)(?=[ >])(?![^>]*[{])")
_RULE = re.compile(r"^[.#a-z][^@{}\n]*\{[^{}\n]*\}$", re.M)

Data = Mapping[str, Any]


def template(seed: int) -> str:
    """The document of a seed, with Liquid woven into it."""
    return Assembler(random.Random(f"template {seed}")).woven(document(seed).html)


def templates(seeds: Iterable[int]) -> Iterator[str]:
    return map(template, seeds)


def person(seed: int) -> Data:
    """What a woven template reads."""
    rng = random.Random(f"person {seed}")

    def each(make: Callable[[], Any]) -> dict[str, Any]:
        return {f"k{at}": make() for at in range(NAMES)}

    return {
        "flag": each(lambda: rng.random() < 0.5),
        "list": each(lambda: list(range(rng.randrange(4)))),
        "word": each(lambda: rng.choice(("a", "b", "zz"))),
        "color": each(lambda: rng.choice(("red", "#abc", "#AABBCC", "", None, "transparent"))),
        "number": each(lambda: rng.choice((0, 1, 10, 120))),
    }


def people(seed: int, count: int = PEOPLE) -> list[Data]:
    """Some sets of data; each flag is true for half of the first two."""
    made = [dict(person(seed * 100 + at)) for at in range(count)]
    if count > 1:
        made[1]["flag"] = {name: not on for name, on in made[0]["flag"].items()}
    return list(made)


@dataclass
class Assembler:
    """Puts Liquid into a document."""

    rng: random.Random

    def woven(self, html: str) -> str:
        at = html.index("<body")
        return self.sheet(html[:at]) + self.markup(html[at:])

    def sheet(self, head: str) -> str:
        """Conditions around rules, rarely."""
        return self._some(head, _RULE, 0.06, lambda m: self.condition(m[0]))

    def markup(self, html: str) -> str:
        """Liquid in and around the elements of a body or a block, style elements left alone."""
        parts = re.split(r"(<style.*?</style>|<!--.*?-->)", html, flags=re.S)
        return "".join(part if number % 2 else self._markup(part) for number, part in enumerate(parts))

    def _markup(self, html: str) -> str:
        html = self._some(html, _ELEMENT, 0.12, self._around)
        html = self._some(html, _STYLE, 0.35, self._style)
        html = self._some(html, _CLASS, 0.15, self._class)
        return self._some(html, _START, 0.06, self._start)

    def _some(
        self, text: str, pattern: re.Pattern[str], share: float, change: Callable[[re.Match[str]], str]
    ) -> str:
        return pattern.sub(lambda m: change(m) if self.rng.random() < share else m[0], text)

    def name(self, kind: str) -> str:
        return f"{kind}.k{self.rng.randrange(NAMES)}"

    def condition(self, one: str, other: str | None = None) -> str:
        flag = self.name("flag")
        if other is not None:
            return f"{{% if {flag} %}}{one}{{% else %}}{other}{{% endif %}}"
        if self.rng.random() < 0.3:
            return f"{{% unless {flag} %}}{one}{{% endunless %}}"
        return f"{{% if {flag} %}}{one}{{% endif %}}"

    def _around(self, match: re.Match[str]) -> str:
        what = match[0]
        way = self.rng.randrange(5)
        if way < 2:
            return self.condition(what)
        if way == 2:
            return self.condition(what, what.replace("<" + match[1], f'<{match[1]} title="else"', 1))
        if way == 3:
            return f"{{% for item in {self.name('list')} %}}{what}{{% endfor %}}"
        return f"{{% case {self.name('word')} %}}{{% when 'a' %}}{what}{{% else %}}{what}{{% endcase %}}"

    def _style(self, match: re.Match[str]) -> str:
        style, extra = match[1].rstrip("; "), declaration(self.rng).replace("'Open Sans'", "Tahoma")
        way = self.rng.randrange(5)
        if way == 0:
            return f' style="{self.condition(style, extra)}"'
        if way == 1:
            return f' style="{self.condition(extra + ";")}{style}"'
        if way == 2:
            return f' style="{style};color:{{{{ {self.name("color")} }}}}"'
        if way == 3:
            return f' style="{style};width:{{{{ {self.name("number")} }}}}px"'
        return f' style="{style};{self.condition(extra)}"'

    def _class(self, match: re.Match[str]) -> str:
        known = self.rng.choice(CLASSES)
        way = self.rng.randrange(3)
        if way == 0:
            return f' class="{match[1]}{self.condition(" " + known)}"'
        if way == 1:
            return f' class="{self.condition(match[1], known)}"'
        return " " + self.condition(f'class="{match[1]}"')

    def _start(self, match: re.Match[str]) -> str:
        attribute = self.rng.choice(('bgcolor="#eeeeee"', 'align="center"', 'title="x"', 'lang="en"'))
        return f"<{match[1]} {self.condition(attribute)}"


@dataclass(frozen=True, slots=True)
class Slotted:
    """A layout with `{% slot %}` tags, and the candidates of each slot."""

    seed: int
    layout: str
    blocks: Mapping[str, Sequence[str]]


def slotted(seed: int) -> Slotted:
    """A layout whose body holds two slots, each with two or three blocks."""
    rng = random.Random(f"slots {seed}")
    weaver, page = Assembler(rng), document(seed)
    at = page.html.index("<body")
    slots = {name: [block(rng, page.constructs) for _ in range(rng.randint(2, 3))] for name in ("one", "two")}
    within = "".join(f'<div class="{rng.choice(CLASSES)}">{{% slot "{name}" %}}</div>' for name in slots)
    body = Body(rng, page.constructs, left=6).box(3) + within
    layout = weaver.sheet(page.html[:at]) + f'<body class="body">{weaver.markup(body)}</body></html>'
    return Slotted(seed, layout, {name: [weaver.markup(one) for one in some] for name, some in slots.items()})


def block(rng: random.Random, constructs: frozenset[str]) -> str:
    """A block: some elements, seldom with a style sheet of its own."""
    own = f".{rng.choice(CLASSES)}-own"
    markup = Body(rng, constructs, left=8).flow(3)
    if rng.random() < 0.25:
        markup = f"<style>{own}{{{declarations(rng, 2)}}}{own}:hover{{{declaration(rng)}}}</style>" + (
            f'<p class="{own[1:]}">{markup if "<" not in markup else "own"}</p>{markup}'
        )
    return f"<div>{markup}</div>"
