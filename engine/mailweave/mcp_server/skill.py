"""The page that teaches an agent the language: made of what the engine knows of itself, so that it is never stale."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from importlib.resources import files

from mailweave.content.catalog import Catalog
from mailweave.glossary import meanings
from mailweave.liquid.filters.catalog import GROUPS
from mailweave.liquid.filters.documentation import summary
from mailweave.rules.scanner import STATEMENTS

CONDITIONS = (
    ("orders >= 3 and not club", "comparisons, `and or not`; nothing converts by itself"),
    ("country in (US, CA)", "one of some constants; members of an enum are bare words"),
    ("spent between 10 USD and 50 USD", "both ends included; money has a currency"),
    ("country is known", "never unknown itself"),
    ('tags contains any ("jazz", "folk")', "of a set"),
    ('name matches "A*"', "the whole text; `*` any signs, `?` one"),
    ("signup in last 7 days", "an exact window; `in last 7 calendar days` counts whole local days"),
    ("anniversary of birthday in next 7 calendar days", "dates know calendar windows only"),
    ("click in last 30 days", "at least one event"),
    ("no click in last 30 days", "none"),
    ("count(open in last 14 days where not machine) >= 3", "also `sum avg min max first last distinct`"),
    ("time since last(purchase) > 60 days", "how long ago"),
    ("sum(cart.price where qty >= 1) > 30 USD", "over the records of a list"),
    ("consent.marketing", "not recorded is not given"),
    ("score.churn > 0.5", "a score from outside"),
    ('stock("CD-1") > 0', "a lookup by its key"),
)
"""Conditions with what they mean; a test parses each."""

_START = """\
A campaign is a folder: `campaign.toml` (settings, and what stands behind each block), `*.rules` (who is who, and who gets
what), perhaps `layout.html`, `blocks/NAME/block.toml` with `block.html`, `snippets/`, `recipients/*.json` to try with.
Rules choose blocks; Liquid in blocks and settings says what they show; the engine inlines CSS and writes HTML, AMP, plain
text."""

_WAY = (
    "Change a file, then `check` (or `check` with `unsaved` before you save): mend the first finding first. A finding has "
    "`file`, `line`, `message`, `help`, and a `fix` where one is known: offsets of characters and the text for them. "
    "`sure: false` is a guess.",
    "`test` runs the examples in the rules. Write one for each thing that the author asked for.",
    "`cover` makes up recipients who get everything; `render` each and read the subject and the text; `explain` says why.",
    "`prove` finds what no example shows: people who fall through, rows that nobody reaches.",
)

_TRAPS = (
    "A missing value makes a condition unknown, and whoever it is unknown for is in no segment: neither `country == US` "
    "nor `country != US` holds without a country. Say `country is unknown or ..` where they are meant.",
    "A required attribute that is missing is bad data, and its recipient gets no mail: `?` or `= default` where it may be.",
    "`profile.x` is for templates; in rules names are bare.",
    "A window longer than `keep` of its event is refused: absence of evidence is no evidence.",
    "`skip` must never be unknown; ask with `is known`.",
    "An unknown name is always an error, in rules, settings and templates. There is no `else` that swallows it.",
    "Every mail needs the unsubscribe link and the postal address: the stock `footer` has both.",
    "Values are escaped for the place where they stand; `safe` works in blocks that say `trusted = true` alone.",
)


def page() -> str:
    """The page, as Markdown."""
    heads = {word.split()[0] for word in STATEMENTS}
    parts = [
        "# The language of mailweave, for agents",
        "Written by `make docs` from the engine's own tables; `mailweave mcp --skill` prints it.",
        _wrapped(_START),
        "## How to work",
        _listed(_WAY, numbered=True),
        "## A whole campaign",
        _fenced("toml", _example("example.toml")),
        _fenced("rules", _example("example.rules")),
        "## Conditions",
        "\n".join(_conditions()),
        "## Traps",
        _listed(_TRAPS),
        "## Statements",
        _defined({word: meanings("rules")[word.split()[0]] for word in STATEMENTS}),
        "## Types",
        _defined(meanings("types")),
        "## Other words of the rules",
        _defined({word: said for word, said in meanings("rules").items() if word not in heads}),
        "## campaign.toml",
        _defined({key: said for key, said in meanings("settings").items() if "." not in key}),
        "## Liquid: data",
        _defined(meanings("data")),
        "## Liquid: tags",
        _defined(meanings("tags")),
        "## Liquid: filters",
        _defined({one.name: summary(one) for group in GROUPS.values() for one in group}),
        "## Stock blocks and their inputs",
        _listed(_blocks()),
    ]
    return "\n\n".join(parts) + "\n"


def _example(name: str) -> str:
    return (files("mailweave.mcp_server") / name).read_text(encoding="utf-8")


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _conditions() -> Iterator[str]:
    yield from ("| written | means |", "| --- | --- |")
    yield from (f"| `{written}` | {means} |" for written, means in CONDITIONS)


def _defined(words: Mapping[str, str]) -> str:
    return _listed(f"`{word}`: {said}" for word, said in words.items())


def _blocks() -> Iterator[str]:
    catalog = Catalog()
    for name in catalog.names():
        block, _ = catalog.block(name)
        if block is not None:
            inputs = ", ".join(f"`{one}` {spec.type}" for one, spec in block.spec.inputs.items())
            yield f"`{name}`: {block.spec.doc} Inputs: {inputs or 'none'}."


def _listed(lines: Iterator[str] | tuple[str, ...], *, numbered: bool = False) -> str:
    marks = (f"{number}. " if numbered else "- " for number in range(1, 1_000))
    return "\n".join(_wrapped(line, mark) for mark, line in zip(marks, lines, strict=False))


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        100,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
