"""mailweave convert: a template of another system becomes a campaign."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import click

from mailweave.cli.files import lf, text
from mailweave.cli.findings import fail, format_option, report
from mailweave.diagnostics import Diagnostic, MailweaveError, ordered
from mailweave.migrate.compiled import uncompiled
from mailweave.migrate.convert import Campaign, convert
from mailweave.migrate.html.campaign import convert_html
from mailweave.migrate.mjml.campaign import convert_mjml
from mailweave.migrate.places import read_map
from mailweave.migrate.run import DIALECTS
from mailweave.migrate.sample import read_sample
from mailweave.mjml.engine import require_engine
from mailweave.root import Root
from mailweave.scaffold.folders import is_campaign_name, is_free, write_folder
from mailweave.source import Source

HTML, MJML = "html", "mjml"
_LARGEST = 10_000_000  # bytes of a file that MJML includes


@click.command(name="convert")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "dialect",
    type=click.Choice([HTML, MJML, *DIALECTS]),
    required=True,
    help="What FILE is written in.",
)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), required=True, help="A folder that is new, or empty."
)
@click.option(
    "--map", "given", type=click.Path(path_type=Path), help="Where paths of the old data are here, as TOML."
)
@click.option(
    "--data", type=click.Path(path_type=Path), help="One recipient as the old system had them, as JSON."
)
@format_option
def command(file: Path, dialect: str, folder: Path, given: Path | None, data: Path | None, form: str) -> None:
    """Make a campaign of a template of another system, or of a mail in HTML or MJML.

    It has Liquid, rules with the attributes that are read, settings, and blocks whose words are inputs for HTML and
    MJML, which stays MJML.

    What has no equal stays as a comment in its place, and is told with its line. docs/convert.md has the tables.

    Exit 0 where the campaign compiles and nothing is to be looked at but notes; 1 where something is, and where
    nothing could be written.
    """
    _check(folder)
    try:
        made = _made(_source(file), file, dialect, folder.name, given, data)
        write_folder(folder, made.files)
    except MailweaveError as error:
        fail(error.diagnostics)
    told = ordered([*made.told, *uncompiled(folder, made)])
    code = report(told, form)
    if form == "text":
        _tell(folder, len(made.files), told)
    raise SystemExit(code)


def _made(
    source: Source, file: Path, dialect: str, name: str, given: Path | None, data: Path | None
) -> Campaign:
    if dialect not in (HTML, MJML):
        return convert(source, dialect, name, given=read_map(given), sample=read_sample(data))
    if given is not None or data is not None:
        raise click.UsageError(f"--map and --data are of templates; {dialect.upper()} reads no data")
    if dialect == HTML:
        return convert_html(source, name)
    require_engine(source)
    return convert_mjml(source, file.name, name, _beside(file))


def _beside(file: Path) -> Callable[[str], Source]:
    """Reads the files of the folder that a file lies in."""
    root = Root(file.absolute().parent)
    return lambda path: Source((file.parent / path).as_posix(), root.text(path, _LARGEST))


def _source(file: Path) -> Source:
    content, found = text(file)
    if content is None:
        raise MailweaveError(found)
    return Source(file.as_posix(), lf(content.removeprefix("\ufeff")))


def _check(folder: Path) -> None:
    if not is_campaign_name(folder.name):
        raise click.UsageError(
            "a campaign is named with letters of ASCII, digits, - and _: --out spring-sale"
        )
    if not is_free(folder):
        raise click.UsageError(f"{folder} is there already, and nothing is written over: choose another name")


def _tell(folder: Path, files: int, told: tuple[Diagnostic, ...]) -> None:
    click.echo(f"{folder}: {files} files; {len(told)} things to look at")
    click.echo(f"next: mailweave check {shlex.quote(str(folder))}")
