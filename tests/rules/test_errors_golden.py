"""Every finding about a rule text has a golden example: the text, and what its author reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailweave.decisions import check_rules
from mailweave.diagnostics import TABLE, Diagnostic
from mailweave.diagnostics.codes import decisions, rules
from mailweave.diagnostics.printers import print_text
from mailweave.rules import check, parse
from mailweave.source import Source

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "errors"
CASES = sorted(FOLDER.glob("*.rules"))
CODES = [code.id for code in (*rules.CODES, *decisions.CODES)]
STILL_WRONG = {  # lines with a second mistake, which is found when the first is mended
    "MW109-products": {6},
    "MW110-consequences": {29, 38},
    "MW122-symbols": {5},
}
WITHOUT_FILE = {
    "MW101",
    "MW281",
    "MW282",
}  # half a megabyte: see test_hostile.py; several files: fixtures/libraries


def findings(path: Path) -> tuple[Diagnostic, ...]:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    if path.stem.partition("-")[0] in {code.id for code in decisions.CODES}:
        return tuple(check_rules(source))
    parsed = parse(source)
    checked = check(parsed.document)
    return (*parsed.diagnostics, *checked.diagnostics)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_the_author_reads(path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(path.with_suffix(".txt"), print_text(findings(path)))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_example_shows_its_code(path: Path) -> None:
    assert path.stem.partition("-")[0] in {d.code for d in findings(path)}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_put_in_its_place_mends_the_line(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    fixes = [finding for finding in parse(source).diagnostics if finding.fix]
    text = source.text
    for finding in sorted(fixes, key=lambda one: one.fix.span.start if one.fix else 0, reverse=True):
        assert finding.fix is not None
        text = text[: finding.fix.span.start] + finding.fix.text + text[finding.fix.span.stop :]
    left = parse(Source(path.name, text)).diagnostics
    mended = {finding.location.line for finding in fixes if finding.location}
    assert {f.location.line for f in left if f.location} & mended <= STILL_WRONG.get(path.stem, set())


def test_every_code_has_an_example() -> None:
    shown = {path.stem.partition("-")[0] for path in CASES}
    assert set(CODES) - shown - WITHOUT_FILE == set()
    assert len(CASES) >= 40


def test_every_example_has_a_code() -> None:
    assert {path.stem.partition("-")[0] for path in CASES} <= set(TABLE)


def test_all_findings_know_their_place() -> None:
    for path in CASES:
        for finding in findings(path):
            assert finding.location is not None
            assert finding.end is not None
            assert finding.location.line <= finding.end.line
