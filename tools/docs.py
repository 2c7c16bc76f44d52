"""python tools/docs.py [--check]: write the pages that a program can write, or fail when one is stale."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailweave.lint import rules as lint_rules

if TYPE_CHECKING:
    import click

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "fixtures" / "errors"


def errors() -> str:
    """docs/errors.md, from the table of codes."""
    from mailweave.diagnostics import TABLE

    rows = [
        "# Every finding",
        "",
        "Written by `make docs` from the table of codes. "
        "Errors and warnings make a check fail; notes do not.",
    ]
    for code in TABLE.values():
        rows += ["", f'<a id="{code.id.lower()}"></a>', "", f"## {code.id} {code.name}"]
        told = (
            f"*{code.severity.value}*: {code.message}",
            code.why,
            code.help and f"What to do: {code.help}.",
        )
        for paragraph in filter(None, told):
            rows += ["", _wrapped(paragraph)]
        rows += _example(code.id)
    return "\n".join(rows) + "\n"


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, 100, break_long_words=False, break_on_hyphens=False)


def _example(code: str) -> list[str]:
    """What the author reads in the first golden example of a code; a test runs them all."""
    answers = (path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob(f"{code}-*.txt")))
    told = (
        each for answer in answers for each in answer.split("\n\n") if f"[{code}]" in each.partition(":")[0]
    )
    shown = next((each for each in told if "```" not in each), None)
    return [] if shown is None else ["", "For example:", "", "```", shown.rstrip(), "```"]


def cli() -> str:
    """docs/cli.md, from --help."""
    import click

    from mailweave.cli import group
    from mailweave.cli.verbs import VERBS

    rows = ["# The command line", "", "Written by `make docs` from `--help`.", *_help(group, "mailweave")]
    context = click.Context(group)
    for verb in VERBS:
        command = group.get_command(context, verb)
        assert command is not None
        rows += _help(command, f"mailweave {verb}")
    return "\n".join(rows) + "\n"


def _help(command: click.Command, name: str) -> list[str]:
    import click

    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    return ["", f"## {name}", "", "```", command.get_help(context).rstrip(), "```"]


def blocks() -> str:
    """docs/blocks.md, from the stock blocks."""
    import block_pages

    return block_pages.blocks()


def filters() -> str:
    """docs/filters.md, from the filters' docstrings."""
    from mailweave.liquid.filters.documentation import page

    return page()


def liquid() -> str:
    """docs/liquid.md: options, data, and where our Liquid differs from python-liquid."""
    from liquid_page import page

    return page()


def skill() -> str:
    """docs/skill.md: the language on one page, for agents."""
    from mailweave.mcp_server.skill import page

    return page()


def delivery() -> str:
    """docs/delivery.md: its tables; the text around them is written by hand."""
    from delivery_page import page

    return page()


def grammar() -> str:
    """docs/grammar.ebnf, from the grammar of the rule language."""
    from ebnf import ebnf

    from mailweave.rules import tables

    return ebnf(tables.grammar_text())


def parser_tables() -> str:
    """grammar/rules.tables.json, worked out anew when the grammar or Lark has changed."""
    from mailweave.rules import tables

    text, ready = tables.grammar_text(), tables.stored()
    if ready is not None and ready["digest"] == tables.digest(text):
        return (ROOT / "grammar" / "rules.tables.json").read_text(encoding="utf-8")
    return tables.written(text)


def explanation_schema() -> str:
    """docs/explanation.schema.json, from the model of an explanation."""
    from mailweave.decisions.explanation.explanation import json_schema

    return json_schema()


def rule(name: str) -> str:
    """A page of docs/lint, from the docstring of a rule."""
    import importlib

    text = importlib.import_module(f"mailweave.lint.rules.{name}").__doc__ or ""
    return text.strip() + "\n"


def rules() -> str:
    """docs/lint/index.md: how rules are chosen, and all of them by family."""
    from mailweave import lint
    from mailweave.diagnostics import TABLE

    lines = [(lint.__doc__ or "").strip(), "", "## The rules", ""]
    for family in dict.fromkeys(rule.family for rule in lint.RULES):
        lines += [
            f"### {family.capitalize()}",
            "",
            "| code | name | severity | mended by |",
            "| --- | --- | --- | --- |",
        ]
        for one in lint.RULES:
            if one.family == family:
                code = TABLE[one.code]
                mends = {"": "", "safe": "`--fix`", "unsafe": "`--unsafe-fixes`"}[one.fix]
                page = lint_rules.page_of(one)
                lines.append(f"| [{one.code}]({page}.md) | {code.name} | {code.severity.value} | {mends} |")
        lines.append("")
    return "\n".join(lines)


def purchase_curve() -> str:
    """docs/cdnow.svg, from a model of the CDNOW customers."""
    from purchase_curve import picture

    return picture()


PAGES: dict[str, Callable[[], str]] = {
    "grammar/rules.tables.json": parser_tables,
    "docs/grammar.ebnf": grammar,
    "docs/filters.md": filters,
    "docs/liquid.md": liquid,
    "docs/errors.md": errors,
    "docs/cli.md": cli,
    "docs/blocks.md": blocks,
    "docs/delivery.md": delivery,
    "docs/skill.md": skill,
    "docs/explanation.schema.json": explanation_schema,
    "docs/cdnow.svg": purchase_curve,
    "docs/lint/index.md": rules,
    **{f"docs/lint/{name}.md": partial(rule, name) for name in lint_rules.modules()},
}


def main(arguments: list[str]) -> int:
    stale = []
    for name, write in PAGES.items():
        path, text = ROOT / name, write()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        print("stale, run `make docs`: " + ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
