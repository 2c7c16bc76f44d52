"""Wrong use at the start: one finding, and no desk."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.preview.conftest import CORNER

from mailweave.cli.preview import command

TAKEN = "PORT"
STARTS = [
    (["nowhere"], "the campaign is missing"),
    ([str(CORNER / "corner.rules")], "this is a file"),
    ([str(CORNER / "corner.rules" / "x")], "the campaign is missing"),
    ([str(CORNER), "--port", TAKEN], "cannot listen"),
    ([str(CORNER), "--port", "70000"], "not in the range"),
    ([str(CORNER), "--smtp", "host:x"], "write it as localhost:1025"),
    ([str(CORNER), "--smtp", "a" * 70], "write it as localhost:1025"),
    ([], "Missing argument"),
]


@pytest.mark.parametrize(("given", "words"), STARTS, ids=str)
def test_a_wrong_start_is_told(given: list[str], words: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(command, ["--no-open", *(port if one == TAKEN else one for one in given)])
    assert words in result.output
    assert result.exit_code in (1, 2)
    assert isinstance(result.exception, SystemExit)
