"""docs/liquid.md: how our Liquid is run, and where it differs from python-liquid."""

from __future__ import annotations

import tomllib
from pathlib import Path

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "liquid" / "divergences.toml"

PROSE = """\
# Liquid

Written by `make docs`; the table comes from `fixtures/liquid/divergences.toml`, which the tests run.

Templates are Liquid as Shopify's Ruby library reads it. [python-liquid](https://pypi.org/project/python-liquid/)
parses them. Its tree is transformed once: each output gets the escaper of the place in the HTML where it
stands, each loop and filter its price. Two runners run that one tree: a generated Python function, and the
interpreter. What the function cannot answer exactly it leaves to the interpreter, whose answer, or error with
its place, stands. `Template.deopts` counts that; on the stock blocks and the benchmark it is 0.

## Options

- `escape`: `"html"` escapes for the place of each output; `"text"` is for plain text: control characters are
  left out, and `{{`, `{%` and `<%` in values get a space, so that no second templating pass acts on them;
  `"none"` writes values as they are.
- `constants`: values that are the same for all recipients. They are worked into the code; data cannot
  change them.
- `undefined`: what a missing name is. `"lenient"`: nil, written as nothing. `"strict"`: an error wherever it is
  read. `"default"`: an error unless it is tested in a condition or is the value of `| default:`.
- `dialect`: `"mailweave"` is this page. `"python-liquid"` with `escape="none"` gives that library's results
  to the byte, its errors included; only the filters that are dangerous have a price there too. It reads the
  clock where python-liquid does (`"10:30" | date`); ours never does.
- `filters`: more filters, pure functions by name. Their results for texts and whole numbers are remembered.
- `partials`: texts for `include` and `render`; a missing one is found when the template is compiled.
- `budget`: `steps`, `output` and `allocation` of one render, `source` and `nodes` of one text. What exceeds it
  ends in `BudgetExceeded` for that recipient, and for nobody else.

## Data

Values are plain: text, numbers (also Decimal), true, false, nil, lists, mappings, dates. Anything else is
refused when it is used. A `__html__` method means nothing; `safe` has effect only where `trusted` is set.
`now` and `today` are what the caller passed to `render`, and missing when nothing was passed. Instants are
shown in the zone of `campaign.timezone`, else in that of `now`; a date without a zone is not moved.

## Merchants' habits

Parentheses in conditions group. `{{ ${name} }}` (Braze), `{{#if}}` (Handlebars) and the like are named for
what they are. A stray `)`, `..` in a path and an unclosed tag are errors with a place and help.

## Where ours differs from python-liquid

Ours gives what Ruby gives, unless the last column says otherwise.

| what | template | ours | python-liquid | and Ruby |
| --- | --- | --- | --- | --- |
"""

MISSES = """
Of the 1,054 cases of Golden Liquid, 1,053 hold. The one that does not, `tags, case, unexpected when token`, asks
that what stands behind the values of `when` be dropped; the case `..., strict2` asks, for the same text, that it
be an error. An error is the safer of the two.
"""


def page() -> str:
    """The whole page."""
    rows = []
    for one in tomllib.loads(FIXTURE.read_text(encoding="utf-8"))["divergence"]:
        data = f" with `{one['data']}`" if "data" in one else ""
        cells = (
            _code(one["template"]) + data,
            _code(one["ours"]),
            _code(one["theirs"]),
            one.get("instead", ""),
        )
        rows.append(f"| {one['what']} | " + " | ".join(cells) + " |")
    return PROSE + "\n".join(rows) + "\n" + MISSES


def _code(text: str) -> str:
    shown = text.replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`" if shown else "(nothing)"
