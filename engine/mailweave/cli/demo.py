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
from mailweave.cli.findings import fail
from mailweave.cli.gallery import GalleryEntry, GallerySummary, gallery_page
from mailweave.cli.recipient import Asked, recipient
from mailweave.decisions import Explanation, Skip
from mailweave.decisions.explanation.text import sentence
from mailweave.diagnostics import MailweaveError, TemplateError, diagnose
from mailweave.environment import Environment
from mailweave.message import Email

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
            counts.update(blocks)

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
@click.argument("campaign", type=click.Path(path_type=Path), default=_HERE, required=False)
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
def command(campaign: Path, out: Path) -> None:
    """Decide and render the whole list of CAMPAIGN, by default 23,570 real customers of 1998.

    Writes one message per distinct selection, gallery.html and report.json into the folder `--out`. Made-up recipients
    that stand in the campaign's folder as recipients/*.json, as `mailweave cover` writes them, close the gallery.
    """
    if not campaign.is_dir():
        todo = "run it in a checkout, or name a campaign that sets `profiles`"
        fail([diagnose("MW001", place=str(campaign), what="the demo campaign", todo=todo)])
    try:
        compiled = Environment().compile(campaign)
        started = time.perf_counter()
        with _list(compiled, campaign) as (recipients, total):
            tally = _render_all(compiled, recipients, total)
    except MailweaveError as error:
        fail(error.diagnostics)
    report = tally.report(time.perf_counter() - started)
    _write(compiled, tally, report, out, list(_made_up(compiled, campaign)))
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


def _made_up(campaign: Campaign, folder: Path) -> Iterator[tuple[str, Asked, Email]]:
    """The campaign's covering set, each by what it shows: blocks that nobody of the list may get are seen, too."""
    for path in sorted((folder / "recipients").glob("*.json")):
        who = recipient(campaign, folder, str(path), None)
        result = campaign.render(who.profile, events=who.events, now=who.now, context=who.context)
        if isinstance(result, Email):
            yield ", ".join(path.stem.partition("-")[2].split("+")[:3]), who, result


def _write(
    campaign: Campaign,
    tally: Tally,
    report: dict[str, Any],
    out: Path,
    made_up: list[tuple[str, Asked, Email]],
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.eml"):
        old.unlink()
    entries = []
    for number, (chosen, count) in enumerate(tally.selections.most_common(), 1):
        first, email = tally.firsts[chosen]
        (out / f"{number:03d}-{first.key}.eml").write_bytes(email.as_bytes())
        why = campaign.explain(first.profile, events=first.events)
        title = f"{number}. Customer {first.key}"
        entries.append(_entry(title, count, tally.rendered, email, why))
    for number, (shows, who, email) in enumerate(made_up, len(entries) + 1):
        (out / f"{number:03d}-made-up.eml").write_bytes(email.as_bytes())
        why = campaign.explain(who.profile, events=who.events, now=who.now, context=who.context)
        entries.append(_entry(f"{number}. Made up: {shows}", 0, tally.rendered, email, why))
    page = gallery_page(entries, _summary(campaign, report))
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


def _entry(title: str, count: int, rendered: int, email: Email, why: Explanation) -> GalleryEntry:
    return GalleryEntry(
        title=title,
        count=count,
        share=count / rendered,
        subject=email.subject,
        preheader=email.preheader,
        html=email.html,
        amp=email.amp,
        text=email.text,
        reasons=tuple(_sentences(why)),
    )


def _sentences(why: Explanation) -> Iterator[tuple[str, str, str]]:
    for slot in why.slots:
        for block in slot.chosen:
            yield slot.name, block, sentence(slot, block)


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
