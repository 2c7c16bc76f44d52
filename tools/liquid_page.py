"""docs/liquid.md: how our Liquid is run, and where it differs from python-liquid."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "liquid"

PROSE = """\
# Liquid

Written by `make docs`; the tables come from `differences.toml` and `divergences.toml` in `fixtures/liquid`,
which the tests run.

Templates are Liquid as Shopify's Ruby library reads it. [python-liquid](https://pypi.org/project/python-liquid/)
parses them. Its tree is transformed once: each output gets the escaper of the place in the HTML where it
stands, each loop and filter its price. Two runners run that one tree: a generated Python function, and the
interpreter. What the function cannot answer exactly it leaves to the interpreter, whose answer, or error with
its place, stands. `Template.deopts` counts that; on the stock blocks and the benchmark it is 0.
`Template.interpreted` and `TemplatePair.note` hold a note (MW421, MW422) for what cannot be compiled, or not in
one walk with its text; `mailweave check` shows them, and `Campaign.fallbacks` counts what was rendered so.

## Options

A campaign sets these itself. For a text alone they are arguments of `Template.from_string`:

    >>> from mailweave.liquid import Template
    >>> Template.from_string("Hi {{ name }}!", escape="text").render({"name": "Jo & Ann"})
    'Hi Jo & Ann!'

- `escape`: `"html"` escapes for the place of each output; `"text"` is for plain text: control characters are
  left out, and `{{`, `{%` and `<%` in values get a space, so that no second templating pass acts on them; a value
  within an address (`https://shop.example/?q={{ v }}`, `<{{ url }}>`) is percent-encoded as in a link of HTML;
  `"none"` writes values as they are.
- `constants`: values that are the same for all recipients. They are worked into the code; data cannot
  change them.
- `undefined`: what a missing name is. `"lenient"`: nil, written as nothing. `"strict"`: an error wherever it is
  read. `"default"`: an error unless it is tested in a condition or is the value of `| default:`.
- `mode`: `"strict2"` refuses what Ruby's strict2 mode refuses, each with its place; `"lenient"` is what stands
  below. A campaign says `liquid = "strict2"` in campaign.toml.
- `filters`: more filters, pure functions by name. Their results for texts and whole numbers are remembered.
  What one raises is an error (MW423) with its file, line and filter; it is not called a second time.
- `partials`: texts for `include` and `render`; a missing one is found when the template is compiled.
- `budget`: `steps`, `output` and `allocation` of one render, `source` and `nodes` of one text. What exceeds it
  ends in `BudgetExceeded` for that recipient, and for nobody else.

## Data

Values are plain: text, numbers (also Decimal), true, false, nil, lists, mappings, dates. Anything else is
refused when it is used. A `__html__` method means nothing; `safe` has effect only where `trusted` is set.
`now` and `today` are what the caller passed to `render`, and missing when nothing was passed. Instants are
shown in the zone of `campaign.timezone`, else in that of `now`; a date without a zone is not moved.

Dates in figures alone are read with the day before the month, as Ruby reads them, unless the year comes first:
`3/4/2016` is the 3rd of April, `2016-04-03` as well, and `11/13/2024` is none. So one column has one reading.
Zones are kept when they are a distance from UTC (`+0200`) or a name of RFC 5322 (`EST`, `PDT`); other names are
passed over.

## Merchants' habits

Parentheses in conditions group. `{{ ${name} }}` (Braze), `{{#if}}` (Handlebars) and the like are named for
what they are. A stray `)`, `..` in a path and an unclosed tag are errors with a place and help.

## Where ours differs from Ruby

Shopify's Liquid 5.13 is the authority. `fixtures/liquid/corpus.jsonl` holds cases that a seeded generator drew
from the grammar, with Ruby's answers (`python -m tests.liquid.corpus` remakes them where Ruby's Liquid is); each
comes out as there, or for one of these reasons.

{DIFFERENCES}
## Where ours differs from python-liquid

Ours gives what Ruby gives, unless the last column says otherwise.

| what | template | ours | python-liquid | and Ruby |
| --- | --- | --- | --- | --- |
"""

LONGEST = 300  # characters of an example

MISSES = """
Of the 1,054 cases of Golden Liquid, 1,052 hold. `tags, case, unexpected when token` asks that what stands behind
the values of `when` be dropped; the case `..., strict2` asks, for the same text, that it be an error. `filters,
reject, first argument is undefined` asks for nothing where Ruby's error is lost in an `assign`. An error is the
safer of the two, both times.
"""


def page() -> str:
    """The whole page."""
    prose = PROSE.replace("{DIFFERENCES}", _differences())
    rows = []
    for one in _read("divergences.toml")["divergence"]:
        cells = (_example(one), _code(one["ours"]), _code(one["theirs"]), one.get("instead", ""))
        rows.append(f"| {one['what']} | " + " | ".join(cells) + " |")
    return prose + "\n".join(rows) + "\n" + MISSES


def _differences() -> str:
    rows = ["| what | why | template | ours | Ruby |", "| --- | --- | --- | --- | --- |"]
    for what, one in {one["what"]: one for one in _read("differences.toml")["difference"]}.items():
        ours = "an error" if one["ours"] == "error" else _code(one["ours"])
        ruby = (
            "an error" if one.get("ruby") == "error" else _code(one["ruby"]) if "ruby" in one else "(a clock)"
        )
        rows.append(f"| {what} | {one['why']} | {_example(one)} | {ours} | {ruby} |")
    return "\n".join(rows) + "\n"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _example(one: dict[str, Any]) -> str:
    text = one["template"]
    return _code(text if len(text) <= LONGEST else f"{text[:60]} ...") + (
        f" with `{one['data']}`" if "data" in one else ""
    )


def _code(text: str) -> str:
    shown = text.replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`" if shown else "(nothing)"
