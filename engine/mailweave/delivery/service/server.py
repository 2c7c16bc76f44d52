"""Serves campaigns until it is ended, and reads them again when they are saved."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import uvicorn

from mailweave.delivery.service.app import Service, application
from mailweave.delivery.service.guard import LOG
from mailweave.delivery.service.shelf import Shelf, Shelved
from mailweave.diagnostics import MailweaveError, Severity, diagnose

LOOPBACK: Final = "127.0.0.1"
Watch: TypeAlias = Callable[[Path, Callable[[], frozenset[Path]], Callable[[], None], threading.Event], None]
"""Calls the third at each change in the first, or in what the second names, until the fourth is set."""


def loaded(folder: Path, *, strict: bool = False) -> Shelf:
    """The campaigns of a folder. Raises MailweaveError where there is none that can be served."""
    shelf = Shelf(folder, strict)
    shelf.reload()
    if not any(one.campaign for one in shelf.campaigns.values()):
        found = [finding for one in shelf.campaigns.values() for finding in one.findings]
        raise MailweaveError([diagnose("MW770", place=str(folder), folder=folder), *found])
    return shelf


def serve(
    service: Service,
    listening: socket.socket,
    ready: Callable[[str], None],
    watch: Watch,
    *,
    token: str | None = None,
    most: int,
) -> None:
    """Serves until it is interrupted; `ready` is told the address. listening: of `listening_at`."""
    host, port = listening.getsockname()[:2]
    server = uvicorn.Server(configured(application(service, token=token, most=most)))
    stop, saved = threading.Event(), threading.Event()
    shelf = service.shelf
    threading.Thread(target=watch, args=(shelf.folder, shelf.shared, saved.set, stop), daemon=True).start()
    threading.Thread(target=_keep_up, args=(shelf, saved, stop), daemon=True).start()
    for one in shelf.campaigns.values():
        _tell(one)
    ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
    try:
        server.run(sockets=[listening])
    finally:
        stop.set()
        if service.workers is not None:
            service.workers.end()


def listening_at(host: str, port: int) -> socket.socket:
    """A socket that listens. port: 0 for any that is free. Raises OSError where there is none to be had."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def configured(app: object) -> uvicorn.Config:
    """How the application is served: nothing of a request is logged, and no header of it says who asks."""
    for name in ("uvicorn", "asyncio"):  # what they say of a connection may hold what was sent over it
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # its scopes are mappings of its own
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        http="h11",  # the same one wherever it runs: the quicker one may be installed or not
        timeout_graceful_shutdown=10,
    )


def _keep_up(shelf: Shelf, saved: threading.Event, stop: threading.Event) -> None:
    while not stop.is_set():
        if saved.wait(0.5):
            saved.clear()
            try:
                for one in shelf.reload():
                    _tell(one)
            except Exception as fault:  # noqa: BLE001 - what is served stays; the next save is read again
                LOG.error("reload failed: %s", type(fault).__name__)


def _tell(one: Shelved) -> None:
    """That a campaign was read, and what is wrong with it: what authors wrote, so nobody's data."""
    wrong = [finding for finding in one.findings if finding.severity is Severity.ERROR]
    if one.is_current:
        LOG.info("campaign=%s is served, digest %s", one.name, one.campaign and one.campaign.digest[:12])
        return
    kept = "the last good one is served" if one.campaign else "nothing is served under its name"
    LOG.warning("campaign=%s is refused: %s", one.name, kept)
    for finding in wrong:
        where = finding.location or finding.place
        LOG.warning("campaign=%s %s: %s %s", one.name, where, finding.code, finding.message)
