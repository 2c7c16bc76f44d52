"""mailweave render: one recipient, every part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mailweave.campaign import Campaign, compile_folder
from mailweave.cli.asked_sources import fetch_option, with_sources
from mailweave.cli.findings import fail
from mailweave.cli.recipient import Asked, moment, recipient, recipient_options
from mailweave.decisions import Selection, Skip
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.environment import Environment
from mailweave.message import Email

PARTS = {
    "html": "email.html",
    "text": "email.txt",
    "amp": "email.amp.html",
    "eml": "email.eml",
    "decision": "decision.json",
}


@click.command(name="render")
@click.argument("campaign", type=click.Path(path_type=Path))
@recipient_options
@fetch_option
@click.option(
    "--out", default="out/render", show_default=True, metavar="DIR", help="Where the files go; `-` prints."
)
@click.option(
    "--part", type=click.Choice(list(PARTS)), default="eml", show_default=True, help="What `--out -` prints."
)
@click.option(
    "--locale", metavar="LOCALE", help="Write in it, whatever the data says; `en-XA` is no language's."
)
@click.option("--send-id", metavar="ID", help="Tells this sending from the next one of the same version.")
def command(
    campaign: Path,
    who: str,
    happened: str | None,
    now: str | None,
    fetches: bool,  # click passes it by name
    out: str,
    part: str,
    locale: str | None,
    send_id: str | None,
) -> None:
    """Render CAMPAIGN for one recipient.

    Writes email.html, email.txt, email.amp.html (if any), email.eml and decision.json into DIR; for a
    recipient who is skipped, decision.json alone, which says why.
    """
    at = moment(now)
    compiled = _compiled(campaign, locale)
    asked = recipient(compiled, campaign, who, happened, at)
    asked = with_sources(compiled, asked) if fetches else asked
    try:
        files = _files(compiled, asked, send_id)
    except MailweaveError as error:
        fail(error.diagnostics)
    if out == "-":
        _print(files, part)
    else:
        _write(Path(out), files)
        click.echo(f"{out}: {', '.join(files)}", err=True)
    skip = json.loads(files[PARTS["decision"]]).get("skip")
    if skip is not None:
        click.echo(f"no e-mail: skip {skip['code']}: {skip['reason']}", err=True)


def _compiled(path: Path, locale: str | None) -> Campaign:
    if locale:
        campaign, found = compile_folder(path, locale=locale)
        return campaign if campaign is not None else fail(found)
    try:
        return Environment().compile(path)
    except MailweaveError as error:
        fail(error.diagnostics)


def _files(campaign: Campaign, asked: Asked, send_id: str | None) -> dict[str, bytes]:
    result = campaign.decide(
        asked.profile, events=asked.events, now=asked.now, context=asked.context, send_id=send_id
    )
    decision = json.dumps(as_json(result), indent=2, ensure_ascii=False).encode() + b"\n"
    if isinstance(result, Skip):
        return {PARTS["decision"]: decision}
    _, email = result
    files = {PARTS["html"]: email.html.encode(), PARTS["text"]: email.text.encode()}
    if email.amp is not None:
        files[PARTS["amp"]] = email.amp.encode()
    if email.envelope.to:
        files[PARTS["eml"]] = email.as_bytes()
    return {**files, PARTS["decision"]: decision}


def as_json(result: tuple[Selection, Email] | Skip) -> dict[str, Any]:
    """A decision as plain JSON."""
    if isinstance(result, Skip):
        return {"status": "skipped", "skip": {"code": result.code, "reason": result.reason}}
    chosen, email = result
    return {
        "status": "rendered",
        "key": email.key,
        "idempotency_key": email.idempotency_key,
        "now": email.now.isoformat(),
        "subject": email.subject,
        "selection": {slot: list(blocks) for slot, blocks in chosen.items()},
        "reasons": {slot: str(reason) for slot, reason in chosen.reasons.items()},
        "arms": dict(chosen.arms),
        "segments": sorted(chosen.evaluation.segments),
        "tiers": dict(chosen.evaluation.tiers),
        "amp": "sent" if email.amp is not None else (email.amp_reason or "none"),
    }


def _print(files: dict[str, bytes], part: str) -> None:
    name = PARTS[part]
    if name not in files:
        if PARTS["html"] not in files:
            click.echo(files[PARTS["decision"]], nl=False)
            return
        fail([diagnose("MW024", place=name, what=f"this e-mail has no {part} part")])
    click.echo(files[name], nl=False)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Whole files or none: what an earlier run left there and this one lacks goes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / f".{name}.part").write_bytes(content)
        for name in files:
            (folder / f".{name}.part").replace(folder / name)
        for name in set(PARTS.values()) - set(files):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        fail([diagnose("MW024", place=str(folder), what=f"cannot write: {error.strerror}")])
