"""The recipient that a verb is about: from a file, standard input, or the campaign's own list by key."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from mailweave.campaign import Campaign
from mailweave.cli.findings import fail
from mailweave.diagnostics import MailweaveError, diagnose

_F = TypeVar("_F", bound=Callable[..., Any])
Events = list[dict[str, Any]]


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


def moment(text: str | None) -> datetime | None:
    """An instant that a person typed; a date alone is its first moment in UTC."""
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write it as 2026-11-22T09:00Z", param_hint="--now") from None
    if value.tzinfo is None and len(text) > len("2026-11-22"):
        raise click.BadParameter("an instant needs its zone, such as a Z at its end", param_hint="--now")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def recipient(
    campaign: Campaign, folder: Path, who: str, happened: str | None
) -> tuple[dict[str, Any], Events]:
    """Profile and events. Ends the verb with a finding when they cannot be read."""
    path = Path(who)
    if who == "-" or path.is_file():
        profile = _json(who)
        if not isinstance(profile, dict):
            fail([diagnose("MW020", place=who, what="it should be a JSON object")])
        return profile, _events(happened)
    if path.suffix == ".json":
        fail([diagnose("MW001", place=who, what="the profile", todo="name a JSON file or a key")])
    found = _listed(campaign, folder, who)
    return found[0], _events(happened) if happened else found[1]


def _listed(campaign: Campaign, folder: Path, key: str) -> tuple[dict[str, Any], Events]:
    from mailweave.batch.sources import Recipients

    config = campaign.config
    if config.profiles is None:
        todo = "set `profiles` in campaign.toml, or name a JSON file"
        fail([diagnose("MW001", place=key, what="the campaign's own list", todo=todo)])
    events = folder / config.events if config.events else None
    try:
        found = Recipients(
            folder / config.profiles,
            events,
            key=campaign.key_column,
            schema=campaign.decisions.program.schema,
        ).get(key)
    except MailweaveError as error:
        fail(error.diagnostics)
    if found is None:
        fail([diagnose("MW021", place=config.profiles, key=repr(key))])
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
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or "unreadable")
        fail([diagnose("MW006", place=name, what=name, why_not=why)])
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        what = getattr(error, "msg", "nested too deeply")
        line = getattr(error, "lineno", 1)
        fail([diagnose("MW002", place=f"{name}:{line}", what=what)])
