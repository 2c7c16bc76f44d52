"""mailweave serve: campaigns over HTTP, new at every save."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.batch.extras import require
from mailweave.cli.findings import fail
from mailweave.cli.link_keys import link_keys as keys_of
from mailweave.diagnostics import MailweaveError, diagnose

if TYPE_CHECKING:
    from mailweave.delivery.links import Keys
    from mailweave.delivery.service.app import Service

_SHORTEST = 16  # characters of a token
_MOST_WORKERS = 8  # where nobody says how many: each takes the memory of all campaigns


@click.command(name="serve")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Another one needs a token.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8025, show_default=True, help="0: any that is free."
)
@click.option(
    "--token-file", type=click.Path(path_type=Path), metavar="FILE", help="Else MAILWEAVE_TOKEN holds it."
)
@click.option(
    "--withdrawals", type=click.Path(path_type=Path), metavar="FILE",
    help="Who has unsubscribed: appended to, and never mailed again.",
)  # fmt: skip
@click.option(
    "--link-keys", type=click.Path(path_type=Path), metavar="FILE",
    help="What signs links, and reads them for one click; else MAILWEAVE_LINK_KEYS holds them.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=64, show_default=True, metavar="N",
    help="Requests at a time; others are sent away with 503.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(0, 256), metavar="N",
    help="Processes for batches, begun with the first of them. [default: one a core, 8 at most; 0: none]",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Refuse recipients with names that no rule declares.")
def command(
    folder: Path,
    host: str,
    port: int,
    token_file: Path | None,
    withdrawals: Path | None,
    link_keys: Path | None,
    most: int,
    workers: int | None,
    strict: bool,
) -> None:
    """Serve the campaigns in FOLDER over HTTP: render, decide, explain, check.

    FOLDER holds campaigns, or is one. A save is served as soon as it compiles; one that does not is refused, and the
    last good one is served. Prints its address first, and logs to standard error, no word of anybody's data. Ends with
    Ctrl-C. docs/service.md says what is asked and answered; GET /openapi.json says it for programs.
    """
    try:
        require("service", place="mailweave serve", what="the service")
        token = _token(token_file)
        _check_host(host, token)
        keys = keys_of(link_keys, place="mailweave serve")
        _run(_served(folder, strict, withdrawals, keys, workers), host, port, token, most)
    except MailweaveError as error:
        fail(error.diagnostics)


def _served(folder: Path, strict: bool, kept: Path | None, keys: Keys | None, workers: int | None) -> Service:
    from mailweave.delivery.service.app import Service
    from mailweave.delivery.service.one_click import signed
    from mailweave.delivery.service.server import loaded
    from mailweave.delivery.service.withdrawals import Withdrawals
    from mailweave.delivery.service.worker import Order
    from mailweave.delivery.service.workers import Workers

    shelf, withdrawals = loaded(folder, strict=strict), None if kept is None else Withdrawals(kept)
    count = min(os.cpu_count() or 1, _MOST_WORKERS) if workers is None else workers
    helping = Workers(shelf, Order(folder, strict, kept, keys), count) if count else None
    return Service(shelf, withdrawals, None if keys is None else signed(keys), keys, workers=helping)


def _run(service: Service, host: str, port: int, token: str | None, most: int) -> None:
    from mailweave.delivery.service.server import listening_at, serve
    from mailweave.preview.watching import all_watched

    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("mailweave.service").setLevel(logging.INFO)
    try:
        listening = listening_at(host, port)
    except OSError as error:
        raise _not_started(
            f"--port {port}", f"cannot listen: {error.strerror}", "choose another --port"
        ) from None
    with listening, suppress(KeyboardInterrupt):  # how it is ended
        serve(service, listening, click.echo, all_watched, token=token, most=most)


def _token(file: Path | None) -> str | None:
    """The token, in printable ASCII. Raises MailweaveError for one that is none, or too short to be a secret."""
    place = "MAILWEAVE_TOKEN" if file is None else str(file)
    try:
        text = os.environ.get("MAILWEAVE_TOKEN") if file is None else file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise _not_started(
            place, "the file of the token cannot be read", "name another --token-file"
        ) from None
    if text is None:
        return None
    token = text.strip()
    if len(token) < _SHORTEST or not (token.isascii() and token.isprintable()) or " " in token:
        todo = "`openssl rand -hex 32` makes a good one"
        raise _not_started(place, f"a token has at least {_SHORTEST} signs of ASCII, without blanks", todo)
    return token


def _check_host(host: str, token: str | None) -> None:
    if token is None and host not in ("127.0.0.1", "localhost", "::1"):
        todo = "set MAILWEAVE_TOKEN or --token-file, or leave out --host"
        raise _not_started("--host", "others could ask it, and there is no token", todo)


def _not_started(place: str, what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW778", place=place, what=what, todo=todo)])
