"""mailweave results: what came back from what was sent; results plan: what an experiment needs before it starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailweave.cli.findings import fail, report
from mailweave.cli.recipient import moment
from mailweave.cli.shares import share
from mailweave.cli.shares import split as shares
from mailweave.diagnostics import MailweaveError

if TYPE_CHECKING:
    from mailweave.insight.campaign_results import Results
    from mailweave.insight.power import Plan
    from mailweave.insight.tallies import Tally

_HURT = 4
_MAPS = "clicks.html"
_PLAN, _LEARN = "plan", "learn"
_SHOWN = ("open", "machine_open", "click", "conversion")  # on a terminal; page and JSON have them all


class _OrOther(click.Command):
    """`results plan` and `results learn` are commands of their own; anything else in their place is a campaign."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == [_PLAN]:
            return plan_command.make_context(f"{info_name} {_PLAN}", args[1:], parent, **extra)
        if args[:1] == [_LEARN]:
            from mailweave.cli.results_learn import command as learn_command

            return learn_command.make_context(f"{info_name} {_LEARN}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(name="results", cls=_OrOther)
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option(
    "--sent",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The DIR of `mailweave batch`, or of `mailweave trigger run`.",
)
@click.option(
    "--events", multiple=True, required=True, metavar="LIST", help="What recipients did; docs/insight.md."
)
@click.option(
    "--conversion", default="purchase", show_default=True, metavar="TYPE", help="The event it was sent for."
)
@click.option(
    "--revenue", default="total", show_default=True, metavar="NAME", help="Its property with an amount."
)
@click.option(
    "--guard", multiple=True, default=("complaint", "unsubscribe"), show_default=True, metavar="TYPE",
    help="An event that must not become more.",
)  # fmt: skip
@click.option("--days", default=7.0, show_default=True, help="How long behind the mail an event counts.")
@click.option("--until", metavar="ISO", help="What came later is not seen.")
@click.option(
    "--correction", type=click.Choice(["holm", "bh"]), default="holm", show_default=True,
    help="Of the p-values of many comparisons: Holm, or Benjamini and Hochberg.",
)  # fmt: skip
@click.option("--final", is_flag=True, help="This is the one look that was planned: fixed intervals decide.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How results are printed.",
)  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Gets results.html, clicks.html and results.json.",
)
def command(
    campaign: Path,
    sent: Path,
    events: tuple[str, ...],
    conversion: str,
    revenue: str,
    guard: tuple[str, ...],
    days: float,
    until: str | None,
    correction: str,
    final: bool,
    form: str,
    out: Path | None,
) -> None:
    """Tell what came back from what CAMPAIGN has sent: by arm, block, segment and locale.

    Opens, clicks (those of machines apart), conversions and revenue; effects of arms with intervals, p-values corrected
    for their number, chances to win, and intervals that hold however often one looks: these decide, but with --final.
    Recipients are counted, and none is named. `mailweave results plan` says before the start how many an experiment needs,
    `mailweave results learn` writes the chances of columns of the policy `learned`.

    Exit 4 where a guard is worse in an arm, else 1 where arms have other sizes than declared, or events do not read.

    \b
    mailweave results my-campaign --sent out/monday --events responses.jsonl --out out/results
    mailweave results plan --baseline 3% --lift 10% --power 80%
    """
    at = moment(until, "--until")
    try:
        found = _found(campaign, sent, events, (conversion, revenue, guard, days, at), correction, final)
    except MailweaveError as error:
        fail(error.diagnostics)
    from mailweave.insight.results_json import as_json

    if out is not None:
        _write(out / "results.json", as_json(found) + "\n")
        try:
            _write_pages(campaign, found, out)
        except MailweaveError as error:
            fail(error.diagnostics)
    if form == "json":
        click.echo(as_json(found))
    else:
        _print(found)
    code = report(found.diagnostics, err=True)
    raise SystemExit(_HURT if found.hurt else code)


def _found(
    campaign: Path,
    sent: Path,
    events: tuple[str, ...],
    asked: tuple[str, str, tuple[str, ...], float, datetime | None],
    correction: str,
    final: bool,
) -> Results:
    from mailweave.batch.extras import require

    require("insight", place=str(campaign), what="results")
    from mailweave.environment import Environment
    from mailweave.insight import Question, results

    return results(
        Environment().compile(campaign), sent, events, Question(*asked), correction=correction, final=final
    )


