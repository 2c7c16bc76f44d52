"""The validator, case by case: what the official one says of each document stands in the fixtures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.message.amp_cases import CASES, whole

from mailweave.message.amp import document, validate, validate_by_rules
from mailweave.message.amp.official import VARIABLE, in_node, in_process, validate_officially


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_codes(case: dict[str, Any]) -> None:
    ours = validate_by_rules(whole(case))
    assert (ours.status, sorted({e.code for e in ours.errors})) == (case["status"], case["codes"])


@pytest.mark.parametrize(
    ("name", "html", "codes"),
    [
        ("200,000 bytes", document("<p>" + "x" * 200_000 + "</p>"), {"DOCUMENT_SIZE_LIMIT_EXCEEDED"}),
        ("75,000 bytes of CSS", document("x", css="p{color:red}" * 6_300), {"STYLESHEET_TOO_LONG"}),
        (
            "75,000 bytes of CSS and inline styles",
            document(f'<p style="{"color:red;" * 15}">x</p>', css="p{color:red}" * 6_240),
            {"STYLESHEET_AND_INLINE_STYLE_TOO_LONG"},
        ),
        ("210 levels", document("<div>" * 210), {"DOCUMENT_TOO_COMPLEX"}),
        ("300 levels", document("<div>" * 300), {"DOCUMENT_TOO_COMPLEX"}),
    ],
)
def test_limits(name: str, html: str, codes: set[str]) -> None:
    assert codes <= {error.code for error in validate_by_rules(html).errors}


def test_a_document_just_within_the_limit_passes() -> None:
    frame = len(document("<p></p>").encode())
    assert validate_by_rules(document("<p>" + "x" * (200_000 - frame) + "</p>")).passed
    assert not validate_by_rules(document("<p>" + "x" * (200_001 - frame) + "</p>")).passed


def test_bytes_count_as_bytes_and_places_as_characters() -> None:
    html = document("<p>ééé<img></p>")
    error = validate_by_rules(html.encode()).errors[0]
    line = html.split("\n")[error.line - 1]
    assert (error.code, line[error.col :][:5]) == ("DISALLOWED_TAG", "<img>")
    assert validate_by_rules(html) == validate_by_rules(html.encode())


def test_the_environment_says_who_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from mailweave.message.amp import ValidatorUnusable

    monkeypatch.delenv(VARIABLE, raising=False)
    assert validate("<p>x</p>") == validate_by_rules("<p>x</p>")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent.js"))
    with pytest.raises(ValidatorUnusable, match="no such file"):
        validate("<p>x</p>")
    assert validate_by_rules("<p>x</p>").status == "FAIL"


@pytest.fixture
def official() -> Path:
    path = os.environ.get(VARIABLE)
    if not path:
        pytest.skip(f"needs {VARIABLE}: the official validator_wasm.js of npm's next@15.1.0")
    return Path(path)


def test_the_fixtures_are_what_the_official_validator_says(official: Path) -> None:
    for case in CASES:
        theirs = validate_officially(whole(case), official)
        assert (theirs.status, sorted({e.code for e in theirs.errors})) == (case["status"], case["codes"])


def test_node_and_the_engine_inside_agree(official: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    html = whole(CASES[0])
    assert in_node(html, official) == in_process(html, official)
