"""mailweave trigger run, forget: the mails that start by themselves, and the state that remembers people."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.findings import fail, report
from mailweave.cli.recipient import moment
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.values.durations import UNITS
from mailweave.values.instants import iso, to_instant

if TYPE_CHECKING:
    from mailweave.campaign import Campaign
    from mailweave.triggers import Counts, Feed, Run
    from mailweave.triggers.mails import Message


class _Length(click.ParamType):  # type: ignore[type-arg]
    """A length of time as in rules: `10 minutes`."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        number, _, unit = str(value).partition(" ")
        if not number.isdecimal() or unit.removesuffix("s") not in UNITS:
            self.fail(f"a length is written `10 minutes`, `2 hours`; not {value!r}", param, ctx)
        return int(number) * UNITS[unit.removesuffix("s")]


@click.group(name="trigger")
def command() -> None:
    """Send mails that start by themselves: the triggers of rules, over a stream of events.

    docs/triggers.md has the language and what it promises.
    """


@command.command(name="run", short_help="Read events; write the mails due by now.")
@click.argument("campaigns", nargs=-1, required=True, metavar="CAMPAIGN...", type=click.Path(path_type=Path))
@click.option(
    "--events",
    multiple=True,
    required=True,
    metavar="F",
    help="Lines of JSON, `-`, or kafka://host:9092/topic.",
)
@click.option(
    "--profiles",
    multiple=True,
    metavar="LIST",
    help="Who they are, as in `mailweave batch`; else the campaigns' own.",
)
@click.option("--state", required=True, type=click.Path(path_type=Path), metavar="F", help="A file; kept.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--until", metavar="ISO", help="Now, for a replay; else the campaign's own `now`, else the clock."
)
@click.option("--since", metavar="ISO", help="What was due at this moment or before is not mailed.")
@click.option(
    "--lateness", type=_Length(), default="0 minutes", show_default=True,
    help="How long to wait for events that come late.",
)  # fmt: skip
@click.option(
    "--messages", is_flag=True, help="Each line holds its message as well: `mailweave send DIR` sends them."
)
@click.option(
    "--link-keys",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --messages: what signs the links of a campaign with [links]; else MAILWEAVE_LINK_KEYS.",
)
def run_command(
    campaigns: tuple[Path, ...],
    events: tuple[str, ...],
    profiles: tuple[str, ...],
    state: Path,
    out: Path,
    until: str | None,
    since: str | None,
    lateness: int,
    messages: bool,
    link_keys: Path | None,
) -> None:
    """Read events into the state, and write the mails that are due by now into DIR.

    An event is a line of JSON: `profile` (whose it is), `type`, `at`, its properties, and an `id` by which it is known
    when it comes again. They may come in any order. DIR/mails gets lines of JSON: the mail, its `cause`, and `mail`,
    its key; DIR/exposures, where arms vary waits, whose wait began. Whatever ends a run, the same command goes on: no
    mail is lost and none comes twice. With a topic of Kafka it goes on until it is stopped; with --until until the
    topic's end. Caps count over all campaigns that are named.

    Exit 1 where lines, profiles or mails did not read, or could not be made.

    \b
    mailweave trigger run my-campaign --events stream.jsonl --profiles people.csv --state triggers.db --out out/mails
    mailweave trigger run cart birthday --events kafka://localhost:9092/shop --state triggers.db --out out/mails
    """
    from mailweave.cli.trigger_messages import message_maker
    from mailweave.environment import Environment

    given, after = moment(until), moment(since)
    try:
        compiled = [Environment().compile(path) for path in campaigns]
        message = message_maker(compiled, link_keys) if messages else None
        work = (events, profiles or _own_lists(campaigns, compiled))
        counts = _run(compiled, work, (state, out), (given, after, lateness), message)
    except MailweaveError as error:
        fail(error.diagnostics)
    _tell(counts, out)
    raise SystemExit(report(counts.diagnostics(), err=True))


