"""mailweave cover: few made-up recipients who together get everything that anybody can get."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.findings import fail
from mailweave.cli.recipient import moment
from mailweave.cli.targets import rule_texts
from mailweave.decisions import compile_decisions
from mailweave.diagnostics import RuleError, diagnose

if TYPE_CHECKING:
    from mailweave.prove.cover import Cover, Shown

_LONGEST = 100


@click.command(name="cover")
@click.argument("campaign", metavar="CAMPAIGN|FILE", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", help="Where the recipients go, one JSON file each.")
@click.option("--now", metavar="ISO", help="The moment of the decisions.")
def command(campaign: Path, out: str, now: str | None) -> None:
    """Write few made-up recipients who get every block, arm of an experiment and branch that anybody can get.

    Branches are those of the templates that stand in the campaign's folder. Each file is named by what it shows;
    `explain` and `render` take it as their `--profile`. Exit 1 where it is undecided whether something can be reached.
    """
    from mailweave.prove.cover import campaign_cover, cover
    from mailweave.prove.ways import own_context
    from mailweave.rules.prover.default_values import NOW
    from mailweave.rules.prover.prover import Prover
    from mailweave.values.instants import to_instant

    (text,) = rule_texts([campaign])
    if text.source is None:
        fail([diagnose("MW024", place=text.name, what=text.fault)])
    try:
        program = compile_decisions(text.source)
    except RuleError as error:
        fail(error.diagnostics)
    at, folder = moment(now), Path(text.name)
    program = program.knowing(own_context(folder)) if folder.is_dir() else program
    prover = Prover(program.document, NOW if at is None else to_instant(at))
    found = campaign_cover(program, prover, folder) if folder.is_dir() else cover(program, prover)
    _write(Path(out), found.recipients)
    raise SystemExit(_tell(found, out))


def _tell(found: Cover, out: str) -> int:
    number = len(found.recipients)
    click.echo(f"{out}: {number} recipient{'' if number == 1 else 's'}")
    for words, names in (
        ("nobody gets", found.unreached),
        ("undecided", found.open),
        ("beyond what rules can say", found.unsaid),
    ):
        if names:
            click.echo(f"{words}: {', '.join(names)}")
    return int(bool(found.open))


def _write(folder: Path, recipients: tuple[Shown, ...]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for at, shown in enumerate(recipients, 1):
            whole = json.dumps(shown.recipient.as_json(), indent=2, ensure_ascii=False) + "\n"
            (folder / f"{at:02d}-{_named(shown)}.json").write_text(whole, encoding="utf-8")
    except OSError as error:
        fail([diagnose("MW024", place=str(folder), what=f"cannot write: {error.strerror}")])


def _named(shown: Shown) -> str:
    """What a recipient shows, as a name of a file."""
    names = [re.sub(r"[^\w]+", "-", name).strip("-") for name in shown.shows]
    kept = "+".join(names)
    while len(kept) > _LONGEST and len(names) > 1:
        names.pop()
        kept = "+".join(names)
    return kept[:_LONGEST] or "anybody"
