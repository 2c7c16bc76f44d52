"""Serves the desk on this machine alone, and tells it when a file was saved."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from watchfiles import watch

from mailweave.preview.app import application
from mailweave.preview.desk import Desk
from mailweave.preview.guard import Guard
from mailweave.preview.proofs import MailServer

LOOPBACK: Final = "127.0.0.1"
_SETTLED = 20  # milliseconds without a change: an editor that writes a file twice is one save
_QUIET = 50  # milliseconds after which a watched folder without a change says so


def serve(folder: Path, port: int, ready: Callable[[str], None], proofs: MailServer | None = None) -> None:
    """Serves the campaign in `folder` until it is interrupted; `ready` is told the address.

    port: 0 for any that is free. proofs: where proofs are sent, if anywhere. Raises OSError where the port is taken.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
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


def _config(guard: Guard) -> uvicorn.Config:
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
    saved, begun = threading.Event(), False
    threading.Thread(target=_compile, args=(desk, saved, stop), daemon=True).start()
    for changes in watch(
        desk.folder,
        stop_event=stop,
        debounce=200,
        step=_SETTLED,
        rust_timeout=_QUIET,
        yield_on_timeout=True,  # the first time says that it is watched
        raise_interrupt=False,
    ):
        if changes or not begun:
            begun = True
            saved.set()


def _compile(desk: Desk, saved: threading.Event, stop: threading.Event) -> None:
    while not stop.is_set():
        if saved.wait(1):
            saved.clear()
            desk.reload()
            if not saved.is_set():
                desk.judge()
