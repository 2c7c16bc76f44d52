"""mailweave new: a campaign to begin with."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click

from mailweave.cli.findings import fail
from mailweave.diagnostics import MailweaveError
from mailweave.scaffold.examples import EXAMPLES, START, Files, example_files
from mailweave.scaffold.folders import is_campaign_name, is_free, write_folder

_TOLD: Final = (  # what the files of a campaign are for, by how they begin or end
    ("campaign.toml", "the settings, and what each block shows"),
    (".rules", "who gets what, with examples that are tests"),
    ("blocks/", "blocks of its own"),
    ("recipients/", "customers to look at it with"),
    ("people.jsonl", "a list of made-up customers"),
    ("events.jsonl", "what they did"),
    ("stream.jsonl", "what happens meanwhile, for `mailweave trigger run`"),
    ("context.json", "catalogues and lookups"),
    ("pictures/", "its pictures, to be put on your server"),
)


@click.command(name="new")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
@click.option(
    "--example", type=click.Choice(list(EXAMPLES)), help=f"{'; '.join(map(': '.join, EXAMPLES.items()))}."
)
@click.option("--from", "people", metavar="LIST", help="Declare what this list holds: CSV, JSONL or Parquet.")
@click.option("--events", "happened", metavar="LIST", help="Declare its events, too.")
def command(folder: Path, example: str | None, people: str | None, happened: str | None) -> None:
    """Make a folder NAME with a campaign that works: settings, rules, a block, customers to look at it with.

    NAME may be a path, whose last part names the campaign. A folder that holds anything is never touched.

    docs/new.md says what is read of a list, and how to correct it.
    """
    if example is not None and people is not None:
        raise click.UsageError("an --example has its own list: give it, or --from")
    if happened is not None and people is None:
        raise click.UsageError("--events are those of a list: name it with --from")
    name = _name(folder)
    try:
        files = (
            example_files(example or START, name) if people is None else _of_list(folder, people, happened)
        )
        write_folder(folder, files)
    except MailweaveError as error:
        fail(error.diagnostics)
    for line in (*_made(folder, files), "", "next:", *_next(folder, files)):
        click.echo(line)


def _of_list(folder: Path, people: str, happened: str | None) -> Files:
    """The files of a campaign for a list."""
    from mailweave.batch.raw_rows import raw_rows
    from mailweave.scaffold.list_campaign import Lists, list_campaign
    from mailweave.scaffold.list_schema import list_schema

    events = None if happened is None else raw_rows(happened)
    schema = list_schema(raw_rows(people), events)
    return list_campaign(
        folder.name, schema, Lists(_from(folder, people), happened and _from(folder, happened))
    )


def _from(folder: Path, place: str) -> str:
    """A place as it is called in a folder; what is no path stays as it is."""
    return place if "://" in place else Path(os.path.relpath(place, folder)).as_posix()


def _name(folder: Path) -> str:
    """The name of the campaign. Ends the verb for one that cannot be, or whose folder is taken."""
    if not is_campaign_name(folder.name):
        raise click.UsageError(
            "a campaign is named with letters of ASCII, digits, - and _: mailweave new spring-sale"
        )
    if not is_free(folder):
        raise click.UsageError(f"{folder} is there already, and nothing is written over: choose another name")
    return folder.name


def _made(folder: Path, files: Iterable[str]) -> Iterator[str]:
    paths = list(files)
    yield f"{folder}: {len(paths)} files"
    shown = dict.fromkeys(path.partition("/")[0] + "/" * ("/" in path) for path in paths)
    for path in shown:
        yield f"  {path:<24}{_told(path)}".rstrip()


def _told(path: str) -> str:
    return next((said for sign, said in _TOLD if path.startswith(sign) or path.endswith(sign)), "")


def _next(folder: Path, files: Files) -> Iterator[str]:
    """What to type now, with paths as they were typed."""
    campaign = shlex.quote(str(folder))
    saved = next(path for path in files if path.startswith("recipients/"))
    person = shlex.quote(str(folder / saved))
    yield f"  mailweave check {campaign}"
    has_list = re.search(rb"^profiles = ", files["campaign.toml"], re.M) is not None
    look = f"segments {campaign}" if has_list else f"explain {campaign} --profile {person}"
    yield f"  mailweave {look}"
    yield f"  mailweave render {campaign} --profile {person}"
