"""The recipient that a verb is about: from a file, standard input, or the campaign's own list by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from mailweave.campaign import Campaign
from mailweave.campaign.saved_recipients import read_moment, saved_recipient
from mailweave.campaign.snapshot import Context, Snapshot
from mailweave.cli.files import STDIN, stdin
from mailweave.cli.findings import fail, report
from mailweave.content.files import SNAPSHOT, refusal
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.root import Refused, plain
from mailweave.source import rows
from mailweave.values.json_text import problem_of, read_json

_F = TypeVar("_F", bound=Callable[..., Any])
Events = list[dict[str, Any]]


class Asked(NamedTuple):
    """A recipient and the moment a verb is about; `context` is None for the campaign's own."""

    profile: Mapping[str, Any]
    events: Events
    now: datetime | None
    context: Context | Snapshot | None = None


def recipient_options(command: _F) -> _F:
    """The options `--profile`, `--events` and `--now`."""
    options = (
        click.option(
            "--profile",
            "who",
            required=True,
            metavar="FILE|ID",
            help="A JSON file, `-` for standard input, or a key of the campaign's own list.",
        ),
        click.option(
            "--events", "happened", metavar="FILE", help="Events as JSON: an array, or one object a line."
        ),
        click.option("--now", metavar="ISO", help="The instant of the decision, such as 2026-11-22T09:00Z."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def moment(text: str | None, option: str = "--now") -> datetime | None:
    """An instant that a person typed behind an option; a date alone is its first moment in UTC."""
    if text is None:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None


def recipient(
    campaign: Campaign, folder: Path, who: str, happened: str | None, now: datetime | None = None
) -> Asked:
    """Profile, events, moment. Ends the verb with a finding when they cannot be read.

    A profile of `prove` and `cover` brings its `events`, `now` and `context` along; what is given beside it counts.
    Scores that are computed over a list are those of the campaign's own list at `now`, as in a batch; those of a
    profile by itself are what it says, which is told.
    """
    path = Path(who)
    if who == "-" or _is_there(path):
        _tell_of_scores(campaign, who)
        return _whole(campaign, _json(who), who, happened, now)
    if path.suffix == ".json":
        fail([diagnose("MW001", place=who, what="the profile", todo="name a JSON file or a key")])
    found = _listed(campaign, folder, who, now)
    return Asked(found[0], _events(happened) if happened else found[1], now)


def _whole(campaign: Campaign, value: object, who: str, happened: str | None, now: datetime | None) -> Asked:
    """A recipient, and what they bring along; what is given beside them counts."""
    try:
        saved = saved_recipient(campaign, value, who)
    except MailweaveError as error:
        fail(error.diagnostics)
    events = _events(happened) if happened else saved.events
    return Asked(saved.profile, events, now or moment(saved.now or None), saved.context)


def _tell_of_scores(campaign: Campaign, place: str) -> None:
    report([diagnose("MW819", place=place, score=name) for name in campaign.computed_scores], err=True)


def _is_there(path: Path) -> bool:
    """Whether a file is meant, and not a key; what is there and no file is refused when it is read."""
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):  # too long for a name, or with a NUL in it
        return False


def _listed(
    campaign: Campaign, folder: Path, key: str, now: datetime | None
) -> tuple[dict[str, Any], Events]:
    from mailweave.batch.lookup import listed_recipient

    config = campaign.config
    if config.profiles is None:
        todo = "set `profiles` in campaign.toml, or name a JSON file"
        fail([diagnose("MW001", place=key, what="the campaign's own list", todo=todo)])
    try:
        found = listed_recipient(campaign, folder, key, campaign.pinned(now) or datetime.now(UTC))
    except MailweaveError as error:
        fail(error.diagnostics)
    if found is None:
        fail([diagnose("MW021", place=config.profiles, key=repr(key))])
    if found.refused is not None:
        fail([diagnose("MW024", place=config.profiles, what=str(found.refused))])
    return found.profile, list(found.events)


def _events(happened: str | None) -> Events:
    if happened is None:
        return []
    value = _json(happened)
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(event, dict) for event in listed):
        fail([diagnose("MW020", place=happened, what="events should be JSON objects")])
    return listed


def _json(name: str) -> Any:
    """A JSON value, or one object a line."""
    try:
        text = (stdin(SNAPSHOT) if name == STDIN else plain(Path(name), SNAPSHOT)).decode("utf-8-sig")
    except Refused as refused:
        fail([refusal(refused, name, most=SNAPSHOT)])
    except UnicodeDecodeError:
        fail([diagnose("MW006", place=name, what=name, why_not="not UTF-8")])
    try:
        return read_json(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in rows(text) if line.strip()]
        try:
            if len(lines) > 1:
                return [read_json(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        line = getattr(error, "lineno", 1)
        fail([diagnose("MW002", place=f"{name}:{line}", what=problem_of(error))])
