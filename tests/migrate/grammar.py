"""Templates drawn from a small grammar for each engine, and the people that they are rendered for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

PEOPLE: Final[Mapping[str, Mapping[str, Any]]] = {
    "full": {
        "first_name": "Ada <b>", "city": "Oslo", "plan": "gold", "vip": True, "points": 120, "credit": 0, "note": "",
        "tags": ["jazz", "folk"], "nothing": [], "user": {"name": "Ann", "age": 33, "email": "ann@example.org"},
        "cart": [{"name": "Lamp & Co", "price": 20, "qty": 1, "sale": True},
                 {"name": "Desk", "price": 90, "qty": 0, "sale": False}],
        "order": {"number": "A-1", "total": 110.5},
    },
    "empty": {
        "first_name": "", "plan": "free", "vip": False, "points": 0, "credit": 5, "note": 'it\'s "new"', "tags": [],
        "cart": [], "nothing": [], "user": {"name": "", "age": 0, "email": "x@example.org"},
        "order": {"number": "B-2", "total": 0},
    },
    "some": {
        "first_name": "Zoë", "plan": "club", "vip": True, "points": 7, "credit": 1, "note": "see 1 < 2", "tags": ["a"],
        "cart": [{"name": "Chair", "price": 5, "qty": 3, "sale": False, "label": "new"}], "nothing": [],
        "user": {"name": "Bo", "age": 20, "email": "b@example.org"}, "order": {"number": "C-3", "total": 7},
    },
}  # fmt: skip
"""Recipients: one with everything, one with nothing that is true, one between."""

_TEXTS = ("first_name", "city", "plan", "note", "user.name", "order.number")
_NUMBERS = ("points", "credit", "user.age")
_LISTS = ("cart", "nothing", "tags")
_JINJA_ALONE = (
    "{{ 'yes' if vip else 'no' }}", "{{ first_name or 'friend' }}", "{{ tags|join(', ') }}", "{{ cart|length }} items",
    "{{ points // 2 }}", "{{ points * 2 }}", "{{ vip }}", "{{ tags|first }}", "{{ note|replace('new', 'old') }}",
    "{% for i in range(3) %}{{ i }}{% endfor %}", "{% if cart %}{{ cart[0].name }}{% endif %}",
    "{{ user['email'] }}", "{{ note|safe }}",
    "{% raw %}{{ x }}{% endraw %}", "{% for it in cart[:1] %}{{ it.name }}{% endfor %}", "{{ order.total }}",
    "{{ plan|title }}", "{# a note #}", "{% with n = user.name %}({{ n }}){% endwith %}", "{{ 'a' ~ plan ~ points }}",
    "{% set a = 1 %}{% for i in range(2) %}{% set a = a + i %}{{ a }}{% endfor %}{{ a }}",
    "{% for it in cart|reverse %}{{ it.name }}{% endfor %}", "{{ points if points is divisibleby(2) else 'odd' }}",
    "{% set card %}<i>{{ plan }}</i>{% endset %}{{ card }}", "{{ user.name.upper() }}", "{{ city is defined }}",
)  # fmt: skip
_HANDLEBARS_ALONE = (
    "{{{note}}}", "{{!-- x --}}{{! y }}", "{{cart.length}}", "{{user.name}}", "{{cart.[0].name}}", "{{vip}}",
    "{{lookup user 'email'}}", "\\{{raw}}", "{{#each cart as |p i|}}{{i}}:{{p.name}} {{/each}}", "{{tags}}",
    "{{#if vip}}a{{else if points}}b{{else}}c{{/if}}", "{{#cart}}{{name}};{{/cart}}", "{{^cart}}no{{/cart}}",
    "{{#user}}{{name}}{{/user}}", "{{nobody.here}}", "{{#if credit includeZero=true}}z{{/if}}", "{{&note}}",
    "{{#vip}}yes{{/vip}}", "{{^vip}}no{{/vip}}", "{{{{raw}}}}{{x}}{{{{/raw}}}}", "{{@root.plan}}", "{{this.plan}}",
    "{{#each cart}}{{#each ../tags}}{{this}}{{@../index}}{{/each}}{{/each}}", "{{#unless cart}}none{{^}}some{{/unless}}",
    "{{#with user as |u|}}{{u.name}}{{else}}nobody{{/with}}", "{{#each tags}}{{.}}{{#unless @last}}, {{/unless}}{{/each}}",
)  # fmt: skip
_MUSTACHE_ALONE = (
    "{{{note}}}", "{{! y }}\n", "{{&note}}", "{{user.name}}", "{{#user}}{{name}} {{age}} {{plan}}{{/user}}", "{{vip}}",
    "{{=<% %>=}}<% plan %><%={{ }}=%>", "{{tags}}", "{{#vip}}yes{{/vip}}", "{{#note}}n: {{.}}{{/note}}",
    "{{nobody.here}}", "{% if x %}", "{{#order}}{{total}}{{/order}}", "{{#tags}}{{.}},{{/tags}}",
    "{{#cart}}{{name}} for {{first_name}}{{#label}} ({{.}}){{/label}};{{/cart}}", "{{^nothing}}none{{/nothing}}",
)  # fmt: skip


class Grammar:
    """Draws templates; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._engines: Mapping[str, Callable[[int, bool], str]] = {
            "jinja": self._jinja,
            "handlebars": self._handlebars,
            "mustache": self._mustache,
        }

    def template(self, engine: str) -> str:
        """A template of one to four parts."""
        return "".join(self._engines[engine](0, False) for _ in range(self._random.randint(1, 4)))

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    # ---- Jinja

    def _jinja(self, depth: int, in_loop: bool) -> str:
        kind = self._random.randrange(10)
        if kind < 3 or depth > 2:
            return f"<p>{self._one('Hi', 'Note')} {{{{ {self._jinja_value(in_loop)} }}}}</p>"
        inner = [self._jinja(depth + 1, in_loop) for _ in range(3)]
        tests = [self._jinja_test(in_loop) for _ in range(2)]
        if kind < 5:
            start, end = self._one("", "-"), self._one("", "-")
            arms = f"{inner[0]}{{% elif {tests[1]} %}}{inner[1]}{{% else %}}{inner[2]}"
            return f"{{%{start} if {tests[0]} %}}\n{arms}{{% endif {end}%}}\n"
        if kind < 7 and not in_loop:
            return self._jinja_loop(depth)
        if kind == 7:
            value = self._one("points", "first_name", "user.name", "points + 1", "'a' ~ plan")
            return f"{{% set n = {value} %}}[{{{{ n }}}}]"
        return self._one(*_JINJA_ALONE)

    def _jinja_loop(self, depth: int) -> str:
        body = self._jinja(depth + 1, True)
        which = self._one("", "", " if it.qty", " if not it.sale")
        counter = self._one("index", "index0", "first", *([] if which else ["length", "revindex", "last"]))
        other = self._one("", "{% else %}nothing")
        return f"<ul>{{% for it in cart{which} %}}<li>{{{{ loop.{counter} }}}} {body}</li>\n{other}{{% endfor %}}</ul>"

    def _jinja_value(self, in_loop: bool) -> str:
        name = self._one(*_TEXTS, *_NUMBERS, *(["it.name", "it.price", "it.label"] if in_loop else []))
        if name in _NUMBERS or name == "it.price":
            return name
        return name + self._one(
            "", "|upper", "|default('none')", "|default('-', true)", "|lower", "|e", "|trim"
        )

    def _jinja_test(self, in_loop: bool) -> str:
        one = [
            self._one(*_TEXTS, *_NUMBERS, "vip"), f"not {self._one(*_TEXTS, *_NUMBERS, 'vip')}",
            f"plan == '{self._one('gold', 'free')}'", f"points {self._one('>', '<=', '==', '!=')} {self._one('0', '7')}",
            "'jazz' in tags", self._one(*_LISTS), "plan in ['gold', 'club']", "user", "city is not defined",
        ]  # fmt: skip
        if in_loop:
            one += ["it.sale", "it.qty > 0", "not it.qty", "it.name == 'Desk'", "it.label"] * 2
        test = self._one(*one)
        if self._random.random() < 0.3:
            test = f"{test} {self._one('and', 'or')} {self._one('vip', 'points > 5', 'not note')}"
        return f"not ({test})" if self._random.random() < 0.1 else test

    # ---- Handlebars

    def _handlebars(self, depth: int, in_loop: bool) -> str:
        kind = self._random.randrange(10)
        if kind < 3 or depth > 2:
            left, right = self._one("", "~"), self._one("", "", "~")
            return f"<p>Hi {{{{{left}{self._handlebars_name(in_loop)}{right}}}}}</p>\n"
        body, other = self._handlebars(depth + 1, in_loop), self._handlebars(depth + 1, in_loop)
        if kind < 5:
            inside = ("sale", "qty", "name", "../vip", "@first", "label")
            test = self._one(*inside) if in_loop else self._one(*_TEXTS, *_NUMBERS, *_LISTS, "vip", "user")
            word = self._one("if", "if", "unless")
            return f"{{{{#{word} {test}}}}}\n{body}{self._one('', '{{else}}' + chr(10) + other)}{{{{/{word}}}}}\n"
        if kind < 7 and not in_loop:
            row = f"<li>{self._handlebars(depth + 1, True)}</li>"
            none = self._one("", "  {{else}}\n none\n")
            items = self._one("cart", "cart", "nothing")
            return f"<ul>\n  {{{{#each {items}}}}}\n  {row}\n{none}  {{{{/each}}}}\n</ul>\n"
        if kind == 7 and not in_loop:
            return "{{#with " + self._one("user", "order") + "}}{{name}}{{number}} {{../plan}}{{/with}}"
        return "{{this.name}}" if in_loop else self._one(*_HANDLEBARS_ALONE)

    def _handlebars_name(self, in_loop: bool) -> str:
        if not in_loop:
            return self._one(*_TEXTS, *_NUMBERS, "vip")
        return self._one(
            "name", "price", "qty", "this.name", "../first_name", "@index", "@first", "@root.plan", "label"
        )

    # ---- Mustache

    def _mustache(self, depth: int, in_loop: bool) -> str:
        kind = self._random.randrange(10)
        inside = ("name", "price", "qty", "first_name", "sale", "plan", "label")
        if kind < 3 or depth > 2:
            name = self._one(*inside) if in_loop else self._one(*_TEXTS, *_NUMBERS, "vip")
            return f"<p>Hi {{{{ {name} }}}}</p>\n"
        if kind < 5:
            tested = ("sale", "qty", "name", "vip", "label")
            test = self._one(*tested) if in_loop else self._one(*_TEXTS, *_NUMBERS, "vip", "user", "tags")
            body = self._mustache(depth + 1, in_loop)
            blanks = self._one("", "  ")
            if self._random.random() < 0.6:
                return f"{blanks}{{{{#{test}}}}}\n{body}{blanks}{{{{/{test}}}}}\n"
            return f"{{{{^{test}}}}}none {body}{{{{/{test}}}}}\n"
        if kind < 7 and not in_loop:
            return f"<ul>\n  {{{{#cart}}}}\n  <li>{self._mustache(depth + 1, True)}</li>\n  {{{{/cart}}}}\n</ul>\n"
        return "{{name}}" if in_loop else self._one(*_MUSTACHE_ALONE)


_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9A-Fa-f]+|\w+);")


def read_alike(text: str) -> str:
    """A text whose references are all written alike: engines write `&#39;` and `&#x27;` for one sign. Those of
    `<`, `>` and `&` stay references, so that nothing which is escaped equals what is not."""
    from html import unescape

    kept = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    return _REFERENCE.sub(lambda found: kept.get(unescape(found[0]), unescape(found[0])), text)
