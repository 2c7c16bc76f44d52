"""mailweave data: exports into lists, doubles merged, consents on record, one person erased or told all."""

from __future__ import annotations

import click

from mailweave.cli.data_consent import consent
from mailweave.cli.data_lists import check, dedupe, load
from mailweave.cli.data_person import erase, export


@click.group(name="data")
def command() -> None:
    """Make lists of exports, merge doubles, keep consents, erase and export one person.

    All of it is said in data.toml; docs/clean-data.md has the whole of it. Nothing of a person is printed, but by `export`.
    """


for _one in (check, load, dedupe, consent, erase, export):
    command.add_command(_one)
