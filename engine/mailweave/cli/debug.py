"""mailweave debug: what becomes of a template or a rule text on its way to Python."""

from __future__ import annotations

import ast
from pathlib import Path

import click

from mailweave.cli.files import STDIN, read
from mailweave.cli.findings import fail
from mailweave.cli.targets import rule_texts
from mailweave.diagnostics import MailweaveError


@click.command(name="debug")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--escape",
    type=click.Choice(["html", "text", "none"]),
    default="html",
    show_default=True,
    help="How the outputs of a template are escaped.",
)
@click.option("--passes", is_flag=True, help="Print the tree of a template, and what each pass makes of it.")
def command(file: str, escape: str, passes: bool) -> None:
    """Print the Python that a template or a rule FILE is compiled to, laid out to be read.

    A FILE that ends in .rules is one, and so is the rule text of a campaign; any other is a template.
    Of a template that is interpreted, it says why.
    """
    try:
        click.echo(
            _of_rules(file)
            if file != STDIN and _holds_rules(Path(file))
            else _of_template(file, escape, passes)
        )
    except MailweaveError as error:
        fail(error.diagnostics)


def _holds_rules(path: Path) -> bool:
    return path.suffix == ".rules" or path.is_dir()


def _of_rules(file: str) -> str:
    from mailweave.rules.compiler import checked_rules, compile_checked

    texts = rule_texts([Path(file)])
    if len(texts) != 1 or texts[0].source is None:
        raise click.UsageError(texts[0].fault or f"{file} holds {len(texts)} rule texts, and one is shown")
    return laid_out(compile_checked(checked_rules(texts[0].source)).generated.source)


def _of_template(file: str, escape: str, passes: bool) -> str:
    from mailweave.liquid import Template
    from mailweave.liquid.debug import stages

    source = read(file)
    template = Template.from_string(source, escape=escape, slots=_slots(source.text))  # type: ignore[arg-type]  # a Choice
    if template.interpreted is not None:
        fail([template.interpreted])
    if passes:
        return "\n".join(f"{name}\n    {text}" for name, text in stages(template))
    return laid_out(template.source)


def _slots(text: str) -> tuple[str, ...]:
    from mailweave.markup.pieces import slots

    return tuple(dict(slots(text)))


def laid_out(code: str) -> str:
    """Generated code with one statement a line.

    >>> print(laid_out("a = 1; b = 2"))
    a = 1
    b = 2
    """
    return ast.unparse(ast.parse(code))
