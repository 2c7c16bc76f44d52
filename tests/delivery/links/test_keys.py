"""Keys are read whole or not at all, and never shown."""

from __future__ import annotations

import base64
import pickle
import secrets
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.delivery.links import Keys, LinkError

ROOT = Path(__file__).resolve().parents[3]
CASES: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "fixtures/delivery/link_keys.toml").read_text(encoding="utf-8")
)["cases"]
SECRET = secrets.token_bytes(32)
WRITTEN = base64.b64encode(SECRET).decode().rstrip("=")


def written(text: str) -> str:
    return text.replace("SECRET", WRITTEN).replace("SHORT", WRITTEN[:20])


@pytest.mark.parametrize("case", [case for case in CASES if "ids" in case], ids=lambda case: case["text"])
def test_keys_are_read(case: dict[str, Any], tmp_path: Path) -> None:
    text = written(case["text"])
    (tmp_path / "keys").write_text(text, encoding="utf-8")
    for keys in (
        Keys.parse(text),
        Keys.from_file(tmp_path / "keys"),
        Keys.from_environment({"MAILWEAVE_LINK_KEYS": text}),
    ):
        assert list(keys.ids) == case["ids"]
        assert {keys.secret(id) for id in keys.ids} == {SECRET}


@pytest.mark.parametrize("case", [case for case in CASES if "wrong" in case], ids=lambda case: case["text"])
def test_everything_that_is_wrong_is_told_at_once_and_no_secret(case: dict[str, Any]) -> None:
    with pytest.raises(LinkError) as found:
        Keys.parse(written(case["text"]))
    told = [one.message for one in found.value.diagnostics]
    assert sorted(told) == sorted(f"the keys of the links cannot be read: {what}" for what in case["wrong"])
    assert {one.code for one in found.value.diagnostics} == {"MW730"}
    assert WRITTEN[:8] not in f"{found.value} {found.value.diagnostics}"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "keys").write_bytes(content)
    with pytest.raises(LinkError, match="MW730"):
        Keys.from_file(tmp_path / "keys")


def test_a_secret_is_never_shown() -> None:
    keys = Keys({"2026-11": SECRET})
    assert f"{keys} {keys!r}" == "<Keys 2026-11> <Keys 2026-11>"
    assert not hasattr(keys, "__dict__")
    assert pickle.loads(pickle.dumps(keys)).secret("2026-11") == SECRET  # for workers


def test_no_keys_are_none() -> None:
    with pytest.raises(LinkError, match="MW730"):
        Keys({})
    with pytest.raises(LinkError, match="MW730"):
        Keys.from_environment({})
