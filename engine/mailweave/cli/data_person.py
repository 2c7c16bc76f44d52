"""mailweave data erase, export: one person out of everything, or everything about one person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.data_options import (
    PATH,
    holdings_of,
    instant,
    mapping_option,
    named,
    now_option,
    run,
    write,
)
from mailweave.diagnostics import Diagnostic

if TYPE_CHECKING:
    from mailweave.data.erasing import Erased


@click.command(name="erase")
@click.argument("key", required=False)
@mapping_option
@click.option("--expired", is_flag=True, help="Erase what is older than it may be kept, of everybody.")
@click.option("--pseudonym", metavar="ID", help="KEY is a name: its pseudonym under this key is meant.")
@click.option("--keys", type=PATH, metavar="FILE", help="Keys of pseudonyms; else MAILWEAVE_DATA_KEYS.")
@now_option
def erase(
    key: str | None, mapping: Path, expired: bool, pseudonym: str | None, keys: Path | None, now: str | None
) -> None:
    """Destroy everything about the person of KEY, or with --expired what is older than `keep`.

    Consents go with their salts, and the chain still verifies; so do the rows of all lists in `held` of the mapping, and
    the merged lines of their logs, which no --undo can give back from then on.

    \b
    mailweave data erase 00042
    mailweave data erase --expired --now 2026-12-01T00:00Z
    """
    if (key is None) == (not expired):
        raise click.UsageError("say KEY, or --expired")
    from mailweave.data import erasing

    def work() -> tuple[Diagnostic, ...]:
        holdings = holdings_of(mapping)
        if key is None:
            found = erasing.erase_expired(holdings, instant(now))
        else:
            found = erasing.erase(holdings, named(key, pseudonym, keys), instant(now))
        _tell_erased(found)
        return holdings.diagnostics

    run(work)


def _tell_erased(found: Erased) -> None:
    click.echo(f"{found.consents:,} consents erased")
    for one in found.files:
        click.echo(f"{one.erased:,} lines of {one.path} erased")


@click.command(name="export")
@click.argument("key")
@mapping_option
@click.option("--out", type=PATH, metavar="FILE", help="A new file; else it is printed.")
@click.option("--pseudonym", metavar="ID", help="KEY is a name: its pseudonym under this key is meant.")
@click.option("--keys", type=PATH, metavar="FILE", help="Keys of pseudonyms; else MAILWEAVE_DATA_KEYS.")
@now_option
def export(
    key: str, mapping: Path, out: Path | None, pseudonym: str | None, keys: Path | None, now: str | None
) -> None:
    """Print everything that is held about the person of KEY, as JSON: consents, and rows of all lists in `held`."""
    from mailweave.data.person_export import held_about

    def work() -> tuple[Diagnostic, ...]:
        holdings = holdings_of(mapping)
        found = held_about(holdings, named(key, pseudonym, keys), instant(now))
        if out is None:
            click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            write(out, found)
        return holdings.diagnostics

    run(work)
