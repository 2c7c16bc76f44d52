"""mailweave demo: a real list, decided and rendered whole."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from mailweave.batch.lookup import everybody, staged
from mailweave.batch.sources import Recipient, Recipients
from mailweave.campaign import Campaign
from mailweave.cli.demo_opening import Opening, opening
from mailweave.cli.findings import fail
from mailweave.cli.gallery import GallerySummary, gallery_page
from mailweave.cli.gallery_entries import entry, saved_mails
from mailweave.cli.recipient import Asked
from mailweave.decisions import Explanation, Skip
from mailweave.diagnostics import MailweaveError, TemplateError, diagnose
from mailweave.environment import Environment
from mailweave.message import Email
from mailweave.rules.reserved import EMPTY

_HERE = Path(__file__).resolve().parents[3] / "fixtures" / "campaigns" / "cdnow-winback"

Chosen = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(slots=True)
class Tally:
    """What became of a list."""

    slots: dict[str, Counter[str]] = field(default_factory=dict)
    selections: Counter[Chosen] = field(default_factory=Counter)
    firsts: dict[Chosen, tuple[Recipient, Email]] = field(default_factory=dict)
    skips: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)

    def add(self, recipient: Recipient, result: Email | Skip) -> None:
        if isinstance(result, Skip):
            (self.dead if result.code == "bad_data" else self.skips)[result.code] += 1
            return
        chosen: Chosen = tuple(sorted(result.selection.items()))
        self.selections[chosen] += 1
        self.firsts.setdefault(chosen, (recipient, result))
        for slot, blocks in chosen:
            counts = self.slots.setdefault(slot, Counter())
            counts.update(blocks or (EMPTY,))

    @property
    def rendered(self) -> int:
        return self.selections.total()

    def report(self, seconds: float) -> dict[str, Any]:
        """The numbers as `report.json` holds them."""
        skipped, dead = self.skips.total(), self.dead.total()
        return {
            "recipients": self.rendered + skipped + dead,
            "rendered": self.rendered,
            "skipped": skipped,
            "dead": dead,
            "distinct_selections": len(self.selections),
            "slots": {slot: dict(counts.most_common()) for slot, counts in self.slots.items()},
            "skips": dict(self.skips.most_common()),
            "seconds": round(seconds, 3),
        }


@click.command(name="demo")
@click.argument("campaign", type=click.Path(path_type=Path), required=False)
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
def command(campaign: Path | None, out: Path) -> None:
    """Decide and render the whole list of CAMPAIGN, by default 23,570 real customers of 1998.

    Writes one message per distinct selection, gallery.html and report.json into the folder `--out`. Made-up recipients
    that stand in the campaign's folder as recipients/*.json, as `mailweave cover` writes them, close the gallery.
    Without CAMPAIGN the example `newsletter` opens it, for the recipients in its folder.
    """
    starts_with_example, campaign = campaign is None, campaign or _HERE
    if not campaign.is_dir():
        todo = "run it in a checkout, or name a campaign that sets `profiles`"
        fail([diagnose("MW001", place=str(campaign), what="the demo campaign", todo=todo)])
    try:
        first = opening() if starts_with_example else Opening((), ())
        compiled = Environment().compile(campaign)
        started = time.perf_counter()
        with _list(compiled, campaign) as (recipients, total):
            tally = _render_all(compiled, recipients, total)
    except MailweaveError as error:
        fail(error.diagnostics)
    report = tally.report(time.perf_counter() - started)
    _write(compiled, tally, report, out, list(saved_mails(compiled, campaign)), first)
    if first.mails:
        click.echo(f"The example newsletter: {len(first.mails)} mails, which open the gallery")
    _show(report, out)


@contextmanager
def _list(campaign: Campaign, folder: Path) -> Iterator[tuple[Iterable[Recipient], int]]:
    """Everybody of the campaign's own list, and how many they are; with the scores that need the whole list."""
    config = campaign.config
    if config.profiles is None:
        todo = "set `profiles` in campaign.toml"
        raise MailweaveError(
            [diagnose("MW001", place=config.name, what="the campaign's own list", todo=todo)]
        )
    profiles, events = folder / config.profiles, folder / config.events if config.events else None
    if campaign.computed_scores:
        happened, now = [] if events is None else [str(events)], campaign.pinned(None) or datetime.now(UTC)
        with staged(campaign, [str(profiles)], happened, now) as (stage, total):
            yield everybody(stage, total), total
        return
    schema = campaign.decisions.program.schema
    found = Recipients(profiles, events, key=campaign.key_column, schema=schema)
    yield found, len(found)


