"""python -m tests.liquid.hostile DIALECT: hostile templates, each under limits of memory and time."""

from __future__ import annotations

import os
import resource
from decimal import Decimal
from typing import Any

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

SECONDS, BYTES = 5, 768 << 20
_DOUBLE = "{% assign s = s | append: s %}"
_REPLACE = "{% assign s = s | replace: 'x', s %}"

TEMPLATES: dict[str, str] = {
    "a range of a hundred million": "{% for i in (1..100000000) %}{% endfor %}",
    "a range beyond counting": "{% for i in (1..99999999999999999999) %}{% endfor %}",
    "a long range joined": "{{ (1..20000000) | join: '' | size }}",
    "a long range reversed": "{{ (1..100000000) | reverse | size }}",
    "a long range sorted": "{{ (1..100000000) | sort | first }}",
    "a long range looped backwards": "{% for i in (1..100000000) reversed %}{% endfor %}",
    "loops in loops": "{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "loops one after the other": "{% for a in (1..100000) %}{{ a }}{% endfor %}" * 40,
    "a table of a hundred million": "{% tablerow i in (1..100000000) %}{% endtablerow %}",
    "doubling a text": "{% assign s='xxxxxxxxxx' %}{% for i in (1..40) %}"
    + _DOUBLE
    + "{% endfor %}{{ s | size }}",
    "doubling a text in captures": "{% assign s='xxxxxxxxxx' %}{% for i in (1..40) %}"
    "{% capture t %}{{ s }}{{ s }}{% endcapture %}{% assign s = t %}{% endfor %}{{ s | size }}",
    "doubling a list": "{% assign l = 'a,b' | split: ',' %}{% for i in (1..40) %}"
    "{% assign l = l | concat: l %}{% endfor %}{{ l | size }}",
    "replacing with itself": "{% assign s = 'x' | append: '"
    + "x" * 31
    + "' %}"
    + _REPLACE * 6
    + "{{ s | size }}",
    "joining with itself": "{% assign s='xxxxxxxxxx' %}{% for i in (1..20) %}"
    "{% assign s = s | split: '' | join: s %}{% endfor %}{{ s | size }}",
    "squaring a number": "{% assign n = 999999999 %}{% for i in (1..30) %}{% assign n = n | times: n %}"
    "{% endfor %}{{ n | modulo: 7 }}",
    "printing a huge number": "{% assign n = 999999999 %}{% for i in (1..13) %}{% assign n = n | times: n %}"
    "{% endfor %}{{ n }}",
    "encoding again and again": "{% assign s = '&' %}{% for i in (1..200) %}"
    "{% assign s = s | base64_encode %}{% endfor %}{{ s | size }}",
    "output without end": "{% assign s = '" + "x" * 1000 + "' %}{% for i in (1..50000) %}{{ s }}{% endfor %}",
    "capturing without end": "{% assign s = '" + "x" * 1000 + "' %}{% capture t %}{% for i in (1..50000) %}"
    "{{ s }}{% endfor %}{% endcapture %}{{ t | size }}",
    "a date wider than memory": "{{ '2026-01-01' | date: '%1000000000d' }}",
    "rounding to a hundred million digits": "{{ '1.5' | round: 100000000 }}{{ none | nosuch }}",
    "slicing beyond all bounds": "{{ 'abc' | slice: -99999999999999999999, 99999999999 }}",
    "a partial that renders itself": "{% render 'self' %}",
    "a partial that includes itself": "{% include 'again' %}",
    "partials that fan out": "{% render 'wide' %}",
    "blocks in blocks": "{% if true %}" * 2000 + "{% endif %}" * 2000,
    "many filters": "{{ 'a' " + "| upcase " * 200_000 + "}}",
    "many conditions": "{% if true " + "and true " * 5000 + "%}x{% endif %}",
    "unclosed outputs": "{{" * 200_000,
    "unclosed tags": "{% if" * 200_000,
    "a word without end in an unclosed tag": "{% " + "a" * 200_000,
    "unclosed raw": "{% raw %}" * 100_000,
    "unclosed quotes": '{{ ["' * 20_000 + "}}",
    "unclosed ranges": "{{ " + "(" * 60_000 + " }}",
    "blanks without end": "{{ " + " " * 200_000 + "| }}",
    "many outputs": "{{ x }}" * 400_000,
    "many tags in a text": "{{ s | strip_html | nosuch }}",
    "quadratic uniq": "{{ (1..100000) | uniq | size }}{{ x | nosuch }}",
    "looking through a list again and again": "{% for i in (1..10000) %}{% if list contains 'y' %}{% endif %}"
    "{% endfor %}",
    "looking through a text again and again": "{% for i in (1..100000) %}{% if long contains 'y' %}{% endif %}"
    "{% endfor %}",
    "looking for a text in a text": "{% for i in (1..100000) %}{% if long contains other %}{% endif %}{% endfor %}",
    "comparing texts again and again": "{% for i in (1..100000) %}{% if long == other %}{% endif %}{% endfor %}",
    "ordering texts again and again": "{% for i in (1..100000) %}{% if long < other %}{% endif %}{% endfor %}",
    "comparing lists again and again": "{% for i in (1..100000) %}{% if list == again %}{% endif %}{% endfor %}",
    "matching lists again and again": "{% for i in (1..100000) %}{% case list %}{% when again %}{% endcase %}"
    "{% endfor %}",
    "blanks that look blank again and again": "{% assign w = ' ' %}{% for i in (1..22) %}"
    "{% assign w = w | append: w %}{% endfor %}{% for i in (1..100000) %}{% if w == blank %}{% endif %}{% endfor %}",
    "listing a mapping again and again": "{% for i in (1..10000) %}{% for j in wide limit: 1 %}{% endfor %}"
    "{% endfor %}",
    "listing parts of a mapping": "{% for i in (1..10000) %}{% for j in wide limit: 1 offset: 5 %}{% endfor %}"
    "{% endfor %}",
    "a table of a mapping": "{% for i in (1..10000) %}{% tablerow j in wide limit: 1 %}{% endtablerow %}{% endfor %}",
    "a list that holds itself": "{{ cycle | json }}",
    "a mapping that holds itself": "{{ wheel | json }}",
    "a decimal beyond counting, rounded": "{{ vast | ceil }}{{ vast | floor }}{{ vast | round }}",
    "a range to a decimal beyond counting": "{% for i in (1..vast) %}{% endfor %}",
    "a cut beyond counting": "{{ x | slice: vast, vast }}",
    "a date in a long text": "{{ long | date: '%Y' }}{{ x | nosuch }}",
    "a limit beyond counting": "{% for i in (1..5) limit: vast %}{{ i }}{% endfor %}",
    "a start beyond counting": "{% for i in (1..5) offset: vast %}{{ i }}{% endfor %}",
    "columns beyond counting": "{% tablerow i in (1..5) cols: vast %}{% endtablerow %}",
    "a decimal beyond counting in a script": "<script>var a = {{ vast }};</script>",
    "a number of many digits": "{{ '" + "9" * 100_000 + "' | plus: 1 }}",
}
HARMLESS = {
    "slicing beyond all bounds",  # gives an empty text at once
    "a decimal beyond counting in a script",  # gives null at once
}
PARTIALS = {
    "self": "{% render 'self' %}{% render 'self' %}",
    "again": "{% include 'again' %}{% include 'again' %}",
    "wide": "{% for a in (1..3000) %}{% render 'wider' %}{% endfor %}",
    "wider": "{% for a in (1..3000) %}{{ a }}{% endfor %}",
}


