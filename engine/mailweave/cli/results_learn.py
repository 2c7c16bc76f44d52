"""mailweave results learn: from draws that were sent to the next table of chances."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.findings import fail, report
from mailweave.cli.recipient import moment
from mailweave.cli.shares import share
from mailweave.diagnostics import MailweaveError, diagnose

if TYPE_CHECKING:
    from mailweave.campaign import Campaign
    from mailweave.insight.learning import Learned, Learning
    from mailweave.insight.off_policy import Estimate

_FILE = "learned.toml"


@click.command(name="learn")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--sent", multiple=True, required=True, type=click.Path(path_type=Path), metavar="DIR",
              help="A DIR of `mailweave batch`, of any version of the campaign; may stand several times.")  # fmt: skip
@click.option(
    "--events", multiple=True, required=True, metavar="LIST", help="What recipients did; docs/insight.md."
)
@click.option("--reward", type=click.Choice(["open", "click", "conversion"]), default="click", show_default=True,
              help="What is learned for, once a mail.")  # fmt: skip
@click.option(
    "--conversion", default="purchase", show_default=True, metavar="TYPE", help="The event that is one."
)
@click.option("--days", default=7.0, show_default=True, help="How long behind the mail an event counts.")
@click.option("--until", metavar="ISO", help="What came later is not seen.")
@click.option(
    "--floor", default="5%", show_default=True, callback=share, help="The least chance of each block."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="The table; else that of the campaign."
)
@click.option("--anyway", is_flag=True, help="Take a table that is not shown to be better.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    campaign: Path,
    sent: tuple[Path, ...],
    events: tuple[str, ...],
    reward: str,
    conversion: str,
    days: float,
    until: str | None,
    floor: float,
    out: Path | None,
    anyway: bool,
    form: str,
) -> None:
    """Write the chances with which columns of the policy `learned` draw next.

    By bucket and block it counts what was shown and rewarded. A block's chance is how likely it is the best (Thompson
    sampling), at least --floor. What the new table would have brought is told by inverse propensity (IPS, SNIPS) and
    doubly robust, with intervals of 95 %, by recipients that it was not learned from. Where that is not above what the
    table in use brings, nothing is written, and the exit code is 1. docs/learned.md
    """
    at = moment(until, "--until")
    try:
        from mailweave.batch.extras import require

        require("insight", place=str(campaign), what="results learn")
        from mailweave.environment import Environment
        from mailweave.insight import Question, learn

        made = Environment().compile(campaign)
        asked = Question(conversion, days=days, until=at)
        found = learn(made, sent, events, asked, reward=reward, floor=floor)
    except MailweaveError as error:
        fail(error.diagnostics)
    taken = {one.slot: one for one in found.slots if anyway or one.is_better}
    if form == "json":
        from mailweave.insight.learning_json import as_json

        click.echo(as_json(found))
    else:
        _print(found)
    if taken:
        _write(made, taken, out or campaign / _FILE)
    said = report(found.events if anyway else found.diagnostics, err=True)
    raise SystemExit(0 if anyway else said)


def _write(made: Campaign, taken: dict[str, Learned], file: Path) -> None:
    from mailweave.insight.learned_toml import learned_toml

    drawn = {slot: one.drawing for slot, one in made.decisions.plan.columns.items() if one.drawing}
    try:
        file.write_text(learned_toml(drawn, taken), encoding="utf-8")
    except OSError as error:
        fail([diagnose("MW024", place=str(file), what=f"cannot write: {error.strerror}")])
    click.echo(f"{file}: {', '.join(taken)}", err=True)


def _print(found: Learning) -> None:
    for one in found.slots:
        left = f"; {one.left_out:,} in other buckets are left out" if one.left_out else ""
        click.echo(f"slot {one.slot}: {one.draws:,} draws{left}")
        click.echo(
            f"  {'bucket':<16}{'block':<24}{'shown':>9}{found.reward:>12}{'rate':>8}{'chance':>9}{'next':>8}"
        )
        for bucket, blocks in one.counts.items():
            for block, (did, of) in blocks.items():
                rate = f"{did / of:.1%}" if of else "-"
                chances = f"{one.before[bucket][block]:>9.1%}{one.table[bucket][block]:>8.1%}"
                click.echo(f"  {bucket:<16}{block:<24}{of:>9,}{did:>12,}{rate:>8}{chances}")
        for name, value in (("in use", one.old), ("next", one.new)):
            told = f"doubly robust {_told(value.doubly_robust)}, IPS {_told(value.ips)}, SNIPS {_told(value.snips)}"
            click.echo(f"  {name}: {told}; worth {value.effective:,.0f} draws")
        gain = one.gain.interval
        click.echo(f"  gain: {one.gain.value:+.2%} [{gain.low:+.2%}, {gain.high:+.2%}] a draw")


def _told(one: Estimate) -> str:
    return f"{one.value:.2%} [{one.interval.low:.2%}, {one.interval.high:.2%}]"