def _render_all(campaign: Campaign, recipients: Iterable[Recipient], total: int) -> Tally:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    tally = Tally()
    columns = (TextColumn("rendering"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("rendering", total=total)
        for count, recipient in enumerate(recipients, 1):
            _render_one(campaign, recipient, tally)
            if count % 100 == 0:
                progress.update(task, completed=count)
    return tally


def _render_one(campaign: Campaign, recipient: Recipient, tally: Tally) -> None:
    if recipient.refused is not None:
        tally.dead["bad_data"] += 1
        return
    try:
        tally.add(recipient, campaign.render(recipient.profile, events=recipient.events))
    except TemplateError as error:
        tally.dead[error.diagnostics[0].code] += 1


def _write(
    campaign: Campaign,
    tally: Tally,
    report: dict[str, Any],
    out: Path,
    made_up: list[tuple[str, Asked, Email, Explanation]],
    first: Opening,
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.eml"):
        old.unlink()
    for name, email in first.mails:
        (out / name).write_bytes(email.as_bytes())
    entries = []
    for number, (chosen, count) in enumerate(tally.selections.most_common(), 1):
        one, email = tally.firsts[chosen]
        (out / f"{number:03d}-{one.key}.eml").write_bytes(email.as_bytes())
        why = campaign.explain(one.profile, events=one.events)
        entries.append(entry(f"{number}. Customer {one.key}", count, tally.rendered, email, why))
    for number, (name, _, email, why) in enumerate(made_up, len(entries) + 1):
        (out / f"{number:03d}-made-up.eml").write_bytes(email.as_bytes())
        shows = ", ".join(name.partition("-")[2].split("+")[:3])
        entries.append(entry(f"{number}. Made up: {shows}", 0, tally.rendered, email, why))
    page = gallery_page(entries, _summary(campaign, report), first.entries)
    (out / "gallery.html").write_text(page, encoding="utf-8")
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _summary(campaign: Campaign, report: dict[str, Any]) -> GallerySummary:
    config = campaign.config
    return GallerySummary(
        campaign=config.name,
        sender=config.sender.name or config.sender.address,
        now=config.now.isoformat() if config.now else "",
        recipients=report["recipients"],
        rendered=report["rendered"],
        skipped=report["skipped"],
        dead=report["dead"],
        distinct=report["distinct_selections"],
        seconds=report["seconds"],
        slots=report["slots"],
        skips=report["skips"],
    )


def _show(report: dict[str, Any], out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"{report['rendered']:,} e-mails, {report['distinct_selections']} distinct selections"
    )
    for heading in ("slot", "block", "count", "share"):
        table.add_column(heading, justify="right" if heading in ("count", "share") else "left")
    for slot, blocks in report["slots"].items():
        for index, (block, count) in enumerate(blocks.items()):
            share = f"{count / report['rendered']:.1%}"
            table.add_row("" if index else slot, block, f"{count:,}", share)
        table.add_section()
    console = Console()
    console.print(table)
    skips = ", ".join(f"{code} {count:,}" for code, count in report["skips"].items()) or "none"
    rate = report["recipients"] / max(report["seconds"], 1e-9)
    console.print(
        f"{report['recipients']:,} recipients: {report['rendered']:,} rendered, "
        f"{report['skipped']:,} skipped "
        f"({skips}), {report['dead']} dead, in {report['seconds']:.1f} s ({rate:,.0f} a second)"
    )
    console.print(f"{out}/gallery.html, one .eml per selection, report.json", soft_wrap=True)
