"""What the commands of `mailweave data` share: options, the mapping, the instant, keys, how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from mailweave.cli.findings import fail, report
from mailweave.cli.recipient import moment
from mailweave.diagnostics import Diagnostic, MailweaveError

if TYPE_CHECKING:
    from mailweave.data.erasing import Holdings
    from mailweave.data.mapping import DataMapping
    from mailweave.data.pseudonyms import Pseudonyms

_F = TypeVar("_F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


def export_options(command: _F) -> _F:
    """The mapping, the table of it, keys of pseudonyms."""
    options = (
        click.argument("mapping", type=PATH, metavar="MAPPING"),
        click.option(
            "--event", default="", metavar="TYPE", help="The table [event.TYPE]; recipients without it."
        ),
        click.option(
            "--keys", type=PATH, metavar="FILE", help="Keys of pseudonyms; else MAILWEAVE_DATA_KEYS."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def now_option(command: _F) -> _F:
    """The option `--now`."""
    return click.option("--now", metavar="ISO", help="The instant that counts; else the command's start.")(
        command
    )


def mapping_option(command: _F) -> _F:
    """The option `--mapping`, with the file that is meant without it."""
    option = click.option(
        "--mapping",
        type=PATH,
        default=Path("data.toml"),
        show_default=True,
        metavar="FILE",
        help="The mapping.",
    )
    return option(command)


def run(work: Callable[[], Iterable[Diagnostic]]) -> NoReturn:
    """Ends the command with what was found, or with why it could not be done."""
    try:
        found = work()
    except MailweaveError as error:
        fail(error.diagnostics)
    raise SystemExit(report(found, err=True))


def mapping_in(mapping: Path) -> DataMapping:
    """The mapping in a file."""
    from mailweave.data.mapping import read_mapping

    return read_mapping(mapping)


def holdings_of(mapping: Path) -> Holdings:
    """Everything in which personal data lie, by a mapping."""
    from mailweave.data.erasing import Holdings

    return Holdings(mapping_in(mapping))


def instant(now: str | None) -> datetime:
    """The instant that somebody said, else the clock: the one look at it."""
    return moment(now) or datetime.now(UTC)


def keys_in(file: Path | None) -> Pseudonyms | None:
    """Keys of pseudonyms; None where none are named."""
    from mailweave.data.pseudonyms import Pseudonyms

    return None if file is None else Pseudonyms.given(file)


def named(key: str, pseudonym: str | None, keys: Path | None) -> str:
    """A key, or the pseudonym of a name."""
    from mailweave.data.pseudonyms import Pseudonyms

    return key if pseudonym is None else Pseudonyms.given(keys).of(key, pseudonym)


def write(path: Path, told: Any) -> None:
    """A new file with a JSON value, which only its owner reads."""
    from mailweave.data.files import appearing, end, private

    with appearing(path) as (made,):
        file = private(made)
        file.write((json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
        end(file)