def _run(
    campaigns: Sequence[Campaign],
    work: tuple[Sequence[str], Sequence[str]],
    places: tuple[Path, Path],
    times: tuple[datetime | None, datetime | None, int],
    message: Message | None,
) -> Counts:
    from mailweave.batch.extras import require
    from mailweave.triggers import Run, State, Triggers

    (events, profiles), (until, since, lateness) = work, times
    if profiles:
        require("batch", place=profiles[0], what="profiles")
    pinned = campaigns[0].pinned(until)
    feeds = [_feed(one, to_end=pinned is not None) for one in events]
    after = None if since is None else to_instant(since)
    with closing(State(places[0])) as state:
        run = Run(state, Triggers.of(campaigns), places[1], after, message)
        _work(run, feeds, campaigns[0], profiles, pinned, lateness)
        return run.counts


@command.command(name="forget", short_help="Destroy what a state holds of one person.")
@click.argument("key")
@click.option("--state", required=True, type=click.Path(path_type=Path), metavar="F")
def forget_command(key: str, state: Path) -> None:
    """Destroy what a state holds of the person of KEY: profile, events, what waits for them, what they were mailed.

    What was written into DIR stays: take it away yourself, and the person out of the lists that are read again. `mailweave
    data erase` does so for the files of data.toml.

    \b
    mailweave trigger forget 00042 --state triggers.db
    """
    from mailweave.triggers import State

    try:
        if not state.is_file():
            raise MailweaveError([diagnose("MW860", place=str(state), what="there is no such file")])
        with closing(State(state)) as opened:
            found = opened.forget(key)
        if not any(found.values()):
            raise MailweaveError([diagnose("MW844", place="KEY")])
    except MailweaveError as error:
        fail(error.diagnostics)
    click.echo(
        "erased: " + ", ".join(f"{_HELD[kind]} {number:,}" for kind, number in found.items() if number)
    )


_HELD = {
    "people": "profile",
    "events": "events",
    "timers": "waits",
    "mails": "mails remembered",
    "outbox": "mails to be written",
    "exposed": "exposures to be written",
}


def _own_lists(folders: Sequence[Path], campaigns: Sequence[Campaign]) -> tuple[str, ...]:
    """The lists that the campaigns name, each once."""
    named = (
        str(folder / one.config.profiles)
        for folder, one in zip(folders, campaigns, strict=True)
        if one.config.profiles is not None
    )
    return tuple(dict.fromkeys(named))


def _feed(address: str, *, to_end: bool) -> Feed:
    from mailweave.triggers import FileFeed, KafkaFeed

    return KafkaFeed(address, to_end=to_end) if address.startswith("kafka://") else FileFeed(address)


def _work(
    run: Run,
    feeds: Sequence[Feed],
    campaign: Campaign,
    profiles: Sequence[str],
    pinned: datetime | None,
    lateness: int,
) -> None:
    """Files are read whole before time passes; with a topic, which has no end, it passes batch by batch."""
    from mailweave.triggers import KafkaFeed
    from mailweave.triggers.people import profiles as read

    def now() -> int:
        return to_instant(pinned or datetime.now(UTC)) - lateness

    is_live = pinned is None and any(isinstance(feed, KafkaFeed) for feed in feeds)
    if is_live:
        run.learn(read(profiles, campaign, run.counts), now())
    stopped = _stopping() if is_live else []
    for feed in feeds:
        with closing(feed):
            for batch in feed.batches():
                run.take(batch)
                feed.commit()
                if is_live:
                    run.pass_time(now())
                if stopped:
                    break
    if not is_live:
        run.learn(read(profiles, campaign, run.counts), now())
    run.pass_time(now())


def _stopping() -> list[int]:
    """Filled when somebody asks to stop: what is under way comes to its end."""
    asked: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _: asked.append(number))
    return asked


def _tell(counts: Counts, out: Path) -> None:
    said = ", ".join(f"{number:,} {what}" for what, number in sorted(counts.events.items()) if number)
    click.echo(f"events: {said or 'none'}")
    for name, lines in (("mails", counts.mails), ("kept back", counts.kept_back), ("waits", counts.waits)):
        for place, number in sorted(lines.items()):
            click.echo(f"  {name} {'/'.join(place)}: {number:,}")
    if counts.late_mails:
        click.echo(f"  came too late for {counts.late_mails:,} mails: wait longer with --lateness")
    until = "" if counts.reached is None else f", all that was due by {iso(counts.reached)}"
    if counts.passed is not None:
        until += (
            f"; an earlier run has mailed all that was due by {iso(counts.passed)}, and time does not go back"
        )
    click.echo(f"{out}: {counts.mails.total():,} mails{until}")
