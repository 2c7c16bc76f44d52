"""Serves the desk on this machine alone, and tells it when a file was saved."""

from __future__ import annotations

import logging
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn

from mailweave.preview.app import application
from mailweave.preview.desk import Desk
from mailweave.preview.guard import Guard
from mailweave.preview.proofs import MailServer
from mailweave.preview.watching import all_watched

LOOPBACK: Final = "127.0.0.1"
_LOOK: Final = 0.4  # seconds for the browser to take the new mail, before the rest is worked out


def serve(
    folder: Path, listening: socket.socket, ready: Callable[[str], None], proofs: MailServer | None = None
) -> None:
    """Serves the campaign in `folder` until it is interrupted; `ready` is told the address.

    listening: of `listening_at`. proofs: where proofs are sent, if anywhere.
    """
    port, token, desk = listening.getsockname()[1], secrets.token_urlsafe(24), Desk(folder)
    hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
    server = uvicorn.Server(_config(Guard(application(desk, proofs), token, hosts)))
    desk.is_closing = lambda: server.should_exit
    stop = threading.Event()
    threading.Thread(target=_keep_up, args=(desk, stop), daemon=True).start()
    ready(f"http://{LOOPBACK}:{port}/{token}/")
    try:
        server.run(sockets=[listening])
    finally:
        stop.set()


def listening_at(port: int) -> socket.socket:
    """A socket of this machine alone, which listens. port: 0 for any that is free. Raises OSError where it is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


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
            if not saved.wait(_LOOK):
                desk.judge()
