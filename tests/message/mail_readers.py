"""Parsers that are not ours: of two mail programs (Node), Perl's, and that of the standard library."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "readers"
ROOT = Path(__file__).resolve().parents[2]
Read = dict[str, Any]


def node_modules() -> Path:
    """Where mailparser and postal-mime are installed; the test is skipped where they are not."""
    folder = Path(os.environ.get("MAILWEAVE_NPM", ROOT / ".cache" / "npm" / "node_modules"))
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    if not (folder / "mailparser").is_dir() or not (folder / "postal-mime").is_dir():
        pytest.skip("needs mailparser and postal-mime in MAILWEAVE_NPM or .cache/npm/node_modules")
    return folder


def by_node(messages: Iterable[bytes]) -> list[Read]:
    """What both packages read, under their names, and the parts of the unsubscribe link under `url`."""
    return _run(["node", str(HERE / "read.mjs"), str(node_modules())], messages)


def by_ical_js(files: Iterable[bytes]) -> list[Read]:
    """What ical.js reads of files for calendars."""
    folder = Path(os.environ.get("MAILWEAVE_NPM", ROOT / ".cache" / "npm" / "node_modules"))
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    if not (folder / "ical.js").is_dir():
        pytest.skip("needs ical.js in MAILWEAVE_NPM or .cache/npm/node_modules")
    return _run(["node", str(HERE / "read_calendar.mjs"), str(folder)], files)


def by_perl(messages: Iterable[bytes]) -> list[Read]:
    """What Email::MIME reads."""
    needs = "use Email::MIME; use Email::Address::XS; use JSON::PP"
    if shutil.which("perl") is None or subprocess.run(["perl", "-e", needs], capture_output=True).returncode:
        pytest.skip("needs Perl with Email::MIME (Debian: libemail-mime-perl)")
    return _run(["perl", str(HERE / "read.pl")], messages)


def by_python(message: bytes) -> Read:
    """What the standard library reads."""
    found = email.message_from_bytes(message, policy=email.policy.SMTP)
    parts = {part.get_content_type(): part.get_content() for part in found.iter_parts()}
    return {
        "names": [name.lower() for name in found],
        "subject": str(found["subject"]),
        "from": _mailboxes(found["from"]),
        "to": _mailboxes(found["to"]),
        "reply": _mailboxes(found["reply-to"]),
        "link": f"List-Unsubscribe: {found['list-unsubscribe']}",
        "text": parts["text/plain"],
        "html": parts["text/html"],
    }


def _mailboxes(header: Any) -> list[list[str]]:
    return [[one.display_name, one.addr_spec] for one in header.addresses] if header is not None else []


def _run(command: list[str], messages: Iterable[bytes]) -> list[Read]:
    given = b"".join(base64.b64encode(one) + b"\n" for one in messages)
    done = subprocess.run(command, input=given, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
