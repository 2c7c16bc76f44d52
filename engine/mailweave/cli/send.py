"""mailweave send: the mails of a finished output, to a server."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from mailweave.cli.batch_progress import share, shown
from mailweave.cli.files import read
from mailweave.cli.findings import fail, report
from mailweave.cli.link_keys import link_keys as keys_of
from mailweave.delivery.sending.answers import Route
from mailweave.delivery.sending.dry_run import Plan, plan
from mailweave.delivery.sending.hours import hours
from mailweave.delivery.sending.pacing import per_second
from mailweave.delivery.sending.run import Ended, send
from mailweave.delivery.sending.sender import Manner
from mailweave.delivery.sending.servers import Server, login
from mailweave.delivery.sending.ses import SesRoute, ses_client
from mailweave.delivery.sending.settling import settle
from mailweave.delivery.sending.signing import DkimSigner, Signer
from mailweave.delivery.sending.smtp import SmtpRoute
from mailweave.diagnostics import MailweaveError

_PAUSED, _RESUMABLE = 4, 75


@click.command(name="send")
@click.argument("output", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--smtp", "url", metavar="URL", help="smtps://HOST, smtp+starttls://HOST:587, smtp://localhost."
)
@click.option("--ses", is_flag=True, help="Amazon SES by its API, through boto3 and with its settings.")
@click.option("--plain", is_flag=True, help="Let smtp:// reach another machine, without TLS.")
@click.option("--connections", type=click.IntRange(1, 100), default=4, show_default=True, help="At once.")
@click.option(
    "--per-connection", type=click.IntRange(1), default=100, show_default=True, help="Mails on each, at most."
)
@click.option(
    "--rate", metavar="N/s", help="Mails a second (50/s), minute (3000/m) or hour (9000/h), at most."
)
@click.option(
    "--tries",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="Of a mail that is put off, in one run.",
)
@click.option(
    "--max-errors",
    metavar="SHARE",
    default="5%",
    show_default=True,
    help="Pause when it is sure, by the last 20 to 500 answers, that more than so many are refusals.",
)
@click.option(
    "--in-doubt",
    type=click.Choice(["hold", "resend"]),
    default="hold",
    show_default=True,
    help="What to do with mails that the server may have: hold never doubles, resend never loses.",
)
@click.option(
    "--settle",
    "settled",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Send nothing: take what became of mails in doubt from FILE, a line each: KEY sent, or KEY unsent.",
)
@click.option("--dkim-selector", metavar="NAME", help="Sign: the part before ._domainkey.")
@click.option("--dkim-key", type=click.Path(path_type=Path), metavar="FILE", help="Sign: a private key, PEM.")
@click.option("--dkim-domain", metavar="DOMAIN", default="", help="Sign for it; else for that of From.")
@click.option(
    "--link-keys",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What signs the links of a campaign with [links]; else MAILWEAVE_LINK_KEYS holds them.",
)
@click.option("--unsigned-links", is_flag=True, help="Send such links as they are.")
@click.option("--at", metavar="TIME", help="Nothing goes before: 9:00, or 2026-12-01T9:00.")
@click.option("--quiet", metavar="SPAN", help="Nothing goes between: 21:00-8:00.")
@click.option("--zone", metavar="ZONE", help="Whose clock that is: Europe/Paris, or recipient.")
@click.option("--dry-run", is_flag=True, help="Show what would go, and change nothing.")
def command(
    output: Path,
    url: str | None,
    ses: bool,
    plain: bool,
    connections: int,
    per_connection: int,
    rate: str | None,
    tries: int,
    max_errors: str,
    in_doubt: str,
    settled: Path | None,
    dkim_selector: str | None,
    dkim_key: Path | None,
    dkim_domain: str,
    link_keys: Path | None,
    unsigned_links: bool,
    at: str | None,
    quiet: str | None,
    zone: str | None,
    dry_run: bool,
) -> None:
    """Send the mails of DIR, a finished output of `mailweave batch --format values`, eml or maildir.

    Or those that triggers have started so far, of `mailweave trigger run --messages`.

    DIR/sending/ledger.jsonl records each mail before and after it is given to the server. Whatever ends this command,
    the same command goes on: it sends what no line calls sent. DIR/sending/report.json counts all.

    A name and a password for the server come from MAILWEAVE_SMTP_USER and MAILWEAVE_SMTP_PASSWORD.

    Exit codes: 0 all are sent; 1 some are refused for good, in doubt, or not fit for this server, or DIR cannot be
    sent; 4 paused by --max-errors; 75 stopped, or some are put off or left: repeat the command.

    \b
    mailweave send out/monday --smtp smtps://mail.example.com --rate 50/s
    mailweave send out/monday --smtp smtp+starttls://mail.example.com --at 9:00 --zone recipient
    """
    try:
        manner = Manner(
            connections=connections,
            per_connection=per_connection,
            rate=None if rate is None else per_second(rate),
            tries=tries,
            max_errors=share(max_errors, "--max-errors"),
            resend=in_doubt == "resend",
            hours=hours(at, quiet, zone),
        )
        signer = _signer(dkim_selector, dkim_key, dkim_domain)
        if settled is not None:
            _settle(output, settled)
            return
        if dry_run:
            _show(plan(output, manner, time.time()))
            return
        route = _route(url, ses, plain)
        with shown("sending", after=1.0) as progress:
            keys = None if unsigned_links else keys_of(link_keys, place="mailweave send")
            ended = send(
                output, route, manner, signer=signer, keys=keys, unsigned=unsigned_links, progress=progress
            )
    except MailweaveError as error:
        fail(error.diagnostics)
    _tell(ended)


def _settle(output: Path, file: Path) -> None:
    found = settle(output, read(str(file), "replace").text, time.time(), place=str(file))
    click.echo(f"settled: {found['sent']:,} sent, {found['unsent']:,} unsent, which go with the next sending")


def _route(url: str | None, ses: bool, plain: bool) -> Route:
    if ses and url is None:
        return SesRoute(ses_client())
    if url is None or ses:
        raise click.UsageError("name --smtp URL or --ses; or ask what would go, --dry-run")
    return SmtpRoute(Server.named(url, plain=plain, login=login()))


def _signer(selector: str | None, key: Path | None, domain: str) -> Signer | None:
    if selector is None and key is None and not domain:
        return None
    if selector is None or key is None:
        raise click.UsageError("to sign, name both --dkim-selector and --dkim-key")
    return DkimSigner.read(selector, key, domain)


def _show(found: Plan) -> None:
    counts = f"{found.sent:,} sent already, {found.refused:,} refused, {found.in_doubt:,} in doubt"
    click.echo(f"{found.all:,} e-mails: {found.going:,} would go; {counts}")
    for domain, count in found.domains:
        click.echo(f"  {count:8,}  {domain}")
    if found.elsewhere:
        click.echo(f"  {found.elsewhere:8,}  elsewhere")
    if found.seconds is not None:
        click.echo(f"at this rate: {_span(found.seconds)}")
    if found.opens is not None:
        first, last = (
            datetime.fromtimestamp(at, UTC).isoformat(timespec="minutes").removesuffix("+00:00")
            for at in found.opens
        )
        click.echo(f"they may go from {first} UTC on, the last ones from {last} UTC on")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def _tell(ended: Ended) -> None:
    """Says how it ended, and ends with the exit code for that."""
    found = ended.report
    counts = ", ".join(f"{found[name]:,} {name}" for name in ("sent", "refused", "held", "left"))
    run = found["this_run"]
    click.echo(
        f"{found['all']:,} e-mails: {counts}; {run['sent']:,} in this run, "
        f"{run['seconds']:.1f} s ({run['per_second']:,} a second)"
    )
    report(ended.findings, err=True)
    if ended.stopped:
        click.echo("stopped; the same command goes on", err=True)
    raise SystemExit(_code(ended))


def _code(ended: Ended) -> int:
    if ended.is_whole:
        return 0
    cause = ended.report["this_run"]["ended_by"]
    if cause == "MW767":
        return _PAUSED
    unfit = sum(ended.report["lacks"].values())
    return _RESUMABLE if ended.report["left"] > unfit else 1