def _write_pages(campaign: Path, found: Results, out: Path) -> None:
    from mailweave.insight.results_page import page
    from mailweave.preview.click_maps import click_maps
    from mailweave.preview.click_overlay import Clicked

    clicks = {
        one.name: Clicked(one.block_clicks, one.recipients)
        for blocks in found.slots.values()
        for one in blocks
        if one.block_clicks is not None
    }
    _write(out / "results.html", page(found, f"{campaign.name}: results", maps=_MAPS if clicks else ""))
    if clicks:
        _write(out / _MAPS, click_maps(campaign, clicks, f"{campaign.name}: clicks"))
    else:
        (out / _MAPS).unlink(missing_ok=True)  # one of an earlier look would say what these events do not


def _write(file: Path, text: str) -> None:
    from mailweave.diagnostics import diagnose

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail([diagnose("MW024", place=str(file.parent), what=f"cannot write: {error.strerror}")])


def _print(found: Results) -> None:
    from mailweave.insight.results_words import crossing_heading, crossing_line, heading, line

    click.echo(heading(found))
    _table("all", [found.all])
    click.echo("".join(f"\n  {guard}" for guard in _guards(found)).lstrip("\n"))
    for slot, blocks in found.slots.items():
        _table(f"slot {slot}", blocks)
    _table("segment", found.segments)
    _table("locale", found.locales if len(found.locales) > 1 else ())
    for trial in found.trials:
        if trial.untold:
            click.echo(f"\nexperiment {trial.name}: its arms are not told")
            continue
        sizes = ", ".join(f"{arm.name} {arm.recipients:,}" for arm in trial.arms)
        click.echo(f"\nexperiment {trial.name} on {trial.on}: {sizes}; {trial.held_out:,} held out")
        for one in trial.comparisons:
            if not one.group[1] or one.verdict != "open":
                click.echo(f"  {line(one)}")
    for crossing in found.crossings:
        click.echo(f"\nexperiments {crossing_heading(crossing)}")
        for two in crossing.interactions:
            if two.metric == "conversion" or two.depends:
                click.echo(f"  {crossing_line(two)}")


def _table(title: str, tallies: Sequence[Tally]) -> None:
    from mailweave.insight.results_words import share as said

    if not tallies:
        return
    names = "".join(f"{outcome.replace('_', ' '):>17}" for outcome in _SHOWN)
    click.echo(f"\n{title:<30}{'recipients':>11}{names}{'revenue':>14}")
    for one in tallies:
        cells = "".join(f"{one.did[name]:>10,}{said(one.did[name], one.recipients):>7}" for name in _SHOWN)
        few = " (few)" if one.is_few else ""
        click.echo(f"  {one.name + few:<28}{one.recipients:>11,}{cells}{one.revenue:>14,.2f}")


def _guards(found: Results) -> Iterator[str]:
    from mailweave.insight.results_words import share as said

    for name in found.asked.guards:
        yield f"{name}: {found.all.did[name]:,} ({said(found.all.did[name], found.all.recipients)})"


@click.command(name=_PLAN)
@click.option("--baseline", callback=share, required=True, help="The share of the control, such as 3%.")
@click.option(
    "--lift", callback=share, help="The smallest change worth finding, as a share of it: 10% is 3% to 3.3%."
)
@click.option(
    "--recipients", type=click.IntRange(min=1), help="Of all arms: what can be found with those there are."
)
@click.option("--power", callback=share, default="80%", show_default=True, help="The chance to find it.")
@click.option(
    "--split", default="50,50", show_default=True, callback=shares, help="Shares of the arms, control first."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def plan_command(
    baseline: float,
    lift: float | None,
    recipients: int | None,
    power: float,
    split: tuple[float, ...],
    form: str,
) -> None:
    """Say how many recipients an experiment needs, or what one of that size can find.

    Give --lift for the number of recipients, --recipients for the smallest lift, both for the power. Two-sided, 5 % in
    all, chi-squared at one look at the end. Looking whenever one likes takes about twice as many.
    """
    try:
        found = _planned(baseline, lift, recipients, power, split)
    except MailweaveError as error:
        fail(error.diagnostics)
    if form == "json":
        import json

        click.echo(json.dumps(found._asdict()))
        return
    shares = f"{found.baseline:.4g} to {found.baseline * (1 + found.lift):.4g} (lift {found.lift:+.1%})"
    sizes = ", ".join(f"{one:,}" for one in found.recipients)
    click.echo(f"{found.total:,} recipients ({sizes}): {shares} is found with a chance of {found.power:.1%}")
    if found.level < 0.05:
        click.echo(f"each of {len(found.recipients) - 1} arms is tested at {found.level:.2%}, 5% in all")


def _planned(
    baseline: float, lift: float | None, recipients: int | None, power: float, split: tuple[float, ...]
) -> Plan:
    from mailweave.batch.extras import require

    require("insight", place=_PLAN, what="results plan")
    from mailweave.insight import plan

    return plan(baseline, lift=lift, recipients=recipients, power=power, split=split)
