"""mailweave inline FILE: CSS inlined into a template that keeps its Liquid."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli.files import beside, bounded, lf, read, text, write
from mailweave.cli.findings import fail, format_option, report
from mailweave.source import Source


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

    styles, found = text(css) if css else ("", ())
    if styles is None:
        fail(found)
    source, sheet = read(file), Source(str(css or "<css>"), lf(styles))
    bounded(source, sheet)
    done = inline_once(source, sheet, resolve=beside(file))
    write(done.source)
    report(done.diagnostics, form, err=True)
    raise SystemExit(0 if done.exact else 1)
