"""mailweave text FILE: the plain text of an HTML template, as a template."""

from __future__ import annotations

import click

from mailweave.cli.files import beside, bounded, read, write
from mailweave.cli.findings import format_option, report


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=str))
@format_option
def command(file: str, form: str) -> None:
    """Derive the plain text of FILE, any HTML or Liquid template ('-': standard input), and keep its Liquid.

    The text template goes to standard output, findings to standard error. Exit code 1 when content would be
    lost.
    """
    from mailweave.content.inliner import inline_once
    from mailweave.message.navigation import unmarked
    from mailweave.message.plaintext import text_template

    source = read(file)
    bounded(source)
    derived = text_template(inline_once(source, resolve=beside(file)).source, fragment=False)
    write(unmarked(derived.source))
    raise SystemExit(report(derived.diagnostics, form, err=True))
