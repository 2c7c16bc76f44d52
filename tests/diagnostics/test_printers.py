"""Findings as text, JSON, SARIF and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.diagnostics import TABLE, Diagnostic, Fix, Severity, diagnose, ordered
from mailweave.diagnostics.printers import PRINTERS, print_github, print_text
from mailweave.source import Source, Span

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "fixtures" / "diagnostics"
SOURCE = Source("c/campaign.toml", 'name = "x"\nlayuot = "newsletter"\n\tnow = 1\n')


def findings() -> tuple[Diagnostic, ...]:
    return (
        diagnose("MW014", place="c"),
        diagnose("MW602", SOURCE, Span(11, 17), key="layuot", known="layout", help="did you mean `layout`?"),
        diagnose("MW016", SOURCE, Span(0, 4), block="b", fix=Fix(Span(0, 4), "id")),
        diagnose("MW603", SOURCE, Span(34, 37), key="now", problem="is no moment"),
    )


@pytest.mark.parametrize("form", sorted(PRINTERS))
def test_each_form_is_as_agreed(form: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"example.{form}.txt", PRINTERS[form](findings()))


def test_sarif_is_one_log_with_every_result() -> None:
    log = json.loads(PRINTERS["sarif"](findings()))
    assert [r["level"] for r in log["runs"][0]["results"]].count("note") == 1
    assert len(log["runs"][0]["results"]) == 4
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        page, section = rule["helpUri"].split("#")
        assert f'<a id="{section}"></a>' in (ROOT / page).read_text(encoding="utf-8")


@given(st.text(max_size=40), st.integers(0, 50), st.integers(0, 50))
def test_no_text_breaks_a_printer_or_smuggles_control_characters(text: str, start: int, length: int) -> None:
    found = [diagnose("MW024", Source(text, text), Span(start, start + length), what=text)]
    for form, printer in PRINTERS.items():
        printed = printer(found)
        assert printed
        if form == "text":
            assert not any(ord(c) < 32 and c != "\n" for c in printed)
            assert "\x1b" not in printed


def test_a_github_annotation_is_one_line() -> None:
    found = [diagnose("MW024", place="a,b:c", what="one\ntwo%")]
    (line,) = print_github(found).splitlines()
    assert line.startswith("::error title=MW024 request-not-possible,file=a%2Cb%3Ac::")
    assert "one%0Atwo%25%0Ahelp: " in line


def test_many_findings_are_counted_not_shown() -> None:
    found = [diagnose("MW014", place=f"c{n}") for n in range(130)]
    printed = print_text(found)
    assert "... and 30 more" in printed
    assert printed.endswith("130 errors\n")


def test_order_is_by_place_and_doubles_go() -> None:
    assert [d.code for d in ordered([*findings(), *findings()])] == ["MW014", "MW016", "MW602", "MW603"]


@pytest.mark.parametrize("code", sorted(TABLE))
def test_every_code_has_a_name_and_a_sentence(code: str) -> None:
    row = TABLE[code]
    assert row.id == code
    assert row.name == row.name.lower()
    assert " " not in row.name
    assert isinstance(row.severity, Severity)
    assert row.message
