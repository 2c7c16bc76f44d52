"""Data that a verb is given: what is no plain file, or is too much to be read whole, is refused and not waited for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mailweave.root import Refused, check_plain, plain

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
ANN = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}
WRONG: dict[str, Callable[[Path], object]] = {
    "a named pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs named pipes")


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "mailweave", *arguments],
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def ann(tmp_path: Path) -> str:
    path = tmp_path / "ann.json"
    path.write_text(json.dumps(ANN))
    return str(path)


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("option", ["--profile", "--events"])
def test_what_is_no_file_is_refused(what: str, option: str, ann: str, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    WRONG[what](path)
    given = ["--profile", str(path)] if option == "--profile" else ["--profile", ann, "--events", str(path)]
    code, said = run("render", str(SMALLEST), *given, "--out", "-")
    assert code == 1
    assert f"it is {what}, not a file" in said
    assert "MW050" in said


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("key", ["profiles", "events"])
def test_a_list_that_is_no_file_is_refused(what: str, key: str, tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="the extra `batch` is not installed")
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    (tmp_path / "people.jsonl").write_text(json.dumps(ANN) + "\n")
    WRONG[what](tmp_path / "wrong.jsonl")
    lists = {"profiles": "../people.jsonl"} | {key: "../wrong.jsonl"}
    settings = folder / "campaign.toml"
    more = "".join(f'{name} = "{path}"\n' for name, path in lists.items())
    settings.write_text(
        settings.read_text().replace('layout = "newsletter"', f'layout = "newsletter"\n{more}')
    )
    code, said = run("render", str(folder), "--profile", "1", "--out", "-")
    assert code == 1
    assert f"it is {what}, not a file" in said


def test_a_file_is_read_wherever_it_lies_and_standard_input_too(ann: str, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(ann)
    assert run("render", str(SMALLEST), "--profile", str(link), "--out", "-")[0] == 0
    assert (
        run("render", str(SMALLEST), "--profile", "-", "--out", "-", stdin=json.dumps(ANN).encode())[0] == 0
    )


def test_a_file_is_read_whole_only_up_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1234")
    assert plain(path, 4) == b"1234"
    with pytest.raises(Refused) as caught:
        plain(path, 3)
    assert caught.value.kind == "large"


@pytest.mark.parametrize(
    ("name", "kind"), [("nobody", "missing"), ("a/b", "missing"), ("\0", "missing"), (".", "special")]
)
def test_what_is_not_there(name: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(Refused) as caught:
        check_plain(tmp_path / name)
    assert caught.value.kind == kind
