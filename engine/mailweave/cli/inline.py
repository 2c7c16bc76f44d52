"""mailweave inline FILE: CSS inlined into a template that keeps its Liquid."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli.files import beside, read, write
from mailweave.cli.findings import format_option, report


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=str))
@click.option(
    "--css",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A stylesheet that comes after those in FILE.",
)
@format_option
def command(file: str, css: Path | None, form: str) -> None:
    """Inline the CSS of FILE, any HTML or Liquid template ('-': standard input), and keep its Liquid.

    The template goes to standard output, hazards to standard error. Exit code 1 when the result is not exact:
    then the template is written as it came, to be inlined per recipient. Stylesheets are read from the folder
    of FILE and from nowhere else.
    """
    from mailweave.content.inliner import inline_once

    styles = css.read_text(encoding="utf-8") if css else ""
    done = inline_once(read(file), styles, resolve=beside(file))
    write(done.source)
    report(done.hazards, form, err=True)
    raise SystemExit(0 if done.exact else 1)
