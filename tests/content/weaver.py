"""Puts Liquid into an HTML mail, seeded: into texts, links, styles, classes, loops and conditions."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

_FOREIGN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<%.*?%>|%[a-z_.]+%", re.S)
_WORD = re.compile(r">([^<>{}&]*?)([A-Za-z]{3,})([^<>{}]*)<")
_HREF = re.compile(r'href="(https?:[^"{]*)"')
_STYLE = re.compile(r'style="([^"{]+)"')
_CLASS = re.compile(r'class="([^"{]+)"')
_SIMPLE = re.compile(
    r"<(p|h1|h2|h3|li|tr|td|a|span|b|strong|em)\b[^<>]*>(?:(?!<\1\b|</\1>|\{%|<style).)*?</\1>", re.S
)
_COLOR = re.compile(r"(?<![-\w])((?:background-)?color)\s*:\s*[^;]+")
_PIXELS = re.compile(r"(?<![-\w])(width|height|font-size|line-height|padding|margin-top)\s*:\s*(\d+)px")
_RULE_CLASS = re.compile(r"\.([A-Za-z][\w-]*)\s*[,{]")


def plain(html: str) -> str:
    """A template without the placeholders of the system it was made for."""
    return _FOREIGN.sub("Word", html)


def weave(html: str, seed: int) -> str:
    """The mail with Liquid in it."""
    weaver = _Weaver(random.Random(seed), plain(html))
    return weaver.woven()


class _Weaver:
    def __init__(self, rng: random.Random, html: str) -> None:
        self.rng = rng
        body = re.search(r"<body", html, re.I)
        self.head, self.body = (html[: body.start()], html[body.start() :]) if body else ("", html)
        self.known = sorted(set(_RULE_CLASS.findall(self.head))) or ["none"]
        self.count = 0

    def woven(self) -> str:
        self.body = self._some(_SIMPLE, 0.08, self._around)
        self.body = self._some(_STYLE, 0.15, self._style)
        self.body = self._some(_CLASS, 0.1, self._class)
        self.body = self._some(_HREF, 0.5, self._href)
        self.body = self._some(_WORD, 0.2, lambda m: f">{m[1]}{self._text()}{m[3]}<")
        self.head = re.sub(r"(<title[^>]*>)[^<]*", lambda m: m[1] + self._text(), self.head, count=1)
        return self.head + self.body

    def _some(self, pattern: re.Pattern[str], share: float, change: Any) -> str:
        return pattern.sub(lambda m: change(m) if self.rng.random() < share else m[0], self.body)

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}.k{self.count % 7}"

    def _text(self) -> str:
        name = self._name("text")
        return self.rng.choice((f"{{{{ {name} }}}}", f"{{{{ {name} | upcase }}}}", f"{{{{- {name} -}}}}"))

    def _around(self, match: re.Match[str]) -> str:
        what, flag = match[0], self._name("flag")
        return self.rng.choice(
            (
                f"{{% if {flag} %}}{what}{{% endif %}}",
                f"{{% unless {flag} %}}{what}{{% endunless %}}",
                f"{{% if {flag} %}}{what}{{% else %}}{what}{{% endif %}}",
                f"{{% for item in {self._name('list')} %}}{what}{{% endfor %}}",
                f"{{% case {self._name('word')} %}}{{% when 'a' %}}{what}{{% else %}}{what}{{% endcase %}}",
            )
        )

    def _style(self, match: re.Match[str]) -> str:
        style = match[1]
        way = self.rng.randrange(4)
        if way == 0 and _COLOR.search(style):
            style = _COLOR.sub(lambda m: f"{m[1]}:{{{{ {self._name('color')} }}}}", style, count=1)
        elif way == 1 and _PIXELS.search(style):
            style = _PIXELS.sub(lambda m: f"{m[1]}:{{{{ {self._name('number')} }}}}px", style, count=1)
        elif way == 2:
            style = f"{style.rstrip('; ')};{{% if {self._name('flag')} %}}font-weight:bold{{% endif %}}"
        else:
            style = f"{{% if {self._name('flag')} %}}{style}{{% else %}}color:red;width:10px{{% endif %}}"
        return f'style="{style}"'

    def _class(self, match: re.Match[str]) -> str:
        known, flag = self.rng.choice(self.known), self._name("flag")
        way = self.rng.randrange(100)
        if way == 0:
            return f'class="{match[1]} {{{{ {self._name("word")} }}}}"'
        if way < 50:
            return f'class="{match[1]}{{% if {flag} %}} {known}{{% endif %}}"'
        return f'{{% if {flag} %}}class="{match[1]}"{{% endif %}}'

    def _href(self, match: re.Match[str]) -> str:
        name = self._name("word")
        return self.rng.choice(
            (
                f'href="{{{{ {self._name("url")} }}}}"',
                f'href="https://x.example/{{{{ {name} }}}}?a=1&amp;b={{{{ {name} | url_encode }}}}"',
                f'href="{{% if {self._name("flag")} %}}https://a.example{{% else %}}https://b.example{{% endif %}}"',
            )
        )


def data(seed: int) -> Mapping[str, Any]:
    """What a woven mail reads."""
    rng = random.Random(seed)

    def seven(make: Any) -> dict[str, Any]:
        return {f"k{at}": make() for at in range(7)}

    return {
        "text": seven(lambda: rng.choice(("Bob", "A & <b>B</b>", 'say "hi"', "Zoë’s", "", "it's"))),
        "word": seven(lambda: rng.choice(("a", "b", "zz"))),
        "url": seven(
            lambda: rng.choice(("https://x.example/?a=1&b=2", "/shop/now", "https://x.example/%20q"))
        ),
        "flag": seven(lambda: rng.random() < 0.5),
        "list": seven(lambda: list(range(rng.randrange(4)))),
        "number": seven(lambda: rng.choice((0, 1, 10, 120))),
        "color": seven(lambda: rng.choice(("red", "#abc", "#AABBCC", "", "transparent"))),
    }
