"""mailweave amp."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mailweave.cli import group
from mailweave.message.amp import document
from mailweave.message.amp.official import VARIABLE


@pytest.fixture(autouse=True)
def no_official_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(group, ["amp", *arguments], input=stdin)


def test_a_valid_document(tmp_path: Path) -> None:
    file = tmp_path / "a.amp.html"
    file.write_text(document("<p>Hi</p>"), encoding="utf-8")
    result = run(str(file), "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"status": "PASS", "errors": []}
    assert run(str(file)).stdout == "PASS\n"


def test_an_invalid_document() -> None:
    html = document("<p><img></p>")
    result = run("-", "--format", "json", stdin=html)
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["status"] == "FAIL"
    assert [set(error) for error in found["errors"]] == [{"code", "severity", "line", "col", "message"}]
    assert found["errors"][0]["code"] == "DISALLOWED_TAG"
    text = run("-", stdin=html)
    assert text.exit_code == 1
    assert "error[MW701]: The tag 'img' is disallowed. [DISALLOWED_TAG]" in text.stdout
    assert text.stdout.endswith("FAIL\n")


def test_warnings_do_not_fail() -> None:
    html = document("<p>Hi</p>").replace(" data-css-strict", "")
    result = run("-", "--format", "json", stdin=html)
    assert result.exit_code == 0
    assert [error["severity"] for error in json.loads(result.stdout)["errors"]] == ["WARNING"]


def test_from_html(tmp_path: Path) -> None:
    html = '<p style="color:red">Hi {{ name }} <img src="https://e.com/a.png" width="9" height="9"></p>'
    out = tmp_path / "out.html"
    result = run("-", "--from-html", "--output", str(out), "--format", "json", stdin=html)
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (0, "PASS")
    assert "{{ name }}" in out.read_text(encoding="utf-8")
    assert run("-", "--format", "json", stdin=html).exit_code == 1


def test_from_html_refuses_by_name() -> None:
    result = run("-", "--from-html", "--format", "json", stdin="<form action='x'></form>")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["status"], found["errors"][0]["code"]) == ("FAIL", "MW711")


def test_misuse() -> None:
    assert run("/absent.html").exit_code == 2
    assert run("-", "--output", "x", stdin="").exit_code == 2


def test_an_official_validator_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/absent/validator_wasm.js")
    result = run("-", stdin="x")
    assert result.exit_code == 1
    assert "MW703" in result.output


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_bytes(os.urandom(2_000))
    assert run(str(file)).exit_code == 1