def data() -> dict[str, Any]:
    cycle: list[Any] = []
    cycle.append(cycle)
    wheel: dict[str, Any] = {}
    wheel["wheel"] = wheel
    return {
        "s": "<" * 200_000,
        "x": "x",
        "long": "x" * 8_000_000,
        "other": "x" * 7_999_999 + "y",
        "list": list(range(100_000)),
        "again": list(range(100_000)),
        "wide": {f"k{number}": number for number in range(200_000)},
        "cycle": cycle,
        "wheel": wheel,
        "vast": Decimal("1E+999999"),
    }


def attempt(name: str) -> str:
    """What a template ends in: the name and code of an error, or "text"."""
    try:
        Template.from_string(TEMPLATES[name], partials=PARTIALS).render(data())
    except TemplateError as problem:
        return f"{type(problem).__name__} {problem.diagnostics[0].code}"
    return "text"


def limited(name: str) -> str:
    """The same in a process of its own, under limits of time and memory."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        try:
            result = attempt(name)
        except BaseException as problem:  # noqa: BLE001  # that is what is looked for
            result = f"leaked {type(problem).__name__}"
        os.write(writer, result.encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    result = os.read(reader, 200).decode()
    os.close(reader)
    return result or f"killed by signal {status}"


def main() -> None:
    """Print what each template ends in."""
    import mailweave.liquid  # noqa: F401  # once, before the children

    for name in TEMPLATES:
        print(f"{name}: {limited(name)}", flush=True)


if __name__ == "__main__":
    main()
