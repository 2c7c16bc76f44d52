"""Serves the desk on this machine alone, and tells it when a file was saved."""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvicorn

from mailweave.preview import lean_start
from mailweave.preview.app import application
from mailweave.preview.desk import Desk
from mailweave.preview.guard import Guard
from mailweave.preview.loopback import LOOPBACK
from mailweave.preview.watching import all_watched

if TYPE_CHECKING:  # who sends proofs names a server of mail; all others need none of it
    from mailweave.preview.proofs import MailServer

_LOOK: Final = 0.4  # seconds for the browser to take the new mail, before the rest is worked out


def serve(folder: Path, listening: socket.socket, token: str, proofs: MailServer | None = None) -> None:
    """Serves the campaign in `folder` until it is interrupted, to who knows the token.

    listening: of `listening_at`. proofs: where proofs are sent, if anywhere.
    """
    port, desk = listening.getsockname()[1], Desk(folder)
    hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
    server = uvicorn.Server(_config(Guard(application(desk, proofs), token, hosts)))
    desk.is_closing = lambda: server.should_exit
    stop = threading.Event()
    threading.Thread(target=_keep_up, args=(desk, stop), daemon=True).start()
    try:
        server.run(sockets=[listening])
    finally:
        stop.set()


def _config(guard: Guard) -> uvicorn.Config:
    for name in ("uvicorn", "asyncio"):  # what they say of a connection is no word for an author
        logging.getLogger(name).addHandler(logging.NullHandler())
    return uvicorn.Config(
        guard,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )


def _keep_up(desk: Desk, stop: threading.Event) -> None:
    """Compiles once, and again at each save. The folder is watched before it is read, so that no save is missed."""
    saved = threading.Event()
    threading.Thread(target=_compile, args=(desk, saved, stop), daemon=True).start()
    all_watched(desk.folder, desk.shared, saved.set, stop)


def _compile(desk: Desk, saved: threading.Event, stop: threading.Event) -> None:
    while not stop.is_set():
        if saved.wait(1):
            saved.clear()
            desk.reload()
            if desk.edition.number == 1:
                lean_start.end()
            if not saved.wait(_LOOK):
                desk.judge()
