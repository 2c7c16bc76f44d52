"""Where the preview listens: on this machine alone. Cheap to import, so that its address is said before all else loads."""

from __future__ import annotations

import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"


def listening_at(port: int) -> socket.socket:
    """A socket of this machine alone, which listens. port: 0 for any that is free. Raises OSError where it is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def address(listening: socket.socket, token: str) -> str:
    """What a browser is sent to.

    >>> with listening_at(0) as listening:
    ...     address(listening, "secret").startswith("http://127.0.0.1:")
    True
    """
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}/{token}/"
